"""Two servers of one record behind nginx, as `deploy/` has it: one is killed, and nobody loses anything."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind
from coxa.app.record_documents import value_of
from tests.support.fleet import Fleet, Guest, fleet, guests, led_to, why_no_fleet
from tests.support.live import demonstrated, fov_of, frames_of, hello_of
from tests.support.uploads import PROTOCOL, motion_file

RECORDING = demonstrated("squat", repetitions=2, rate_hz=10.0, noise=0.2)
FRAMES = frames_of(RECORDING)
HALF = len(FRAMES) // 2 + 5
ENDS = ["0001", "3c5f", "77aa", "b2d4", "e91b", "5d08"]
COMES_BACK_S, JOB_S = 120.0, 120.0


@pytest.fixture(scope="module")
def running() -> Iterator[Fleet]:
    """PostgreSQL, two servers, a worker, nginx."""
    if why := why_no_fleet():
        pytest.skip(why)
    with fleet() as made:
        yield made


@pytest.fixture(scope="module")
def tls(running: Fleet) -> ssl.SSLContext:
    """Trusts the certificate of nginx and nothing else."""
    return ssl.create_default_context(cafile=running.certificate)


@pytest.fixture(scope="module")
def client(running: Fleet, tls: ssl.SSLContext) -> Iterator[httpx.Client]:
    """Asks nginx."""
    with httpx.Client(base_url=running.url, verify=tls, timeout=60) as made:
        yield made


@pytest.fixture(scope="module")
def pair(running: Fleet, client: httpx.Client) -> tuple[Guest, Guest]:
    """Somebody of the first server, and somebody of the second."""
    led = {led_to(running, client, one): one for one in guests(running, ENDS)}
    assert set(led) == {0, 1}
    return led[0], led[1]


def begun(client: httpx.Client, guest: Guest) -> str:
    """The path of a new set's socket."""
    asked = {"kind": "coach", "exercise": "squat", "sets": 1, "repetitions": 0}
    answer = client.post(f"/api/people/{guest.person}/sets", json=asked, headers=guest.headers)
    return str(answer.raise_for_status().json()["socket"])


def opened(
    lines: ExitStack, running: Fleet, tls: ssl.SSLContext, guest: Guest, path: str
) -> tuple[ClientConnection, Any]:
    """A socket that was greeted, and the answer; tried again as the page does."""
    until = time.monotonic() + COMES_BACK_S
    while True:
        try:
            line = connect(
                running.url.replace("http", "ws", 1) + path, ssl=tls, compression=None, close_timeout=2,
                origin=running.url, additional_headers={"cookie": guest.headers["cookie"]},  # type: ignore[arg-type]
            )  # fmt: skip
            made = lines.enter_context(line)
            made.send(json.dumps(hello_of(RECORDING, fov_deg=fov_of(RECORDING))))
            return made, json.loads(made.recv(120))
        except (OSError, InvalidHandshake, ConnectionClosed):
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def through(socket: ClientConnection, frames: list[bytes]) -> dict[str, Any]:
    """The last scene."""
    scene: dict[str, Any] = {}
    for frame in frames:
        socket.send(frame)
        scene = json.loads(socket.recv(60))
    return scene


def ended(socket: ClientConnection) -> dict[str, Any]:
    """What a set says when it is over."""
    socket.send(json.dumps({"type": "end"}))
    return dict(json.loads(socket.recv(60)))


def test_a_server_dies_and_nobody_loses_a_count(
    running: Fleet, tls: ssl.SSLContext, client: httpx.Client, pair: tuple[Guest, Guest]
) -> None:
    """Killed as soon as a repetition was told: the other server goes on from it; back home it goes on too."""
    anna, ben = pair
    annas, bens = begun(client, anna), begun(client, ben)
    with ExitStack() as lines:
        one, ready = opened(lines, running, tls, anna, annas)
        other, _ = opened(lines, running, tls, ben, bens)
        assert not ready["resumed"]
        told = through(one, FRAMES[:HALF])
        assert told["tallies"][0]["number"] == 1
        halfway = through(other, FRAMES[:HALF])
        running.kill(0)
        with pytest.raises(ConnectionClosed):
            one.recv(60)
        away, ready = opened(lines, running, tls, anna, annas)
        assert ready["resumed"]
        assert ready["scene"]["tallies"] == told["tallies"]
        assert through(other, FRAMES[HALF:])["tallies"][0]["number"] == 2 > halfway["tallies"][0]["number"]
        told = through(away, FRAMES[HALF:])
        running.start(0)
        time.sleep(2.5)  # nginx looks again after two seconds
        away.close()
        assert led_to(running, client, anna) == 0
        home, ready = opened(lines, running, tls, anna, annas)
        assert ready["resumed"]
        assert ready["scene"]["tallies"] == told["tallies"]
        for socket in (home, other):
            assert ended(socket)["type"] == "ended"
    with closing(SqlRecords.open(running.data, running.database)) as records:
        for guest, least in ((anna, 1), (ben, 2)):
            (entry,) = records.entries(guest.person, Kind.SESSION)
            assert value_of(Kind.SESSION, entry.document).repetitions >= least


def test_a_recording_is_sent_through_both_and_read_once(
    running: Fleet, client: httpx.Client, pair: tuple[Guest, Guest], tmp_path: Path
) -> None:
    """The server that took the first half is killed; the other takes the second, a worker reads it."""
    guest, content = pair[1], motion_file(tmp_path)
    middle = len(content) // 2
    people = f"/api/people/{guest.person}"

    def said(method: str, path: str, status: int, **more: Any) -> Any:
        answer = client.request(method, people + path, headers=guest.headers, **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    told = {"name": "seated.parquet", "size_bytes": len(content)}
    upload = said("POST", "/uploads", 201, json=told)["id"]
    said("PUT", f"/uploads/{upload}?at=0", 200, content=content[:middle])
    running.kill(1)
    assert said("GET", f"/uploads/{upload}", 200)["received_bytes"] == middle
    said("PUT", f"/uploads/{upload}?at={middle}", 200, content=content[middle:])
    job = said("POST", "/jobs", 201, json={"files": [upload], "protocol": PROTOCOL, "pose": "lite"})["id"]
    running.start(1)
    until = time.monotonic() + JOB_S
    while (now := said("GET", f"/jobs/{job}", 200))["state"] in ("queued", "running"):
        assert time.monotonic() < until, now
        time.sleep(0.3)
    assert now["state"] == "done", now
    with closing(SqlRecords.open(running.data, running.database)) as records:
        kept = [one.id for one in records.entries(guest.person, Kind.RECORDING)]
    assert kept == now["recordings"]
    assert said("GET", "/jobs", 200)["total"] == 1


def test_the_proxy_keeps_out_what_is_not_for_it(running: Fleet, client: httpx.Client) -> None:
    """Figures are of each server, at its own address; pages come by HTTPS, and only to who is signed in."""
    assert client.get("/metrics").status_code == 404
    assert client.get("/health").json()["status"] == "ok"
    assert client.get("/health").headers["strict-transport-security"]
    assert client.get("/", headers={"accept": "text/html"}).status_code == 303
    assert client.get("/health", headers={"host": "evil.example"}).status_code == 400
    assert client.post("/api/sign-in", content=b"x" * (11 << 20)).status_code == 413
