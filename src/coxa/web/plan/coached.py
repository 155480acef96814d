"""Exercises of a session as the coach in the browser takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from coxa.app.training_day import Training
from coxa.model.plan import PlannedExercise
from coxa.web.coach.card import card_of, exercise_here
from coxa.web.phrases import in_language


def coached_items(found: Training, exercises: Iterable[PlannedExercise], locale: str) -> list[dict[str, Any]]:
    """One run of the coach each; the sets that one side does more are a run of their own.

    Args:
        found: the day they belong to.
        exercises: of its session.
        locale: that they are told in.
    """
    return [item for one in exercises for item in _runs(found, one, locale)]


def _runs(found: Training, one: PlannedExercise, locale: str) -> Iterator[dict[str, Any]]:
    dose: dict[str, Any] = {"sets": one.sets, **_much(one), "planned": _planned(found, one)}
    if len(one.sides) == 1:
        dose["side"] = one.sides[0]
    card = card_of(exercise_here(one.exercise), locale).model_dump()
    item = {"exercise": one.exercise, "title": in_language(one.title, locale), "card": card}
    yield {**item, "dose": dose}
    if one.extra_sets and one.emphasis:
        yield {**item, "dose": {**dose, "sets": one.extra_sets, "side": one.emphasis}}


def _much(one: PlannedExercise) -> dict[str, float]:
    if one.repetitions is not None:
        return {"repetitions": one.repetitions}
    return {} if one.hold_s is None else {"hold_s": one.hold_s}


def _planned(found: Training, one: PlannedExercise) -> dict[str, Any] | None:
    """Where it stands in the programme; the coach's log names its tracks by that."""
    weeks = () if found.programme is None else found.programme.weeks
    sessions = [session for week in weeks for session in week.sessions]
    for place, session in enumerate(sessions):
        if found.programme is not None and session == found.day.session:
            return {"programme": found.programme.id, "session": place, "item": session.exercises.index(one)}
    return None
