"""State that is kept comes back as it was, or is refused; a coach that goes on from it says the same."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from math import nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.coach.counter import Phase
from coxa.coach.engine import CoachState
from coxa.coach.watch import Base
from coxa.model.errors import SourceError
from coxa.model.exact import from_exact, to_exact
from coxa.simulate.rehearse import truth
from tests.support.coached import SPECS, coach_of, seen

NUMBERS = st.floats(allow_nan=True, allow_infinity=True)


@dataclass(frozen=True)
class _Everything:
    number: float
    maybe: int | None
    words: str
    phase: Phase
    base: Base
    pair: tuple[int, float]
    many: tuple[float, ...]
    marks: frozenset[tuple[str, str]]
    by: dict[tuple[str, str], float] = field(default_factory=dict)


EVERYTHING = st.builds(
    _Everything,
    number=NUMBERS,
    maybe=st.none() | st.integers(),
    words=st.text(),
    phase=st.sampled_from(Phase),
    base=st.builds(Base, NUMBERS, NUMBERS),
    pair=st.tuples(st.integers(), NUMBERS),
    many=st.lists(NUMBERS, max_size=4).map(tuple),
    marks=st.frozensets(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=3),
    by=st.dictionaries(st.tuples(st.text(max_size=3), st.text(max_size=3)), NUMBERS, max_size=3),
)


@given(EVERYTHING)
def test_everything_comes_back_through_json(value: _Everything) -> None:
    """To the last bit, NaN and infinity included."""
    text = json.dumps(to_exact(value), allow_nan=False)
    back = from_exact(_Everything, json.loads(text))
    assert to_exact(back) == to_exact(value)
    assert back.marks == value.marks
    assert type(back.phase) is Phase


@pytest.mark.parametrize(
    "damage",
    [
        {"number": "1"},
        {"number": True},
        {"maybe": 1.5},
        {"words": None},
        {"phase": 99},
        {"pair": [1]},
        {"many": 3},
        {"unknown": 1},
        {"by": [["a"]]},
    ],
)
def test_what_does_not_fit_is_refused(damage: dict[str, Any]) -> None:
    """With a fault and a remedy."""
    value = _Everything(nan, None, "", Phase.REST, Base(), (1, 2.0), (), frozenset())
    with pytest.raises(SourceError):
        from_exact(_Everything, {**to_exact(value), **damage})


@cache
def _frames(exercise: str) -> Any:
    spec = SPECS[exercise]
    done = truth(spec, "right", 1.0, 1.7)
    return seen(done.time_s, done.value, 12.0, "all", np.random.default_rng(1)).frames()


@settings(max_examples=25)
@given(st.sampled_from(["squat", "single_leg_stance", "marching", "clam", "hip_hinge_dowel"]), st.data())
def test_a_coach_goes_on_from_what_was_kept(exercise: str, data: st.DataObject) -> None:
    """Kept and restored at any moment, the cues that follow are those that would have followed."""
    coach, frames = coach_of(SPECS[exercise], "right"), _frames(exercise)
    cut = data.draw(st.integers(0, len(frames) - 1))
    state = coach.begin()
    restored = coach.begin()
    for k, frame in enumerate(frames):
        if k == cut:
            restored = from_exact(CoachState, json.loads(json.dumps(to_exact(state), allow_nan=False)))
        state, cues = coach.step(state, frame)
        if k >= cut:
            restored, again = coach.step(restored, frame)
            assert repr(again) == repr(cues)
    assert to_exact(restored) == to_exact(state)
