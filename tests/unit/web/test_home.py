"""The front door and today."""

from __future__ import annotations

from starlette.testclient import TestClient

from coxa.app.record import Person
from tests.unit.web.conftest import PAGE


def test_the_front_door_leads_to_the_first_run(client: TestClient) -> None:
    answer = client.get("/", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/welcome")


def test_the_front_door_leads_to_the_only_person(client: TestClient, person: Person) -> None:
    assert client.get("/", headers=PAGE).headers["location"] == f"/p/{person.id}"
