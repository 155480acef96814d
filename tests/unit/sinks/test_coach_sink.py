"""The coached film, its angles, its summary and its log: complete, or not there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from coxa.adapters.sinks.coach import CoachSink, write_session, write_stills
from coxa.adapters.sources.motion_table import motion_table_of, read_motion
from coxa.app.coach import Session
from coxa.app.session_review import Instant, review
from coxa.catalog import loader
from coxa.catalog.exercises import exercise
from coxa.coach.engine import Coach
from coxa.model.errors import OutputError, SourceError
from tests.support.made_up import a_film, a_motion, a_recording


def session() -> Session:
    return Session(Coach(exercise("squat"), loader.coach_rules(), sets=1, repetitions=0))


def test_every_frame_is_coached_drawn_and_kept(tmp_path: Path) -> None:
    made = session()
    sink = CoachSink(made, tmp_path, a_film())
    for before in (0, 40):
        sink.write(a_recording(40, n_before=before), a_motion(40, n_before=before))
    sink.commit()
    write_session(review(made, "film.mp4"), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        *("coached.mp4", "motion.parquet", "session.json", "cues.jsonl")
    }
    assert made.n_frames == 80
    with av.open(str(tmp_path / "coached.mp4")) as container:
        times = [float(frame.time or 0.0) for frame in container.decode(video=0)]
    np.testing.assert_allclose(times, np.arange(80) / 30, atol=1e-4)
    assert json.loads((tmp_path / "session.json").read_text())["n_frames"] == 80


def test_the_best_and_the_worst_frame_are_stills_of_the_film(tmp_path: Path) -> None:
    made = session()
    sink = CoachSink(made, tmp_path, a_film())
    sink.write(a_recording(60), a_motion(60))
    sink.commit()
    best, worst = (Instant(time_s, "", 1, "") for time_s in (0.5, 1.5))
    write_stills(replace(review(made, "film.mp4"), best=best, worst=worst), tmp_path)
    with av.open(str(tmp_path / "coached.mp4")) as container:
        film = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    for name, number in (("best.jpg", 15), ("worst.jpg", 45)):
        with av.open(str(tmp_path / name)) as container:
            (still,) = (frame.to_ndarray(format="rgb24") for frame in container.decode(video=0))
        apart = [float(np.abs(still.astype(int) - one).mean()) for one in film]
        assert int(np.argmin(apart)) == number
    write_stills(review(session(), "film.mp4"), tmp_path / "no film")


def test_what_is_kept_is_read_back_the_same(tmp_path: Path) -> None:
    sink = CoachSink(session(), tmp_path)
    motion = a_motion(50)
    sink.write(a_recording(50), motion)
    sink.commit()
    path = motion_table_of(tmp_path)
    assert path is not None and motion_table_of(path) == path
    again = read_motion(path)
    assert again.coordinates == motion.coordinates
    np.testing.assert_array_equal(again.observability, motion.observability)
    for name in ("time_s", "value", "sd"):
        np.testing.assert_allclose(getattr(again, name), getattr(motion, name), rtol=1e-14, atol=1e-14)


def test_nothing_is_left_of_a_session_that_broke_off(tmp_path: Path) -> None:
    sink = CoachSink(session(), tmp_path, a_film())
    sink.write(a_recording(20), a_motion(20))
    sink.abort()
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = session()
    sink = CoachSink(made, None, a_film())
    sink.write(a_recording(20), a_motion(20))
    sink.commit()
    assert made.n_frames == 20 and list(tmp_path.iterdir()) == []


def test_a_folder_that_went_away_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"session\.json"):
        write_session(review(session(), "film.mp4"), tmp_path / "gone")


def test_what_is_no_motion_is_left_to_others_or_refused(tmp_path: Path) -> None:
    assert motion_table_of(tmp_path) is None
    assert motion_table_of(tmp_path / "film.mp4") is None
    path = tmp_path / "motion.parquet"
    path.write_bytes(b"PAR1 nothing")
    assert motion_table_of(path) is None
    with pytest.raises(SourceError, match="not a motion of Coxa"):
        read_motion(path)
