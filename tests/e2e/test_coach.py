"""``coxa coach``: recordings coached, from end to end; streamed and batched they give the same cues."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from coxa.adapters.sinks.table import write_parquet
from coxa.adapters.sources.motion_table import read_motion
from coxa.app.coach import Session
from coxa.app.routes import live_estimator_for
from coxa.app.stream import Headings
from coxa.catalog import loader
from coxa.catalog.exercises import exercise
from coxa.cli.main import app
from coxa.coach.engine import Coach
from coxa.report.coaching.document import cue_lines
from tests.support.command import coxa, files_under
from tests.support.sessions import filmed_hinge, shown, written


def coached(*arguments: str | Path) -> tuple[int, str, str]:
    ran = CliRunner().invoke(app, ["coach", *map(str, arguments)])
    return ran.exit_code, ran.stdout, ran.stderr


def everything(name: str) -> Session:
    """As a recording is coached where nobody says how many."""
    return Session(Coach(exercise(name), loader.coach_rules(), sets=1, repetitions=0, hold_s=0.0))


def test_a_measured_motion_becomes_a_summary_and_a_cue_log(tmp_path: Path) -> None:
    path = written(shown("squat"), tmp_path / "measured")
    ran = coxa("coach", path, "--exercise", "squat", "--out", "out", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert files_under(tmp_path / "out") == {"session.json", "cues.jsonl"}
    assert "3 repetitions" in ran.out
    session = json.loads((tmp_path / "out" / "session.json").read_text(encoding="utf-8"))
    assert [one["good"] for one in session["sides"]] == [3]
    cues = [json.loads(line) for line in (tmp_path / "out" / "cues.jsonl").read_text().splitlines()]
    assert [cue["text"] for cue in cues] == ["Go.", "1", "2", "3"]


def test_frames_pushed_one_by_one_give_the_same_cues_as_the_motion_of_a_file(tmp_path: Path) -> None:
    motion = shown("squat", rule="leans_aside")
    path = written(motion, tmp_path)
    assert coached(path, "--exercise", "squat", "--out", tmp_path / "out", "-q")[0] == 0
    live = everything("squat")
    for k in range(len(motion.time_s)):
        live.push(motion.window(slice(k, k + 1)))
    logged = (tmp_path / "out" / "cues.jsonl").read_text(encoding="utf-8")
    assert "leans_aside" in logged
    assert logged == cue_lines(live.cues)


def test_keypoints_streamed_through_the_estimator_give_the_same_cues_as_their_file(tmp_path: Path) -> None:
    recording = filmed_hinge()
    path = tmp_path / "film.parquet"
    write_parquet(recording, path)
    out = tmp_path / "out"
    assert coached(path, "--exercise", "hip_hinge_wall", "--out", out, "-q")[0] == 0
    live, headings, values = everything("hip_hinge_wall"), Headings(), []
    estimator = live_estimator_for(recording.window(slice(0, 0)))
    for k in range(recording.n_frames):
        at_once = headings.run_on(estimator.push(recording.window(slice(k, k + 1))))
        values.append(at_once.value)
        live.push(at_once)
    logged = (out / "cues.jsonl").read_text(encoding="utf-8")
    said = [json.loads(line) for line in logged.splitlines()]
    assert [cue["text"] for cue in said if cue["kind"] in ("go", "count")] == ["Go.", "1", "2"]
    assert logged == cue_lines(live.cues)
    assert files_under(out) == {"session.json", "cues.jsonl", "motion.parquet"}
    coached_motion = read_motion(out / "motion.parquet")
    np.testing.assert_allclose(coached_motion.value, np.concatenate(values), rtol=0, atol=1e-12)
    assert coached(out, "--exercise", "hip_hinge_wall", "--out", tmp_path / "again", "-q")[0] == 0
    assert (tmp_path / "again" / "cues.jsonl").read_text(encoding="utf-8") == logged


def test_the_dose_the_side_and_the_pain_button(tmp_path: Path) -> None:
    path = written(shown("clam"), tmp_path)
    code, out, _ = coached(path, "--exercise", "clam", "--out", tmp_path / "both", "--json")
    assert code == 0
    assert [(one["side"], one["good"]) for one in json.loads(out)["sides"]] == [("left", 0), ("right", 0)]
    code, out, _ = coached(path, "--exercise", "clam", "--side", "right", "--out", tmp_path / "one", "--json")
    assert [one["good"] for one in json.loads(out)["sides"]] == [3]
    code, out, _ = coached(
        *(path, "--exercise", "clam", "--side", "right", "--repetitions", "2", "--sets", "1"),
        *("--out", tmp_path / "two"),
    )
    assert "2 repetitions" in out and "What came after was not coached" in out
    code, out, _ = coached(
        *(path, "--exercise", "clam", "--side", "right", "--stop", "7", "--pain", "6"),
        *("--out", tmp_path / "hurt", "--json"),
    )
    hurt = json.loads(out)
    assert (hurt["pain"], sum(one["good"] for one in hurt["sides"])) == (6, 1)
    assert 7.0 <= hurt["stopped_s"] < 7.2


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["{motion}", "--exercise", "sqat"], 5, "squat"),
        (["{motion}", "--exercise", "squat", "--from", "900"], 4, "--from"),
        (["{motion}", "--exercise", "squat", "--pain", "3"], 2, "--stop"),
        (["{motion}", "--exercise", "squat", "--out", "{full}"], 6, "--overwrite"),
        (["{damaged}", "--exercise", "squat"], 3, "measure again"),
        (["{edited}", "--exercise", "squat"], 3, "measure again"),
        (["{measured}", "--exercise", "squat", "--out", "{measured}", "--overwrite"], 6, "to be coached"),
        (["{motion}", "--exercise", "squat", "--out", "{measured}", "--overwrite"], 6, "to be coached"),
        (["nowhere.mp4", "--exercise", "squat"], 3, "nowhere.mp4"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    arguments: list[str], code: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    motion = written(shown("squat"), tmp_path / "measured")
    damaged, edited, full = tmp_path / "damaged", tmp_path / "edited", tmp_path / "full"
    for folder in (damaged, edited, full):
        folder.mkdir()
    raw = motion.read_bytes()
    (damaged / "motion.parquet").write_bytes(raw[: len(raw) // 2])
    pq.write_table(pq.read_table(motion)[:-5], edited / "motion.parquet")
    (full / "session.json").write_text("{}")
    before = files_under(tmp_path)
    told = {
        "motion": motion,
        "damaged": damaged,
        "edited": edited,
        "full": full,
        "measured": tmp_path / "measured",
    }
    ended, out, err = coached(*(one.format(**told) for one in arguments))
    assert (ended, out) == (code, "")
    assert words in err and "Traceback" not in err
    assert files_under(tmp_path) == before


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    path = written(shown("squat"), tmp_path / "measured")
    monkeypatch.setattr("coxa.adapters.sinks.coach.write_session", interrupted)
    code, _, err = coached(path, "--exercise", "squat", "--out", tmp_path / "new" / "out")
    assert code == 130 and "nothing was written" in err
    assert files_under(tmp_path) == {"measured/motion.parquet"}
    assert not (tmp_path / "new").exists()
