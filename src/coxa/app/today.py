"""What is next for one person, today: one thing, and what was found last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coxa.app.clearance import clearance
from coxa.app.progress import current_programme
from coxa.app.record import Entry, Kind, Person, Records
from coxa.app.record_documents import value_of
from coxa.model.plan import PlannedSession, Programme, Retest
from coxa.model.screening import ScreenOutcome, ScreenStatus
from coxa.model.training import Done
from coxa.specs.triage import TriageSpec

_LAST = 5


class Next(StrEnum):
    """What comes first; the order is that of asking."""

    SEE_SOMEBODY = "see somebody"  # a red flag: no exercise, no test
    SCREEN = "screen"
    FIRST_TEST = "first test"
    PLAN = "plan"
    RETEST = "retest"
    SESSION = "session"
    REST = "rest"  # nothing today, or all of it is done


@dataclass(frozen=True, slots=True)
class Today:
    """One person's day.

    Attributes:
        next: what comes first.
        screen: what is allowed.
        screened_before: there is an older screen, which does not hold any more.
        session: planned for today; None: none.
        done: there was training today.
        retest: that is due; None: none.
        coming: day of the next session or retest; None: none is planned.
        last: newest assessments, newest first.
    """

    next: Next
    screen: ScreenOutcome
    screened_before: bool
    session: PlannedSession | None
    done: bool
    retest: Retest | None
    coming: date | None
    last: tuple[Entry, ...]


def today(records: Records, person: Person, triage: TriageSpec, on: date) -> Today:
    """What is next.

    Args:
        records: where it is kept.
        person: whose day.
        triage: how long a screen holds.
        on: the day.

    Raises:
        SourceError: an entry is not of its kind.
    """
    screen = clearance(records, person, triage, on)
    programme = current_programme(records, person, triage, on)
    measured = [one for one in records.entries(person.id, Kind.ASSESSMENT) if one.on <= on]
    trained = any(_trained(one) for one in records.entries(person.id, Kind.SESSION) if one.on == on)
    sessions = [] if programme is None else [one for week in programme.weeks for one in week.sessions]
    session = next((one for one in sessions if one.on == on), None)
    retest = None if programme is None else _due(programme, measured, on)
    found = _next(screen, programme, measured, session if not trained else None, retest)
    return Today(
        next=found,
        screen=screen,
        screened_before=bool(records.entries(person.id, Kind.SCREEN)),
        session=session,
        done=trained,
        retest=retest,
        coming=_coming(programme, on),
        last=newest(measured)[:_LAST],
    )


def newest(assessments: Sequence[Entry]) -> tuple[Entry, ...]:
    """Results, newest first: of a test whose sides were recorded apart the first recording's stands for all.

    Args:
        assessments: oldest first.
    """
    first: dict[str, Entry] = {}
    for one in assessments:
        first.setdefault(str(one.provenance.get("run") or one.id), one)
    return tuple(reversed(first.values()))


def _next(
    screen: ScreenOutcome,
    programme: Programme | None,
    measured: Sequence[Entry],
    session: PlannedSession | None,
    retest: Retest | None,
) -> Next:
    if screen.status is ScreenStatus.STOP:
        return Next.SEE_SOMEBODY
    if not screen.allows_exercise:
        return Next.SCREEN
    if programme is None:
        return Next.PLAN if measured else Next.FIRST_TEST
    if retest is not None:
        return Next.RETEST
    return Next.REST if session is None else Next.SESSION


def _trained(entry: Entry) -> bool:
    return value_of(Kind.SESSION, entry.document).done is not Done.MISSED


def _due(programme: Programme, measured: Sequence[Entry], on: date) -> Retest | None:
    """The first retest whose day has come, and one of whose protocols was not measured since."""
    for one in sorted(programme.retests, key=lambda each: each.on):
        since = {entry.document["protocol"] for entry in measured if entry.on >= one.on}
        if one.on <= on and not set(one.protocols) <= since:
            return one
    return None


def _coming(programme: Programme | None, on: date) -> date | None:
    if programme is None:
        return None
    days = [one.on for week in programme.weeks for one in week.sessions]
    days += [one.on for one in programme.retests]
    return min((day for day in days if day > on), default=None)
