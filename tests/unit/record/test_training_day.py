"""Training day by day: what is planned and done, and what is asked the morning after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from gzip import decompress
from pathlib import Path

import pytest

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.bootstrap import today as days
from coxa.bootstrap import training as trainings
from coxa.model.errors import SourceError
from coxa.model.plan import SessionKind
from coxa.model.screening import Answer, Screen
from coxa.model.training import Done, LogEntry, Symptom
from tests.support import stores
from tests.support.plans import HEALTHY

TODAY = date.today()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with stores.opened(tmp_path / "record", None) as opened:
        yield opened


@pytest.fixture
def person(records: SqlRecords) -> Person:
    """Cleared and planned yesterday."""
    made = records.add_person(Person("", "Zoë"))
    trainings.screen_person(records, made, Screen(YESTERDAY, HEALTHY, 40.0))
    trainings.plan_person(records, made, YESTERDAY)
    return made


def test_a_day_goes_from_planned_to_done(records: SqlRecords, person: Person) -> None:
    day = days.training(records, person).day
    assert day.session is not None
    assert day.next is not None
    first = day.next.planned.exercise
    assert days.logged(records, person, LogEntry(TODAY, first, form=0.9, pain=1.0, effort=5.0)) == ()
    after = days.training(records, person).day
    assert after.trained
    assert after.items[0].done
    assert after.next is not None
    assert after.next.planned.exercise != first
    days.logged(records, person, LogEntry(TODAY, after.next.planned.exercise, Done.MISSED))
    left_out = days.training(records, person).day.items[1]
    assert left_out.settled
    assert not left_out.done


def test_pain_before_is_known_again_only_today(records: SqlRecords, person: Person) -> None:
    assert days.training(records, person).pain_before is None
    assert days.told_before(records, person, 2.0, TODAY) == ()
    assert days.training(records, person).pain_before == 2.0
    assert days.told_before(records, person, 7.0, TODAY)
    assert days.training(records, person).pain_before == 7.0
    assert days.training(records, person, TODAY + timedelta(days=1)).pain_before is None


def test_the_next_morning_is_asked_once_corrects_the_log_and_steps_back(
    records: SqlRecords, person: Person
) -> None:
    planned = days.training(records, person, YESTERDAY).day.items
    for item in planned:
        entry = LogEntry(YESTERDAY, item.planned.exercise, form=0.9, pain=1.0, pain_before=1.0)
        days.logged(records, person, entry)
    assert len(days.training(records, person).morning) == len(planned)
    assert days.told_next_morning(records, person, 4.0, TODAY)
    found = days.training(records, person)
    assert found.morning == ()
    log = records.entries(person.id, Kind.SESSION)
    assert [one.document["pain_next_morning"] for one in log] == [4.0] * len(planned)
    assert len(records.entries(person.id, Kind.SESSION, replaced=True)) == 2 * len(planned)
    assert found.programme is not None
    assert "step back" in {one.kind.value for one in found.programme.decisions}
    assert not days.told_next_morning(records, person, 4.0, TODAY)


def test_pain_above_five_changes_the_plan_at_once(records: SqlRecords, person: Person) -> None:
    before = days.training(records, person)
    assert before.day.next is not None
    words = days.logged(
        records, person, LogEntry(TODAY, before.day.next.planned.exercise, pain=7.0, form=0.9)
    )
    assert "steps back" in " ".join(words)
    after = days.training(records, person)
    assert after.programme != before.programme
    assert after.day.session == before.day.session, "today stays what it was"


def test_a_week_that_is_over_is_planned_from_the_log_first(records: SqlRecords, person: Person) -> None:
    assert not days.training(records, person).over
    assert days.training(records, person, YESTERDAY + timedelta(days=7)).over


def test_a_symptom_and_a_caution_leave_nothing(records: SqlRecords, person: Person) -> None:
    trainings.screen_person(records, person, Screen(TODAY, {**HEALTHY, "pregnant": Answer.YES}, 40.0))
    cautious = days.training(records, person)
    assert cautious.outdated
    assert (cautious.programme, cautious.days) == (None, ())
    trainings.plan_person(records, person, TODAY)
    planned = days.training(records, person)
    assert not planned.outdated
    assert planned.programme is not None
    days.logged(records, person, LogEntry(TODAY, "squat", symptoms=(Symptom.NUMBNESS,)))
    closed = days.training(records, person)
    assert not closed.screen.allows_exercise
    assert (closed.programme, closed.days, closed.outdated) == (None, (), False)


def test_a_session_moves_and_its_former_day_is_replaced(records: SqlRecords, person: Person) -> None:
    found = days.training(records, person)
    programme = found.programme
    assert programme is not None
    session, to = next(
        (one.on, free[-1])
        for one in programme.weeks[0].sessions
        if one.kind is SessionKind.FULL and one.on >= TODAY and (free := days.days_for(found, one.on))
    )
    days.move_session(records, person, session, to, TODAY)
    assert len(records.entries(person.id, Kind.PROGRAMME)) == 1
    changed = days.training(records, person).programme
    assert changed is not None
    full = {one.on for one in changed.weeks[0].sessions if one.kind is SessionKind.FULL}
    assert to in full
    assert session not in full
    with pytest.raises(SourceError, match="over"):
        days.move_session(records, person, YESTERDAY, TODAY, TODAY)


def test_figures_are_of_exercises_that_there_are() -> None:
    assert decompress(days.packed_figure("squat", "right")).startswith(b"<svg")
    with pytest.raises(SourceError, match="no such exercise"):
        days.packed_figure("flying", "right")
