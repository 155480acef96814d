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


@pytest.fixture
def light(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation without the heavy network."""
    (tmp_path / assets.SUMS).write_text(f"{SUM_OF_HELLO}  {assets.LANDMARKS['heavy']}\n")
    monkeypatch.setattr(assets, "APART", {assets.LANDMARKS["heavy"]: "heavy_of_a_test"})
    return tmp_path


def test_without_the_heavy_network_the_full_one_is_taken_and_said(light: Path) -> None:
    size, notes = assets.chosen(None, light)
    assert (size, len(notes)) == ("full", 1)
    assert "coxa[heavy]" in notes[0]
    assert assets.absent(light) == {assets.LANDMARKS["heavy"]} and assets.faults(light) == {}


def test_the_heavy_network_that_is_asked_for_and_not_there_is_refused(light: Path) -> None:
    assert assets.chosen("heavy", light) == ("heavy", ())
    with pytest.raises(AssetError, match="not installed") as raised:
        assets.landmark_network("heavy", light)
    assert "pip install 'coxa[heavy]'" in raised.value.remedy and "--pose full" in raised.value.remedy


@pytest.mark.parametrize(("content", "fault"), [(b"hello", None), (b"hellO", "altered")])
def test_a_package_of_its_own_is_found_checked_and_not_run(
    light: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, fault: str | None
) -> None:
    package = light / "site" / "heavy_of_a_test"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('it holds data: nobody imports it')\n")
    (package / assets.LANDMARKS["heavy"]).write_bytes(content)
    monkeypatch.syspath_prepend(str(package.parent))
    assert assets.chosen(None, light) == ("heavy", ())
    assert not assets.absent(light)
    if fault is None:
        assert assets.landmark_network("heavy", light).parent == package
        return
    with pytest.raises(AssetError, match=fault):
        assets.landmark_network("heavy", light)


def test_every_network_of_the_package_has_its_sum() -> None:
    assert set(assets.expected_sums()) == {assets.DETECTOR, *assets.LANDMARKS.values()}
