"""The closed loop of one person of the record: screen, findings, log and retests to the next programme."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from coxa.app.clearance import clearance, counting
from coxa.app.record import Entry, Kind, Person, Records
from coxa.app.record_documents import Screened, value_of
from coxa.model.assessment import Assessment
from coxa.model.errors import SourceError
from coxa.model.plan import Availability, Goal, PlannedSession, Programme, TrackStatus
from coxa.model.screening import ScreenOutcome
from coxa.model.training import DecisionKind, LogEntry, RetestResult
from coxa.plan.measured_again import retests_of
from coxa.plan.programme import Request, made
from coxa.plan.progress_rules import progress
from coxa.plan.triage import screened
from coxa.specs.programme import Planning
from coxa.specs.triage import TriageSpec

#: Reads an assessment as the record keeps it.
Read = Callable[[Mapping[str, Any], str], Assessment]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person told for a plan; what is None stays as in the last programme.

    Attributes:
        availability: time and things.
        goals: of the person.
        programme: id; empty: the personal mixture.
        anew: from the assessments, not from where the log left.
    """

    availability: Availability | None = None
    goals: tuple[Goal, ...] | None = None
    programme: str | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True)
class _Past:
    """What is kept, up to the day."""

    programmes: tuple[Programme, ...]
    log: tuple[LogEntry, ...]
    retests: tuple[RetestResult, ...]
    screens: tuple[ScreenOutcome, ...]
    assessments: tuple[tuple[date, Assessment], ...]
    unread: tuple[str, ...]


def judged_screen(entry: Entry, triage: TriageSpec) -> ScreenOutcome:
    """The outcome as kept; where it allows exercise, its answers are judged once more."""
    told: Screened = value_of(Kind.SCREEN, entry.document)
    if not told.outcome.allows_exercise or told.outcome.version != triage.version:
        return told.outcome
    return screened(triage, told.screen)


def next_programme(
    records: Records,
    person: Person,
    planning: Planning,
    read: Read,
    wishes: Wishes,
    today: date,
    begins: date | None = None,
    provenance: Mapping[str, str] | None = None,
) -> Programme:
    """The programme of the next weeks; without weeks where no exercise is allowed. It is not kept here.

    The first is made from the assessments; a later one follows the log since that one, week by week, and
    retests, and assessments made since count as such. On a day that was trained the next one begins.

    Args:
        records: where it is kept.
        person: whom.
        planning: what planning is told.
        read: assessments.
        wishes: of the person.
        today: nothing later counts, but a red flag.
        begins: its first day; None: today, or tomorrow if there was training today.
        provenance: versions of the software.

    Raises:
        SourceError: an entry is not of its kind, or a wish makes no sense.
    """
    past = _past(records, person, planning, read, max(today, begins or today))
    trained = any(one.on == today for one in past.log)
    begins = begins or today + timedelta(days=int(trained and bool(past.programmes)))
    last = past.programmes[-1] if past.programmes else None
    request = Request(
        begins=begins,
        screen=clearance(records, person, planning.triage, begins),
        assessments=tuple(one for _, one in past.assessments),
        availability=_or(wishes.availability, last and last.availability, Availability()),
        goals=_or(wishes.goals, last and last.goals, ()),
        programme=_or(wishes.programme, last and last.id, ""),
        provenance=provenance or {},
    )
    origin = None if wishes.anew else _origin(past.programmes, request.programme or planning.mixture.id)
    if origin is not None and last is not None:
        request = _going_on(request, origin, last, past, planning)
    plan = made(request, planning)
    return replace(plan, notes=(*plan.notes, *past.unread)) if plan.weeks else plan


def require_clear(
    records: Records, person: Person, programme: Programme, triage: TriageSpec, on: date
) -> None:
    """A programme with exercises is only for whom the record's newest screen allows them.

    Raises:
        SourceError: it does not.
    """
    told = clearance(records, person, triage, on)
    if programme.weeks and not told.allows_exercise:
        raise SourceError(
            f"the newest screen of {person.name} allows no exercise on {on}",
            "coxa screen --person, then plan again",
        )
    if programme.weeks and not counting(programme, told):
        raise SourceError("the programme leaves out a caution of the newest screen", "plan again")


def _or(told: Any, before: Any, else_: Any) -> Any:
    return told if told is not None else (before if before is not None else else_)


def _past(records: Records, person: Person, planning: Planning, read: Read, until: date) -> _Past:
    def kept(kind: Kind) -> list[Entry]:
        return [one for one in records.entries(person.id, kind) if one.on <= until]

    assessments, unread = [], []
    for one in kept(Kind.ASSESSMENT):
        try:
            assessments.append((one.on, read(one.document, f"the assessment of {one.on}")))
        except SourceError:
            unread.append(
                f"The assessment of {one.on} ({one.label}) has not all that a plan needs: left out."
            )
    return _Past(
        programmes=tuple(value_of(one.kind, one.document) for one in kept(Kind.PROGRAMME)),
        log=tuple(value_of(one.kind, one.document) for one in kept(Kind.SESSION)),
        retests=tuple(value_of(one.kind, one.document) for one in kept(Kind.RETEST)),
        screens=tuple(judged_screen(one, planning.triage) for one in kept(Kind.SCREEN)),
        assessments=tuple(assessments),
        unread=tuple(unread),
    )


def _origin(programmes: Sequence[Programme], name: str) -> Programme | None:
    """From which the log is gone through: the last that was begun, not carried on; None: begin anew."""
    if not programmes or programmes[-1].id != name:
        return None
    begun = [
        one
        for one in programmes
        if one.id == name and all(each.kind is DecisionKind.BEGIN for each in one.decisions)
    ]
    return begun[-1] if begun else None


def _going_on(
    request: Request, origin: Programme, last: Programme, past: _Past, planning: Planning
) -> Request:
    """From where the log left; always gone through from the origin, so that nothing of it is forgotten."""
    since = origin.begins
    told = {(one.on, one.track) for one in past.retests}
    measured = [
        one
        for on, assessment in past.assessments
        if on > since
        for one in retests_of(on, assessment, origin.tracks, planning)
        if (on, one.track) not in told
    ]
    found = progress(
        planning,
        origin.tracks,
        [one for one in past.log if one.on >= since],
        [*(one for one in past.retests if one.on >= since), *measured],
        request.begins,
        past.screens,
    )
    tracks = found.tracks
    if found.screen_again:
        tracks = tuple(replace(one, status=TrackStatus.STOPPED) for one in tracks)
    return replace(
        request,
        tracks=tracks,
        decisions=(*origin.decisions, *found.decisions),
        week=max((request.begins - since).days // 7, 0) + 1,
        before=_before(last, request.begins),
        measured=max([since, *(one.on for one in (*past.retests, *measured) if one.on >= since)]),
    )


def _before(last: Programme, begins: date) -> tuple[PlannedSession, ...]:
    return tuple(session for week in last.weeks for session in week.sessions if session.on < begins)
