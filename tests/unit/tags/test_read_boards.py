"""A board counts in the frames about which it was read, and in no others."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.catalog import loader
from coxa.estimate.read_boards import LOOKED_FOR, ReadBoards, board_kinds
from coxa.model.camera import Camera
from coxa.model.channels import BoardCorners
from coxa.model.recording import Recording
from tests.support.tag_pictures import board

WORN = (board("sacrum"), board("t12"))
RATE_HZ = 8.0


def _recording(read: np.ndarray, first_s: float = 0.0) -> Recording:
    """``read`` (n_frames, 2): whether each of the two boards is read."""
    n = len(read)
    columns = np.repeat(read, [one.n_corners for one in WORN], axis=1)
    sd = np.where(columns, 0.2, np.nan)
    channel = BoardCorners(
        WORN, np.repeat(sd[..., None], 2, axis=2), sd, np.zeros(n), Camera.level(640, 480, 1.0)
    )
    return Recording(first_s + np.arange(n) / RATE_HZ, boards=(channel,))


def test_a_board_counts_a_fifth_of_a_second_about_its_readings() -> None:
    read = np.zeros((40, 2), bool)
    read[:20, 0] = True
    log = ReadBoards()
    log.add(_recording(read))
    about = log.about(np.arange(40) / RATE_HZ)
    assert about[0] == about[20] == ("sacrum",)
    assert about[21] == about[39] == ()
    assert log.ever == ("sacrum",)


def test_one_face_alone_does_not_count() -> None:
    """It is as ambiguous as a flat tag, and a wrong answer looks as sure."""
    recording = _recording(np.ones((40, 2), bool))
    recording.boards[0].sd_px[:, :4] = np.nan  # the left face of the first board
    log = ReadBoards()
    log.add(recording)
    assert set(log.about(recording.time_s)) == {("t12",)}


@pytest.mark.parametrize("part", [1, 3, 7, 40])
def test_parts_tell_what_the_whole_tells(part: int) -> None:
    read = np.random.default_rng(3).uniform(size=(40, 2)) < 0.15
    whole, parts = ReadBoards(), ReadBoards()
    whole.add(_recording(read))
    time_s = np.arange(40) / RATE_HZ
    parts.add(_recording(read[:10]))
    found = []
    for first in range(0, 40, part):
        last = min(first + part, 40)
        known = len(parts_read := read[10 + first : 10 + last])
        if known:
            parts.add(_recording(parts_read, (10 + first) / RATE_HZ))
        found += parts.about(time_s[first:last])
    assert found == whole.about(time_s)


def test_what_is_told_names_the_board_that_is_missing() -> None:
    from coxa.estimate.observability import ability_of

    spec = loader.observability()

    def told(coordinate: str, *boards: str) -> tuple[str, str]:
        ability = ability_of(coordinate, (*board_kinds(boards), "pose_network"), spec)
        return ability.at_best, ability.remedy

    assert told("pelvis_anterior_tilt")[0] == "not_observable"
    assert "board sacrum" in told("pelvis_anterior_tilt")[1]
    assert told("pelvis_anterior_tilt", "sacrum")[0] == "observed"
    assert told("lumbar_flexion", "sacrum") == ("not_observable", "wear the board t12 too")
    assert told("lumbar_flexion", "sacrum", "t12")[0] == "observed"
    assert told("lumbar_flexion", "t12")[0] == "not_observable"


def test_every_row_of_boards_can_be_reached() -> None:
    names = [one.name for one in loader.tag_boards().boards]
    rows = {kind for kind in loader.observability().kinds if kind.startswith("board")}
    assert rows <= set(board_kinds(names))
    assert LOOKED_FOR in rows
