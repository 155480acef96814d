"""Demonstrations of the catalogue's exercises, run through the coach (see ``simulate/rehearse.py``)."""

from __future__ import annotations

import numpy as np

from coxa.catalog.exercises import exercises
from coxa.coach.engine import Coach
from coxa.simulate import rehearse
from coxa.simulate.rehearse import Floats, Seen, Truth, run
from coxa.specs.exercise import ExerciseSpec
from coxa.specs.rehearsal import RoughFilm

__all__ = ["SPECS", "coach_of", "run", "seen", "watchable"]

SPECS = exercises()


def seen(time_s: Floats, value: Floats, rate_hz: float, source: str, rng: np.random.Generator) -> Seen:
    """What a source tells of the truth at a frame rate."""
    return rehearse.seen(Truth(time_s, value), RoughFilm(title="", rate_hz=rate_hz), source, rng)


def coach_of(spec: ExerciseSpec, side: str) -> Coach:
    """Without end, for one side."""
    return rehearse.endless(spec, side)


def watchable(spec: ExerciseSpec, coordinate: str, source: str) -> bool:
    """Whether a source may carry a verdict on a coordinate."""
    return rehearse.watchable(coordinate, source)
