"""Errors that persist over a repetition, and beginnings that drown in what a method cannot tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.assess.lasting import with_lasting_errors
from coxa.assess.onset import beginning
from coxa.assess.reading import Reading
from coxa.catalog.loader import assess_rules
from coxa.model.motion import KINDS, Motion
from tests.support.performed import motion_of

RULES = assess_rules()
NAME = "hip_adduction_left"
SHOWN = {"a": {"hip_adduction": 0.9}, "a+b": {"hip_adduction": 0.5}}


def seen_by(*kinds: str) -> Motion:
    return replace(motion_of({NAME: np.linspace(0.0, 20.0, 60)}), diagnostics={KINDS: list(kinds)})


@pytest.mark.parametrize(
    ("kinds", "correlation"), [(("a",), 0.9), (("b", "a"), 0.5), (("a", "c"), 0.0), ((), 0.0)]
)
def test_what_was_shown_of_exactly_these_sources_counts(kinds: tuple[str, ...], correlation: float) -> None:
    motion = with_lasting_errors(seen_by(*kinds), SHOWN)
    reading = Reading.of(motion, NAME)
    assert reading.correlation == correlation
    first, last = reading.sd[5], reading.sd[50]
    expected = np.sqrt(first**2 + last**2 - 2 * correlation * first * last)
    assert reading.change(5, 50).sd == pytest.approx(expected)
    assert reading.lasting_sd == pytest.approx(np.sqrt(correlation) * np.median(reading.sd))


def test_what_was_shown_of_a_joint_counts_on_both_sides_and_nowhere_else() -> None:
    angle = np.linspace(0.0, 20.0, 60)
    names = ("hip_adduction_left", "hip_adduction_right", "hip_flexion_right")
    motion = replace(motion_of(dict.fromkeys(names, angle)), diagnostics={KINDS: ["a"]})
    told = with_lasting_errors(motion, SHOWN)
    assert [Reading.of(told, name).correlation for name in names] == [0.9, 0.9, 0.0]


def test_changes_of_errors_that_go_together_hold_the_truth() -> None:
    rng = np.random.default_rng(1)
    motion = with_lasting_errors(seen_by("a"), SHOWN)
    sd = float(motion.sd[0, motion.index(NAME)])
    both = np.array([[1.0, 0.9], [0.9, 1.0]]) * sd**2
    errors = rng.multivariate_normal([0.0, 0.0], both, 4000)
    stated = Reading.of(motion, NAME).change(0, 59).sd
    assert np.std(errors[:, 1] - errors[:, 0]) == pytest.approx(stated, rel=0.05)


def least_jerk(share: np.ndarray) -> np.ndarray:
    t = np.clip(share, 0.0, 1.0)
    return t**3 * (10.0 - 15.0 * t + 6.0 * t**2)


@pytest.mark.parametrize("size_deg", [10.0, 25.0])
@pytest.mark.parametrize("unsure_deg", [0.0, 2.0, 4.0])
def test_a_beginning_that_drowns_is_told_from_what_does_not(size_deg: float, unsure_deg: float) -> None:
    rng = np.random.default_rng(3)
    time_s = np.arange(120) / 30.0
    true = size_deg * least_jerk((time_s - 1.5) / 1.2)
    passed_s = float(time_s[np.flatnonzero(true > RULES.onset_min_deg)[0]])
    lasting = unsure_deg / 2.0 * np.cumsum(rng.normal(size=120)) / np.sqrt(120)
    signal = np.radians(true + lasting - lasting[20])
    found = beginning(signal, time_s, 30, 85, RULES, float(np.radians(unsure_deg)))
    assert found == pytest.approx(passed_s, abs=0.034 if unsure_deg == 0.0 else 0.1)


def test_a_rise_that_was_over_early_began_early() -> None:
    time_s = np.arange(120) / 30.0
    true = 10.0 * least_jerk((time_s - 1.2) / 0.5) + 0.1 * time_s
    found = beginning(np.radians(true), time_s, 30, 110, RULES, float(np.radians(4.0)))
    passed_s = float(time_s[np.flatnonzero(true > RULES.onset_min_deg)[0]])
    assert found == pytest.approx(passed_s, abs=0.05)


def test_what_stays_within_the_error_never_began() -> None:
    time_s = np.arange(60) / 30.0
    signal = np.radians(2.0 * least_jerk(time_s - 0.5))
    assert beginning(signal, time_s, 10, 55, RULES, float(np.radians(3.0))) is None
