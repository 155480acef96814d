"""Folded boards: their corners as printed, where they are worn, and where they are when seen."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.catalog import loader
from coxa.kinematics.boards import (
    BoardPose,
    faces,
    most_probable_path,
    poses_from_corners,
    prism,
    visible_tags,
    worn_board,
)
from coxa.kinematics.rotations import rotation_about, rotation_from_vector, vector_from_rotation

BOARDS = loader.tag_boards()
SPEC = BOARDS.board("sacrum")
FOCAL, CENTRE = 1400.0, np.array([960.0, 540.0])
#: Board X to the camera, Y up in the picture, Z to the viewer's left.
FACING = np.array([[0.0, 0.0, -1.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]])


def test_two_faces_slope_back_from_a_ridge_that_lies_ahead() -> None:
    left, right = faces(SPEC, BOARDS)
    width = 1e-3 * BOARDS.shape.face_mm
    slope = np.radians(BOARDS.shape.slope_deg)
    for face in (left, right):
        np.testing.assert_allclose(np.linalg.norm(face[1] - face[0], axis=-1), width)
        np.testing.assert_allclose(face[0] - face[3], [0.0, 1e-3 * SPEC.ridge_mm, 0.0], atol=1e-12)
        np.testing.assert_allclose(face[:, 1], 0.5e-3 * SPEC.ridge_mm * np.array([1, 1, -1, -1]))
    np.testing.assert_allclose(left[1], right[0])  # the ridge is shared
    np.testing.assert_allclose(left[1, [0, 2]], [width * np.sin(slope), 0.0], atol=1e-12)
    np.testing.assert_allclose(left[0, [0, 2]], [0.0, width * np.cos(slope)], atol=1e-12)
    np.testing.assert_allclose(right[1, [0, 2]], [0.0, -width * np.cos(slope)], atol=1e-12)


def test_tags_lie_in_their_faces_from_the_top_down_and_look_outwards() -> None:
    corners, normals = prism(SPEC, BOARDS)
    n = len(SPEC.left_ids)
    assert corners.shape == (n + len(SPEC.right_ids), 4, 3)
    side = 1e-3 * BOARDS.shape.tag_mm
    for k, (tag, normal) in enumerate(zip(corners, normals, strict=True)):
        edges = np.roll(tag, -1, axis=0) - tag
        np.testing.assert_allclose(np.linalg.norm(edges, axis=1), side)
        np.testing.assert_allclose(edges[0] @ edges[1], 0.0, atol=1e-12)
        np.testing.assert_allclose(tag[0] - tag[3], [0.0, side, 0.0], atol=1e-12)
        np.testing.assert_allclose(np.linalg.norm(normal), 1.0)
        np.testing.assert_allclose((tag - tag[0]) @ normal, 0.0, atol=1e-12)
        assert normal[0] > 0
        assert (normal[2] > 0) == (k < n)  # the left face looks to the viewer's left
        face = faces(SPEC, BOARDS)[0 if k < n else 1]
        middle = tag.mean(axis=0) - face.mean(axis=0)
        ids, at = (SPEC.left_ids, k) if k < n else (SPEC.right_ids, k - n)
        step = 1e-3 * SPEC.ridge_mm / len(ids)
        np.testing.assert_allclose(middle, [0.0, step * (0.5 * (len(ids) - 1) - at), 0.0], atol=1e-12)


@pytest.mark.parametrize(
    ("outward", "there"), [("+x", [1, 0, 0]), ("-x", [-1, 0, 0]), ("+z", [0, 0, 1]), ("-z", [0, 0, -1])]
)
def test_a_worn_board_points_outwards_and_leans_up(outward: str, there: list[float]) -> None:
    place = SPEC.placement.model_copy(update={"outward": outward, "leans_up_deg": 20.0})
    worn = worn_board(SPEC.model_copy(update={"placement": place}), BOARDS)
    ridge = worn.rotation[:, 0]
    np.testing.assert_allclose(
        ridge, np.cos(np.radians(20)) * np.array(there) + [0, np.sin(np.radians(20)), 0], atol=1e-9
    )
    assert worn.tags == (*SPEC.left_ids, *SPEC.right_ids)
    assert (worn.name, worn.segment, worn.wobble_s) == (SPEC.name, SPEC.segment, place.wobble_s)
    np.testing.assert_allclose(worn.position_m, place.position_m)
    np.testing.assert_allclose(worn.wobble_sd[:3], np.radians(place.wobble_sd_deg))
    np.testing.assert_allclose(worn.wobble_sd[3:], place.wobble_sd_m)
    np.testing.assert_allclose(worn.rotation_sd_rad, np.radians(place.rotation_sd_deg))
    np.testing.assert_allclose(worn.position_sd_m, place.position_sd_m)


def seen(rotation: np.ndarray, position: np.ndarray, noise_px: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Corners of the tags turned to the camera, and where they are in the picture."""
    worn = worn_board(SPEC, BOARDS)
    shown = visible_tags(worn, rotation, position, 0.1)
    corners = worn.corners_m[shown].reshape(-1, 3)
    at = corners @ rotation.T + position
    pixels = FOCAL * at[:, :2] / at[:, 2:] + CENTRE
    return corners, pixels + noise_px * np.random.default_rng(4).normal(size=pixels.shape)


POSES = [
    (rotation_from_vector([0.1, 0.05, -0.2]) @ FACING, np.array([0.1, -0.2, 1.5])),
    (rotation_about(1, 0.6) @ FACING, np.array([-0.4, 0.1, 2.5])),
    (rotation_about(2, 2.0) @ FACING, np.array([0.0, 0.0, 0.8])),
]


