"""Training of a person of the record, day by day: what is planned, what was done, what is still asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coxa.app.clearance import allowed, counting
from coxa.app.record import Entry, Kind, Person, Records
from coxa.app.record_documents import value_of
from coxa.model.plan import PlannedExercise, PlannedSession, Programme, Week
from coxa.model.screening import ScreenOutcome
from coxa.model.training import Done, LogEntry
from coxa.specs.triage import TriageSpec

#: Label of the pain that was told before a session.
BEFORE = "before the session"
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Item:
    """An exercise of a day.

    Attributes:
        planned: as it is to be done.
        log: of it, oldest first.
    """

    planned: PlannedExercise
    log: tuple[LogEntry, ...]

    @property
    def settled(self) -> bool:
        """Whether something was said of it: done, partly, or left out."""
        return bool(self.log)

    @property
    def done(self) -> bool:
        """Whether some of it was done."""
        return any(one.done is not Done.MISSED for one in self.log)


@dataclass(frozen=True, slots=True)
class TrainingDay:
    """One day.

    Attributes:
        on: the day.
        session: planned; None: a day of rest.
        items: its exercises.
        trained: anything was done, planned or not.
        retest: ids of protocols to be measured again.
    """

    on: date
    session: PlannedSession | None
    items: tuple[Item, ...]
    trained: bool
    retest: tuple[str, ...] = ()

    @property
    def next(self) -> Item | None:
        """The first exercise of which nothing was said; None: all settled."""
        return next((one for one in self.items if not one.settled), None)


@dataclass(frozen=True, slots=True)
class Training:
    """How training stands on a day.

    Attributes:
        today: the day.
        screen: what is allowed.
        programme: the newest one; None: none, or it does not hold any more.
        outdated: there is a programme, but a caution came up after it was made.
        over: its first week is over: the next is to be made from the log.
        days: from Monday to Sunday, or to the end of the programme's week where that is later; none without a
            programme.
        pain_before: told before today's session, 0..10; None: not told.
        morning: entries of yesterday whose pain of the next morning is not told.
        untold: entries of today that do not tell how much it hurt: the camera does not see it.
    """

    today: date
    screen: ScreenOutcome
    programme: Programme | None
    outdated: bool
    over: bool
    days: tuple[TrainingDay, ...]
    pain_before: float | None
    morning: tuple[Entry, ...]
    untold: tuple[Entry, ...] = ()

    @property
    def day(self) -> TrainingDay:
        """Today; a day of rest where there is no programme."""
        empty = TrainingDay(self.today, None, (), False)
        return next((one for one in self.days if one.on == self.today), empty)

    @property
    def week(self) -> Week | None:
        """Of the programme, that today or the first day to come belongs to; None: it has none."""
        weeks = () if self.programme is None else self.programme.weeks
        return next((one for one in weeks if self.today < one.begins + _WEEK), None)


def training(records: Records, person: Person, triage: TriageSpec, today: date) -> Training:
    """How training stands; where no exercise is allowed, no programme and no day is told.

    Args:
        records: where it is kept.
        person: whose.
        triage: how long a screen holds.
        today: the day.

    Raises:
        SourceError: an entry is not of its kind.
    """
    sessions = records.entries(person.id, Kind.SESSION)
    screen = allowed(records.entries(person.id, Kind.SCREEN), sessions, triage, today)
    # A programme that was made after today's session begins tomorrow.
    kept = [one for one in records.entries(person.id, Kind.PROGRAMME) if one.on <= today + timedelta(days=1)]
    programmes: list[Programme] = [value_of(one.kind, one.document) for one in kept]
    newest = programmes[-1] if programmes else None
    holds = newest is not None and bool(newest.weeks) and screen.allows_exercise and counting(newest, screen)
    log: list[LogEntry] = [value_of(one.kind, one.document) for one in sessions]
    return Training(
        today=today,
        screen=screen,
        programme=newest if holds else None,
        outdated=newest is not None and screen.allows_exercise and not holds,
        over=holds and newest is not None and today >= newest.begins + _WEEK,
        days=tuple(_days(programmes, log, today)) if holds else (),
        pain_before=_before(records.entries(person.id, Kind.PAIN, since=today), today),
        morning=tuple(_unasked(sessions, today)),
        untold=tuple(_untold(sessions, today)),
    )


def _days(programmes: Sequence[Programme], log: Sequence[LogEntry], today: date) -> Iterator[TrainingDay]:
    """Each day is of the programme in force on it."""
    monday = today - timedelta(days=today.weekday())
    until = max(monday + _WEEK, programmes[-1].begins + _WEEK)
    for on in (monday + timedelta(days=n) for n in range((until - monday).days)):
        there = [one for one in programmes if one.begins <= on]
        programme = there[-1] if there else None
        sessions = [] if programme is None else [each for one in programme.weeks for each in one.sessions]
        session = next((one for one in sessions if one.on == on), None)
        done = [one for one in log if one.on == on]
        retests = [] if programme is None else [one for one in programme.retests if one.on == on]
        yield TrainingDay(
            on=on,
            session=session,
            items=tuple(
                Item(one, tuple(each for each in done if each.exercise == one.exercise))
                for one in (session.exercises if session else ())
            ),
            trained=any(one.done is not Done.MISSED for one in done),
            retest=tuple(dict.fromkeys(name for one in retests for name in one.protocols)),
        )


def _before(pain: Sequence[Entry], today: date) -> float | None:
    told = [one for one in pain if one.on == today and one.label == BEFORE]
    return float(value_of(Kind.PAIN, told[-1].document).score) if told else None


def _unasked(sessions: Sequence[Entry], today: date) -> Iterator[Entry]:
    """Only yesterday's: how it was on a morning days ago, nobody knows well."""
    for one in sessions:
        told: LogEntry = value_of(one.kind, one.document)
        trained = told.on == today - timedelta(days=1) and told.done is not Done.MISSED
        if trained and told.pain_next_morning is None:
            yield one


def _untold(sessions: Sequence[Entry], today: date) -> Iterator[Entry]:
    for one in sessions:
        told: LogEntry = value_of(one.kind, one.document)
        if told.on == today and told.done is not Done.MISSED and told.pain is None and not told.symptoms:
            yield one
