"""Frames and joint centres from points on the skin: against drawings that can be checked by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from coxa.kinematics import anatomical_frames as af
from coxa.kinematics.hip_centres import (
    hara_hip_centre,
    harrington_full_hip_centre,
    harrington_hip_centre,
)
from coxa.kinematics.rotations import rotation_about, rotation_from_vector

X, Y, Z = np.eye(3)
TURN = rotation_from_vector([0.3, -0.8, 0.2])
PLACE = np.array([1.0, 0.9, -2.0])


def put(*points: np.ndarray) -> list[np.ndarray]:
    """Points of a person who stands facing X, somewhere else and turned."""
    return [TURN @ point + PLACE for point in points]


def test_pelvis_needs_no_level_sacrum_only_one_in_its_plane() -> None:
    left, right, sacrum = put(-0.12 * Z, 0.12 * Z, -0.15 * X + 0.03 * Z)
    np.testing.assert_allclose(af.pelvis_frame(left, right, sacrum), TURN, atol=1e-12)


def test_the_size_of_a_pelvis_is_the_median_of_the_frames_that_show_it() -> None:
    left, right = np.tile(-0.12 * Z, (4, 1)), np.tile(0.12 * Z, (4, 1))
    sacrum = np.tile(-0.15 * X, (4, 1))
    right[0, 2], sacrum[1, 0], left[2] = 0.32, -0.65, np.nan
    width, depth = af.pelvis_size(left, right, sacrum)
    assert width == pytest.approx(0.24)
    assert depth == pytest.approx(np.median([np.hypot(0.15, 0.1), 0.65, 0.15]))
    assert np.isnan(af.pelvis_size(left, np.full((4, 3), np.nan), sacrum)).all()


def test_thorax_is_upright_between_its_pairs() -> None:
    c7, t10, clavicle, sternum = put(
        0.4 * Y - 0.1 * X, 0.1 * Y - 0.1 * X, 0.35 * Y + 0.1 * X, 0.15 * Y + 0.1 * X
    )
    np.testing.assert_allclose(af.thorax_frame(c7, t10, clavicle, sternum), TURN, atol=1e-12)
    # The upper pair ahead of the lower one: bowed forward, a negative turn about Z.
    bowed = af.thorax_frame(c7 + TURN @ (0.1 * X), t10, clavicle + TURN @ (0.1 * X), sternum)
    np.testing.assert_allclose(bowed, TURN @ rotation_about(2, -np.arctan2(0.2, 0.5)), atol=1e-12)


def test_a_thorax_by_lines_takes_its_slope_off_and_keeps_the_line_asked_for() -> None:
    slope = np.array([0.3])
    ahead, right = rotation_about(2, -0.3) @ X, Z
    for keep in ("x", "z"):
        np.testing.assert_allclose(af.thorax_by_line(ahead, right, slope, keep), np.eye(3), atol=1e-12)
    askew = Z + 0.2 * ahead
    np.testing.assert_allclose(af.thorax_by_line(ahead, askew, slope, "x"), np.eye(3), atol=1e-12)
    kept = af.thorax_by_line(ahead, askew, 0 * slope, "z")
    np.testing.assert_allclose(kept[:, 2], askew / np.linalg.norm(askew), atol=1e-12)


def test_a_trunk_by_lines_keeps_the_way_up_and_takes_its_slope_off() -> None:
    up = rotation_about(2, -0.2) @ Y
    found = af.trunk_frame(up, Z + 0.3 * up, np.array([0.2]))
    np.testing.assert_allclose(found, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(af.trunk_frame(up, Z, np.array([0.0]))[:, 1], up, atol=1e-12)


def test_a_chord_makes_a_right_angle_at_the_centre_away_from_the_wand() -> None:
    hip, centre = np.zeros(3), np.array([0.0, -0.4, 0.0])
    marker = centre + 0.05 * Z
    for offset in (0.05, np.array([0.05])):
        found = af.chord_centre(hip, marker, marker + 0.1 * Y + 0.05 * Z, offset)
        np.testing.assert_allclose(found, centre, atol=1e-12)
    inwards = af.chord_centre(hip, marker, marker + 0.1 * Y - 0.1 * Z, 0.05)
    assert inwards[2] > marker[2]
    assert np.isnan(af.chord_centre(hip, marker, marker + Z, np.linalg.norm(marker))).all()
    assert np.isnan(af.chord_centre(hip, 0.03 * Z, marker, 0.05)).all()


@pytest.mark.parametrize("up_deg", [-30.0, 0.0, 15.0])
def test_dorsiflexion_is_toes_up_whatever_the_foot_does_sideways(up_deg: float) -> None:
    foot = 0.2 * (np.cos(np.radians(up_deg)) * X + np.sin(np.radians(up_deg)) * Y) + 0.1 * Z
    assert np.degrees(af.ankle_dorsiflexion(TURN, TURN @ foot)) == pytest.approx(up_deg)


# Worked by hand from the printed equations, mm: ASIS 240 apart, depth 150, leg 900.
@pytest.mark.parametrize(
    ("regression", "sizes_m", "wanted_mm"),
    [
        (harrington_hip_centre, (0.24, 0.15), (-45.9, -82.9, 86.5)),
        (harrington_full_hip_centre, (0.24, 0.15, 0.9), (-45.9, -81.5, 88.3)),
        (hara_hip_centre, (0.9,), (-45.7, -79.2, 85.4)),
    ],
)
def test_regressions_say_what_was_printed(
    regression: Callable[..., np.ndarray], sizes_m: tuple[float, ...], wanted_mm: tuple[float, ...]
) -> None:
    np.testing.assert_allclose(1000 * regression(*sizes_m, "right"), wanted_mm, atol=1e-9)
    np.testing.assert_allclose(
        1000 * regression(*sizes_m, "left"), wanted_mm * np.array([1, 1, -1]), atol=1e-9
    )


def test_regressions_take_many_people_at_once() -> None:
    assert harrington_hip_centre(np.full(4, 0.24), 0.15, "left").shape == (4, 3)
    assert harrington_full_hip_centre(0.24, np.full((2, 4), 0.15), 0.9, "left").shape == (2, 4, 3)
    assert hara_hip_centre(np.full(4, 0.9), "left").shape == (4, 3)
