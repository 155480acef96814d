from __future__ import annotations

from pathlib import Path

import pytest

from coxa.adapters import installation
from coxa.adapters.vision import assets
from coxa.app.doctor import Finding, Health
from coxa.model.errors import AssetError


def found() -> dict[str, Finding]:
    return {finding.subject: finding for finding in installation.examine()}


def test_everything_is_looked_at() -> None:
    assert set(assets.expected_sums()) <= set(found())
    assert {"coxa", "numba", "h264 decoder", "hevc decoder", "vp9 decoder", "av1 decoder"} <= set(found())
    assert {"libx264 encoder", "compiled code", "memory", "processor cores"} <= set(found())


def test_an_altered_network_is_wrong_and_has_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "faults", lambda: {assets.DETECTOR: "it is altered"})
    finding = found()[assets.DETECTOR]
    assert (finding.health, finding.exit_code) == (Health.BAD, 5)
    assert "make setup" in finding.remedy


def test_the_heavy_network_may_be_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "absent", lambda *_: {assets.LANDMARKS["heavy"]})
    finding = found()[assets.LANDMARKS["heavy"]]
    assert (finding.health, finding.exit_code) == (Health.POOR, 0)
    assert "coxa[heavy]" in finding.remedy


def test_a_missing_codec_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "DECODERS", {"no_such_codec": "nobody"})
    assert found()["no_such_codec decoder"].health is Health.BAD


def test_a_cache_that_cannot_be_written_is_a_warning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    assert found()["compiled code"].health is Health.GOOD
    monkeypatch.setattr(installation.os, "access", lambda *_: False)
    assert found()["compiled code"].health is Health.POOR


def test_licences_that_are_missing_are_wrong_and_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(installation, "NOTICES", tmp_path / "none.txt")
    assert found()["licences"].health is Health.BAD
    with pytest.raises(AssetError, match="licences of what Coxa carries"):
        installation.notices()
