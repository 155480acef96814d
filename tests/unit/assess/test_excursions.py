from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.assess.excursions import excursions, turning_points
from coxa.assess.onset import onset
from coxa.catalog.loader import assess_rules

RULES = assess_rules()
LEAST = np.radians(10.0)


def reps(n: int, size_deg: float = 60.0, wobble_deg: float = 0.0, rest_s: float = 0.8) -> np.ndarray:
    """So many smooth movements out and back with rests between, 50 Hz."""
    out = np.radians(size_deg) * 0.5 * (1 - np.cos(np.linspace(0, 2 * np.pi, 101)))
    out = out - np.radians(wobble_deg) * np.exp(-0.5 * ((np.arange(101) - 50) / 4.0) ** 2)
    still = np.zeros(round(50 * rest_s))
    return np.concatenate([still, *[np.concatenate([out, still]) for _ in range(n)]])


@given(st.integers(0, 8), st.floats(15.0, 140.0), st.floats(0.0, 4.0))
def test_every_repetition_is_found_however_far_it_goes(n: int, size_deg: float, noise_deg: float) -> None:
    noise = np.radians(noise_deg) * np.random.default_rng(n).normal(size=len(reps(n))) * 0.3
    assert len(excursions(reps(n, size_deg) + noise, LEAST, RULES)) == n


def test_a_dip_at_the_end_range_is_no_repetition() -> None:
    assert len(excursions(reps(4, 90.0, wobble_deg=15.0), LEAST, RULES)) == 4


def test_what_the_recording_cut_off_is_counted_but_not_measured() -> None:
    whole = reps(3)
    top = 40 + 50  # the first end range
    found = excursions(whole[top:-90], LEAST, RULES)
    assert [one.cut for one in found] == [True, False, True]
    assert (found[0].peak, found[-1].peak) == (0, len(whole) - top - 91)
    assert found[-1].end == found[-1].peak  # the recording ends there


@pytest.mark.parametrize(
    ("cut", "n"), [(85, 1), (75, 3)]
)  # a fifth, and half of a repetition's height is left
def test_the_end_of_a_movement_at_either_end_does_not_count(cut: int, n: int) -> None:
    whole = reps(3)
    assert len(excursions(whole[40 + cut : -(40 + cut)], LEAST, RULES)) == n


@given(st.floats(-3.0, 3.0))
def test_where_nought_is_does_not_matter(offset: float) -> None:
    np.testing.assert_array_equal(
        [e.peak for e in excursions(reps(3) + offset, LEAST, RULES)],
        [e.peak for e in excursions(reps(3), LEAST, RULES)],
    )


def test_start_peak_and_end_are_in_order_and_cut_the_rests_off() -> None:
    signal = reps(2, rest_s=3.0)
    for found in excursions(signal, LEAST, RULES):
        assert found.rest <= found.start < found.peak < found.end
        assert signal[found.peak] == pytest.approx(np.radians(60.0), abs=1e-3)
        assert found.end - found.start <= 101
        assert signal[found.start] <= 0.05 * np.radians(60.0) + 1e-9


def test_gaps_are_passed_over() -> None:
    signal = reps(3)
    signal[70:80] = np.nan
    assert len(excursions(signal, LEAST, RULES)) == 3
    assert excursions(np.full(50, np.nan), LEAST, RULES) == []


def test_turning_points_alternate_and_begin_with_a_valley() -> None:
    points = turning_points(np.array([0.0, 5, 4.5, 9, 1, 6, 0]), 2.0)
    assert points == [0, 3, 4, 5, 6]


@pytest.mark.parametrize("delay_s", [0.0, 0.2, 0.7])
def test_onset_is_found_within_a_tenth_of_a_second(delay_s: float) -> None:
    time_s = np.arange(0.0, 4.0, 0.01)
    rng = np.random.default_rng(1)
    signal = np.radians(20.0) * np.clip(time_s - 1.0 - delay_s, 0.0, 1.0) + np.radians(0.1) * rng.normal(
        size=400
    )
    found = onset(signal, time_s, 100, 400, RULES)
    assert found is not None
    assert time_s[found] == pytest.approx(1.0 + delay_s, abs=0.1)


def test_a_segment_that_stays_has_no_onset() -> None:
    time_s = np.arange(0.0, 4.0, 0.01)
    blip = np.where(np.arange(400) == 200, np.radians(5.0), 0.0)
    assert onset(blip, time_s, 100, 400, RULES) is None
    assert onset(np.full(400, np.nan), time_s, 100, 400, RULES) is None
    assert onset(np.radians(5.0) * (time_s > 2), time_s, 100, 400, RULES, floor=np.radians(6.0)) is None
