"""How somebody is getting on: measures over time, what was done of what was planned, pain, milestones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from coxa.app.clearance import clearance, counting
from coxa.app.record import Entry, Kind, Person, Records
from coxa.app.record_documents import value_of
from coxa.assess.sides import compare
from coxa.model.assessment import Estimate
from coxa.model.plan import PlannedSession, Programme, SessionKind
from coxa.model.screening import ScreenOutcome
from coxa.model.training import DecisionKind, Done, LogEntry
from coxa.specs.assess import AssessRules
from coxa.specs.reliability import ReliabilityFile
from coxa.specs.triage import TriageSpec

#: Days with training that are worth a word.
_COUNTS = (10, 25, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement.

    Attributes:
        on: the day.
        value_deg: what was measured.
        sd_deg: of it.
        method: what it was measured with; empty: not told.
    """

    on: date
    value_deg: float
    sd_deg: float
    method: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """The last measurement less an earlier one.

    Attributes:
        since: day of the earlier one.
        difference_deg: last less earlier.
        sd_deg: of the difference.
        detectable_deg: minimal detectable change.
        probability: that the true change has this sign.
        real: more than what is detectable.
    """

    since: date
    difference_deg: float
    sd_deg: float
    detectable_deg: float
    probability: float
    real: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """One quantity of one side over time.

    Attributes:
        protocol: it was measured with.
        quantity: id.
        side: ``left``, ``right`` or empty.
        points: by day.
        since_first: the change from the first to the last; None: measured once.
        since_last: from the one before the last; None: measured less than three times.
        untold: measurements in which the source could not tell it.
    """

    protocol: str
    quantity: str
    side: str
    points: tuple[Point, ...]
    since_first: Change | None
    since_last: Change | None
    untold: int


@dataclass(frozen=True, slots=True)
class Adherence:
    """What was done of what was planned.

    Attributes:
        planned: full sessions that were due.
        done: of them, days with something done.
        extra: further days with something done.
        weeks: of each week its Monday, planned, done.
    """

    planned: int
    done: int
    extra: int
    weeks: tuple[tuple[date, int, int], ...]

    @property
    def share(self) -> float | None:
        """Done of planned; None: nothing was due."""
        return self.done / self.planned if self.planned else None


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something reached.

    Attributes:
        on: the day.
        words: what.
    """

    on: date
    words: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one person, as of one day.

    Attributes:
        person: whom.
        as_of: the day.
        measures: by protocol, quantity, side.
        adherence: to the programmes.
        pain: the most of each day that told of any.
        milestones: oldest first.
        screen: what is allowed today.
        programme: in force; None: none, or the screen allows no exercise.
        next: what to do next, in words.
    """

    person: Person
    as_of: date
    measures: tuple[Measure, ...]
    adherence: Adherence
    pain: tuple[tuple[date, float], ...]
    milestones: tuple[Milestone, ...]
    screen: ScreenOutcome
    programme: Programme | None
    next: tuple[str, ...]


def progress(
    records: Records,
    person: Person,
    as_of: date,
    rules: AssessRules,
    triage: TriageSpec,
    lab: ReliabilityFile | None = None,
) -> Progress:
    """How one person is getting on.

    Args:
        records: where it is kept.
        person: whom.
        as_of: nothing later counts.
        rules: of comparisons.
        triage: how long a screen holds.
        lab: the laboratory's own minimal detectable changes, for measures that all were made by its method.

    Raises:
        SourceError: an entry is not of its kind.
    """
    kept = {kind: _until(records.entries(person.id, kind), as_of) for kind in Kind}
    log = [_value(one, LogEntry) for one in kept[Kind.SESSION]]
    programmes = [(one.on, _value(one, Programme)) for one in kept[Kind.PROGRAMME]]
    screen = clearance(records, person, triage, as_of)
    current = _current([one for _, one in programmes], screen)
    measures = tuple(_measures(kept[Kind.ASSESSMENT], rules, lab))
    return Progress(
        person=person,
        as_of=as_of,
        measures=measures,
        adherence=_adherence(programmes, log, as_of),
        pain=tuple(sorted(_pain(log, kept[Kind.PAIN]).items())),
        milestones=tuple(_milestones([one for _, one in programmes], log, measures)),
        screen=screen,
        programme=current,
        next=tuple(_next(screen, current, as_of)),
    )


def current_programme(records: Records, person: Person, triage: TriageSpec, on: date) -> Programme | None:
    """The programme in force; None where there is none, or the newest screen allows no exercise."""
    kept = _until(records.entries(person.id, Kind.PROGRAMME), on)
    found = [value_of(Kind.PROGRAMME, one.document) for one in kept[-1:]]
    return _current(found, clearance(records, person, triage, on))


def _current(programmes: Sequence[Programme], screen: ScreenOutcome) -> Programme | None:
    """The last, where the screen allows it and it was made under all its cautions."""
    if not programmes or not screen.allows_exercise or not counting(programmes[-1], screen):
        return None
    return programmes[-1]


def _until(entries: Iterable[Entry], as_of: date) -> list[Entry]:
    return [one for one in entries if one.on <= as_of]


def _value(entry: Entry, _: type[Any]) -> Any:
    return value_of(entry.kind, entry.document, f"{entry.kind.value} of {entry.on}")


