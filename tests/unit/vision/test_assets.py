"""The networks are what the build put there, or nothing runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from coxa.adapters.vision import assets
from coxa.model.errors import AssetError

SUM_OF_HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / assets.SUMS).write_text(f"{SUM_OF_HELLO}  {assets.DETECTOR}\n")
    (tmp_path / assets.DETECTOR).write_bytes(b"hello")
    return tmp_path


def test_an_unaltered_file_is_handed_out(folder: Path) -> None:
    assert assets.verified(assets.DETECTOR, folder) == folder / assets.DETECTOR
    assert assets.faults(folder) == {}


@pytest.mark.parametrize(("content", "says"), [(None, "missing"), (b"hellO", "altered"), (b"", "altered")])
def test_a_missing_or_altered_file_is_named_with_the_command(
    folder: Path, content: bytes | None, says: str
) -> None:
    path = folder / assets.DETECTOR
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(AssetError, match=says) as raised:
        assets.verified(assets.DETECTOR, folder)
    assert str(path) in raised.value.fault and "make setup" in raised.value.remedy
    assert list(assets.faults(folder)) == [assets.DETECTOR]


def test_an_unknown_network_lists_the_valid_ones() -> None:
    with pytest.raises(AssetError, match="lite, full, heavy"):
        assets.landmark_network("huge")


def test_every_network_of_the_package_has_its_sum() -> None:
    assert set(assets.expected_sums()) == {assets.DETECTOR, *assets.LANDMARKS.values()}
