"""A clinician's list of clients, and what happened to each, day by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from coxa.adapters.store.records import SqlRecords
from coxa.app.attention import Attention, Urgency, attention
from coxa.app.progress import Progress, current_programme
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import Note, value_of
from coxa.app.training import Wishes
from coxa.bootstrap.recording import keep, progress
from coxa.bootstrap.training import plan_wished
from coxa.catalog.exercises import exercises
from coxa.catalog.planning import attention as attention_limits
from coxa.catalog.planning import planning
from coxa.catalog.protocols import library
from coxa.model.errors import SourceError
from coxa.model.plan import Programme
from coxa.model.training import LogEntry


@dataclass(frozen=True, slots=True)
class Client:
    """One line of the list.

    Attributes:
        person: whom.
        progress: how they are getting on.
        attention: why they need a look, most urgent first.
        last_day: of anything that was kept; None: nothing was.
    """

    person: Person
    progress: Progress
    attention: tuple[Attention, ...]
    last_day: date | None

    @property
    def urgency(self) -> int:
        """Of the most urgent reason; 0: none."""
        return max((int(one.urgency) for one in self.attention), default=0)

    @property
    def needs_look(self) -> bool:
        """More than news."""
        return self.urgency > Urgency.NEWS


@dataclass(frozen=True, slots=True)
class Prescription:
    """What a clinician wants of a programme.

    Attributes:
        programme: id.
        minutes_a_day: at most.
        days_a_week: full sessions, at most.
        avoid: ids of exercises to leave out.
        prefer: ids of exercises to prefer.
        as_found: ids of exercises that the engine may choose or not.
        reason: in the clinician's words.
    """

    programme: str
    minutes_a_day: float
    days_a_week: int
    avoid: tuple[str, ...]
    prefer: tuple[str, ...]
    as_found: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a client's timeline.

    Attributes:
        on: the day.
        kind: of the entry.
        title: what it is.
        words: more of it; may be empty.
        entry: id, where it has a page of its own; empty: it has none.
    """

    on: date
    kind: Kind
    title: str
    words: str
    entry: str = ""


def client(records: SqlRecords, person: Person, on: date) -> Client:
    """One client, as of a day."""
    found = progress(records, person, on)
    days = [one.on for kind in Kind for one in records.entries(person.id, kind) if one.on <= on]
    last = max(days, default=None)
    return Client(person, found, attention(found, attention_limits(), last), last)


def clients(records: SqlRecords, people: Iterable[Person], on: date) -> list[Client]:
    """Those who need a look first, then by name."""
    found = [client(records, person, on) for person in people]
    return sorted(found, key=lambda one: (-one.urgency, one.person.name.casefold()))


def timeline(records: SqlRecords, person: Person) -> list[Happening]:
    """Everything of a client, the newest day first; a day's exercises in one line."""
    kept = {kind: records.entries(person.id, kind) for kind in Kind}
    lines = [*_trained(kept[Kind.SESSION])]
    for kind, entries in kept.items():
        if kind is not Kind.SESSION:
            lines += [_line(one) for one in entries]
    return sorted(lines, key=lambda one: one.on, reverse=True)


def _trained(entries: Sequence[Entry]) -> Iterator[Happening]:
    days: dict[date, list[LogEntry]] = {}
    called = titles()
    for one in entries:
        days.setdefault(one.on, []).append(value_of(Kind.SESSION, one.document))
    for day, log in days.items():
        names = ", ".join(dict.fromkeys(called.get(one.exercise, one.exercise) for one in log))
        felt = sorted({symptom.value for one in log for symptom in one.symptoms})
        pain = max((one.pain for one in log if one.pain is not None), default=None)
        told = [*felt, *([] if pain is None else [f"pain {pain:g} of 10"])]
        yield Happening(day, Kind.SESSION, names, ", ".join(told))


def _line(entry: Entry) -> Happening:
    document = entry.document
    if entry.kind is Kind.NOTE:
        return Happening(entry.on, entry.kind, str(document.get("text", "")), entry.label)
    if entry.kind is Kind.PAIN:
        return Happening(
            entry.on, entry.kind, f"{document.get('score', 0):g} of 10", str(document.get("where", ""))
        )
    if entry.kind is Kind.ASSESSMENT:
        return Happening(entry.on, entry.kind, titles().get(entry.label, entry.label), "", entry.id)
    if entry.kind is Kind.PROGRAMME:
        return Happening(entry.on, entry.kind, str(document.get("title", entry.label)), "")
    return Happening(entry.on, entry.kind, entry.label or entry.kind.value, "")


def titles() -> dict[str, str]:
    """Id -> title of every exercise and test."""
    known = {key: one.title for key, one in exercises().items()}
    return known | library().titles


def programme_titles() -> dict[str, str]:
    """Id -> title of every programme, the personal mixture first."""
    known = planning()
    return {known.mixture.id: known.mixture.title} | {key: one.title for key, one in known.programmes.items()}


def exercises_of(programme: Programme) -> tuple[str, ...]:
    """Ids of everything in it, in the order of its days, and of what was left out."""
    planned = [
        one.exercise for week in programme.weeks for session in week.sessions for one in session.exercises
    ]
    return tuple(dict.fromkeys([*planned, *programme.availability.avoid]))


def prescribed(records: SqlRecords, person: Person, wanted: Prescription, by: str, today: date) -> Programme:
    """Plan anew as a clinician wants it; a note says who, what and why.

    Raises:
        SourceError: there is no programme to adjust, or no exercise is allowed.
    """
    now = current_programme(records, person, planning().triage, today)
    if now is None:
        raise SourceError("there is no programme in force", "plan first, or answer the screen")
    told = now.availability
    decided = {*wanted.avoid, *wanted.prefer, *wanted.as_found}
    availability = replace(
        told,
        minutes_a_day=wanted.minutes_a_day,
        days_a_week=wanted.days_a_week,
        avoid=tuple([one for one in told.avoid if one not in decided] + list(wanted.avoid)),
        prefer=tuple([one for one in told.prefer if one not in decided] + list(wanted.prefer)),
    )
    wishes = Wishes(availability, now.goals, wanted.programme, anew=wanted.programme != now.id)
    plan = plan_wished(records, person, wishes, today)
    keep(records, person, Kind.NOTE, Note(_said(wanted)), today, by)
    return plan


def _said(wanted: Prescription) -> str:
    parts = [f"Prescribed {wanted.programme}, {wanted.minutes_a_day:g} min, {wanted.days_a_week} days a week"]
    parts += [f"left out {', '.join(wanted.avoid)}"] if wanted.avoid else []
    parts += [f"preferred {', '.join(wanted.prefer)}"] if wanted.prefer else []
    return f"{'; '.join(parts)}. {wanted.reason}"
