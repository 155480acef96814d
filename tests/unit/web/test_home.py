"""The front door, the first run, today."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Entry, Kind, Person
from coxa.bootstrap.training import plan_person, screen_person
from coxa.catalog.planning import triage
from coxa.model.screening import Answer, Screen
from tests.unit.web.conftest import PAGE

WELCOME = {"name": "Øyvind", "born": "1980-05-17", "sex": "male", "height_cm": "181,5", "agreed": "yes"}


def screened(records: SqlRecords, person: Person, **other: Answer) -> None:
    answers = {one.id: Answer.NO for one in triage().questions} | other
    screen_person(records, person, Screen(date.today(), answers))


def measured(records: SqlRecords, person: Person, on: date | None = None) -> Entry:
    finding = {"words": "The hip did it.", "code": "clean", "weight": 1.0}
    document = {"protocol": "hip_abduction", "title": "Hip abduction", "results": [], "findings": [finding]}
    entry = Entry(person.id, Kind.ASSESSMENT, on or date.today(), document, "hip_abduction")
    return records.add([entry])[0]


def test_the_front_door_leads_to_the_first_run(client: TestClient) -> None:
    answer = client.get("/", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/welcome")


def test_the_front_door_leads_to_the_only_person(client: TestClient, person: Person) -> None:
    assert client.get("/", headers=PAGE).headers["location"] == f"/p/{person.id}"


def test_the_front_door_leads_to_all_people(client: TestClient, person: Person, stranger: Person) -> None:
    assert client.get("/", headers=PAGE).headers["location"] == "/clients"


def test_a_record_begins_with_consent_as_it_was_read(client: TestClient, records: SqlRecords) -> None:
    shown = client.get("/welcome", headers=PAGE).text
    answer = client.post("/welcome", data=WELCOME, headers=PAGE)
    (person,) = records.people()
    assert (answer.status_code, answer.headers["location"]) == (303, f"/p/{person.id}/screen")
    assert (person.name, person.born, person.sex, person.height_m) == (
        "Øyvind", date(1980, 5, 17), "male", 1.815,
    )  # fmt: skip
    (consent,) = records.entries(person.id, Kind.CONSENT)
    assert consent.document["given"]
    assert consent.document["words"] in shown


def test_without_consent_nothing_is_kept(client: TestClient, records: SqlRecords) -> None:
    answer = client.post("/welcome", data={**WELCOME, "agreed": ""}, headers=PAGE)
    assert answer.status_code == 422
    assert "agreed-error" in answer.text
    assert 'value="Øyvind"' in answer.text
    assert records.people() == []


def test_what_is_wrong_is_said_at_its_field(client: TestClient, records: SqlRecords) -> None:
    tomorrow = (date.today() + timedelta(1)).isoformat()
    wrong = {"name": " ", "born": tomorrow, "height_cm": "1.8", "sex": "<b>", "agreed": "yes"}
    answer = client.post("/welcome", data=wrong, headers=PAGE)
    assert answer.status_code == 422
    for field in ("name", "born", "height_cm"):
        assert f'id="{field}-error"' in answer.text
    assert records.people() == []


def test_only_the_name_is_needed(client: TestClient, records: SqlRecords) -> None:
    client.post("/welcome", data={"name": "Bo", "agreed": "yes"}, headers=PAGE)
    (person,) = records.people()
    assert (person.born, person.sex, person.height_m) == (None, None, None)


def test_what_is_next_follows_the_record(client: TestClient, records: SqlRecords, person: Person) -> None:
    def next_link() -> str:
        text = client.get(f"/p/{person.id}", headers=PAGE).text
        return text.split('class="card next"')[1].split('href="')[1].split('"')[0]

    home = f"/p/{person.id}"
    assert next_link() == f"{home}/screen"
    screened(records, person)
    assert next_link() == f"{home}/test"
    measured(records, person, date.today() - timedelta(1))
    assert next_link() == f"{home}/plan"
    plan_person(records, person, date.today())
    assert next_link() in (f"{home}/session", f"{home}/plan")
    screened(records, person, saddle_numbness=Answer.YES)
    assert next_link() == f"{home}/screen/outcome"


def test_last_results_are_shown(client: TestClient, records: SqlRecords, person: Person) -> None:
    kept = measured(records, person)
    text = client.get(f"/p/{person.id}", headers=PAGE).text
    assert f"/p/{person.id}/results/{kept.id}" in text
    assert "The hip did it." in text
