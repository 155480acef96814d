"""Shapes put where they are seen; joints shared by two segments."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.kinematics.functional import second_range, shared_axis, shared_point
from coxa.kinematics.rigid import RigidPose, mean_shape, rigid_pose, spread
from coxa.kinematics.rotations import rotation_about, rotation_from_vector

RNG = np.random.default_rng(1)
SHAPE = RNG.normal(size=(5, 3)) * 0.1
TURN = rotation_from_vector(RNG.normal(size=(30, 3)))
PLACE = RNG.normal(size=(30, 3))
SEEN = PLACE[:, None] + np.einsum("tij,kj->tki", TURN, SHAPE)
EVEN = np.ones(5)


def test_a_shape_is_found_where_it_is():
    pose = rigid_pose(SHAPE, SEEN, EVEN)
    np.testing.assert_allclose(pose.rotation, TURN, atol=1e-12)
    np.testing.assert_allclose(pose.origin, PLACE, atol=1e-12)
    np.testing.assert_allclose(pose.residual_m, 0.0, atol=1e-12)
    np.testing.assert_allclose(pose.into(pose.carry(SHAPE[2])), np.tile(SHAPE[2], (30, 1)), atol=1e-12)


def test_three_seen_points_suffice_two_do_not():
    gaps = SEEN.copy()
    gaps[3, :2], gaps[4, :3] = np.nan, np.nan
    pose = rigid_pose(SHAPE, gaps, EVEN)
    np.testing.assert_allclose(pose.rotation[3], TURN[3], atol=1e-9)
    assert np.isnan(pose.rotation[4]).all()
    assert np.isfinite(pose.rotation[5:]).all()


def test_flat_shapes_are_not_mirrored():
    flat = SHAPE * (1.0, 1.0, 0.0)
    pose = rigid_pose(flat, np.einsum("tij,kj->tki", TURN, flat), EVEN)
    np.testing.assert_allclose(np.linalg.det(pose.rotation), 1.0)
    np.testing.assert_allclose(pose.rotation, TURN, atol=1e-9)


def test_points_in_one_line_tell_no_rotation():
    line = np.outer(np.arange(4), [0.1, 0.0, 0.0])
    assert spread(line) == pytest.approx(0.0, abs=1e-12)
    pose = rigid_pose(line, np.tile(line, (3, 1, 1)), np.ones(4), least_spread=0.005)
    assert np.isnan(pose.rotation).all()


def test_the_spread_is_the_typical_distance_from_the_best_line():
    cross = np.array([[-1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, -0.02, 0.0], [0.0, 0.02, 0.0]])
    assert spread(cross + 5.0) == pytest.approx(0.02 / np.sqrt(2))


def test_a_shape_is_learnt_from_moving_points():
    shape = mean_shape(SEEN + 1e-4 * RNG.normal(size=SEEN.shape), EVEN)
    assert shape is not None
    wanted = np.linalg.norm(SHAPE[:, None] - SHAPE, axis=-1)
    np.testing.assert_allclose(np.linalg.norm(shape[:, None] - shape, axis=-1), wanted, atol=2e-4)
    assert mean_shape(np.full((4, 5, 3), np.nan), EVEN) is None


def test_a_ball_joint_is_found_in_both_segments():
    ball, from_second = np.array([0.02, -0.3, 0.1]), np.array([0.0, 0.2, 0.01])
    first = RigidPose(TURN, PLACE, np.zeros(30))
    relative = rotation_from_vector(0.6 * RNG.normal(size=(30, 3)))
    turned = TURN @ relative
    second = RigidPose(turned, first.carry(ball) - turned @ from_second, np.zeros(30))
    point = shared_point(first, second)
    assert point is not None
    np.testing.assert_allclose(point.in_first, ball, atol=1e-9)
    np.testing.assert_allclose(point.in_second, from_second, atol=1e-9)
    assert point.residual_m < 1e-9


def test_a_hinge_is_found_in_both_segments():
    axis = np.array([0.1, 0.2, 0.97])
    axis /= np.linalg.norm(axis)
    relative = rotation_from_vector(np.linspace(-0.2, 1.0, 30)[:, None] * axis)
    found = shared_axis(RigidPose(TURN, PLACE, EVEN), RigidPose(TURN @ relative, PLACE, EVEN))
    assert found is not None
    np.testing.assert_allclose(np.abs(found.in_first @ axis), 1.0)
    np.testing.assert_allclose(found.in_first, found.in_second, atol=1e-9)
    assert found.range_rad == pytest.approx(1.2)


def test_the_second_range_is_how_far_a_thigh_goes_out_of_the_plane_it_mostly_swings_in():
    swing, aside = np.radians(40.0) * np.array([1, -1, 0, 0]), np.radians(12.0) * np.array([0, 0, 1, -1])
    ways = np.stack([np.sin(swing), -np.cos(swing) * np.cos(aside), np.sin(aside)], axis=-1)
    turned = rotation_from_vector([0.3, -0.8, 0.4]) @ rotation_about(1, np.arange(5.0))
    pelvis = RigidPose(turned, np.zeros((5, 3)), np.zeros(5))
    length_m = np.array([0.4, 0.45, 0.38, 0.41, 0.4])[:, None]
    thigh = length_m * (turned @ np.vstack([ways, np.full(3, np.nan)])[..., None])[..., 0]
    assert np.degrees(second_range(pelvis, thigh)) == pytest.approx(24.0, abs=1e-6)
    two = RigidPose(turned[:2], np.zeros((2, 3)), np.zeros(2))
    assert second_range(two, thigh[:2]) == 0.0
