"""A session on another day of its week, where rest days and the person's own limits leave room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from coxa.model.errors import SourceError
from coxa.model.plan import PlannedExercise, PlannedSession, Programme, SessionKind, Week
from coxa.plan.schedule import DAYS
from coxa.specs.programme import Planning


def moved(programme: Programme, on: date, to: date, planning: Planning) -> Programme:
    """The programme with a full session on another day; the short one of that day takes its place.

    Args:
        programme: as it is.
        on: the day of a full session.
        to: where it goes, in the same week.
        planning: how long exercises rest.

    Raises:
        SourceError: there is no full session, or it cannot be there; with the reason.
    """
    week = _week_of(programme, on)
    fault = why_not(programme, on, to, planning)
    if fault or week is None:
        raise SourceError(
            f"the session of {on} cannot be on {to}: {fault or 'it is in no week of the programme'}",
            "choose another day, or change your wishes",
        )
    trade = {on: to, to: on}
    sessions = sorted(
        (replace(one, on=trade.get(one.on, one.on)) for one in week.sessions), key=lambda one: one.on
    )
    weeks = tuple(replace(one, sessions=tuple(sessions)) if one is week else one for one in programme.weeks)
    return replace(programme, weeks=weeks)


def days_for(programme: Programme, on: date, planning: Planning, since: date) -> tuple[date, ...]:
    """Days of its week from a day on to which a full session may move."""
    week = _week_of(programme, on)
    days = [] if week is None else [week.begins + timedelta(days=n) for n in range(DAYS)]
    return tuple(day for day in days if day >= since and not why_not(programme, on, day, planning))


def why_not(programme: Programme, on: date, to: date, planning: Planning) -> str:
    """Why a full session cannot be on another day; empty: it can."""
    week, session = _week_of(programme, on), _full(programme, on)
    if week is None or session is None:
        return "there is no full session on this day"
    if not week.begins <= to < week.begins + timedelta(days=DAYS):
        return "a session stays in its week"
    wishes = programme.availability
    if to.weekday() not in wishes.weekdays or to.weekday() in wishes.busy:
        return "your wishes keep this weekday free"
    if to != on and _full(programme, to) is not None:
        return "there is a session already"
    if to == on:
        return "it is there already"
    return next(_tired(programme, session, to, planning), "")


def rest_days(one: PlannedExercise, planning: Planning) -> int:
    """Between two sessions of an exercise: the most that any of the stages it is here for asks for."""
    asked = {f"stage.{name}": dose.rest_days for name, dose in planning.rules.stages.items()}
    return max(asked.get(name, 0) for name in (*(why.finding for why in one.why), f"stage.{one.stage}"))


def _tired(programme: Programme, session: PlannedSession, to: date, planning: Planning) -> Iterator[str]:
    """Exercises that would come too soon before or after another session."""
    others = [
        each
        for week in programme.weeks
        for each in week.sessions
        if each.kind is SessionKind.FULL and each.on != session.on
    ]
    for one in session.exercises:
        rest = rest_days(one, planning)
        near = [each for each in others if abs((each.on - to).days) <= rest]
        if any(one.exercise == other.exercise for each in near for other in each.exercises):
            yield f"{one.title} needs {rest} {'day' if rest == 1 else 'days'} of rest between"


def _full(programme: Programme, on: date) -> PlannedSession | None:
    week = _week_of(programme, on)
    found = [] if week is None else week.sessions
    return next((one for one in found if one.on == on and one.kind is SessionKind.FULL), None)


def _week_of(programme: Programme, on: date) -> Week | None:
    return next(
        (one for one in programme.weeks if one.begins <= on < one.begins + timedelta(days=DAYS)), None
    )
