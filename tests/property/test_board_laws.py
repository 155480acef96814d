"""What holds of any board, wherever it is: geometry, pose, covariance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from coxa.catalog import loader
from coxa.kinematics.boards import (
    faces,
    most_probable_path,
    poses_from_corners,
    prism,
    visible_tags,
    worn_board,
)
from coxa.kinematics.rotations import rotation_about, vector_from_rotation
from coxa.model.boards import WornBoard

Floats = NDArray[np.float64]
BOARDS = loader.tag_boards()
#: Board X to the camera, Y up, Z to the viewer's left.
FACING = np.array([[0.0, 0.0, -1.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]])
FOCAL, CENTRE = 1500.0, np.array([960.0, 540.0])

names = st.sampled_from([board.name for board in BOARDS.boards])
turns = st.floats(-30.0, 30.0)


def _board(name: str) -> WornBoard:
    return worn_board(BOARDS.board(name), BOARDS)


def _turned(yaw: float, pitch: float, roll: float) -> Floats:
    about = [rotation_about(axis, np.radians(angle)) for axis, angle in ((1, yaw), (2, pitch))]
    return np.asarray(rotation_about(2, np.radians(roll)) @ FACING @ about[0] @ about[1])


def _pixels(corners: Floats, rotation: Floats, position: Floats) -> Floats:
    x = corners @ rotation.T + position
    return np.asarray(FOCAL * x[:, :2] / x[:, 2:] + CENTRE)


@pytest.mark.parametrize("name", [board.name for board in BOARDS.boards])
def test_tags_lie_in_their_faces_and_are_square(name: str) -> None:
    spec = BOARDS.board(name)
    corners, normal = prism(spec, BOARDS)
    side = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=2)
    assert side == pytest.approx(1e-3 * BOARDS.shape.tag_mm * np.ones_like(side))
    outline = faces(spec, BOARDS)
    half = len(spec.left_ids)
    for k, four in enumerate(corners):
        face = outline[0 if k < half else 1]
        assert np.abs((four - face[0]) @ normal[k]).max() < 1e-12
        assert four[:, 1].max() < face[:, 1].max()
        assert four[:, 1].min() > face[:, 1].min()
    # Not flat: the faces look apart by twice the slope, and both away from the body.
    assert np.degrees(np.arccos(normal[0] @ normal[half])) == pytest.approx(2 * BOARDS.shape.slope_deg)
    assert np.all(normal[:, 0] > 0)


@pytest.mark.parametrize("name", [board.name for board in BOARDS.boards])
def test_boards_look_away_from_the_body_and_stand_upright(name: str) -> None:
    worn = _board(name)
    outward = {"+x": [1, 0, 0], "-x": [-1, 0, 0], "+z": [0, 0, 1], "-z": [0, 0, -1]}[
        BOARDS.board(name).placement.outward
    ]
    assert worn.rotation[:, 0] @ outward > 0.9
    assert worn.rotation[1, 1] > 0.9
    assert worn.position_m @ outward > 0.04
    assert np.allclose(worn.rotation @ worn.rotation.T, np.eye(3))


def test_left_is_the_mirror_of_right() -> None:
    for part in ("thigh", "shank"):
        left, right = _board(f"left_{part}"), _board(f"right_{part}")
        assert np.allclose(left.position_m * [1, 1, -1], right.position_m)
        assert np.allclose(left.rotation_sd_rad, right.rotation_sd_rad)


@given(name=names, yaw=turns, pitch=turns, roll=st.floats(-180, 180), z=st.floats(1.0, 3.5))
@settings(max_examples=40, deadline=None)
def test_a_board_is_found_where_it_is(name: str, yaw: float, pitch: float, roll: float, z: float) -> None:
    worn, rotation, position = _board(name), _turned(yaw, pitch, roll), np.array([0.2, -0.1, z])
    corners = worn.corners_m.reshape(-1, 3)
    answers = poses_from_corners(
        corners, _pixels(corners, rotation, position), np.full(len(corners), 0.2), FOCAL, CENTRE
    )
    assert np.linalg.norm(vector_from_rotation(answers[0].rotation @ rotation.T)) < 1e-5
    assert np.allclose(answers[0].position_m, position, atol=1e-5)
    assert answers[0].weight > 0.999
    assert sum(answer.weight for answer in answers) == pytest.approx(1.0)


@given(yaw=turns, pitch=turns, z=st.floats(1.5, 3.0))
@settings(max_examples=20, deadline=None)
def test_more_noise_and_fewer_corners_never_make_it_surer(yaw: float, pitch: float, z: float) -> None:
    worn, rotation, position = _board("sacrum"), _turned(yaw, pitch, 0.0), np.array([0.0, 0.0, z])
    corners = worn.corners_m.reshape(-1, 3)
    pixels = _pixels(corners, rotation, position)

    def covariance(kept: slice, sd: float) -> Floats:
        found = poses_from_corners(
            corners[kept], pixels[kept], np.full(len(corners[kept]), sd), FOCAL, CENTRE
        )
        return min(found, key=lambda one: np.linalg.norm(one.rotation - rotation)).covariance

    sharp, dull, half = covariance(slice(8), 0.1), covariance(slice(8), 0.3), covariance(slice(4), 0.1)
    for wider in (dull, half):
        assert np.linalg.eigvalsh(wider - sharp).min() > -1e-9


@given(yaw=st.floats(-25, 25), pitch=st.floats(-25, 25), seed=st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_the_right_answer_is_always_among_those_of_a_single_face(yaw: float, pitch: float, seed: int) -> None:
    worn, position = _board("sacrum"), np.array([0.1, 0.1, 2.5])
    rotation = _turned(yaw, pitch, 5.0)
    corners = worn.corners_m[0]
    pixels = _pixels(corners, rotation, position) + 0.1 * np.random.default_rng(seed).normal(size=(4, 2))
    answers = poses_from_corners(corners, pixels, np.full(4, 0.1), FOCAL, CENTRE)
    apart = [np.degrees(np.linalg.norm(vector_from_rotation(one.rotation @ rotation.T))) for one in answers]
    assert min(apart) < 15.0


def test_stated_covariance_is_that_of_the_errors() -> None:
    rng = np.random.default_rng(0)
    worn, rotation, position = _board("t12"), _turned(15.0, -10.0, 3.0), np.array([0.1, 0.0, 2.5])
    corners = worn.corners_m.reshape(-1, 3)
    pixels = _pixels(corners, rotation, position)
    squared = []
    for _ in range(150):
        seen = pixels + 0.2 * rng.normal(size=pixels.shape)
        best = poses_from_corners(corners, seen, np.full(len(corners), 0.2), FOCAL, CENTRE)[0]
        error = np.concatenate([vector_from_rotation(rotation @ best.rotation.T), position - best.position_m])
        squared.append(error @ np.linalg.solve(best.covariance, error))
    # Chi-squared with six degrees of freedom; covariances are widened where the fit is worse than stated.
    assert 4.3 < np.mean(squared) < 6.6


def test_a_spell_of_one_face_does_not_latch() -> None:
    """Two faces, then one with noise that favours either side, then two again."""
    rng = np.random.default_rng(4)
    worn, position = _board("sacrum"), np.array([0.0, 0.0, 2.8])
    time_s = np.arange(90) / 30.0
    answers, truth = [], []
    for t in time_s:
        rotation = _turned(40.0 * np.sin(2.0 * t), 5.0, 0.0)
        kept = slice(0, 4) if 0.8 < t < 1.6 else slice(None)
        corners = worn.corners_m.reshape(-1, 3)[kept]
        pixels = _pixels(corners, rotation, position) + 0.25 * rng.normal(size=(len(corners), 2))
        answers.append(poses_from_corners(corners, pixels, np.full(len(corners), 0.25), FOCAL, CENTRE))
        truth.append(rotation)
    found, _ = most_probable_path(answers, time_s)
    apart = np.degrees(np.linalg.norm(vector_from_rotation(found @ np.swapaxes(truth, 1, 2)), axis=1))
    assert np.percentile(apart, 95) < 12.0
    assert apart[-20:].max() < 3.0


def test_no_answers_no_path() -> None:
    rotation, position = most_probable_path([(), ()], np.array([0.0, 0.1]))
    assert np.isnan(rotation).all()
    assert np.isnan(position).all()


def test_a_face_turned_away_is_not_visible() -> None:
    worn = _board("sacrum")
    ahead = np.array([0.0, 0.0, 2.0])
    assert visible_tags(worn, _turned(0.0, 0.0, 0.0), ahead).all()
    assert visible_tags(worn, _turned(75.0, 0.0, 0.0), ahead).sum() == 1
    assert not visible_tags(worn, _turned(180.0, 0.0, 0.0), ahead).any()
