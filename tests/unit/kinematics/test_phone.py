"""How a phone sits on its segment: told, then bent to the plane of movement."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.kinematics.phone import (
    Heading,
    Told,
    aligned,
    apart_rad,
    refined_heading,
    resampled,
    thigh_rotation,
    told_heading,
)
from coxa.kinematics.rotations import rotation_about, rotation_from_vector

X, UP, Z = np.eye(3)
TIME_S = np.arange(200) / 50.0
LIMITS = {"max_rad": np.radians(40.0), "min_ratio": 2.5, "min_rate_rad_s": 0.3, "sd_rad": np.radians(5.0)}
MOUNT = rotation_from_vector([0.4, -1.1, 0.7])  # phone to segment


@pytest.mark.parametrize(("lifted_deg", "told_deg", "apart_deg"), [(0, 0, 0), (30, 0, 30), (-80, 90, 170)])
def test_an_axis_is_off_by_its_elevation(lifted_deg: float, told_deg: float, apart_deg: float) -> None:
    start = rotation_about(1, 0.7) @ rotation_about(2, np.radians(lifted_deg))
    direction = np.array([np.cos(np.radians(told_deg)), np.sin(np.radians(told_deg)), 0.0])
    assert np.degrees(apart_rad(start, Told(X, direction))) == pytest.approx(apart_deg, abs=1e-5)


@pytest.mark.parametrize("facing_deg", [-170.0, -20.0, 0.0, 65.0, 179.0])
@pytest.mark.parametrize("where", [X, -X, Z, -Z])
def test_a_told_axis_says_which_way_the_person_faces(facing_deg: float, where: np.ndarray) -> None:
    start = rotation_about(1, np.radians(facing_deg)) @ MOUNT
    heading = told_heading(start, Told(MOUNT.T @ where, where), 0.3)
    assert np.degrees(heading.angle_rad) == pytest.approx(facing_deg)
    assert (heading.sd_rad, heading.refined) == (0.3, False)


def moved(facing_deg: float, axis: np.ndarray = Z, size: float = 0.5) -> np.ndarray:
    """A phone on an upright segment that nods about one axis of the person."""
    nod = rotation_from_vector(size * np.sin(2 * TIME_S)[:, None] * axis)
    return rotation_about(1, np.radians(facing_deg)) @ nod @ MOUNT


def refined(rotation: np.ndarray, told_deg: float, sd_deg: float = 20.0, **limits: float) -> Heading:
    told = Heading(np.radians(told_deg), np.radians(sd_deg))
    return refined_heading(rotation[0], rotation, TIME_S, told, **(LIMITS | limits))


@pytest.mark.parametrize("axis", [Z, -Z, X])
@pytest.mark.parametrize(("facing_deg", "told_deg"), [(30.0, 48.0), (30.0, 5.0), (-100.0, -130.0)])
def test_movement_bends_what_was_told(axis: np.ndarray, facing_deg: float, told_deg: float) -> None:
    found = refined(moved(facing_deg, axis), told_deg)
    assert found.refined
    assert np.degrees(found.angle_rad) == pytest.approx(facing_deg, abs=0.5)
    assert np.radians(5.0) <= found.sd_rad < np.radians(6.0)


def test_gaps_do_not_hinder() -> None:
    rotation = moved(30.0)
    rotation[40:60] = np.nan
    assert np.degrees(refined(rotation, 45.0).angle_rad) == pytest.approx(30.0, abs=1.0)


@pytest.mark.parametrize(
    ("what", "rotation", "more"),
    [
        ("the nearest axis is too far", moved(44.0), {}),
        ("too slow", moved(10.0, size=0.01), {}),
        ("told better than movement could", moved(10.0), {"sd_deg": 4.0}),
        ("told as well as movement could at best", moved(10.0), {"sd_deg": 5.0}),
        ("about the vertical", moved(10.0, UP), {}),
    ],
)
def test_what_was_told_stands(what: str, rotation: np.ndarray, more: dict[str, float]) -> None:
    found = refined(rotation, 0.0, **more)
    assert (found.angle_rad, found.refined) == (0.0, False), what


def test_the_segment_is_in_its_start_pose_at_the_start_and_turns_from_there() -> None:
    rotation = moved(30.0)
    pose = rotation_about(2, 0.3)
    found = aligned(rotation, rotation[0], Heading(np.radians(30.0), 0.1), pose)
    np.testing.assert_allclose(found[0], pose, atol=1e-12)
    nod = rotation_from_vector(0.5 * np.sin(2 * TIME_S)[:, None] * Z)
    np.testing.assert_allclose(found, nod @ pose, atol=1e-12)


def shank(swing_deg: float, *, hanging: bool, facing_deg: float, thigh_deg: float = 0.0) -> np.ndarray:
    """Sitting (hanging) or prone with the knee square; the foot swung towards the person's right."""
    upright = np.eye(3) if hanging else rotation_about(2, np.pi)
    swung = rotation_about(0, np.radians(swing_deg)) @ upright
    return rotation_about(1, np.radians(facing_deg)) @ rotation_about(2, np.radians(thigh_deg)) @ swung


