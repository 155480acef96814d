from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coxa.kinematics.coordination import (
    CHANG,
    NEEDHAM,
    chang_shares,
    circular,
    coupling,
    coupling_variability,
    needham_shares,
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


# Bins as printed in Chang 2008, table 1, and Needham 2015, figure 2.
@pytest.mark.parametrize(
    ("direction_deg", "chang", "needham"),
    [
        (10, "proximal", "in_phase_proximal_positive"),
        (30, "in_phase", "in_phase_proximal_positive"),
        (60, "in_phase", "in_phase_distal_positive"),
        (80, "distal", "in_phase_distal_positive"),
        (100, "distal", "anti_phase_distal_positive"),
        (120, "anti_phase", "anti_phase_distal_positive"),
        (150, "anti_phase", "anti_phase_proximal_negative"),
        (170, "proximal", "anti_phase_proximal_negative"),
        (190, "proximal", "in_phase_proximal_negative"),
        (230, "in_phase", "in_phase_distal_negative"),
        (265, "distal", "in_phase_distal_negative"),
        (280, "distal", "anti_phase_distal_negative"),
        (300, "anti_phase", "anti_phase_distal_negative"),
        (330, "anti_phase", "anti_phase_proximal_positive"),
        (350, "proximal", "anti_phase_proximal_positive"),
    ],
)
def test_bins(direction_deg: float, chang: str, needham: str) -> None:
    angle = moving(direction_deg)
    assert chang_shares(angle) == {name: float(name == chang) for name in CHANG}
    assert needham_shares(angle) == {name: float(name == needham) for name in NEEDHAM}


@given(ANGLES)
def test_shares_add_up(angle: np.ndarray) -> None:
    assert sum(chang_shares(angle).values()) == pytest.approx(1.0, abs=1e-12)
    assert sum(needham_shares(angle).values()) == pytest.approx(1.0, abs=1e-12)


def test_standing_still_is_noise_and_counts_nowhere() -> None:
    rng = np.random.default_rng(0)
    still = coupling(1e-5 * rng.normal(size=401), 1e-5 * rng.normal(size=401), TIME, np.radians(1.0))
    assert np.isnan(still.angle).all()
    assert np.isnan(list(chang_shares(still.angle).values())).all()


@given(ANGLES, st.floats(0.0, 6.283))
def test_circular_statistics_turn_with_the_angles(angle: np.ndarray, by: float) -> None:
    here, there = circular(angle), circular(np.mod(angle + by, 2 * np.pi))
    assert there.length == pytest.approx(here.length, abs=1e-9)
    if here.length > 1e-3:
        assert np.angle(np.exp(1j * (there.mean - here.mean - by))) == pytest.approx(0.0, abs=1e-6)


def test_the_mean_of_angles_across_nought_is_not_their_average() -> None:
    assert np.degrees(circular(np.radians([350.0, 20.0])).mean) == pytest.approx(5.0)


def test_variability_is_none_for_equal_repetitions_and_81_degrees_at_most() -> None:
    assert coupling_variability(np.ones((5, 3))) == pytest.approx(0.0, abs=1e-7)
    spread = np.tile(np.linspace(0.0, 2 * np.pi, 8, endpoint=False)[:, None], 3)
    assert np.degrees(coupling_variability(spread)) == pytest.approx(81.03, abs=0.01)


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
