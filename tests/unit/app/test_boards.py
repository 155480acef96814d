"""Boards in a film: counted, and held against the first second of standing."""

from __future__ import annotations

import numpy as np
import pytest
import typer

from coxa.adapters.tags.channel import BoardWatcher
from coxa.app.boards import Boards
from coxa.app.measure import VideoMeasurement
from coxa.app.request import Request
from coxa.catalog import loader
from coxa.cli.options import neutral_s
from coxa.model.boards import SeenTag
from coxa.model.camera import Camera
from coxa.model.keypoints import Keypoints
from tests.support.fakes import RULES, FakeEstimator, FakePose, FakeReader, MemorySink

NAMES = tuple(f"{side}_{part}" for part in ("shoulder", "hip", "knee", "ankle") for side in ("left", "right"))
HEIGHT_M = (1.4, 0.9, 0.5, 0.1)
RATE_HZ = 20.0
PX_M = 200.0


def _person(lean_deg: float = 0.0, shift_m: float = 0.0, away: bool = False) -> Keypoints:
    """Upright from the hips down; the trunk leans sideways, or away from the camera."""
    world = np.zeros((len(NAMES), 3))
    for k, height in enumerate(HEIGHT_M):
        world[2 * k : 2 * k + 2] = [[-0.15, 0.9 - height, 0.0], [0.15, 0.9 - height, 0.0]]
    lean = np.radians(lean_deg)
    world[:2, 2 if away else 0] += 0.5 * np.sin(lean)
    world[:2, 1] = -0.5 * np.cos(lean)
    pixels = PX_M * (world[:, :2] + [shift_m, 0.0]) + [320.0, 240.0]
    return Keypoints(pixels, np.ones(len(NAMES)), world, 1.0)


def _boards(neutral_s: tuple[float, float] | None = None) -> Boards:
    watcher = BoardWatcher(Camera.level(640, 480, 1.0))
    return Boards(watcher, NAMES, loader.tag_rules().neutral, neutral_s)


def _standing(people: list[Keypoints | None], boards: Boards, chunk: int = 7) -> np.ndarray:
    time_s = np.arange(len(people)) / RATE_HZ
    parts = [
        boards.channel(time_s[k : k + chunk], [{}] * len(people[k : k + chunk]), people[k : k + chunk])
        for k in range(0, len(people), chunk)
    ]
    return np.concatenate([part.standing for part in parts])


def test_the_first_second_of_standing_is_one_look() -> None:
    standing = _standing([_person()] * 80, _boards())
    assert standing.sum() == pytest.approx(1.0)
    assert np.all(standing[30:] == 0)


@pytest.mark.parametrize("away", [False, True])
def test_who_leans_or_moves_does_not_stand(away: bool) -> None:
    assert not _standing([_person(40.0, away=away)] * 40, _boards()).any()
    walking = [_person(shift_m=0.5 * t / RATE_HZ) for t in range(40)]
    assert not _standing([*walking], _boards()).any()
    assert not _standing([None] * 40, _boards()).any()


def test_keypoints_that_tremble_stand() -> None:
    rng = np.random.default_rng(1)
    people = [_person() for _ in range(80)]
    for person in people:
        person.position_px[:] += rng.normal(0.0, 1.0, person.position_px.shape)
    assert _standing([*people], _boards()).sum() > 0.8


def test_standing_again_later_is_not_looked_at() -> None:
    """Who turned meanwhile may stand otherwise."""
    people = [*[_person()] * 12, *[_person(40.0)] * 80, *[_person()] * 60]
    standing = _standing([*people], _boards())
    assert 0.0 < standing.sum() < 1.0
    assert not standing[92:].any()


def test_a_told_span_counts_as_it_is_told() -> None:
    standing = _standing([_person(40.0)] * 80, _boards((1.0, 2.0)))
    assert standing.sum() == pytest.approx(1.0)
    assert np.flatnonzero(standing)[[0, -1]].tolist() == [20, 39]


def test_notes_say_what_was_read_and_what_was_not() -> None:
    boards = _boards()
    picture = np.zeros((480, 640), np.uint8)
    boards.see(picture)
    assert boards.figures == {}
    assert "none was read" in " ".join(boards.notes())
    boards._watcher.see = lambda _: {0: SeenTag(np.zeros((4, 2)), 0.1)}  # type: ignore[method-assign]
    boards.see(picture)
    told = " ".join(boards.notes())
    assert boards.figures == {"sacrum": 1}
    assert "of 2 frames: sacrum in 1" in told
    assert "--neutral" in told


def test_a_film_without_boards_is_measured_and_says_so() -> None:
    estimator, sink = FakeEstimator(), MemorySink()
    pose = FakePose()
    watcher = BoardWatcher(Camera.level(640, 480, 1.0))
    boards = Boards(watcher, pose.names, loader.tag_rules().neutral)
    VideoMeasurement(FakeReader(), pose, lambda *_: estimator, [sink], RULES, boards=boards).run(Request())
    film = sink.parts[-1][1].diagnostics["film"]
    assert film["boards"] == {}
    assert any("none was read" in note for note in film["notes"])
    assert all(recording.boards[0].sd_px.shape[0] == recording.n_frames for recording, _ in sink.parts)


@pytest.mark.parametrize(("told", "expected"), [("0-1", (0.0, 1.0)), ("0.5-2.25", (0.5, 2.25)), (None, None)])
def test_the_neutral_span_is_read(told: str | None, expected: tuple[float, float] | None) -> None:
    assert neutral_s(told, tags=True) == expected


@pytest.mark.parametrize("told", ["1", "2-1", "a-b", "-1-2", "1-1", "nan-2", "0-inf"])
def test_a_span_that_is_none_is_refused(told: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"0\.5-2"):
        neutral_s(told, tags=True)


def test_a_neutral_span_without_boards_is_refused() -> None:
    with pytest.raises(typer.BadParameter, match="--tags"):
        neutral_s("0-1", tags=False)
