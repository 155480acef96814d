"""Days of a week made of tasks: full sessions in the order of the loop, and the minimum for any day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from coxa.model.plan import Availability, PlannedExercise, PlannedSession, SessionKind
from coxa.model.training import STAGES, Stage
from coxa.plan.schedule import DAYS, Solved
from coxa.plan.tasks import Task
from coxa.specs.programme import Planning


def sessions_of(
    begins: date, tasks: Sequence[Task], solved: Solved, availability: Availability, planning: Planning
) -> tuple[PlannedSession, ...]:
    """By day: full where the schedule says so, else the daily minimum, unless it is not wished for."""
    made = []
    for day in range(DAYS):
        on = begins + timedelta(days=day)
        todays = [task for task, days in zip(tasks, solved.days, strict=True) if day in days]
        if todays:
            made.append(_full(on, todays, planning))
        elif availability.daily_minimum and on.weekday() in availability.weekdays:
            short = _minimum(on, tasks, availability, planning)
            made.extend([short] if short is not None else [])
    return tuple(made)


def _full(on: date, tasks: Sequence[Task], planning: Planning) -> PlannedSession:
    ordered = sorted(tasks, key=lambda one: (STAGES.index(one.planned.stage), -one.weight))
    released = [one for one in ordered if one.planned.stage is Stage.RELEASE]
    programmes = (track.partition(".")[0] for one in released for track in one.planned.tracks)
    looked_at = [name for each in programmes for name in planning.programmes[each].retest]
    kept = _within(tasks, planning.rules.schedule.minimum_s)
    return PlannedSession(
        on=on,
        kind=SessionKind.FULL,
        exercises=tuple(one.planned for one in ordered),
        duration_s=sum(one.planned.duration_s for one in ordered),
        if_busy=tuple(one.planned.exercise for one in ordered if one in kept),
        reassess=tuple(dict.fromkeys(looked_at)),
    )


def _minimum(
    on: date, tasks: Sequence[Task], availability: Availability, planning: Planning
) -> PlannedSession | None:
    limit_s = min(planning.rules.schedule.minimum_s, 60.0 * availability.minutes_a_day)
    kept = _within([one for one in tasks if one.easy], limit_s)
    if not kept:
        return None
    ordered = sorted(kept, key=lambda one: (STAGES.index(one.single.stage), -one.weight))
    exercises: tuple[PlannedExercise, ...] = tuple(one.single for one in ordered)
    return PlannedSession(
        on=on,
        kind=SessionKind.MINIMUM,
        exercises=exercises,
        duration_s=sum(one.duration_s for one in exercises),
        if_busy=tuple(one.exercise for one in exercises),
    )


def _within(tasks: Sequence[Task], limit_s: float) -> list[Task]:
    """The weightiest that fit with one set each, one that is active first: mobility is not left alone."""
    kept: list[Task] = []
    for one in sorted(tasks, key=lambda task: (task.passive, -task.weight, task.planned.exercise)):
        spent = sum(task.single.duration_s for task in kept)
        if spent + one.single.duration_s <= limit_s and (kept or not one.passive):
            kept.append(one)
    return kept
