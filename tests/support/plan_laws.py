"""What must hold of every plan, counted afresh from the plan itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from coxa.model.plan import PlannedSession, Programme, SessionKind, Week
from coxa.model.training import STAGES, Stage
from coxa.plan.admitted import choices_of
from coxa.plan.programme import Request
from coxa.specs.programme import Planning

_ACTIVE = {"activation", "control", "strength", "integration", "load"}


def broken_laws(plan: Programme, request: Request, planning: Planning) -> list[str]:
    """In words; empty: none is broken."""
    found = [fault for week in plan.weeks for fault in _of_week(week, plan, planning)]
    found += list(_rest(plan, planning))
    if len(plan.weeks) != planning.rules.schedule.weeks:
        found.append(f"{len(plan.weeks)} weeks")
    if not plan.tracks or not plan.decisions:
        found.append("no tracks or no decisions")
    return found


def _of_week(week: Week, plan: Programme, planning: Planning) -> Iterator[str]:
    person = plan.availability
    full = [one for one in week.sessions if one.kind is SessionKind.FULL]
    if len(full) > person.days_a_week:
        yield f"week {week.number}: {len(full)} days"
    if len({one.on for one in week.sessions}) != len(week.sessions):
        yield "two sessions on one day"
    if not week.sessions and not week.relaxations:
        yield f"week {week.number}: nothing to do and no word why"
    for session in week.sessions:
        weekday = session.on.weekday()
        if weekday not in person.weekdays:
            yield f"{session.on}: not a day"
        if session.kind is SessionKind.FULL and weekday in person.busy:
            yield f"{session.on}: busy"
        if not week.begins <= session.on < week.begins + timedelta(days=7):
            yield f"{session.on}: not in its week"
        yield from _of_session(session, plan, planning)
    if week.challenge is not None:
        yield from _admitted(week.challenge.exercise, plan, planning)


def _of_session(session: PlannedSession, plan: Programme, planning: Planning) -> Iterator[str]:
    limit_s = 60 * plan.availability.minutes_a_day
    rules = planning.rules.schedule
    if session.kind is SessionKind.MINIMUM:
        limit_s = min(limit_s, rules.minimum_s)
    spent = sum(one.duration_s for one in session.exercises)
    if abs(spent - session.duration_s) > 1e-6 or spent > limit_s + 1e-6:
        yield f"{session.on}: {spent} s of {limit_s}"
    if not session.exercises or len(session.exercises) > rules.most_exercises:
        yield f"{session.on}: {len(session.exercises)} exercises"
    order = [STAGES.index(one.stage) for one in session.exercises]
    if order != sorted(order):
        yield f"{session.on}: not in the order of the loop"
    if not any(_ACTIVE & set(planning.exercises[one.exercise].teaches) for one in session.exercises):
        yield f"{session.on}: mobility without control or strength"
    if not set(session.if_busy) <= {one.exercise for one in session.exercises}:
        yield f"{session.on}: more when busy"
    yield from _of_exercises(session, plan, planning)


def _of_exercises(session: PlannedSession, plan: Programme, planning: Planning) -> Iterator[str]:
    no_load = any(one.no_load for one in plan.screen.cautions)
    for one in session.exercises:
        if not one.why or not all(why.words and why.source and why.trust for why in one.why):
            yield f"{one.exercise}: not explained"
        if not one.cues or one.sets < 1 or not (one.repetitions or one.hold_s):
            yield f"{one.exercise}: no dose or no cues"
        if no_load and one.stage is Stage.LOAD:
            yield f"{one.exercise}: load"
        if not set(one.tracks) <= {track.id for track in plan.tracks} or not one.tracks:
            yield f"{one.exercise}: for no track"
        yield from _admitted(one.exercise, plan, planning)


def _admitted(name: str, plan: Programme, planning: Planning) -> Iterator[str]:
    if any(name in one.avoid for one in plan.screen.cautions) or name in plan.availability.avoid:
        yield f"{name}: left out by a caution or a wish"
    has = {*plan.availability.equipment, *planning.equipment.household}
    for choice in choices_of(planning.exercises[name], planning.equipment):
        if choice and not has & set(choice):
            yield f"{name}: without {choice}"
    for track in plan.tracks:
        programme = planning.programmes[track.programme]
        if track.cautious and len(plan.tracks) == 1 and name in programme.end_range:
            yield f"{name}: end range against a bony pattern"


def _rest(plan: Programme, planning: Planning) -> Iterator[str]:
    """Rest days hold across the borders of weeks."""
    days = defaultdict(list)
    for week in plan.weeks:
        for session in week.sessions if week.sessions else ():
            for one in session.exercises if session.kind is SessionKind.FULL else ():
                days[one.exercise].append((session.on, planning.rules.stages[one.stage.value].rest_days))
    for name, done in days.items():
        for (before, _), (after, rest) in pairwise(done):
            if (after - before).days <= rest:
                yield f"{name}: on {before} and {after}"
