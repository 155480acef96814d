"""Somebody of the record who has trained for weeks: for pages that show a history."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.app.training import Wishes
from coxa.bootstrap import recording, training
from coxa.model.assessment import Assessment
from coxa.model.plan import Availability, Goal
from coxa.model.screening import Screen
from coxa.model.training import LogEntry
from coxa.report.assessment import document
from tests.support.plans import HEALTHY, rotation, turning

_WISHES = Wishes(Availability(25, 3, equipment=("ball", "band")), (Goal("put my left sock on", 4, 8),))


def trained_person(records: SqlRecords, today: date, weeks: int = 4, name: str = "Anna Beispiel") -> Person:
    """Screened, assessed, planned week by week and trained; today's session is still to be done."""
    luck = random.Random(7)  # noqa: S311
    person = records.add_person(Person("", name, date(1980, 5, 17), "female", 1.68))
    begin = today - timedelta(days=7 * weeks)
    for day in (begin, today - timedelta(days=14)):
        training.screen_person(records, person, Screen(day, HEALTHY, 46.0))
    for week in range(weeks + 1):
        monday = begin + timedelta(days=7 * week)
        if week % 2 == 0:
            assess(records, person, monday, rotation(18 + 4 * week, 34 + luck.uniform(-2, 2)), turning(35))
        plan = training.plan_wished(records, person, _WISHES if not week else Wishes(), monday, monday)
        for session in plan.weeks[0].sessions if plan.weeks else ():
            for one in session.exercises if session.on < today and luck.random() < 0.8 else ():
                pain = float(luck.choice([0, 1, 1, 2, 3]))
                done = LogEntry(
                    session.on, one.exercise, form=0.93, effort=6.0, pain=pain, pain_next_morning=1
                )
                recording.keep(records, person, Kind.SESSION, done, session.on, one.exercise)
    return person


def assess(records: SqlRecords, person: Person, on: date, *found: Assessment) -> None:
    """Keep what was measured on a day."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "assessment.json"
        path.write_text(json.dumps(document(found)), encoding="utf-8")
        recording.keep_assessments(records, person, path, on)
