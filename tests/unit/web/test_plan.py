"""This week and today's session, as pages."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.app.record_documents import value_of
from coxa.bootstrap import today as days
from coxa.bootstrap import training
from coxa.model.plan import SessionKind
from coxa.model.screening import Answer, Screen
from coxa.model.training import LogEntry
from coxa.web.pwa.keeping import HEADER
from tests.support.plans import HEALTHY
from tests.unit.web.conftest import PAGE

TODAY = date.today()
WISHES = {
    "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
    "days": "3",
    "minutes": "25",
    "daily_minimum": "on",
    "equipment": ["ball"],
    "goal0": "put my left sock on",
    "now0": "4",
    "target0": "8",
    "programme": "personal_mixture",
}
CLEAN = {"done": "done", "sets": "2", "repetitions": "", "form": "95", "effort": "6", "pain": "1"}


@pytest.fixture
def cleared(records: SqlRecords, person: Person) -> Person:
    training.screen_person(records, person, Screen(TODAY - timedelta(days=1), HEALTHY, 40.0))
    return person


@pytest.fixture
def planned(records: SqlRecords, cleared: Person) -> Person:
    training.plan_person(records, cleared, TODAY)
    return cleared


def test_wishes_become_a_plan_with_its_reasons(
    client: TestClient, records: SqlRecords, cleared: Person
) -> None:
    home = f"/p/{cleared.id}"
    asked = client.get(f"{home}/plan", headers=PAGE)
    assert "Make your plan" in asked.text
    made = client.post(f"{home}/plan", data=WISHES, headers=PAGE)
    assert (made.status_code, made.headers["location"]) == (303, f"{home}/plan")
    shown = client.get(f"{home}/plan", headers=PAGE).text
    assert "Why this plan" in shown
    assert "put my left sock on" in shown
    assert f"{home}/session" in shown
    again = client.get(f"{home}/plan/wishes", headers=PAGE).text
    assert 'value="put my left sock on"' in again
    kept = records.entries(cleared.id, Kind.PROGRAMME)[-1]
    programme = value_of(kept.kind, kept.document)
    assert programme.availability.minutes_a_day == 25
    assert programme.availability.equipment == ("ball",)
    assert programme.goals[0].activity_target == 8


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": []},
        {"days": "9"},
        {"minutes": "no"},
        {"programme": "flying"},
        {"equipment": ["trapeze"]},
        {"avoid": ["flying"]},
        {"goal0": "x" * 201},
    ],
)
def test_wishes_that_make_no_sense_are_refused(
    client: TestClient, records: SqlRecords, cleared: Person, wrong: dict[str, object]
) -> None:
    answer = client.post(f"/p/{cleared.id}/plan", data={**WISHES, **wrong}, headers=PAGE)
    assert answer.status_code == 422
    assert not records.entries(cleared.id, Kind.PROGRAMME)


def test_a_session_goes_through_its_exercises(
    client: TestClient, records: SqlRecords, planned: Person
) -> None:
    home = f"/p/{planned.id}"
    items = days.training(records, planned).day.items
    assert "How much does it hurt now?" in client.get(f"{home}/session", headers=PAGE).text
    assert client.post(f"{home}/session/before", data={"pain": "2"}, headers=PAGE).status_code == 303
    for item in items:
        shown = client.get(f"{home}/session", headers=PAGE).text
        assert f"<h1>{item.planned.title}</h1>" in shown
        told = {"exercise": item.planned.exercise, **CLEAN}
        assert client.post(f"{home}/session/log", data=told, headers=PAGE).status_code == 303
    assert "Done for today" in client.get(f"{home}/session", headers=PAGE).text
    log = [value_of(one.kind, one.document) for one in records.entries(planned.id, Kind.SESSION)]
    assert [one.exercise for one in log] == [one.planned.exercise for one in items]
    assert {(one.pain_before, one.form, one.sets, one.repetitions) for one in log} == {(2.0, 0.95, 2, None)}
    assert log[0].tracks == items[0].planned.tracks


def test_pain_that_stops_is_said_and_a_symptom_closes(
    client: TestClient, records: SqlRecords, planned: Person
) -> None:
    home, item = f"/p/{planned.id}", days.training(records, planned).day.items[0]
    told = {
        "exercise": item.planned.exercise,
        "pain": "8",
        "form": "95",
        "note": "I can feel numbness in the saddle",
    }
    said = client.post(f"{home}/session/log", data=told, headers=PAGE)
    assert said.status_code == 200
    assert "steps back" in said.text
    assert client.get(f"{home}/session/symptom", headers=PAGE).status_code == 200
    felt = client.post(f"{home}/session/symptom", data={"felt": "giving way"}, headers=PAGE)
    assert felt.status_code == 303
    closed = client.get(felt.headers["location"], headers=PAGE)
    assert "No exercise now" in closed.text
    assert closed.headers[HEADER] == f"{planned.id} never"
    assert client.post(f"{home}/session/log", data=told, headers=PAGE).status_code == 303
    assert len(records.entries(planned.id, Kind.SESSION)) == 2


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("log", {"exercise": "flying", "pain": "1"}),
        ("log", {"exercise": "squat", "pain": "11"}),
        ("log", {"exercise": "squat", "sets": "-1"}),
        ("log", {"exercise": "squat", "done": "perhaps"}),
        ("before", {"pain": "nan"}),
        ("before", {}),
        ("symptom", {"felt": "joy"}),
        ("morning", {"pain": "-1"}),
    ],
)
def test_a_log_that_makes_no_sense_is_refused(
    client: TestClient, records: SqlRecords, planned: Person, path: str, told: dict[str, str]
) -> None:
    answer = client.post(f"/p/{planned.id}/session/{path}", data=told, headers=PAGE)
    assert answer.status_code == 422
    assert not records.entries(planned.id, Kind.SESSION)
    assert not records.entries(planned.id, Kind.PAIN)


def test_the_morning_after_is_asked_and_kept(
    client: TestClient, records: SqlRecords, planned: Person
) -> None:
    yesterday = TODAY - timedelta(days=1)
    days.logged(records, planned, LogEntry(yesterday, "squat", pain=1.0, form=0.9))
    home = f"/p/{planned.id}"
    assert "The morning after" in client.get(f"{home}/plan", headers=PAGE).text
    answer = client.post(f"{home}/session/morning", data={"pain": "5", "back": "plan"}, headers=PAGE)
    assert answer.headers["location"] == f"{home}/plan?stepped=back"
    shown = client.get(answer.headers["location"], headers=PAGE).text
    assert "took a step back" in shown
    assert "The morning after" not in shown


def test_what_the_camera_cannot_see_is_asked(
    client: TestClient, records: SqlRecords, planned: Person
) -> None:
    home, item = f"/p/{planned.id}", days.training(records, planned).day.items[0]
    days.logged(records, planned, LogEntry(TODAY, item.planned.exercise, form=0.9))
    assert "How was it?" in client.get(f"{home}/session", headers=PAGE).text
    assert "begun" in client.get(f"{home}/plan", headers=PAGE).text
    told = client.post(f"{home}/session/after", data={"pain": "2", "effort": "6"}, headers=PAGE)
    assert told.status_code == 303
    (entry,) = records.entries(planned.id, Kind.SESSION)
    log = value_of(entry.kind, entry.document)
    assert (log.pain, log.effort, log.form) == (2.0, 6.0, 0.9)
    assert "How was it?" not in client.get(f"{home}/session", headers=PAGE).text


def test_the_coach_gets_what_is_left_of_the_session(
    client: TestClient, records: SqlRecords, planned: Person
) -> None:
    home, items = f"/p/{planned.id}", days.training(records, planned).day.items
    days.logged(records, planned, LogEntry(TODAY, items[0].planned.exercise, pain=1.0))
    shown = client.get(f"{home}/session/camera", headers=PAGE).text
    data = json.loads(shown.split('id="page-data">')[1].split("</script>")[0])
    told = [one["exercise"] for one in data["items"]]
    assert list(dict.fromkeys(told)) == [one.planned.exercise for one in items[1:]]
    planned_sets = {one.planned.exercise: one.planned.sets for one in items}
    assert data["items"][0]["dose"]["sets"] == planned_sets[told[0]]
    for one in items[1:]:
        days.logged(records, planned, LogEntry(TODAY, one.planned.exercise, pain=1.0))
    assert client.get(f"{home}/session/camera", headers=PAGE).status_code == 303


def test_a_session_moves_and_a_wrong_day_is_refused(
    client: TestClient, records: SqlRecords, planned: Person
) -> None:
    home, found = f"/p/{planned.id}", days.training(records, planned)
    assert found.programme is not None
    full = [one.on for one in found.programme.weeks[0].sessions if one.kind is SessionKind.FULL]
    on = next(day for day in full if days.days_for(found, day))
    to = days.days_for(found, on)[0]
    assert (
        client.post(f"{home}/plan/move", data={"on": str(on), "to": str(on)}, headers=PAGE).status_code == 422
    )
    assert (
        client.post(f"{home}/plan/move", data={"on": str(on), "to": str(to)}, headers=PAGE).status_code == 303
    )
    changed = days.training(records, planned).programme
    assert changed is not None
    assert to in [one.on for one in changed.weeks[0].sessions if one.kind is SessionKind.FULL]


def test_calendar_and_figures(client: TestClient, planned: Person) -> None:
    feed = client.get(f"/p/{planned.id}/plan/calendar.ics")
    assert feed.headers["content-type"].startswith("text/calendar")
    assert b"VEVENT" in feed.content
    figure = client.get(f"/p/{planned.id}/exercises/squat/figure.svg")
    assert figure.headers["content-type"].startswith("image/svg+xml")
    assert "private" in figure.headers["cache-control"]
    assert client.get(f"/p/{planned.id}/exercises/flying/figure.svg").status_code == 422


def test_a_caution_that_came_up_has_the_plan_made_again(
    client: TestClient, records: SqlRecords, planned: Person
) -> None:
    training.screen_person(records, planned, Screen(TODAY, {**HEALTHY, "pregnant": Answer.YES}, 40.0))
    shown = client.get(f"/p/{planned.id}/plan", headers=PAGE).text
    assert "A caution came up" in shown
    assert "Begin</a>" not in shown
    assert client.post(f"/p/{planned.id}/plan/again", headers=PAGE).status_code == 303
    assert "Keep in mind" in client.get(f"/p/{planned.id}/plan", headers=PAGE).text


def test_pages_may_be_kept_by_their_own_reader(client: TestClient, planned: Person) -> None:
    assert client.get(f"/p/{planned.id}/plan", headers=PAGE).headers[HEADER] == f"{planned.id} any"
    assert client.get(f"/p/{planned.id}/session", headers=PAGE).headers[HEADER] == f"{planned.id} {TODAY}"
