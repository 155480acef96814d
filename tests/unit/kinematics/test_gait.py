"""Where feet are put down and lifted, and what becomes of a signal over the strides."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.kinematics.gait import FootPath, Leg, Steps, cycles, foot_path, normalised, steps

RATE_HZ = 100.0
TIME_S = np.arange(400) / RATE_HZ
NONE = np.full(1, np.nan)


LEG = Leg(thigh=0.245, shank=0.246, heel=0.04, toe=0.12)


def found_in(path: FootPath, time_s: np.ndarray) -> Steps:
    """A step is a tenth of the stature; a foot at half its usual speed back is on the ground."""
    return steps(path, time_s, 0.1, 0.5)


def angles(*deg: float) -> list[np.ndarray]:
    return [np.radians([one]) for one in deg]


def test_standing_puts_heel_behind_and_toe_ahead_of_the_hip() -> None:
    path = foot_path(*angles(0, 0, 0, 0), LEG)
    assert path.heel[0] == pytest.approx(-0.04)
    assert path.toe[0] == pytest.approx(0.12)


@pytest.mark.parametrize(
    ("what", "tilt", "hip", "knee", "ankle", "heel", "toe"),
    [
        ("the whole leg forward", 0, 30, 0, 0, 0.4910 / 2 - 0.04 * 0.8660254, 0.4910 / 2 + 0.12 * 0.8660254),
        ("the pelvis tips with a still thigh", 30, 30, 0, 0, -0.04, 0.12),
        ("the shank back", 0, 0, 30, 0, -0.246 / 2 - 0.04 * 0.8660254, -0.246 / 2 + 0.12 * 0.8660254),
        ("the toes up", 0, 0, 0, 60, -0.02, 0.06),
        ("the toes up by what the knee is bent", 0, 0, 30, 30, -0.246 / 2 - 0.04, -0.246 / 2 + 0.12),
    ],
)
def test_the_foot_is_where_the_segments_put_it(what, tilt, hip, knee, ankle, heel, toe) -> None:  # type: ignore[no-untyped-def]
    path = foot_path(*angles(tilt, hip, knee, ankle), LEG)
    assert (path.heel[0], path.toe[0]) == (pytest.approx(heel, abs=1e-6), pytest.approx(toe, abs=1e-6))


def test_an_ankle_that_is_never_seen_counts_as_square_one_that_is_missed_for_a_moment_is_a_gap() -> None:
    two = [np.zeros(2)] * 3
    np.testing.assert_allclose(foot_path(*two, np.full(2, np.nan), LEG).toe, 0.12)
    np.testing.assert_array_equal(np.isnan(foot_path(*two, np.array([0.0, np.nan]), LEG).toe), [False, True])


def walk(reach: float = 0.3) -> FootPath:
    """One stride a second: furthest ahead at 0.5, 1.5 ...; the toe is furthest behind at 1, 2 ..."""
    to_and_fro = -reach * np.cos(2 * np.pi * TIME_S)
    return FootPath(to_and_fro, to_and_fro + 0.16)


def test_a_foot_is_put_down_when_it_goes_back_with_the_ground_and_lifted_furthest_behind() -> None:
    found = found_in(walk(), TIME_S)
    # A sine is backwards faster than half its median speed back (sin 45 deg) from asin(0.354) on.
    late_s = np.arcsin(0.5 * np.sin(np.pi / 4)) / (2 * np.pi)
    np.testing.assert_allclose(TIME_S[found.strikes], np.array([0.5, 1.5, 2.5, 3.5]) + late_s, atol=0.011)
    assert (TIME_S[found.strikes] >= np.array([0.5, 1.5, 2.5, 3.5]) + late_s - 1e-9).all()
    np.testing.assert_allclose(TIME_S[found.offs], [1.0, 2.0, 3.0])


def test_shuffling_is_no_step_and_a_step_is_a_tenth_of_the_stature() -> None:
    assert not len(found_in(walk(0.049), TIME_S).strikes)
    assert not len(found_in(walk(0.049), TIME_S).offs)
    assert len(found_in(walk(0.051), TIME_S).strikes) == 4
    assert len(found_in(walk(0.051), TIME_S).offs) == 3


def test_a_foot_that_goes_ahead_and_stays_there_is_not_put_down() -> None:
    ahead = np.where(TIME_S < 2.0, 0.3 * TIME_S, 0.6)
    assert not len(found_in(FootPath(ahead, ahead), TIME_S).strikes)


def test_a_foot_seen_going_back_only_for_a_moment_at_the_end_is_not_put_down_before() -> None:
    path = walk()
    last = round(0.5 * RATE_HZ) + 3  # ends before the fourth part of its speed
    assert not len(found_in(FootPath(path.heel[:last], path.toe[:last]), TIME_S[:last]).strikes)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_two_frames_hold_no_step(n: int) -> None:
    found = found_in(FootPath(np.zeros(n), np.zeros(n)), TIME_S[:n])
    assert found.strikes.dtype == found.offs.dtype == np.int64
    assert (len(found.strikes), len(found.offs)) == (0, 0)


def test_cycles_go_from_strike_to_strike_unless_too_long_or_none() -> None:
    assert cycles(np.array([0.0, 1.0, 1.0, 3.0, 5.5]), 2.0) == [(0.0, 1.0), (1.0, 3.0)]
    assert cycles(np.array([1.0]), 2.0) == []


def test_a_signal_over_strides_is_read_evenly_and_not_where_any_of_it_is_missing() -> None:
    value = 3.0 * TIME_S
    value[250] = np.nan
    rows = normalised(value, TIME_S, [(0.0, 1.0), (0.505, 1.505), (2.0, 3.0)], n=5)
    np.testing.assert_allclose(rows[0], [0.0, 0.75, 1.5, 2.25, 3.0])
    np.testing.assert_allclose(rows[1], 3.0 * np.linspace(0.505, 1.505, 5))
    assert np.isnan(rows[2]).all()
    assert normalised(value, TIME_S, [(0.0, 1.0)]).shape == (1, 101)
    assert normalised(value, TIME_S, []).shape == (0, 101)


@pytest.mark.parametrize(
    ("start", "end", "covered"),
    [(-0.009, 0.5, True), (-0.02, 0.5, False), (3.5, 3.999, True), (3.5, 4.02, False), (-0.02, 4.02, False)],
)
def test_strides_reach_beyond_the_recording_by_a_frame_at_most(
    start: float, end: float, covered: bool
) -> None:
    rows = normalised(np.ones(len(TIME_S)), TIME_S, [(start, end)], n=3)
    assert np.isfinite(rows).all() == covered


def test_a_stride_between_two_frames_is_not_seen() -> None:
    assert np.isnan(normalised(np.ones(len(TIME_S)), TIME_S, [(1.001, 1.002)])).all()
    assert np.isfinite(normalised(np.ones(1), TIME_S[:1], [(0.0, 0.0)])).all()
