"""``inspect``, ``convert`` and ``measure`` of files, as people run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coxa.adapters.sinks.c3d import write_c3d
from coxa.cli.main import app
from tests.support.lab_recording import lab_recording


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lab") / "walk.c3d"
    write_c3d(lab_recording(), path)
    return path


def run(*arguments: str | Path) -> str:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_inspect_says_what_is_in_it_and_what_it_can_tell(walk: Path) -> None:
    said = run("inspect", walk)
    for words in (
        "C3D",
        "name Ann",
        "LASI",
        "event: Foot Strike, left, 1 times",
        "force plates",
        "missing: ",
    ):
        assert words in said
    assert said.index("Can be measured") < said.index("hip_flexion_left") < said.index("lumbar_flexion")


def test_inspect_for_machines(walk: Path) -> None:
    found = json.loads(run("inspect", walk, "--json"))
    assert (found["schema"], found["figures"]["n_frames"]) == ("coxa.contents", 60)
    levels = {one["coordinate"]: one["observability"] for one in found["measurable"]}
    assert levels["hip_flexion_left"] == "observed"
    assert levels["lumbar_flexion"] == "not observable"
    assert found["additions"] == []  # markers name what they lack themselves


def test_convert_there_and_back_gives_the_same_motion(walk: Path, tmp_path: Path) -> None:
    table = tmp_path / "walk.nc"
    run("convert", walk, table)
    run("measure", walk, "--out", tmp_path / "a", "--quiet")
    run("measure", table, "--out", tmp_path / "b", "--quiet")
    first, second = (
        json.loads((tmp_path / one / "summary.json").read_text(encoding="utf-8"))["coordinates"]
        for one in "ab"
    )
    assert first == second
    assert first["hip_flexion_right"]["range_deg"] > 5


def test_convert_says_what_is_left_out(walk: Path, tmp_path: Path) -> None:
    assert "Left out:" in run("convert", walk, tmp_path / "walk.trc")


def test_convert_never_replaces_unasked(walk: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious.trc"
    target.write_text("precious", encoding="utf-8")
    refused = CliRunner().invoke(app, ["convert", str(walk), str(target)])
    assert refused.exit_code == 6
    assert "--overwrite" in refused.stderr
    assert target.read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [("none.c3d", "a.trc", 3), ("walk.c3d", "a.xyz", 6), ("walk.c3d", "a.c3d.zip", 6)],
)
def test_what_cannot_be_converted(walk: Path, tmp_path: Path, source: str, target: str, code: int) -> None:
    refused = CliRunner().invoke(app, ["convert", str(walk.parent / source), str(tmp_path / target)])
    assert refused.exit_code == code
    assert "Remedy:" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_measured_file_has_a_report_and_no_keypoints(walk: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run("measure", walk, "--out", out)
    assert "Hip or back? Told apart." in said
    assert {path.name for path in out.iterdir()} == {
        "motion.parquet",
        "motion.mot",
        "report.html",
        "summary.json",
    }
