"""A line between two hips, seen at an angle, tells its turn; postures are told by thighs and knees."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.kinematics.pelvis_turn import Legs, posture_of, turn_sd, turned

LIMITS = tuple(np.radians([45.0, 50.0, 45.0]))


@given(st.floats(25, 90), st.floats(-80, 80), st.booleans())
def test_what_a_turn_moves_tells_the_turn(heading_deg: float, turn_deg: float, to_the_left: bool) -> None:
    heading, turn = np.radians([heading_deg, turn_deg]) * (1 if to_the_left else -1)
    if not 1.0 < heading_deg + turn_deg < 179.0:
        return
    passed = np.cos(heading) - np.cos(heading + turn)
    assert turned(float(passed), float(heading)) == pytest.approx(turn, abs=1e-6)


def test_knees_that_pass_further_than_they_can_tell_nothing() -> None:
    assert np.isnan(turned(2.5, np.radians(45.0)))


def test_the_nearer_to_the_camera_the_pelvis_faces_the_less_it_is_told() -> None:
    sds = [turn_sd(0.1, 0.03, np.radians(facing), 0.2) for facing in (90.0, 45.0, 20.0)]
    assert sds == sorted(sds)
    assert np.isfinite(turn_sd(0.1, 0.03, 0.0, 0.2))


def legs(thighs: tuple[float, float], knees: tuple[float, float], heading_deg: float = 40.0) -> Legs:
    """Thighs so far from hanging, knees so far bent, deg; seen orthographically."""
    heading = np.radians(heading_deg)
    forward, right = (
        np.array([np.sin(heading), 0.0, -np.cos(heading)]),
        np.array([-np.cos(heading), 0.0, -np.sin(heading)]),
    )
    down = np.array([0.0, 1.0, 0.0])
    points = np.zeros((4, 2, 3))
    for k, sign in enumerate((-1.0, 1.0)):
        hip = 0.09 * sign * right
        thigh = np.radians(thighs[k])
        shank = thigh - np.radians(knees[k])
        knee = hip + 0.4 * (np.sin(thigh) * forward + np.cos(thigh) * down)
        ankle = knee + 0.4 * (np.sin(shank) * forward + np.cos(shank) * down)
        points[:, k] = hip - 0.5 * down + 0.09 * sign * right, hip, knee, ankle
    world = points.reshape(8, 3)
    return Legs.of(world[:, :2] * 160.0, world, 1.0)


@pytest.mark.parametrize(
    ("thighs", "knees", "posture"),
    [
        ((2.0, 5.0), (5.0, 8.0), "standing"),
        ((80.0, 85.0), (85.0, 90.0), "seated"),
        ((5.0, 85.0), (90.0, 88.0), "half_kneeling"),
        ((85.0, 5.0), (88.0, 90.0), "half_kneeling"),
        ((5.0, 5.0), (90.0, 90.0), None),  # kneeling
        ((3.0, 85.0), (3.0, 90.0), None),  # standing on one leg
        ((48.0, 48.0), (80.0, 80.0), None),
    ],
)
def test_postures(thighs: tuple[float, float], knees: tuple[float, float], posture: str | None) -> None:
    assert posture_of(legs(thighs, knees), *LIMITS) == posture


@pytest.mark.parametrize("heading_deg", [-130.0, -40.0, 0.0, 40.0, 90.0, 170.0])
def test_heading_and_twist_of_a_square_trunk(heading_deg: float) -> None:
    seen = legs((85.0, 85.0), (90.0, 90.0), heading_deg)
    assert np.degrees(seen.heading_rad) == pytest.approx(heading_deg, abs=1e-6)
    assert seen.twist_rad == pytest.approx(0.0, abs=1e-9)
    assert seen.trunk_px == pytest.approx(80.0)


def test_shoulders_turned_against_hips_face_between_them() -> None:
    facing = np.radians([60.0, 20.0])  # shoulders and hips, equally wide
    world = np.zeros((8, 3))
    world[1:4:2] = 0.3 * np.stack([-np.cos(facing), 0.0 * facing, -np.sin(facing)], axis=-1)
    seen = Legs.of(np.zeros((8, 2)), world, 1.0)
    assert np.degrees([seen.heading_rad, seen.twist_rad]) == pytest.approx([40.0, 40.0])


def test_what_passes_what_is_how_far_the_right_one_is_to_the_right_of_the_left() -> None:
    places = np.array([[10, 7], [30, 8], [12, 50], [29, 51], [5, 90], [45, 93], [9, 130], [2, 131]], float)
    seen = Legs.of(places, np.ones((8, 3)), 1.0)
    assert seen.passed_px.tolist() == [20.0, 17.0, 40.0, -7.0]


def test_flattened_depth_is_stretched() -> None:
    world = np.zeros((8, 3))
    world[1::2] = [-np.cos(np.radians(45.0)), 0.0, -0.75 * np.sin(np.radians(45.0))]
    assert np.degrees(Legs.of(np.zeros((8, 2)), world, 0.75).heading_rad) == pytest.approx(45.0)
