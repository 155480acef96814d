"""How well a repetition was done, 0 to 100, for comparing a person with herself; no verdict.

The score is ``100 * depth * form``. ``depth`` is the share of the exercise's expected excursion that was
reached, at most 1. ``form`` is the geometric mean, over the form rules that were observed, of
``1 / (1 + (d / limit)^2)``, where ``d`` is the rule's largest deviation in the repetition: 1 without any, a
half at the limit, less beyond it, so it tells better from worse also where no fault was sure enough to be
spoken of. What was not observed does not count; scores of different sources are not to be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, radians
from statistics import fmean

from coxa.model.coaching import CoachedRepetition
from coxa.specs.exercise import ExerciseSpec


def score(repetition: CoachedRepetition, spec: ExerciseSpec) -> float:
    """Of one repetition, 0 to 100."""
    expected = radians(spec.signal.expected_deg) if spec.signal is not None else repetition.range
    depth = min(repetition.range / expected, 1.0) if expected > 0 else 1.0
    return 100.0 * depth * _form(list(repetition.worst.values()))


def _form(deviations: Sequence[float]) -> float:
    """Deviations over their limits; below zero they are on the good side."""
    if not deviations:
        return 1.0
    return exp(-fmean(log(1.0 + max(one, 0.0) ** 2) for one in deviations))
