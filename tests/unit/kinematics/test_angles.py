"""The sign table: one movement a row, what its angles must say."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.kinematics import angles as an
from coxa.kinematics.rotations import frame_from_axes, rotation_about

STANDING = np.eye(3)
FORWARD, UP, RIGHT = np.eye(3)


def deg(angles):
    return np.degrees(np.array(angles))


def leg(direction, front):
    """A femur whose shaft points along ``direction`` and whose kneecap faces ``front``."""
    return frame_from_axes(-np.asarray(direction, float), front, "yx")


@pytest.mark.parametrize(
    ("what", "side", "direction", "front", "wanted"),
    [
        ("thigh forwards", "right", FORWARD, UP, (90, 0, 0)),
        ("thigh forwards", "left", FORWARD, UP, (90, 0, 0)),
        ("thigh backwards", "left", -UP - FORWARD, FORWARD, (-45, 0, 0)),
        ("foot to the right of the midline", "right", RIGHT - UP, FORWARD, (0, -45, 0)),
        ("foot across to the right", "left", RIGHT - UP, FORWARD, (0, 45, 0)),
        ("kneecap turned left", "right", -UP, FORWARD - RIGHT, (0, 0, 45)),
        ("kneecap turned left", "left", -UP, FORWARD - RIGHT, (0, 0, -45)),
    ],
)
def test_hip(what, side, direction, front, wanted):
    np.testing.assert_allclose(deg(an.hip_angles(STANDING, leg(direction, front), side)), wanted, atol=1e-9)


@pytest.mark.parametrize(
    ("what", "up", "front", "wanted"),
    [
        ("bends forward", UP + FORWARD, FORWARD - UP, (45, 0, 0)),
        ("bends to the right", UP + RIGHT, FORWARD, (0, 45, 0)),
        ("turns to the left", UP, FORWARD - RIGHT, (0, 0, 45)),
    ],
)
def test_trunk(what, up, front, wanted):
    thorax = frame_from_axes(up, front, "yx")
    np.testing.assert_allclose(deg(an.trunk_angles(STANDING, thorax)), wanted, atol=1e-9)


@pytest.mark.parametrize(
    ("what", "front", "right", "wanted"),
    [
        ("turns to the left", FORWARD - RIGHT, RIGHT + FORWARD, (45, 0, 0)),
        ("right side up", FORWARD, RIGHT + UP, (0, 45, 0)),
        ("tips forward", FORWARD - UP, RIGHT, (0, 0, 45)),
        ("faces the other way and tips forward", -FORWARD - UP, -RIGHT, (180, 0, 45)),
    ],
)
def test_pelvis_in_the_room(what, front, right, wanted):
    found = deg(an.pelvis_angles(frame_from_axes(right, front, "zx")))
    np.testing.assert_allclose(np.abs(found[0]), np.abs(wanted[0]), atol=1e-9)
    np.testing.assert_allclose(found[1:], wanted[1:], atol=1e-9)


def test_bent_knee_points_the_foot_backwards():
    tibia = frame_from_axes(FORWARD, -UP, "yx")  # ankle behind the knee
    assert np.degrees(an.knee_flexion(STANDING, tibia)) == pytest.approx(90)
    spun = tibia @ rotation_about(1, 0.4)
    assert np.degrees(an.knee_flexion(STANDING, spun)) == pytest.approx(90)


@pytest.mark.parametrize(
    ("what", "thigh_line", "wanted"),
    [
        ("standing", UP, 0),
        ("sitting", -FORWARD, 90),
        ("heel behind", UP + FORWARD, -45),
        ("thigh out to the side", UP - RIGHT, 0),
    ],
)
def test_thigh_trunk_angle(what, thigh_line, wanted):
    assert np.degrees(an.thigh_trunk_angle(UP, thigh_line, 0.2 * RIGHT)) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("what", "line", "right", "wanted"),
    [
        ("upright", UP, RIGHT, (0, 0)),
        ("bowing", UP + FORWARD, RIGHT, (45, 0)),
        ("leaning to the right", UP + RIGHT, RIGHT, (0, 45)),
        ("bowing, turned to the left", UP - RIGHT, FORWARD, (45, 0)),
        ("lying on the back", -FORWARD, RIGHT, (-90, 0)),
    ],
)
def test_trunk_lean(what, line, right, wanted):
    np.testing.assert_allclose(deg(an.trunk_lean(line, right)), wanted, atol=1e-9)


@pytest.mark.parametrize(("side", "foot_goes"), [("right", RIGHT), ("left", -RIGHT)])
def test_sitting_with_the_foot_swung_out_is_internal_rotation(side, foot_goes):
    shank_up = UP - np.tan(np.radians(30)) * foot_goes
    angle = an.apparent_hip_internal_rotation(-FORWARD, shank_up, RIGHT, side)
    assert np.degrees(angle) == pytest.approx(30)


def test_hiking_the_pelvis_shows_in_the_apparent_rotation_only():
    pelvis = rotation_about(0, np.radians(-10))  # right side up
    femur = an.femur_from_hip_angles(pelvis, np.pi / 2, 0, 0, "right")
    shank = (femur @ rotation_about(2, -np.pi / 2))[..., 1]
    apparent = an.apparent_hip_internal_rotation(femur[..., 1], shank, an.level_right(pelvis), "right")
    assert np.degrees(apparent) == pytest.approx(10)
    assert an.hip_angles(pelvis, femur, "right").internal_rotation == pytest.approx(0)


def test_unknown_side_is_refused():
    with pytest.raises(ValueError, match="'left' or 'right'"):
        an.side_sign("both")
