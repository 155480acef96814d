"""The programme: weeks of sessions from tracks, under a screen that may stop it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from coxa.model.assessment import Assessment
from coxa.model.errors import SourceError
from coxa.model.plan import (
    Availability,
    Goal,
    PlannedSession,
    Programme,
    Relaxation,
    Retest,
    SessionKind,
    Track,
    TrackStatus,
    Week,
)
from coxa.model.screening import ScreenOutcome
from coxa.model.training import STAGES, Decision, DecisionKind
from coxa.plan.admitted import Admission
from coxa.plan.challenge import challenge_of
from coxa.plan.needs import deficits
from coxa.plan.schedule import DAYS, relaxations, solve, week_frame, wishes_of
from coxa.plan.sessions import sessions_of
from coxa.plan.tasks import highest_stage, tasks_of
from coxa.plan.tracks import first_tracks
from coxa.plan.triage import in_force
from coxa.specs.programme import Planning

_MINUTES = (1.0, 240.0)


@dataclass(frozen=True, slots=True)
class Request:
    """What a programme is made from.

    Attributes:
        begins: the first day.
        screen: the last; None: none was made.
        assessments: oldest first.
        availability: of the person.
        goals: of the person.
        programme: id; empty: the personal mixture.
        tracks: as they stand; None: made from the assessments.
        decisions: that led to them.
        week: number of the first week since training began, from 1.
        before: sessions of the days before, for their rest days.
        provenance: of the assessments and the software.
        measured: when the tracks were last; None: on the first day.
    """

    begins: date
    screen: ScreenOutcome | None
    assessments: tuple[Assessment, ...] = ()
    availability: Availability = field(default_factory=Availability)
    goals: tuple[Goal, ...] = ()
    programme: str = ""
    tracks: tuple[Track, ...] | None = None
    decisions: tuple[Decision, ...] = ()
    week: int = 1
    before: tuple[PlannedSession, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
    measured: date | None = None


def made(request: Request, planning: Planning) -> Programme:
    """The programme of the next weeks: the same request gives the same programme.

    Where the screen in force allows no exercise, there are no weeks, no tracks and no retests: only whom to
    see. The later weeks take the next stage each week, as it goes if all goes well; a new programme is made
    from the log (see :mod:`coxa.plan.progress_rules`).

    Raises:
        SourceError: a figure of the availability makes no sense, or there is no such programme.
    """
    _require_sense(request.availability, planning)
    screen = in_force(planning.triage, request.screen, request.begins)
    if request.tracks and all(one.status is TrackStatus.STOPPED for one in request.tracks):
        screen = in_force(planning.triage, None, request.begins)
    name = request.programme or planning.mixture.id
    known = {one.id: one.title for one in planning.programmes.values()}
    title = known.get(name, planning.mixture.title)
    provenance = {**request.provenance, "rules": planning.version}
    if not screen.allows_exercise:
        return Programme(
            id=name,
            title=title,
            begins=request.begins,
            weeks=(),
            tracks=(),
            retests=(),
            screen=screen,
            availability=request.availability,
            goals=request.goals,
            decisions=request.decisions,
            notes=tuple(f"{one.words} See {one.whom}: {one.how_soon}." for one in screen.referrals)
            or ("Answer the screen first.",),
            provenance=provenance,
        )
    admission = Admission(planning, request.availability, screen)
    tracks = request.tracks
    if tracks is None:
        found = deficits(request.assessments, planning)
        tracks = first_tracks(
            found, planning, request.begins, request.goals, request.assessments, request.programme
        )
    weeks = _weeks(request, tracks, admission)
    return Programme(
        id=name,
        title=title,
        begins=request.begins,
        weeks=weeks,
        tracks=tracks,
        retests=_retests(request, tracks, planning, len(weeks)),
        screen=screen,
        availability=request.availability,
        goals=request.goals,
        decisions=request.decisions or _begun(request.begins, tracks),
        notes=(*(one.words for one in screen.cautions), planning.triage.safety_net),
        provenance=provenance,
    )


def _weeks(request: Request, tracks: tuple[Track, ...], admission: Admission) -> tuple[Week, ...]:
    rules = admission.planning.rules.schedule
    weeks: list[Week] = []
    done = request.before
    for number in range(rules.weeks):
        begins = request.begins + timedelta(days=DAYS * number)
        counted = request.week + number
        deload = counted % rules.deload_every_weeks == 0
        if number and not deload:
            tracks = tuple(expected(one, admission, begins) for one in tracks)
        week = _week(counted, begins, deload, tracks, admission, done)
        done = week.sessions
        weeks.append(week)
    return tuple(weeks)


def expected(track: Track, admission: Admission, on: date) -> Track:
    """A week later, if all goes well: the next stage; after the last, the next step."""
    if track.status is not TrackStatus.ACTIVE:
        return track
    now = STAGES.index(track.stage)
    if now < STAGES.index(highest_stage(admission)):
        return replace(track, stage=STAGES[now + 1], step=0, since=on)
    return replace(track, step=track.step + 1)


def _week(
    number: int,
    begins: date,
    deload: bool,
    tracks: Sequence[Track],
    admission: Admission,
    before: Sequence[PlannedSession],
) -> Week:
    planning = admission.planning
    tasks, missing = tasks_of(tracks, admission, deload)
    wishes = wishes_of(tasks)
    barred = _resting(begins, before, {one.name: one.rest_days for one in wishes})
    frame = week_frame(begins, admission.availability, planning.rules.schedule, barred)
    solved = solve(wishes, frame)
    short: tuple[Relaxation, ...] = relaxations(wishes, frame, solved)
    return Week(
        number=number,
        begins=begins,
        deload=deload,
        stages={one.id: one.stage for one in tracks},
        sessions=sessions_of(begins, tasks, solved, admission.availability, planning),
        relaxations=(*missing, *short),
        challenge=challenge_of(begins, tracks, admission),
    )


def _resting(
    begins: date, before: Sequence[PlannedSession], rest_days: Mapping[str, int]
) -> list[tuple[str, int]]:
    """Exercises that were done so lately that they must wait, and for how many days."""
    wait: dict[str, int] = {}
    for session in before:
        for one in session.exercises if session.kind is SessionKind.FULL else ():
            left = rest_days.get(one.exercise, 0) + 1 - (begins - session.on).days
            if left > 0:
                wait[one.exercise] = max(left, wait.get(one.exercise, 0))
    return sorted(wait.items())


def _retests(
    request: Request, tracks: Sequence[Track], planning: Planning, n_weeks: int
) -> tuple[Retest, ...]:
    """Counted from the last measurement: to plan anew puts none off, and one that is late is due at once."""
    every, begins = planning.rules.schedule.retest_every_days, request.begins
    protocols = tuple(
        dict.fromkeys(
            name
            for one in tracks
            for name in (
                [one.deficits[0].protocol] if one.deficits else planning.programmes[one.programme].retest
            )
        )
    )
    ids = tuple(one.id for one in tracks)
    late = 0 if request.measured is None else (begins - request.measured).days
    days = range(max(every - late, 0), DAYS * n_weeks + 1, every)
    return tuple(Retest(begins + timedelta(days=day), protocols, ids) for day in days) if ids else ()


def _begun(on: date, tracks: Sequence[Track]) -> tuple[Decision, ...]:
    return tuple(
        Decision(
            on=on,
            track=one.id,
            kind=DecisionKind.BEGIN,
            rule="begin",
            words="; ".join(each.words for each in one.deficits) or "Nothing was found here: it is kept up.",
            stage=one.stage,
            step=one.step,
            source=one.deficits[0].source if one.deficits else "",
            trust=one.deficits[0].trust if one.deficits else "",
        )
        for one in tracks
    )


def _require_sense(availability: Availability, planning: Planning) -> None:
    low, high = _MINUTES
    if not low <= availability.minutes_a_day <= high:
        raise SourceError(
            f"minutes a day: {availability.minutes_a_day:g}", f"say {low:g} to {high:g} minutes"
        )
    if not 1 <= availability.days_a_week <= DAYS:
        raise SourceError(f"days a week: {availability.days_a_week}", "say 1 to 7 days")
    if any(day not in range(DAYS) for day in (*availability.weekdays, *availability.busy)):
        raise SourceError("weekdays: one is not 0 (Monday) to 6 (Sunday)", "say 0 to 6")
    unknown = [name for name in availability.equipment if name not in planning.equipment.things]
    if unknown:
        things = ", ".join(planning.equipment.things)
        raise SourceError(f"equipment: {unknown[0]!r:.60} is not known", f"choose from: {things}")
    for name in (*availability.avoid, *availability.prefer):
        if name not in planning.exercises:
            raise SourceError(f"there is no exercise {name!r:.60}", "name exercises by their id")
