from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from coxa import bootstrap
from coxa.app.doctor import Finding, Health
from coxa.cli.main import app
from coxa.model.errors import AssetError, SourceError

GOOD = Finding("numpy", Health.GOOD, "2.4")
POOR = Finding("memory", Health.POOR, "0.1 GB free", "close other programs")
BAD = Finding("pose_landmark_lite.tflite", Health.BAD, "it is altered", "run `make setup`")


@pytest.mark.parametrize(("found", "code"), [([GOOD], 0), ([GOOD, POOR], 0), ([GOOD, BAD, POOR], 5)])
def test_doctor(found: list[Finding], code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "diagnose", lambda: found)
    shown = CliRunner().invoke(app, ["doctor"])
    assert shown.exit_code == code
    for finding in found:
        assert f"{finding.health}  {finding.subject}: {finding.found}" in shown.stdout
        assert finding.remedy in shown.stdout
    assert shown.stdout.count("Remedy:") == sum(finding.health is not Health.GOOD for finding in found)
    listed = json.loads(CliRunner().invoke(app, ["doctor", "--json"]).stdout)["findings"]
    assert [row["subject"] for row in listed] == [finding.subject for finding in found]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SourceError("a.mp4 is empty", "copy it again"), 3),
        (AssetError("a network is missing", "run `make setup`"), 5),
        (KeyboardInterrupt(), 130),
    ],
)
def test_refusals_become_messages_and_codes(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(bootstrap, "measure_into", refuse)
    shown = CliRunner().invoke(app, ["measure", "a.mp4"])
    assert shown.exit_code == code
    assert shown.stdout == ""
    assert shown.stderr.startswith("coxa: ")


@pytest.mark.parametrize(
    "arguments",
    [["measure"], ["measure", "a.mp4", "--pose", "huge"], ["measure", "a.mp4", "--height-m", "178"], ["fly"]],
)
def test_wrong_usage(arguments: list[str]) -> None:
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 2
    assert "Usage:" in shown.stderr
