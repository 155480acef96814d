from __future__ import annotations

from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.app.record_documents import Pain
from coxa.bootstrap.clinic import client as client_of
from coxa.bootstrap.clinic import clients, timeline
from coxa.bootstrap.recording import keep
from tests.support.practice import BUSY, FLAGGED, NEW, QUIET, practice
from tests.unit.web.conftest import PAGE

TODAY = date.today()


@pytest.fixture
def people(records: SqlRecords) -> dict[str, Person]:
    return practice(records, TODAY)


def kinds(records: SqlRecords, person: Person) -> list[str]:
    return [one.kind for one in client_of(records, person, TODAY).attention]


def test_each_state_is_seen_for_what_it_is(records: SqlRecords, people: dict[str, Person]) -> None:
    assert kinds(records, people[FLAGGED])[0] == "red_flag"
    assert set(kinds(records, people[NEW])) == {"screen", "measure"}
    assert set(kinds(records, people[QUIET])) == {"screen", "quiet"}
    assert "pain" in kinds(records, people[BUSY])
    assert not {"red_flag", "screen", "missed", "quiet"} & set(kinds(records, people[BUSY]))


def test_who_needs_a_look_most_comes_first(records: SqlRecords, people: dict[str, Person]) -> None:
    order = [one.person.name for one in clients(records, people.values(), TODAY)]
    assert order[0] == FLAGGED
    assert order.index(BUSY) == 1  # pain that rose is watched; the others are only due


@pytest.mark.parametrize(("score", "seen"), [(5.0, False), (5.5, True)])
def test_high_pain_is_seen_while_it_is_new(records: SqlRecords, score: float, seen: bool) -> None:
    person = records.add_person(Person("", "Somebody"))
    keep(records, person, Kind.PAIN, Pain(score), TODAY - timedelta(days=3))
    assert ("pain" in kinds(records, person)) is seen
    later = client_of(records, person, TODAY + timedelta(days=10)).attention
    assert "pain" not in [one.kind for one in later]


def test_the_timeline_has_every_day_the_newest_first(records: SqlRecords, people: dict[str, Person]) -> None:
    happened = timeline(records, people[BUSY])
    days = [one.on for one in happened]
    assert days == sorted(days, reverse=True)
    assert {one.kind for one in happened} >= {Kind.SESSION, Kind.ASSESSMENT, Kind.NOTE, Kind.PROGRAMME}
    trained = [one for one in happened if one.kind is Kind.SESSION]
    assert len({one.on for one in trained}) == len(trained)  # a line a day
    tests = [one for one in happened if one.kind is Kind.ASSESSMENT]
    assert all(records.entry(people[BUSY].id, Kind.ASSESSMENT, one.entry) for one in tests)


def test_the_pages_show_names_and_reasons(client: TestClient, people: dict[str, Person]) -> None:
    found = client.get("/clients", headers=PAGE)
    assert found.status_code == 200
    assert all(name in found.text for name in people)
    assert found.text.index(FLAGGED) < found.text.index(NEW)
    only = client.get("/clients", params={"q": "carla"}, headers=PAGE).text
    assert NEW in only and BUSY not in only
    page = client.get(f"/clients/{people[BUSY].id}", headers=PAGE)
    assert page.status_code == 200
    assert "real change" in page.text and "Wants to garden".casefold() in page.text.casefold()


def csrf_of(app: FastAPI, client: TestClient, path: str) -> str:
    page = client.get(path, headers=PAGE).text
    return page.split('name="csrf" value="', 1)[1].split('"', 1)[0]


def test_a_note_is_kept_as_it_was_written(
    app: FastAPI, client: TestClient, records: SqlRecords, people: dict[str, Person]
) -> None:
    who = people[BUSY]
    path = f"/clients/{who.id}"
    told = {"csrf": csrf_of(app, client, path), "text": " <b>Grüße</b> \n zweite Zeile "}
    assert client.post(f"{path}/notes", data=told).status_code == 303
    kept = records.entries(who.id, Kind.NOTE)[-1]
    assert kept.document["text"] == "<b>Grüße</b> \n zweite Zeile"
    assert "<b>Grüße" not in client.get(path, headers=PAGE).text


def test_an_exercise_that_was_left_out_is_gone_from_the_plan(
    app: FastAPI, client: TestClient, records: SqlRecords, people: dict[str, Person]
) -> None:
    who = people[BUSY]
    now = client_of(records, who, TODAY).progress.programme
    assert now is not None
    gone = now.weeks[0].sessions[0].exercises[0].exercise
    told = {
        "csrf": csrf_of(app, client, f"/clients/{who.id}"),
        "programme": now.id,
        "minutes": "25",
        "days": "3",
        f"exercise.{gone}": "avoid",
        "reason": "It pinched.",
    }
    answer = client.post(f"/clients/{who.id}/prescription", data=told)
    assert answer.status_code == 303
    after = client_of(records, who, TODAY).progress.programme
    assert after is not None and after.availability.avoid == (gone,)
    assert gone not in {
        one.exercise for week in after.weeks for session in week.sessions for one in session.exercises
    }
    assert "It pinched." in records.entries(who.id, Kind.NOTE)[-1].document["text"]


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"programme": "none"}, {"minutes": "nan"}, {"days": "9"}, {"exercise.none": "avoid"}],
)
def test_a_wrong_prescription_changes_nothing(
    app: FastAPI, client: TestClient, records: SqlRecords, people: dict[str, Person], wrong: dict[str, str]
) -> None:
    who = people[BUSY]
    right = {"programme": "personal_mixture", "minutes": "20", "days": "3", "reason": "so"}
    told = {"csrf": csrf_of(app, client, f"/clients/{who.id}"), **right, **wrong}
    before = len(records.entries(who.id, Kind.PROGRAMME))
    assert client.post(f"/clients/{who.id}/prescription", data=told).status_code == 422
    assert len(records.entries(who.id, Kind.PROGRAMME)) == before


def test_nobody_without_a_programme_is_prescribed_one(
    app: FastAPI, client: TestClient, records: SqlRecords, people: dict[str, Person]
) -> None:
    who = people[FLAGGED]
    told = {
        "csrf": csrf_of(app, client, f"/clients/{who.id}"),
        "programme": "personal_mixture",
        "minutes": "20",
        "days": "3",
        "reason": "so",
    }
    assert client.post(f"/clients/{who.id}/prescription", data=told).status_code == 422
    assert records.entries(who.id, Kind.PROGRAMME) == []
