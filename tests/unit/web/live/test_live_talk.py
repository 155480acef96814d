"""The live socket: what is said, what it leaves, how it goes on after a break."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketTestSession

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.app.record_documents import value_of
from coxa.model.training import Done
from coxa.web.live.frames import Landmarks, Phone, Tags, encode
from tests.support.live import demonstrated, fov_of, frames_of, hello_of
from tests.unit.web.live.conftest import ORIGIN

RECORDING = demonstrated("squat", repetitions=2, rate_hz=10.0, noise=0.2)
FRAMES = frames_of(RECORDING)
HELLO = hello_of(RECORDING, fov_deg=fov_of(RECORDING))
SQUAT = {"kind": "coach", "exercise": "squat", "sets": 1, "repetitions": 2}


def through(socket: WebSocketTestSession, frames: Sequence[bytes]) -> list[dict[str, Any]]:
    """Their scenes, up to the end of the set."""
    scenes: list[dict[str, Any]] = []
    for frame in frames:
        socket.send_bytes(frame)
        scenes.append(socket.receive_json())
        if scenes[-1]["status"] in ("done", "stopped"):
            break
    return scenes


def said(scenes: Sequence[dict[str, Any]], kind: str) -> list[Any]:
    """Numbers of the cues of a kind."""
    return [cue["number"] for scene in scenes for cue in scene["cues"] if cue["kind"] == kind]


def greeted(socket: WebSocketTestSession) -> dict[str, Any]:
    """The answer to hello."""
    socket.send_json(HELLO)
    answer: dict[str, Any] = socket.receive_json()
    return answer


def test_a_set_is_counted_ended_and_logged_once(
    client: TestClient, begin: Callable[..., str], records: SqlRecords, cleared: Person
) -> None:
    """Every frame has its scene; the log has the dose; who comes back is told that it is over."""
    address = begin(**SQUAT)
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        ready = greeted(socket)
        assert (ready["type"], ready["resumed"], ready["scene"]) == ("ready", False, None)
        assert ready["exercise"]["id"] == "squat"
        scenes = through(socket, FRAMES)
        assert [one["seq"] for one in scenes] == list(range(1, len(scenes) + 1))
        assert said(scenes, "count") == [1, 2]
        ended = socket.receive_json()
    (entry,) = records.entries(cleared.id, Kind.SESSION)
    assert (ended["type"], ended["entry"]) == ("ended", entry.id)
    log = value_of(Kind.SESSION, entry.document)
    assert (log.on, log.exercise, log.done, log.sets, log.repetitions) == (
        date.today(), "squat", Done.DONE, 1, 2,
    )  # fmt: skip
    assert (log.pain, log.effort) == (None, None)
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        socket.send_json(HELLO)
        assert socket.receive_json() == ended
    assert len(records.entries(cleared.id, Kind.SESSION)) == 1


def test_a_set_goes_on_after_a_lost_connection(client: TestClient, begin: Callable[..., str]) -> None:
    """In the same server, with the count that it had."""
    address = begin(**{**SQUAT, "repetitions": 0})
    half = len(FRAMES) // 2 + 5
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        greeted(socket)
        first = through(socket, FRAMES[:half])
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        ready = greeted(socket)
        assert ready["resumed"]
        assert ready["scene"]["tallies"] == first[-1]["tallies"]
        second = through(socket, FRAMES[half:])
    assert said(first, "count") + said(second, "count") == [1, 2]


def test_a_set_goes_on_in_another_server(app: FastAPI, client: TestClient, begin: Callable[..., str]) -> None:
    """What was in memory is gone; what was kept is enough."""
    address = begin(**{**SQUAT, "repetitions": 0})
    half = len(FRAMES) // 2 + 5
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        greeted(socket)
        first = through(socket, FRAMES[:half])
    assert said(first, "count") == [1]
    del app.state.live
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        ready = greeted(socket)
        assert (ready["resumed"], ready["scene"]["tallies"]) == (True, first[-1]["tallies"])
        again = through(socket, FRAMES[half:])
    assert again[-1]["set_number"] == 1
    assert again[-1]["tallies"][0]["number"] >= 1


def test_a_page_that_was_loaded_anew_goes_on(client: TestClient, begin: Callable[..., str]) -> None:
    """Its clock began at zero again."""
    address = begin(**{**SQUAT, "repetitions": 0})
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        greeted(socket)
        before = through(socket, FRAMES[:20])
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        greeted(socket)
        after = through(socket, FRAMES[:20])
    assert [one["type"] for one in after] == ["scene"] * 20
    assert after[0]["time_s"] > before[-1]["time_s"]


def test_a_newer_connection_takes_over(client: TestClient, begin: Callable[..., str]) -> None:
    """The older one is told, and closed."""
    address = begin(**SQUAT)
    with client.websocket_connect(address, headers=ORIGIN) as older:
        greeted(older)
        with client.websocket_connect(address, headers=ORIGIN) as newer:
            assert greeted(newer)["resumed"]
            assert older.receive_json() == {"type": "replaced"}
            assert older.receive()["type"] == "websocket.close"
            assert through(newer, FRAMES[:2])[-1]["type"] == "scene"


@pytest.mark.parametrize("score", [None, 6])
def test_pain_stops_and_is_kept(
    client: TestClient, begin: Callable[..., str], records: SqlRecords, cleared: Person, score: int | None
) -> None:
    """At once, whatever was done."""
    with client.websocket_connect(begin(**SQUAT), headers=ORIGIN) as socket:
        greeted(socket)
        through(socket, FRAMES[:15])
        socket.send_json({"type": "pain", "score": score})
        scene, ended = socket.receive_json(), socket.receive_json()
    assert scene["status"] == "stopped"
    assert [cue["kind"] for cue in scene["cues"]] == ["stop"]
    (entry,) = records.entries(cleared.id, Kind.SESSION)
    assert ended["entry"] == entry.id
    log = value_of(Kind.SESSION, entry.document)
    assert (log.done, log.pain) == (Done.PARTLY, score)


def test_nothing_counts_in_a_pause(client: TestClient, begin: Callable[..., str]) -> None:
    """And it goes on after it."""
    with client.websocket_connect(begin(**{**SQUAT, "repetitions": 0}), headers=ORIGIN) as socket:
        greeted(socket)
        socket.send_json({"type": "pause"})
        assert socket.receive_json()["status"] == "paused"
        paused = through(socket, FRAMES)
        assert {one["status"] for one in paused} == {"paused"}
        assert said(paused, "count") == []
        socket.send_json({"type": "go_on"})
        assert socket.receive_json()["status"] == "ready"


def test_a_rest_can_be_skipped(client: TestClient, begin: Callable[..., str]) -> None:
    """After the first of two sets."""
    with client.websocket_connect(begin(**{**SQUAT, "sets": 2, "repetitions": 1}), headers=ORIGIN) as socket:
        greeted(socket)
        for frame in FRAMES:
            socket.send_bytes(frame)
            scene = socket.receive_json()
            if scene["status"] == "rest":
                break
        assert (scene["set_number"], scene["rest_s"] > 10) == (2, True)
        socket.send_json({"type": "skip_rest"})
        scene = socket.receive_json()
        assert (scene["status"], scene["rest_s"]) == ("ready", 0.0)


def test_nothing_done_leaves_nothing(
    client: TestClient, begin: Callable[..., str], records: SqlRecords, cleared: Person
) -> None:
    """No entry of a set that was only begun."""
    with client.websocket_connect(begin(**SQUAT), headers=ORIGIN) as socket:
        greeted(socket)
        socket.send_json({"type": "ping", "t": 1.5})
        assert socket.receive_json() == {"type": "pong", "t": 1.5}
        socket.send_json({"type": "end"})
        assert socket.receive_json() == {"type": "ended", "entry": None, "url": None}
    assert records.entries(cleared.id, Kind.SESSION) == []


def test_a_test_shows_its_angle_and_gathers_what_came(
    app: FastAPI, client: TestClient, begin: Callable[..., str]
) -> None:
    """Repetitions as the assessment finds them; the landmarks are there to be assessed, bit by bit."""
    address = begin(kind="test", protocol="deep_squat")
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        ready = greeted(socket)
        names = list(ready["protocol"]["angles"])
        scenes = through(socket, FRAMES)
        socket.send_json({"type": "end"})
        assert socket.receive_json()["entry"] is None
    assert scenes[-1]["tallies"][0]["number"] >= 1
    assert all(list(one["angles"]) == names and one["placement"] for one in scenes)
    held = app.state.live.find(address.split("/")[5], address.split("/")[7])
    recording = held.live.purpose.gathered.recording()
    assert frames_of(recording) == FRAMES


def test_a_camera_is_tried_out(client: TestClient, begin: Callable[..., str]) -> None:
    """Nobody, then somebody."""
    nan = float("nan")
    with client.websocket_connect(begin(kind="camera"), headers=ORIGIN) as socket:
        greeted(socket)
        nobody = [encode(Landmarks(k, -5.0 + k / 10, nan, None)) for k in range(10)]
        assert through(socket, nobody)[-1]["placement"]["trouble"] == "nobody"
        assert through(socket, FRAMES[:15])[-1]["placement"]["trouble"] != "nobody"


def test_tags_and_phones_may_come_too(client: TestClient, begin: Callable[..., str]) -> None:
    """They have no scene of their own."""
    with client.websocket_connect(begin(**SQUAT), headers=ORIGIN) as socket:
        greeted(socket)
        socket.send_bytes(encode(Tags(1, 0.1, np.array([3], np.uint16), np.ones((1, 4, 2), np.float32))))
        socket.send_bytes(encode(Phone(2, 0.2, (1.0, 0.0, 0.0, 0.0))))
        assert through(socket, FRAMES[:1])[0]["seq"] == 1
