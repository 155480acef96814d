"""Eight simulated weeks in a record: screen, assess, plan, log, retest, step back on pain, graduate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.app.record_documents import value_of
from coxa.bootstrap import recording, training
from coxa.model.assessment import Assessment
from coxa.model.errors import SourceError
from coxa.model.plan import Programme, TrackStatus
from coxa.model.screening import Answer, Screen
from coxa.model.training import STAGES, DecisionKind, LogEntry, Symptom
from coxa.report.assessment import document
from tests.support import stores
from tests.support.plans import DAY, HEALTHY, rotation, turning

LEFT, SPINE = "hip_internal_rotation.left", "hip_spine_dissociation"


def day(week: int, more: int = 0) -> date:
    return DAY + timedelta(days=7 * week + more)


def screen(records: SqlRecords, person: Person, on: date, **answers: Answer) -> bool:
    return training.screen_person(records, person, Screen(on, {**HEALTHY, **answers}, 40.0)).allows_exercise


def assess(records: SqlRecords, person: Person, folder: Path, on: date, *found: Assessment) -> None:
    path = folder / "assessment.json"
    path.write_text(json.dumps(document(found)), encoding="utf-8")
    recording.keep_assessments(records, person, path, on)


def train(records: SqlRecords, person: Person, plan: Programme, until: date, hurts: date | None) -> None:
    for session in plan.weeks[0].sessions:
        for one in session.exercises if session.on < until else ():
            pain = 7.0 if session.on == hurts else 1.0
            done = LogEntry(session.on, one.exercise, tracks=one.tracks, form=0.93, effort=6.0, pain=pain)
            recording.keep(records, person, Kind.SESSION, done, session.on, one.exercise)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with stores.opened(tmp_path / "data", None) as made:
        yield made


@pytest.fixture
def person(records: SqlRecords) -> Person:
    return records.add_person(Person("", "Zoë"))


@pytest.fixture
def wishes(tmp_path: Path) -> Path:
    path = tmp_path / "me.yaml"
    things = ["ball", "stick", "dumbbell", "band"]
    told = {"availability": {"minutes_a_day": 30, "days_a_week": 4, "equipment": things}}
    path.write_text(yaml.safe_dump(told), encoding="utf-8")
    return path


def test_eight_weeks_in_a_record(records: SqlRecords, person: Person, wishes: Path, tmp_path: Path) -> None:
    assert screen(records, person, DAY)
    assess(records, person, tmp_path, DAY, rotation(18, 34), turning(35))
    plans = []
    for week in range(9):
        begins = day(week)
        if week in (4, 8):  # the one before has grown old
            assert not training.plan_person(records, person, begins + timedelta(days=1)).weeks
            assert screen(records, person, begins)
        plan = training.plan_person(records, person, begins, begins, wishes if week == 0 else None)
        assert plan.weeks[0].number == week + 1
        plans.append(plan)
        train(records, person, plan, day(week + 1), day(week, 2) if week == 2 else None)
        if week % 2:
            left, score = (24.0, 50.0) if week < 4 else (31.0, 90.0)
            found = rotation(left, 34), turning(score, 0.95 if week < 4 else 0.05)
            assess(records, person, tmp_path, day(week, 6), *found)
    assert {one.id for one in plans[0].tracks} == {LEFT, SPINE}
    assert plans[-1].availability == plans[0].availability  # told once

    told = [one for one in plans[-1].decisions if one.track in (LEFT, "")]
    kinds = [one.kind for one in told]
    assert kinds[0] is DecisionKind.BEGIN
    back = next(one for one in told if one.kind is DecisionKind.STEP_BACK)
    assert back.on == next(s.on for s in plans[2].weeks[0].sessions if s.on >= day(2, 2))
    assert "Pain 7" in back.words
    assert DecisionKind.ADVANCE in kinds
    assert DecisionKind.RETEST in kinds
    assert DecisionKind.GRADUATE in kinds
    (left,) = (one for one in plans[-1].tracks if one.id == LEFT)
    assert left.status is TrackStatus.GRADUATED
    assert left.reference_deg == pytest.approx(31.0)
    stages = [STAGES.index(plan.weeks[0].stages[LEFT]) for plan in plans]
    assert stages[-1] >= STAGES.index(STAGES[3]) > stages[0]

    kept = [value_of(Kind.PROGRAMME, one.document) for one in records.entries(person.id, Kind.PROGRAMME)]
    assert kept == plans  # whole, each under its first day
    found = recording.progress(records, person, day(8))
    assert any(one.words.startswith("Retest") for one in found.milestones)
    assert found.programme == plans[-1]


def test_no_plan_is_made_or_kept_without_a_screen_that_allows_it(records: SqlRecords, person: Person) -> None:
    assert not training.plan_person(records, person, DAY).weeks
    assert not screen(records, person, DAY, saddle_numbness=Answer.YES)
    assert training.plan_person(records, person, DAY).notes[0].endswith("now.")
    assert not records.entries(person.id, Kind.PROGRAMME)


def test_a_symptom_opens_the_screen_again(records: SqlRecords, person: Person) -> None:
    screen(records, person, DAY)
    plan = training.plan_person(records, person, DAY)
    felt = LogEntry(DAY, "squat", symptoms=(Symptom.GIVING_WAY,))
    recording.keep(records, person, Kind.SESSION, felt, DAY)
    assert recording.progress(records, person, DAY).programme is None
    screen(records, person, DAY)  # of the same day: it may have been answered before
    assert not training.plan_person(records, person, day(0, 1)).weeks
    with pytest.raises(SourceError, match="allows no exercise"):
        recording.keep(records, person, Kind.PROGRAMME, plan, DAY)
    screen(records, person, day(0, 2))
    again = training.plan_person(records, person, day(0, 2))
    assert again.weeks
    assert again.decisions[-1].kind is DecisionKind.RESUME


def test_after_a_long_pause_a_new_screen_is_enough_to_begin_again(
    records: SqlRecords, person: Person
) -> None:
    screen(records, person, DAY)
    train(records, person, training.plan_person(records, person, DAY), day(1), None)
    assert not training.plan_person(records, person, day(6)).weeks
    screen(records, person, day(6))
    plan = training.plan_person(records, person, day(6))
    assert plan.weeks
    assert plan.decisions[-1].rule == "missed.again"


def test_a_programme_made_before_a_new_caution_is_not_shown(records: SqlRecords, person: Person) -> None:
    screen(records, person, DAY)
    plan = training.plan_person(records, person, DAY)
    screen(records, person, day(0, 1), hip_replacement=Answer.YES)
    assert recording.progress(records, person, day(0, 1)).programme is None
    with pytest.raises(SourceError, match="caution"):
        recording.keep(records, person, Kind.PROGRAMME, plan, day(0, 1))


def test_a_red_flag_in_any_file_is_kept_and_only_a_screen_lifts_it(
    records: SqlRecords, person: Person, tmp_path: Path
) -> None:
    screen(records, person, DAY)
    path = tmp_path / "flag.yaml"
    answers = dict.fromkeys(HEALTHY, "no") | {"saddle_numbness": "yes"}
    path.write_text(yaml.safe_dump({"screen": {"on": DAY, "answers": answers}}), encoding="utf-8")
    for _ in range(2):
        assert not training.plan_person(records, person, DAY, path=path).weeks
    assert len(records.entries(person.id, Kind.SCREEN)) == 2
    path.write_text(yaml.safe_dump({"screen": {"on": DAY, "answers": dict.fromkeys(HEALTHY, "no")}}), "utf-8")
    assert not training.plan_person(records, person, DAY, path=path).weeks
