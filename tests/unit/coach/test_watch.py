"""A rule that two coordinates tell: its own goes before, the other one has a limit of its own; never both."""

from __future__ import annotations

from math import nan, radians

import pytest
from pydantic import ValidationError

from coxa.coach.program import Sight, Watched
from coxa.coach.watch import Watch, rebased, watch
from coxa.model.coordinates import ALL
from coxa.specs.exercise import FormRule

OWN, OTHER = ALL.index("trunk_flexion"), ALL.index("lumbar_flexion")
TOLD = {"source": "test", "trust": "DESIGN"}
INSTEAD = TOLD | {"coordinate": "lumbar_flexion", "limit_deg": 20}
RULE = TOLD | {
    **{"id": "bends", "title": "the bend", "coordinate": "trunk_flexion", "direction": "increase"},
    **{"limit_deg": 10, "lasts_s": 0.0, "cue": "Long.", "instead": INSTEAD},
}
WATCHED = Watched.of(FormRule.model_validate(RULE), "")


def sight(time_s: float, own_deg: float = nan, other_deg: float = nan) -> Sight:
    value = [nan] * len(ALL)
    value[OWN], value[OTHER] = radians(own_deg), radians(other_deg)
    return Sight(time_s, value, [radians(1.0)] * len(ALL), value, [0] * len(ALL))


def begun(*, own_deg: float = nan, other_deg: float = nan) -> Watch:
    return rebased(Watch(), WATCHED, sight(0.0, own_deg, other_deg), new_set=True)


def step(state: Watch, frame: Sight) -> tuple[Watch, bool, bool]:
    after, change = watch(state, WATCHED, frame, "held", 1.3)
    return after, change.began, change.ended


def test_the_other_coordinate_tells_it_by_its_own_limit() -> None:
    state, began, _ = step(begun(other_deg=5), sight(1.0, other_deg=24))
    assert (state.seen, began) == (True, False)
    state, began, _ = step(state, sight(1.1, other_deg=28))
    assert (began, state.way) == (True, 1)
    assert state.worst == pytest.approx(radians(23))
    assert state.peak == pytest.approx(23 / 20)


def test_it_is_not_asked_where_the_own_coordinate_is_observed() -> None:
    state, began, _ = step(begun(own_deg=0, other_deg=0), sight(1.0, own_deg=2, other_deg=60))
    assert (began, state.way) == (False, 0)
    state, began, _ = step(state, sight(1.1, own_deg=14, other_deg=0))
    assert (began, state.worst) == (True, pytest.approx(radians(14)))


def test_a_spell_ends_where_another_coordinate_takes_over_and_each_has_its_own_base() -> None:
    state, began, _ = step(begun(own_deg=30, other_deg=-10), sight(1.0, own_deg=45, other_deg=0))
    assert began
    state, began, ended = step(state, sight(1.1, other_deg=0))
    assert (began, ended) == (False, True)
    state, began, ended = step(state, sight(1.2, other_deg=5))
    assert (began, ended, state.peak) == (False, False, pytest.approx(1.5))
    _, began, _ = step(state, sight(1.3, other_deg=12))  # 22 from its own base
    assert began


def test_first_seen_in_the_middle_it_is_counted_from_there() -> None:
    state, began, _ = step(begun(own_deg=0), sight(1.0, other_deg=40))
    assert not began
    _, began, _ = step(state, sight(1.1, other_deg=45))
    assert not began


def test_what_neither_tells_is_no_fault() -> None:
    state, began, ended = step(begun(), sight(1.0))
    assert (state.seen, began, ended) == (False, False, False)


def test_the_other_coordinate_must_be_another_one() -> None:
    same = INSTEAD | {"coordinate": "trunk_flexion"}
    with pytest.raises(ValidationError, match="another coordinate"):
        FormRule.model_validate(RULE | {"instead": same})