@pytest.mark.parametrize("facing_deg", [0.0, 130.0])
@pytest.mark.parametrize("swing_deg", [-25.0, 0.0, 40.0])
def test_sitting_a_foot_that_swings_out_is_internal_rotation(swing_deg: float, facing_deg: float) -> None:
    tibia = shank(swing_deg, hanging=True, facing_deg=facing_deg)
    # About the forward axis a positive turn takes the foot, below, to the person's left.
    right, _ = thigh_rotation(tibia[None], 1.0)
    left, level = thigh_rotation(tibia[None], -1.0)
    assert np.degrees(right[0]) == pytest.approx(-swing_deg)
    assert np.degrees(left[0]) == pytest.approx(swing_deg)
    assert level[0] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("swing_deg", [-25.0, 0.0, 40.0])
def test_a_shank_that_stands_is_read_by_the_same_formula(swing_deg: float) -> None:
    tibia = shank(swing_deg, hanging=False, facing_deg=20.0)
    right, level = thigh_rotation(tibia[None], 1.0)
    assert abs(np.degrees(right[0])) == pytest.approx(abs(swing_deg))
    assert abs(right[0]) < np.pi / 2
    assert level[0] == pytest.approx(0.0, abs=1e-12)


def test_a_thigh_that_is_not_level_is_told() -> None:
    tibia = shank(0.0, hanging=True, facing_deg=10.0, thigh_deg=-17.0)
    assert np.degrees(thigh_rotation(tibia[None], 1.0)[1][0]) == pytest.approx(17.0)


def test_between_frames_the_shortest_turn_and_beyond_them_nothing() -> None:
    time_s = np.array([0.0, 1.0, 2.0, 4.0])
    angle = np.array([0.0, 0.4, 0.2, 0.8])
    rotation = rotation_about(2, np.stack([angle, -angle], axis=1))  # (4, 2, 3, 3)
    at = np.array([-0.1, 0.0, 0.25, 1.0, 1.5, 2.0, 3.0, 4.1])
    found = resampled(time_s, rotation, at, max_gap_s=1.5)
    known = [1, 2, 3, 4]
    wanted = np.array([0.0, 0.1, 0.4, 0.3])
    np.testing.assert_allclose(found[known, 0], rotation_about(2, wanted), atol=1e-12)
    np.testing.assert_allclose(found[known, 1], rotation_about(2, -wanted), atol=1e-12)
    assert np.isnan(found[[0, 5, 6, 7]]).all()
    np.testing.assert_allclose(resampled(time_s, rotation, np.array([4.0]), 2.0)[0], rotation[3], atol=1e-12)
