"""Half an hour of daily life counts for nothing, in any exercise."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coxa.model.coaching import CoachFrame
from tests.support.coached import SPECS, coach_of, run, seen, watchable
from tests.support.daily_life import half_an_hour

COUNTED = [name for name, spec in SPECS.items() if spec.signal is not None]


@cache
def lived(source: str, minutes: float) -> list[CoachFrame]:
    time_s, value = half_an_hour(1, minutes)
    return seen(time_s, value, 8.0, source, np.random.default_rng(2)).frames()


@pytest.mark.parametrize("name", COUNTED)
def test_daily_life_is_no_exercise(name: str) -> None:
    state, _ = run(coach_of(SPECS[name], "right"), lived("all", 30.0))
    assert [one for one in state.repetitions if one.full] == []


@pytest.mark.parametrize("name", COUNTED)
def test_daily_life_is_no_exercise_before_a_camera_either(name: str) -> None:
    signal = SPECS[name].signal
    if signal is None or not watchable(SPECS[name], signal.coordinate, "keypoints"):
        return
    state, _ = run(coach_of(SPECS[name], "right"), lived("keypoints", 10.0))
    assert [one for one in state.repetitions if one.full] == []
