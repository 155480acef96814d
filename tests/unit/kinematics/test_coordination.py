from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coxa.kinematics.coordination import (
    CHANG,
    chang_shares,
    coupling,
    phase,
    relative_phase,
)
from coxa.kinematics.smoothness import spectral_arc_length

TIME = np.linspace(0.0, 4.0, 401)
ANGLES = arrays(np.float64, st.integers(1, 50), elements=st.floats(0.0, 6.283))


def moving(direction_deg: float) -> np.ndarray:
    """Coupling angles of a pair that moves along one direction of the angle-angle plane."""
    along = TIME
    proximal, distal = np.cos(np.radians(direction_deg)) * along, np.sin(np.radians(direction_deg)) * along
    return coupling(proximal, distal, TIME, 1e-6).angle


@pytest.mark.parametrize("direction_deg", [0.0, 10.0, 45.0, 90.0, 135.0, 200.0, 315.0, 359.0])
def test_the_coupling_angle_is_the_direction_in_the_plane(direction_deg: float) -> None:
    angle = moving(direction_deg)
    off = np.angle(np.exp(1j * (angle - np.radians(direction_deg))))
    np.testing.assert_allclose(off, 0.0, atol=1e-6)


# Bins as printed in Chang 2008, table 1.
@pytest.mark.parametrize(
    ("direction_deg", "chang"),
    [
        (10, "proximal"),
        (30, "in_phase"),
        (60, "in_phase"),
        (80, "distal"),
        (100, "distal"),
        (120, "anti_phase"),
        (150, "anti_phase"),
        (170, "proximal"),
        (190, "proximal"),
        (230, "in_phase"),
        (265, "distal"),
        (280, "distal"),
        (300, "anti_phase"),
        (330, "anti_phase"),
        (350, "proximal"),
    ],
)
def test_bins(direction_deg: float, chang: str) -> None:
    angle = moving(direction_deg)
    assert chang_shares(angle) == {name: float(name == chang) for name in CHANG}


@pytest.mark.parametrize(
    ("edge_deg", "chang"),
    [
        (0.0, "proximal"),
        (22.5, "in_phase"),
        (67.5, "distal"),
        (112.5, "anti_phase"),
        (157.5, "proximal"),
        (202.5, "in_phase"),
        (247.5, "distal"),
        (292.5, "anti_phase"),
        (337.5, "proximal"),
        (360.0, "proximal"),
    ],
)
def test_an_edge_belongs_to_the_bin_it_begins(edge_deg: float, chang: str) -> None:
    assert chang_shares(np.radians([edge_deg])) == {name: float(name == chang) for name in CHANG}


@given(ANGLES)
def test_shares_add_up(angle: np.ndarray) -> None:
    assert sum(chang_shares(angle).values()) == pytest.approx(1.0, abs=1e-12)


def test_standing_still_is_noise_and_counts_nowhere() -> None:
    rng = np.random.default_rng(0)
    still = coupling(1e-5 * rng.normal(size=401), 1e-5 * rng.normal(size=401), TIME, np.radians(1.0))
    assert np.isnan(still.angle).all()
    assert np.isnan(list(chang_shares(still.angle).values())).all()


@pytest.mark.parametrize("lag_deg", [-90.0, -30.0, 0.0, 45.0, 170.0])
def test_two_sines_are_out_of_phase_by_their_lag(lag_deg: float) -> None:
    turn = np.linspace(0.0, 40 * np.pi, 8001)
    lag = np.radians(lag_deg)
    middle = slice(2000, -2000)  # away from the ends, where a lagging cosine is not mirrored at its extremes
    found = relative_phase(3.0 + 2.0 * np.cos(turn), -1.0 + 0.1 * np.cos(turn - lag))[middle]
    assert np.degrees(np.angle(np.mean(np.exp(1j * found)))) == pytest.approx(lag_deg, abs=0.1)


def test_opposite_cosines_are_half_a_turn_apart_to_the_last_digit() -> None:
    turn = np.linspace(0.0, 6 * np.pi, 1201)
    found = relative_phase(2.0 * np.cos(turn), 3.0 - 0.5 * np.cos(turn))
    np.testing.assert_allclose(np.abs(found), np.pi, atol=1e-6)


def test_the_phase_of_a_cosine_is_its_argument() -> None:
    turn = np.linspace(0.0, 6 * np.pi, 1201)
    np.testing.assert_allclose(phase(5.0 + np.cos(turn)), turn, atol=1e-6)


def test_jerky_is_less_smooth_than_smooth_and_size_does_not_matter() -> None:
    time_s = np.linspace(0.0, 1.0, 101)
    minimum_jerk = time_s**2 * (1 - time_s) ** 2
    jerky = minimum_jerk * (1 + 0.5 * np.sin(2 * np.pi * 7 * time_s))
    smooth = spectral_arc_length(minimum_jerk, 100.0)
    assert spectral_arc_length(jerky, 100.0) < smooth < 0.0
    assert spectral_arc_length(37.0 * minimum_jerk, 100.0) == pytest.approx(smooth)
    # Balasubramanian 2012, 2015: a minimum-jerk reach scores about -1.4.
    assert smooth == pytest.approx(-1.41, abs=0.03)
    assert np.isnan(spectral_arc_length(np.zeros(10), 100.0))
