"""A board of which one face alone is read looks the same from two sides: no answer is latched on to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from coxa.estimate.board_start import looks_at_boards, other_sides, segments_from_looks
from coxa.kinematics.rotations import vector_from_rotation
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from tests.support.tag_coverage import estimated, lone_faces

Floats = NDArray[np.float64]

ROTATION = "pelvis_left_rotation"


def _off(motion: Motion, truth: Motion) -> tuple[Floats, Floats]:
    """Error and standard deviation of the pelvis' rotation, degrees."""
    error = (motion[ROTATION] - truth[ROTATION] + np.pi) % (2 * np.pi) - np.pi
    return np.degrees(np.abs(error)), np.degrees(motion.sd[:, motion.coordinates.index(ROTATION)])


@pytest.mark.parametrize("seed", [0, 6])
def test_keypoints_decide_between_the_two_sides(seed: int) -> None:
    """Solved from one side alone the pelvis was 73 and 68 deg off in these films at most."""
    recording, truth = lone_faces(seed, seconds=2.2)
    error, _ = _off(estimated(recording), truth)
    assert error.max() < 12.0


def test_boards_alone_say_that_they_cannot_decide() -> None:
    """Solved from one side alone, 6 of these 11 films were on the wrong one, and no less sure."""
    wrong = 0
    for seed in (0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11):
        recording, truth = lone_faces(seed, seconds=2.2)
        error, sd = _off(estimated(replace(recording, image_points=())), truth)
        wrong += bool(np.mean(error < 1.96 * sd) < 0.5)
    assert wrong <= 2


@pytest.mark.parametrize("seed", [5])
def test_a_second_face_ends_the_doubt_whatever_was_believed(seed: int) -> None:
    recording, truth = lone_faces(seed, seconds=5.0, alone_until_s=3.0)
    error, sd = _off(estimated(replace(recording, image_points=())), truth)
    after = recording.time_s > 3.2
    assert error[after].max() < 20.0
    assert np.median(sd[after]) < 12.0


def _both_ways(recording: Recording) -> tuple[Floats, list[Floats]]:
    """Rotations of the pelvis that the start takes first, and the others that it keeps."""
    looks = looks_at_boards(recording)
    first = segments_from_looks(looks)["pelvis"][0]
    return first, [segments_from_looks(way)["pelvis"][0] for way in other_sides(looks)]


def test_one_face_leaves_two_ways_and_one_of_them_is_true() -> None:
    recording, _ = lone_faces(5, seconds=1.0)
    first, others = _both_ways(recording)
    assert others
    seen = np.isfinite(first[:, 0, 0])
    apart = vector_from_rotation(first[seen] @ np.swapaxes(others[0][seen], 1, 2))
    assert np.degrees(np.median(np.linalg.norm(apart, axis=1))) > 30.0


def test_two_faces_leave_one_way() -> None:
    recording, _ = lone_faces(5, seconds=1.0, alone_until_s=0.0)
    assert _both_ways(recording)[1] == []
