"""How a sensor sits on its segment: from standing and from movement, whatever way it is strapped on."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.kinematics.inertial import gyroscope_gain
from coxa.kinematics.rotations import (
    rotation_about,
    rotation_from_vector,
    transpose,
    vector_from_rotation,
)
from coxa.kinematics.sensor_calibration import (
    UP,
    Axis,
    align,
    angular_velocity,
    hinge_axes,
    mean_rotation,
    principal_axis,
    signed,
    spread_rad,
    standing_frames,
)

RATE_HZ = 50.0
TIME_S = np.arange(500) / RATE_HZ
RIGHT = np.array([0.0, 0.0, 1.0])


def mounted(seed):
    return rotation_from_vector(2.0 * np.random.default_rng(seed).normal(size=3))


def leg(seed=0, facing_rad=0.4):
    """A thigh and a shank that squat, facing somewhere, and how their sensors see it."""
    bend = np.where(TIME_S > 2, 0.6 * (1 - np.cos(1.5 * (TIME_S - 2))), 0.0)
    turn = 0.2 * np.sin(0.9 * TIME_S) * (TIME_S > 2)
    thigh = rotation_about(1, facing_rad + turn) @ rotation_about(2, bend)
    shank = thigh @ rotation_about(2, -1.7 * bend)
    mounts = mounted(seed), mounted(seed + 1)
    return (thigh @ mounts[0], shank @ mounts[1]), mounts


def degrees_between(a, b):
    return np.degrees(np.arccos(np.clip(np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b), -1, 1)))


@pytest.mark.parametrize("seed", range(4))
def test_a_hinge_is_found_in_both_sensors(seed):
    seen, mounts = leg(seed)
    views = [(angular_velocity(one, TIME_S), one[0].T @ UP) for one in seen]
    for axis, one, mount, forward in zip(hinge_axes(*views, 0.3), seen, mounts, (1.0, -1.0), strict=True):
        right = signed(axis, one[0].T @ UP, one, forward)
        assert degrees_between(right.direction, mount.T @ RIGHT) < 3.0
        assert right.sd_rad < np.radians(15)


@pytest.mark.parametrize("seed", range(4))
def test_a_bow_tells_the_axis_of_the_pelvis(seed):
    bow = 0.4 * (1 - np.cos(TIME_S))
    wobble = rotation_about(1, 0.03 * np.sin(5 * TIME_S)) @ rotation_about(0, 0.03 * np.sin(4 * TIME_S))
    mount = mounted(seed)
    seen = rotation_about(2, -bow) @ wobble @ mount
    long_axis = seen[0].T @ UP
    axis = principal_axis(angular_velocity(seen, TIME_S), long_axis, 2.5)
    right = signed(axis, long_axis, seen, -1.0)
    assert degrees_between(right.direction, mount.T @ RIGHT) < 5.0


@pytest.mark.parametrize("sensors", [(), (4,)])
def test_a_single_frame_turns_nowhere(sensors):
    rate = angular_velocity(np.broadcast_to(np.eye(3), (1, *sensors, 3, 3)), TIME_S[:1])
    np.testing.assert_array_equal(rate, np.zeros((1, *sensors, 3)))


def test_no_axis_is_told_by_turning_every_way():
    rng = np.random.default_rng(0)
    axis = principal_axis(rng.normal(size=(500, 3)), np.array([0.0, 1.0, 0.0]), 2.5)
    assert not axis.known
    assert not any(one.known for one in hinge_axes((np.zeros((500, 3)), UP), (np.zeros((500, 3)), UP), 0.3))


@pytest.mark.parametrize("one_heading", [True, False])
def test_segments_come_out_upright_facing_x_while_standing(one_heading):
    rng = np.random.default_rng(1)
    mounts = np.stack([mounted(seed) for seed in range(3)])
    heading = np.full(3, 0.7) if one_heading else rng.uniform(-3, 3, 3)
    standing = rotation_about(1, heading) @ transpose(mounts)
    right = [Axis(mount @ RIGHT, np.radians(3)) for mount in mounts]
    alignment = align(standing, right, np.full((3, 3), 0.1), one_heading=one_heading, unknown_sd_rad=1.0)
    segments = alignment.segments(standing[None])[0]
    assert np.degrees(np.linalg.norm(vector_from_rotation(segments), axis=-1)).max() < 1e-6


def test_a_sensor_without_an_axis_faces_as_the_others_only_if_they_share_a_north():
    standing = rotation_about(1, np.full(2, 0.7))
    right = [Axis(RIGHT, np.radians(3)), Axis.unknown()]
    sds = np.full((2, 3), 0.05)
    together = align(standing, right, sds, one_heading=True, unknown_sd_rad=1.0)
    apart = align(standing, right, sds, one_heading=False, unknown_sd_rad=1.0)
    assert together.heading_rad == pytest.approx([0.7, 0.7])
    assert together.sd_rad[1, 1] < 0.15
    assert apart.sd_rad[1, 1] == pytest.approx(1.0)


def test_an_own_axis_is_weighed_against_the_common_facing():
    # The second sensor's axis says 20 deg to the left of the first's; both are equally good.
    standing = np.stack([np.eye(3)] * 2)
    right = [Axis(rotation_about(1, angle) @ RIGHT, np.radians(5)) for angle in np.radians([0.0, 20.0])]
    found = align(standing, right, np.radians(np.full((2, 3), 5.0)), one_heading=True, unknown_sd_rad=1.0)
    turned = np.degrees(vector_from_rotation(found.segments(standing[None])[0])[:, 1])
    assert -10.0 < turned[0] < 0.0 < turned[1] < 10.0
    assert (found.sd_rad[:, 1] < np.radians(5.0)).all()


def test_the_first_time_nobody_moves_is_standing():
    still = np.broadcast_to(np.eye(3), (500, 1, 3, 3)).copy()
    still[:200, 0] = rotation_about(0, np.linspace(0, 3, 200))
    chosen = standing_frames(still, TIME_S, 2.0, np.radians(2))
    assert chosen is not None
    assert len(still[chosen]) == chosen.sum()  # a mask, to choose frames by
    assert not chosen[:195].any()
    assert chosen.any()
    always = rotation_about(0, 3 * TIME_S)[:, None]
    assert standing_frames(always, TIME_S, 2.0, np.radians(2)) is None


def test_mean_and_spread_of_rotations_with_gaps():
    rng = np.random.default_rng(2)
    middle = mounted(3)
    around = middle @ rotation_from_vector(0.02 * rng.normal(size=(400, 3)))
    around[::7] = np.nan
    mean = mean_rotation(around[:, None])[0]
    assert np.linalg.norm(vector_from_rotation(middle.T @ mean)) < 0.005
    assert spread_rad(around[:, None])[0] == pytest.approx(0.02 * np.sqrt(3), rel=0.1)


@pytest.mark.parametrize(
    ("scale", "low", "high"), [(1.0, 0.8, 1.25), (57.3, 0.0, 0.05), (1 / 57.3, 20.0, 100.0)]
)
def test_gyroscopes_in_wrong_units_disagree_with_gravity(scale, low, high):
    (seen, _), _ = leg(5)
    rate = angular_velocity(seen, TIME_S)
    gravity = 9.81 * np.einsum("tji,j->ti", seen, UP)
    assert low < gyroscope_gain(scale * rate, gravity, RATE_HZ) < high


def test_what_does_not_turn_tells_no_units():
    still = np.broadcast_to([0.0, 9.81, 0.0], (500, 3))
    assert np.isnan(gyroscope_gain(np.zeros((500, 3)), still, RATE_HZ))