@pytest.mark.parametrize(("rotation", "position"), POSES)
def test_a_board_is_found_where_it_is(rotation: np.ndarray, position: np.ndarray) -> None:
    corners, pixels = seen(rotation, position)
    found = poses_from_corners(corners, pixels, np.full(len(corners), 0.5), FOCAL, CENTRE)
    np.testing.assert_allclose(found[0].rotation, rotation, atol=1e-5)
    np.testing.assert_allclose(found[0].position_m, position, atol=1e-5)
    assert found[0].cost == pytest.approx(0.0, abs=1e-6)
    assert sum(one.weight for one in found) == pytest.approx(1.0)
    assert [one.cost for one in found] == sorted(one.cost for one in found)
    for a in found:
        assert a.weight / found[0].weight == pytest.approx(np.exp(found[0].cost - a.cost))


def test_errors_are_those_that_noise_makes() -> None:
    rotation, position = POSES[0]
    exact, pixels = seen(rotation, position)
    rng = np.random.default_rng(1)
    squares = []
    for _ in range(12):
        noisy = pixels + 0.5 * rng.normal(size=pixels.shape)
        best = poses_from_corners(exact, noisy, np.full(len(exact), 0.5), FOCAL, CENTRE)[0]
        off = np.append(vector_from_rotation(rotation @ best.rotation.T), position - best.position_m)
        squares.append(off @ np.linalg.solve(best.covariance, off) / 6.0)
    assert 0.4 < np.mean(squares) < 1.6
    promised = poses_from_corners(exact, pixels, np.full(len(exact), 0.5), FOCAL, CENTRE)[0].covariance
    worse = poses_from_corners(exact, noisy, np.full(len(exact), 0.05), FOCAL, CENTRE)[0].covariance
    # Errors ten times those promised widen the covariance back to what they are.
    assert 0.3 < np.sqrt(np.trace(worse[:3, :3]) / np.trace(promised[:3, :3])) < 2.0


def test_a_lone_face_has_two_answers_and_the_true_one_among_them() -> None:
    corners, normals = prism(SPEC, BOARDS)
    face, normal = corners[0], normals[0]
    rotation = rotation_about(1, 0.35) @ FACING
    position = np.array([0.0, 0.0, 2.5])
    at = face @ rotation.T + position
    pixels = FOCAL * at[:, :2] / at[:, 2:] + CENTRE
    found = poses_from_corners(face, pixels, np.full(4, 0.5), FOCAL, CENTRE)
    assert len(found) == 2
    apart = [float(np.linalg.norm(vector_from_rotation(one.rotation @ rotation.T))) for one in found]
    assert min(apart) < 1e-4
    sight = at.mean(axis=0) / np.linalg.norm(at.mean(axis=0))
    tilts = [abs(float((one.rotation @ normal) @ sight)) for one in found]
    assert tilts[0] == pytest.approx(tilts[1], abs=0.1)  # mirrored about the line of sight


def test_tags_are_seen_from_where_they_look() -> None:
    worn = worn_board(SPEC, BOARDS)
    ahead = np.array([0.0, 0.0, 2.0])
    assert visible_tags(worn, FACING, ahead).all()
    n = len(SPEC.left_ids)
    slope = BOARDS.shape.slope_deg
    turned = visible_tags(worn, rotation_about(1, np.radians(90 - 0.5 * slope)) @ FACING, ahead)
    assert set(turned[:n].tolist()) != set(turned[n:].tolist())
    assert not visible_tags(worn, rotation_about(1, np.pi) @ FACING, ahead).any()
    assert not visible_tags(worn, FACING, ahead, 0.999).any()


def answer(turn: float, cost: float, sd: float = 0.01) -> BoardPose:
    return BoardPose(rotation_about(1, turn), np.array([turn, 0, 1]), np.eye(6) * sd**2, cost, 1.0)


def turns_of(answers: list[tuple[BoardPose, ...]], step_s: float = 0.03) -> list[float]:
    rotation, position = most_probable_path(answers, step_s * np.arange(len(answers)))
    angle = np.arctan2(rotation[:, 0, 2], rotation[:, 0, 0])
    known = np.isfinite(angle)
    np.testing.assert_allclose(position[known, 0], angle[known], atol=1e-12)
    return angle.tolist()


def test_the_path_turns_least_though_single_frames_say_otherwise() -> None:
    steady = (answer(0.0, 1.0), answer(0.8, 1.5))
    misled = (answer(0.8, 1.0), answer(0.02, 1.6))
    found = turns_of([steady, misled, (), steady])
    np.testing.assert_allclose(found, [0.0, 0.02, np.nan, 0.0], atol=1e-9)
    # With time to turn the frames decide.
    np.testing.assert_allclose(
        turns_of([steady, misled, (), steady], 10.0), [0.0, 0.8, np.nan, 0.0], atol=1e-9
    )


def test_later_frames_decide_what_earlier_ones_left_open_and_one_bad_frame_does_not() -> None:
    open_ = (answer(0.0, 0.0), answer(0.8, 0.01))
    sure = (answer(0.8, 0.0), answer(0.0, 9.0))
    np.testing.assert_allclose(turns_of([open_, open_, sure]), [0.8, 0.8, 0.8], atol=1e-9)
    mad = (answer(0.8, 0.0), answer(0.0, 1e6))
    right = (answer(0.0, 0.0), answer(0.8, 20.0))
    np.testing.assert_allclose(turns_of([right, right, mad, right]), [0.0] * 4, atol=1e-9)


def test_nothing_seen_is_no_path() -> None:
    rotation, position = most_probable_path([(), ()], np.arange(2.0))
    assert np.isnan(rotation).all()
    assert np.isnan(position).all()
