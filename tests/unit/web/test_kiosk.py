from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from coxa.adapters.store.accounts import SqlAccounts
from coxa.adapters.store.records import SqlRecords
from coxa.app.accounts import add_account, new_account
from coxa.app.record import Person
from coxa.app.roles import Role, Tie
from coxa.web.access import Action, Viewer, may
from coxa.web.app import create_app
from coxa.web.settings import ServeSettings
from coxa.web.static import Assets
from tests.unit.web.conftest import HOST, PAGE

PASSWORD = "three plain words here"  # noqa: S105 - of this test


def token(client: TestClient, path: str) -> str:
    page = client.get(path, headers=PAGE)
    return page.text.split('data-csrf="', 1)[1].split('"', 1)[0]


def hand_over(client: TestClient, person: Person) -> None:
    told = {"csrf": token(client, "/clients")}
    answer = client.post(f"/clients/{person.id}/kiosk", data=told)
    assert (answer.status_code, answer.headers["location"]) == (303, "/kiosk")


def closed(client: TestClient, person: Person, stranger: Person) -> None:
    """Everything but one person's own rooms."""
    assert client.get("/kiosk", headers=PAGE).status_code == 200
    assert client.get(f"/p/{person.id}/progress", headers=PAGE).status_code == 200
    for path in (
        "/clients",
        f"/clients/{person.id}",
        f"/p/{stranger.id}",
        f"/p/{stranger.id}/test",
        f"/api/people/{stranger.id}",
        "/api/people",
        "/welcome",
        "/account",
        "/admin",
    ):
        assert client.get(path, headers=PAGE).status_code == 404, path
    csrf = token(client, "/kiosk")
    for path in (
        f"/clients/{person.id}/notes",
        f"/clients/{person.id}/invitation",
        f"/clients/{stranger.id}/kiosk",
    ):
        assert client.post(f"/clients/{path}", data={"csrf": csrf, "text": "no"}).status_code == 404, path


def test_what_hands_may_do() -> None:
    viewer = Viewer("a", "Dr. Muster", Role.CLINICIAN, {"p": Tie.CLINICIAN, "q": Tie.CLINICIAN})
    held = replace(viewer, kiosk="p")
    assert all(may(viewer, one, "q") for one in (Action.SEE, Action.TRAIN, Action.PRESCRIBE))
    assert {one for one in Action if may(held, one, "p")} == {Action.SEE, Action.TRAIN}
    assert not any(may(held, one, "q") for one in Action)
    assert viewer.sees_clients and not held.sees_clients


def test_an_owner_hands_the_screen_over_and_takes_it_back(
    client: TestClient, person: Person, stranger: Person
) -> None:
    hand_over(client, person)
    closed(client, person, stranger)
    assert client.post("/kiosk/leave", data={"csrf": token(client, "/kiosk")}).status_code == 303
    assert client.get("/clients", headers=PAGE).status_code == 200


@pytest.fixture
def clinic(settings: ServeSettings, records: SqlRecords, assets: Assets) -> Iterator[FastAPI]:
    yield create_app(replace(settings, accounts=True), records, assets)


def test_with_accounts_only_the_password_gives_it_back(
    clinic: FastAPI, records: SqlRecords, person: Person, stranger: Person
) -> None:
    accounts: SqlAccounts = clinic.state.services.accounts
    security = clinic.state.services.security
    fresh = new_account("muster", "Dr. Muster", Role.CLINICIAN)
    made = add_account(accounts, security.passwords, security.spec, fresh, PASSWORD)
    for one in (person, stranger):
        accounts.tie(made.id, one.id, Tie.CLINICIAN)
    with TestClient(clinic, base_url=HOST, follow_redirects=False) as client:
        told = {"csrf": token(client, "/sign-in"), "login": "muster", "password": PASSWORD}
        assert client.post("/sign-in", data=told).status_code == 303
        hand_over(client, person)
        closed(client, person, stranger)
        for name in list(client.cookies):
            if "kiosk" in name:
                client.cookies.delete(name)
        closed(client, person, stranger)  # no cookie of the browser's holds it
        wrong = {"csrf": token(client, "/kiosk"), "password": "something else entirely"}
        assert client.post("/kiosk/leave", data=wrong).status_code == 422
        closed(client, person, stranger)
        right = {"csrf": token(client, "/kiosk"), "password": PASSWORD}
        assert client.post("/kiosk/leave", data=right).status_code == 303
        assert client.get("/clients", headers=PAGE).status_code == 200


def test_a_client_is_invited_to_their_own_record(
    clinic: FastAPI, records: SqlRecords, person: Person
) -> None:
    accounts: SqlAccounts = clinic.state.services.accounts
    security = clinic.state.services.security
    fresh = new_account("muster", "Dr. Muster", Role.CLINICIAN)
    made = add_account(accounts, security.passwords, security.spec, fresh, PASSWORD)
    accounts.tie(made.id, person.id, Tie.CLINICIAN)
    with TestClient(clinic, base_url=HOST, follow_redirects=False) as client:
        told = {"csrf": token(client, "/sign-in"), "login": "muster", "password": PASSWORD}
        client.post("/sign-in", data=told)
        csrf = {"csrf": token(client, "/clients")}
        page = client.post(f"/clients/{person.id}/invitation", data=csrf, headers=PAGE)
        assert page.status_code == 200
        link = page.text.split(f'href="{HOST}/invitation/', 1)[1].split('"', 1)[0]
    with TestClient(clinic, base_url=HOST, follow_redirects=False) as guest:
        path = f"/invitation/{link}"
        told = {
            "csrf": token(guest, path),
            "name": "Anna",
            "login": "anna",
            "password": "four other plain words",
        }
        assert guest.post(path, data=told).status_code == 303
        assert guest.get(f"/p/{person.id}", headers=PAGE).status_code == 200
        assert guest.get("/clients", headers=PAGE).status_code == 404


def test_a_clinician_begins_a_record_and_sees_it(clinic: FastAPI, records: SqlRecords) -> None:
    accounts: SqlAccounts = clinic.state.services.accounts
    security = clinic.state.services.security
    fresh = new_account("muster", "Dr. Muster", Role.CLINICIAN)
    add_account(accounts, security.passwords, security.spec, fresh, PASSWORD)
    with TestClient(clinic, base_url=HOST, follow_redirects=False) as client:
        told = {"csrf": token(client, "/sign-in"), "login": "muster", "password": PASSWORD}
        client.post("/sign-in", data=told)
        assert client.get("/", headers=PAGE).headers["location"] == "/clients"
        csrf = token(client, "/clients/new")
        wrong = client.post(
            "/clients/new", data={"csrf": csrf, "name": " ", "born": "2999-01-01"}, headers=PAGE
        )
        assert wrong.status_code == 422
        assert records.people() == []
        right = {"csrf": csrf, "name": "Zoë", "born": "1990-02-01", "sex": "female", "height_cm": "170"}
        made = client.post("/clients/new", data=right)
        (person,) = records.people()
        assert made.headers["location"] == f"/clients/{person.id}"
        assert client.get(made.headers["location"], headers=PAGE).status_code == 200
        assert (person.name, person.height_m) == ("Zoë", 1.7)