def _measures(entries: Iterable[Entry], rules: AssessRules, lab: ReliabilityFile | None) -> Iterator[Measure]:
    found: dict[tuple[str, str, str], list[Point]] = {}
    untold: dict[tuple[str, str, str], int] = {}
    for entry in entries:
        method = str((entry.document.get("provenance") or {}).get("kind", ""))
        for result in entry.document["results"]:
            key = (entry.document["protocol"], result["quantity"], result["side"])
            value, sd = result.get("value_deg"), result.get("sd_deg")
            if value is None or sd is None or result.get("observability") != "observed":
                untold[key] = untold.get(key, 0) + 1
            else:
                found.setdefault(key, []).append(Point(entry.on, float(value), float(sd), method))
    for key in sorted(found):
        points = tuple(found[key])
        changed = partial(_change, key[:2], rules=rules, lab=lab)
        first = changed(points[0], points[-1]) if len(points) > 1 else None
        last = changed(points[-2], points[-1]) if len(points) > 2 else None
        yield Measure(*key, points, first, last, untold.get(key, 0))


def _change(
    of: tuple[str, str], before: Point, after: Point, rules: AssessRules, lab: ReliabilityFile | None
) -> Change | None:
    figures = tuple(
        Estimate(math.radians(one.value_deg), math.radians(one.sd_deg)) for one in (after, before)
    )
    told = compare(of[1], "after-before", (figures[0], figures[1]), of[1], rules, ("after", "before"))
    if told is None:
        return None
    difference_deg = math.degrees(told.difference.value)
    shown = lab.row(*of, after.method) if lab is not None and before.method == after.method else None
    detectable_deg = math.degrees(told.mdc) if shown is None else shown.minimal_detectable_deg
    return Change(
        before.on,
        difference_deg,
        math.degrees(told.difference.sd),
        detectable_deg,
        told.probability,
        # How far sides may differ (what `told.real` also asks for) is no matter of one side over time.
        abs(difference_deg) > detectable_deg,
    )


def _planned(programmes: Sequence[tuple[date, Programme]], as_of: date) -> dict[date, PlannedSession]:
    """Full sessions that were due: each programme's until the next one took over."""
    due: dict[date, PlannedSession] = {}
    for place, (_, one) in enumerate(programmes):
        until = programmes[place + 1][0] if place + 1 < len(programmes) else as_of + timedelta(days=1)
        for week in one.weeks:
            for session in week.sessions:
                if session.kind is SessionKind.FULL and session.on < until and session.on <= as_of:
                    due[session.on] = session
    return due


def _trained(log: Iterable[LogEntry]) -> set[date]:
    return {one.on for one in log if one.done is not Done.MISSED}


def _adherence(
    programmes: Sequence[tuple[date, Programme]], log: Sequence[LogEntry], as_of: date
) -> Adherence:
    due, trained = set(_planned(programmes, as_of)), _trained(log)
    weeks: dict[date, tuple[int, int]] = {}
    for day in sorted(due):
        monday = day - timedelta(days=day.weekday())
        planned, done = weeks.get(monday, (0, 0))
        weeks[monday] = (planned + 1, done + (day in trained))
    return Adherence(
        len(due), len(due & trained), len(trained - due), tuple((day, *of) for day, of in weeks.items())
    )


def _pain(log: Iterable[LogEntry], told: Iterable[Entry]) -> dict[date, float]:
    worst: dict[date, float] = {}
    figures = [(one.on, one.pain) for one in log]
    figures += [(one.on + timedelta(days=1), one.pain_next_morning) for one in log]
    figures += [(one.on, value_of(Kind.PAIN, one.document).score) for one in told]
    for day, score in figures:
        if score is not None:
            worst[day] = max(score, worst.get(day, 0.0))
    return worst


def _milestones(
    programmes: Sequence[Programme], log: Sequence[LogEntry], measures: Iterable[Measure]
) -> list[Milestone]:
    found = {
        (one.on, one.track, one.kind): Milestone(one.on, one.words)
        for programme in programmes
        for one in programme.decisions
        if one.kind in (DecisionKind.ADVANCE, DecisionKind.GRADUATE)
    }
    days = sorted(_trained(log))
    counted = [Milestone(days[n - 1], f"{n} days of training") for n in _COUNTS if len(days) >= n]
    moved = [
        Milestone(
            one.points[-1].on,
            f"{_words(one.quantity)} {one.side}: {one.since_first.difference_deg:+.0f}° since "
            f"{one.since_first.since}, more than the error of measuring",
        )
        for one in measures
        if one.since_first is not None and one.since_first.real
    ]
    return sorted([*found.values(), *counted, *moved], key=lambda one: one.on)


def _next(screen: ScreenOutcome, programme: Programme | None, as_of: date) -> Iterator[str]:
    if not screen.allows_exercise:
        for one in screen.referrals:
            yield f"No exercise. {one.words} See {one.whom}, {one.how_soon}."
        if not screen.referrals:
            yield "Answer the screen before any exercise: coxa screen."
        return
    if programme is None:
        yield "There is no programme yet: coxa plan."
        return
    sessions = sorted(one.on for week in programme.weeks for one in week.sessions if one.on >= as_of)
    if sessions:
        yield f"Next session: {sessions[0]}."
    retests = sorted((one.on, one.protocols) for one in programme.retests if one.on >= as_of)
    if retests:
        yield f"Next retest: {retests[0][0]} ({', '.join(map(_words, retests[0][1]))})."
    if not sessions and not retests:
        yield "The programme has ended: measure again, then plan again."


def _words(name: str) -> str:
    return name.replace("_", " ")
