"""One helpful thing at a time."""

from __future__ import annotations

import pytest

from coxa.catalog import loader
from coxa.coach.speaker import Speaker, speak
from coxa.model.coaching import Cue, CueKind

RULES = loader.coach_rules().model_copy(update={"gap_s": 2.0, "cooldown_s": 8.0, "praise_gap_s": 12.0})


def cue(kind: CueKind, time_s: float, rule: str = "r", side: str = "left") -> Cue:
    return Cue(time_s, kind, "words", rule, side)


def said(*wanted: tuple[float, CueKind, str, str]) -> list[float]:
    """The times of those that were said, each being all that was wanted then."""
    state, times = Speaker(), []
    for time_s, kind, rule, side in wanted:
        state, cues = speak(state, [(1, cue(kind, time_s, rule, side))], RULES)
        times += [one.time_s for one in cues]
    return times


@pytest.mark.parametrize(
    "kind",
    [
        CueKind.COUNT,
        CueKind.HOLD,
        CueKind.GO,
        CueKind.SWITCH,
        CueKind.REST,
        CueKind.DONE,
        CueKind.STOP,
    ],
)
def test_short_things_are_said_at_once_and_hold_up_nothing(kind: CueKind) -> None:
    state, first = speak(
        Speaker(), [(9, cue(kind, 0.0)), (9, cue(kind, 0.0)), (1, cue(CueKind.FAULT, 0.0))], RULES
    )
    assert [one.kind for one in first] == [kind, kind, CueKind.FAULT]
    again, second = speak(state, [(9, cue(kind, 0.1))], RULES)
    assert [one.kind for one in second] == [kind]
    assert again == state
    assert speak(state, [], RULES) == (state, ())


def test_the_most_urgent_that_may_be_said_is_and_only_that() -> None:
    wanted = [
        (30, cue(CueKind.BLIND, 20.0)),
        (12, cue(CueKind.FAULT, 20.0, "b")),
        (11, cue(CueKind.FAULT, 20.0, "a")),
    ]
    state, (first,) = speak(Speaker(), wanted, RULES)
    assert first.rule == "a"
    later = [(p, cue(one.kind, 23.0, one.rule)) for p, one in wanted]
    state, (second,) = speak(state, later, RULES)
    assert (second.kind, second.rule) == (CueKind.FAULT, "b")
    state, (third,) = speak(state, [(p, cue(one.kind, 26.0, one.rule)) for p, one in wanted], RULES)
    assert third.kind is CueKind.BLIND


def test_things_are_spaced() -> None:
    one, other = ("a", "left"), ("b", "left")
    assert said((0.0, CueKind.FAULT, *one), (1.9, CueKind.FAULT, *other)) == [0.0]
    assert said((0.0, CueKind.FAULT, *one), (2.0, CueKind.FAULT, *other)) == [0.0, 2.0]
    assert said((0.0, CueKind.PARTIAL, *one), (1.9, CueKind.PARTIAL, *one), (2.0, CueKind.PARTIAL, *one)) == [
        0.0,
        2.0,
    ]


@pytest.mark.parametrize("kind", [CueKind.FAULT, CueKind.SETUP])
def test_the_same_fault_is_not_said_again_at_once_on_the_same_side(kind: CueKind) -> None:
    assert said((0.0, kind, "a", "left"), (7.9, kind, "a", "left")) == [0.0]
    assert said((0.0, kind, "a", "left"), (8.0, kind, "a", "left")) == [0.0, 8.0]
    assert said((0.0, kind, "a", "left"), (3.0, kind, "a", "right")) == [0.0, 3.0]
    assert said((0.0, kind, "a", "left"), (3.0, kind, "b", "left"), (7.0, kind, "a", "left")) == [0.0, 3.0]


def test_praise_is_rare() -> None:
    praise = CueKind.PRAISE
    assert said((0.0, praise, "a", "left"), (11.9, praise, "b", "right")) == [0.0]
    assert said((0.0, praise, "a", "left"), (12.0, praise, "a", "left")) == [0.0, 12.0]
    between = (5.0, CueKind.FAULT, "a", "left")
    assert said((0.0, praise, "a", "left"), between, (11.9, praise, "a", "left")) == [0.0, 5.0]
    assert said(between, (6.9, praise, "a", "left"), (7.0, praise, "a", "left")) == [5.0, 7.0]
