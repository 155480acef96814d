"""A day of training, kept: pain before, exercises, the next morning, a session moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from gzip import compress
from pathlib import Path
from tempfile import TemporaryDirectory

from coxa.adapters.store.records import SqlRecords
from coxa.app import training_day
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import Pain, document_of, value_of
from coxa.app.training import require_clear
from coxa.app.training_day import BEFORE, Training
from coxa.bootstrap.figures import write_figure
from coxa.bootstrap.recording import check, keep
from coxa.bootstrap.training import pain_words, plan_person
from coxa.catalog.exercises import exercises
from coxa.catalog.planning import planning, require_exercises, triage
from coxa.model.errors import SourceError
from coxa.model.training import LogEntry
from coxa.plan import moved
from coxa.plan.day import Light, judged

_FIGURES = 128


def training(records: SqlRecords, person: Person, today: date | None = None) -> Training:
    """How training stands; today unless told otherwise."""
    return training_day.training(records, person, triage(), today or date.today())


def told_before(records: SqlRecords, person: Person, pain: float, today: date) -> tuple[str, ...]:
    """Pain before a session is kept; what the rule of pain says."""
    keep(records, person, Kind.PAIN, Pain(pain), today, BEFORE)
    return pain_words(None, pain)


def logged(records: SqlRecords, person: Person, entry: LogEntry) -> tuple[str, ...]:
    """An exercise, or a symptom, is kept; what the rule of pain says. What was red changes the plan at once.

    Raises:
        CoxaError: there is no such exercise, or it cannot be kept.
    """
    require_exercises((entry.exercise,), "the log")
    keep(records, person, Kind.SESSION, entry, entry.on, entry.exercise)
    if entry.symptoms:
        return pain_words(entry)
    if _red(entry):
        plan_person(records, person, entry.on)
    return pain_words(entry)


def told_next_morning(records: SqlRecords, person: Person, pain: float, today: date) -> bool:
    """The pain of this morning goes to what was done yesterday; whether the plan steps back for it."""
    found = training(records, person, today).morning
    return _corrected(records, person, found, today, pain_next_morning=pain)


def told_after(records: SqlRecords, person: Person, pain: float, effort: float | None, today: date) -> bool:
    """Pain and effort go to what a camera counted today; whether the plan steps back for it."""
    found = training(records, person, today)
    told = {"pain": pain, "effort": effort, "pain_before": found.pain_before}
    return _corrected(records, person, found.untold, today, **told)


def _corrected(
    records: SqlRecords, person: Person, entries: Sequence[Entry], today: date, **told: float | None
) -> bool:
    """Entries of the log with figures that were not told before, each in the place of the former one."""
    log: list[LogEntry] = [replace(value_of(one.kind, one.document), **told) for one in entries]
    corrected = [
        replace(entry, document=document_of(one), replaces=entry.id, file=None)
        for entry, one in zip(entries, log, strict=True)
    ]
    for one in corrected:
        check(Kind.SESSION, one.document, one.label)
    if corrected:
        records.add(corrected)
    red = any(_red(one) for one in log)
    if red:
        plan_person(records, person, today)
    return red


def _red(entry: LogEntry) -> bool:
    return judged((entry,), planning().rules).light is Light.RED


def days_for(found: Training, on: date) -> tuple[date, ...]:
    """Days to which a session may move."""
    programme = found.programme
    return () if programme is None else moved.days_for(programme, on, planning(), found.today)


def move_session(records: SqlRecords, person: Person, on: date, to: date, today: date) -> None:
    """A full session goes to another day of its week; the programme as it was is replaced.

    Raises:
        SourceError: it cannot go there, with the reason, or no exercise is allowed.
    """
    found = training(records, person, today)
    kept = records.entries(person.id, Kind.PROGRAMME)
    mine = [one for one in kept if value_of(one.kind, one.document) == found.programme]
    if found.programme is None or not mine:
        raise SourceError("there is no programme in force", "plan first")
    if min(on, to) < today:
        raise SourceError("a day that is over cannot be changed", "choose a day from today on")
    changed = moved.moved(found.programme, on, to, planning())
    require_clear(records, person, changed, triage(), max(today, mine[-1].on))
    records.add([replace(mine[-1], document=document_of(changed), replaces=mine[-1].id)])


@lru_cache(_FIGURES)
def packed_figure(exercise: str, side: str) -> bytes:
    """An exercise as a moving picture, SVG under gzip; drawn once.

    Raises:
        SourceError: there is no such exercise.
    """
    spec = exercises().get(exercise)
    if spec is None:
        raise SourceError("there is no such exercise", "see the plan")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "figure.svg"
        write_figure(spec, path, side)
        return compress(path.read_bytes(), mtime=0)
