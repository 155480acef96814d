"""The live socket over a real network and a real server: killed in the middle of a set, flooded, bombed."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.app.record_documents import value_of
from coxa.bootstrap.training import screen_person
from coxa.catalog.planning import triage
from coxa.model.screening import Answer, Screen
from tests.support.browser import Site, free_port, served
from tests.support.live import demonstrated, fov_of, frames_of, hello_of

RECORDING = demonstrated("squat", repetitions=2, rate_hz=10.0, noise=0.2)
FRAMES = frames_of(RECORDING)
HALF = len(FRAMES) // 2 + 5


PORT = free_port()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the record."""
    return tmp_path_factory.mktemp("live") / "record"


@pytest.fixture(scope="module")
def person(folder: Path) -> Person:
    """Somebody who may exercise today."""
    answers = {one.id: Answer.NO for one in triage().questions}
    with closing(SqlRecords.open(folder)) as records:
        made = records.add_person(Person("", "Anna Beispiel"))
        screen_person(records, made, Screen(date.today(), answers, 40.0))
    return made


@pytest.fixture(scope="module")
def site(folder: Path, person: Person) -> Iterator[Site]:
    """The server; the last test kills it."""
    with served(folder, port=PORT) as running:
        yield running


def begun(site: Site, person: Person) -> str:
    """The path of a new set's socket."""
    with httpx.Client(base_url=site.url, timeout=30) as client:
        csrf = client.get("/api/csrf").json()["csrf"]
        asked = {"kind": "coach", "exercise": "squat", "sets": 1, "repetitions": 0}
        answer = client.post(f"/api/people/{person.id}/sets", json=asked, headers={"x-csrf-token": csrf})
    return str(answer.raise_for_status().json()["socket"])


@contextmanager
def opened(site: Site, path: str) -> Iterator[tuple[ClientConnection, dict[str, Any]]]:
    """A socket that was greeted, and the answer."""
    address = site.url.replace("http", "ws", 1) + path
    with connect(address, origin=site.url, compression=None, close_timeout=2) as made:  # type: ignore[arg-type]
        made.send(json.dumps(hello_of(RECORDING, fov_deg=fov_of(RECORDING))))
        yield made, json.loads(made.recv(60))


def through(socket: ClientConnection, frames: list[bytes]) -> dict[str, Any]:
    """The last scene."""
    scene: dict[str, Any] = {}
    for frame in frames:
        socket.send(frame)
        scene = json.loads(socket.recv(60))
    return scene


def test_bombs_and_strangers_are_kept_out(site: Site, person: Person) -> None:
    """Too large a message closes the socket; other pages get none; the server goes on."""
    path = begun(site, person)
    for bomb, code in ((b"\1" * 200_000, 1009), ("[" * 200_000, 1009), ('"' + "\\u0000" * 700, 1009)):
        with opened(site, path) as (socket, _), pytest.raises(ConnectionClosed) as closed:
            socket.send(bomb)
            socket.recv(60)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code
    address = site.url.replace("http", "ws", 1) + path
    for origin in (None, "http://evil.example"):
        with pytest.raises(InvalidStatus) as refused, connect(address, origin=origin):  # type: ignore[arg-type]
            pass
        assert refused.value.response.status_code == 403
    with opened(site, path) as (socket, _):
        assert through(socket, FRAMES[:1])["seq"] == 1


def test_a_set_outlives_its_server(site: Site, folder: Path, person: Person) -> None:
    """Killed without a word after a repetition: the next server goes on from its count, and logs it."""
    path = begun(site, person)
    with opened(site, path) as (socket, ready):
        assert not ready["resumed"]
        before = through(socket, FRAMES[:HALF])
        assert before["tallies"][0]["number"] == 1
        site.process.send_signal(signal.SIGKILL)
        site.process.wait(10)
    with served(folder, port=PORT) as again, opened(again, path) as (socket, ready):
        assert ready["resumed"]
        assert ready["scene"]["tallies"] == before["tallies"]
        through(socket, FRAMES[HALF:])
        socket.send(json.dumps({"type": "end"}))
        assert json.loads(socket.recv(60))["type"] == "ended"
    with closing(SqlRecords.open(folder)) as records:
        (entry,) = records.entries(person.id, Kind.SESSION)
    assert value_of(Kind.SESSION, entry.document).repetitions >= 1
