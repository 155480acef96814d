"""A socket does not outlive the right to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from coxa.adapters.store.accounts import SqlAccounts
from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Person
from coxa.app.roles import Role, Tie
from coxa.model.errors import OutputError
from coxa.web.app import create_app
from coxa.web.settings import ServeSettings
from coxa.web.static import Assets
from tests.unit.web.conftest import PAGE
from tests.unit.web.served import CHEAP, GOOD, SECURE, House

HELLO = {"type": "hello", "width_px": 1280, "height_px": 720, "detector": "blazepose_lite"}
OFTEN_S, NEVER_S = 0.05, 3600.0


def serving(folder: Path, records: SqlRecords, assets: Assets, person: Person, every_s: float) -> House:
    """Anna, of whose record it is, and her doctor; sockets ask as often as told."""
    settings = ServeSettings(data=folder, accounts=True, behind_proxy=True, hosts=("coxa.test",))
    made = House(create_app(settings, records, assets))
    # Seen by the middleware as by the routes: the one that asks and the one that is told are the same.
    made.services.security.sockets._every_s = every_s
    services = replace(made.services, security=replace(made.services.security, passwords=CHEAP))
    made.app.state.services = services
    services.accounts.tie(made.account("anna").id, person.id, Tie.SELF)
    services.accounts.tie(made.account("doctor", Role.CLINICIAN).id, person.id, Tie.CLINICIAN)
    made.account("admin", Role.ADMIN)
    return made


@pytest.fixture
def house(tmp_path: Path, records: SqlRecords, assets: Assets, person: Person) -> House:
    """Sockets ask only when they are told to."""
    return serving(tmp_path / "record", records, assets, person, NEVER_S)


@contextmanager
def talking(browser: TestClient, person: Person) -> Iterator[WebSocketTestSession]:
    """The socket of a look through the camera, greeted."""
    made = browser.post(f"/api/people/{person.id}/sets", json={"kind": "camera"})
    assert made.status_code == 201, made.text
    address = f"wss://coxa.test{made.json()['socket']}"
    with browser.websocket_connect(address, headers={"origin": SECURE}) as socket:
        socket.send_json(HELLO)
        assert socket.receive_json()["type"] == "ready"
        yield socket


def still_answers(socket: WebSocketTestSession) -> bool:
    """Whether a ping comes back."""
    socket.send_json({"type": "ping", "t": 1.0})
    return bool(socket.receive_json()["type"] == "pong")


def is_closed(socket: WebSocketTestSession) -> bool:
    """Whether it closes by itself, as refused."""
    with pytest.raises(WebSocketDisconnect) as over:
        socket.receive_json()
    return over.value.code == 1008


@pytest.mark.parametrize(
    ("button", "told"),
    [
        ("/sign-out", {}),
        ("/account/sign-out-everywhere", {}),
        ("/account/remove", {"current": GOOD}),
        ("/account/password", {"current": GOOD, "password": "nine grey geese doze"}),
        ("/p/{person}/me/delete", {"typed": "Anna Beispiel"}),
    ],
)
def test_who_signs_out_or_goes_loses_what_is_open(
    house: House, person: Person, button: str, told: dict[str, str]
) -> None:
    browser = house.browser("anna")
    with talking(browser, person) as socket:
        assert still_answers(socket)
        pressed = browser.post(button.format(person=person.id), data=told, headers=PAGE)
        assert pressed.status_code in (200, 303)
        assert is_closed(socket)
    assert len(house.services.security.sockets) == 0


def test_a_record_that_is_shared_no_more_is_not_watched_on(house: House, person: Person) -> None:
    hers, doctors = house.browser("anna"), house.browser("doctor")
    account = house.services.accounts.by_login("doctor")
    assert account is not None
    with talking(doctors, person) as watched, talking(hers, person) as own:
        taken_back = hers.post(f"/p/{person.id}/me/unshare", data={"account": account.id}, headers=PAGE)
        assert taken_back.status_code == 303
        assert is_closed(watched)
        assert still_answers(own)


def test_an_account_that_is_closed_is_out_at_once(house: House, person: Person) -> None:
    account = house.services.accounts.by_login("anna")
    assert account is not None
    with talking(house.browser("anna"), person) as socket:
        house.browser("admin").post(f"/admin/accounts/{account.id}/disable", headers=PAGE)
        assert is_closed(socket)


def test_what_another_server_was_told_is_noticed(
    tmp_path: Path, records: SqlRecords, assets: Assets, person: Person
) -> None:
    """Nobody tells this one: it asks by itself."""
    house = serving(tmp_path / "record", records, assets, person, OFTEN_S)
    account = house.services.accounts.by_login("anna")
    assert account is not None
    with talking(house.browser("anna"), person) as socket:
        for _ in range(3):
            assert still_answers(socket)
        house.services.accounts.end_all(account.id)
        assert is_closed(socket)


def test_a_database_that_does_not_answer_closes_nothing(
    house: House, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()

    def silent(_: SqlAccounts, __: str) -> None:
        asked.set()
        raise OutputError("the database does not answer", "try again")

    with talking(house.browser("anna"), person) as socket:
        with monkeypatch.context() as broken:
            broken.setattr(SqlAccounts, "signed_in", silent)
            house.services.security.sockets.look_again()
            assert asked.wait(5.0)
        assert still_answers(socket)
