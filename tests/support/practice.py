"""A small practice: people in every state that a clinician meets, made up, told relative to a day.

python -m tests.support.practice FOLDER    # to look at pages
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import Consent, Note, Pain
from coxa.bootstrap.recording import keep
from coxa.bootstrap.training import plan_person, screen_person
from coxa.model.assessment import Assessment
from coxa.model.screening import Answer, Screen
from coxa.model.training import Done, LogEntry
from coxa.report.assessment.document import document
from tests.support.plans import HEALTHY, rotation, turning

BUSY, FLAGGED, NEW, QUIET = "Anna Beispiel", "Bert Rotfahne", "Carla Neumann", "Dorothea Lang"


def keep_assessment(records: SqlRecords, person: Person, one: Assessment, on: date) -> Entry:
    """As `coxa assess` writes it and the record keeps it."""
    (written,) = document([one])["assessments"]
    return records.add([Entry(person.id, Kind.ASSESSMENT, on, written, one.protocol)])[0]


def busy(records: SqlRecords, today: date) -> Person:
    """Screened, measured four times, on a programme for four weeks, with pain that rose."""
    person = records.add_person(Person("", BUSY, date(1980, 5, 17), "female", 1.68))
    first = today - timedelta(days=28)
    keep(records, person, Kind.CONSENT, Consent("I agree that what I enter is kept here."), first)
    screen_person(records, person, Screen(first, HEALTHY, 46.0))
    for week, (left, right) in enumerate(((14.0, 31.0), (17.0, 31.0), (21.0, 32.0), (24.0, 32.0))):
        on = first + timedelta(days=9 * week)
        keep_assessment(records, person, rotation(left, right), on)
        if week in (0, 3):
            keep_assessment(records, person, turning(60.0 + 8 * week), on)
    plan = plan_person(records, person, first, first)
    past = [one for week in plan.weeks for one in week.sessions if one.on < today]
    for place, planned in enumerate(past):
        if place % 5 == 2 and (today - planned.on).days >= 7:
            continue
        late = (today - planned.on).days < 7
        for one in planned.exercises:
            entry = LogEntry(
                planned.on, one.exercise, Done.DONE, one.tracks, form=0.9, effort=6.0,
                pain=5.0 if late else float(place % 3), pain_before=1.0, pain_next_morning=1.0,
            )  # fmt: skip
            keep(records, person, Kind.SESSION, entry, planned.on, one.exercise)
    keep(records, person, Kind.NOTE, Note("Sits all day; wants to garden again."), first, "Dr. Muster")
    plan_person(records, person, today)
    return person


def flagged(records: SqlRecords, today: date) -> Person:
    """A red flag was told yesterday."""
    person = records.add_person(Person("", FLAGGED, date(1961, 2, 3), "male", 1.81))
    answers = {**HEALTHY, "saddle_numbness": Answer.YES}
    screen_person(records, person, Screen(today - timedelta(days=1), answers, 65.0))
    return person


def quiet(records: SqlRecords, today: date) -> Person:
    """Measured once, long ago."""
    person = records.add_person(Person("", QUIET, date(1999, 9, 9), "female", 1.75))
    long_ago = today - timedelta(days=90)
    screen_person(records, person, Screen(long_ago, HEALTHY, 27.0))
    keep_assessment(records, person, replace(rotation(30.0, 33.0)), long_ago)
    keep(records, person, Kind.PAIN, Pain(3.0, "left groin"), long_ago)
    return person


def practice(records: SqlRecords, today: date) -> dict[str, Person]:
    """All of them, by name."""
    new = records.add_person(Person("", NEW))
    found = (busy(records, today), flagged(records, today), new, quiet(records, today))
    return {one.name: one for one in found}


if __name__ == "__main__":
    opened = SqlRecords.open(Path(sys.argv[1]))
    for one in practice(opened, date.today()).values():
        print(one.id, one.name)
    opened.close()
