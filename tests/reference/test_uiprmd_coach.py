"""Real people coached: five movements of UI-PRMD from their markers, done well and badly.

Counts are held to the number of repetitions of every joined series. The score tells good from bad repetitions
of s04 and s05, whom nothing was fitted to: areas 0.97 (squat), 0.95 (hurdle step), 0.81 (side lunge), 0.94
(sitting down), 0.84 (leg raise); mean 0.90.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coxa.coach.score import score
from coxa.model.coaching import SessionSummary
from tests.support.uiprmd_coach import FITTED_TO, HELD_OUT, VARIANTS, area, coached, motions, side_of, spec_of

LEAST_MEAN_AREA = 0.80
#: A little under what was measured, so that a change for the worse is seen.
LEAST_AREA = {"m01": 0.9, "m02": 0.9, "m04": 0.75, "m05": 0.9, "m06": 0.78}
Coached = dict[tuple[str, str, str], tuple[int, SessionSummary]]


@pytest.fixture(scope="module")
def summaries(reference_data: Path) -> Coached:
    """(movement, person, label) -> how many repetitions there are, and what the coach made of them."""
    found = {}
    for movement in VARIANTS:
        for person in (*FITTED_TO, *HELD_OUT):
            side = ""
            for label in ("correct", "incorrect"):
                repetitions = motions(reference_data / "uiprmd" / f"{movement}_{person}_{label}.npz")
                side = side or side_of(movement, repetitions)
                found[movement, person, label] = len(repetitions), coached(movement, repetitions, side)
    return found


def test_every_series_is_counted_exactly(summaries: Coached) -> None:
    wrong = {
        key: (len(summary.repetitions), there_are)
        for key, (there_are, summary) in summaries.items()
        if len(summary.repetitions) != there_are
    }
    assert wrong == {}
    partial = sum(not one.full for _, summary in summaries.values() for one in summary.repetitions)
    assert partial <= 2  # both of repetitions that were done badly
    assert all(
        one.full
        for key, (_, summary) in summaries.items()
        if key[2] == "correct"
        for one in summary.repetitions
    )


def areas(summaries: Coached, people: tuple[str, ...]) -> dict[str, float]:
    found = {}
    for movement in VARIANTS:
        scores = {
            label: [
                score(one, spec_of(movement))
                for person in people
                for one in summaries[movement, person, label][1].repetitions
            ]
            for label in ("correct", "incorrect")
        }
        found[movement] = area(scores["correct"], scores["incorrect"])
    return found


def test_the_score_tells_good_from_bad_of_people_it_was_not_fitted_to(summaries: Coached) -> None:
    found = areas(summaries, HELD_OUT)
    print({name: round(value, 2) for name, value in found.items()}, "fitted to:", areas(summaries, FITTED_TO))
    assert np.mean(list(found.values())) >= LEAST_MEAN_AREA
    assert all(found[movement] >= least for movement, least in LEAST_AREA.items())
