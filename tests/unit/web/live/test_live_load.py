"""A server with too much to do: what it tells its pages, what it passes over, whom it does not take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from coxa.app.live_home import Stay
from coxa.app.live_sets import LiveSets
from coxa.app.record import Person
from coxa.bootstrap.live import live_sets
from coxa.web.live.inbox import Inbox
from tests.support.live import demonstrated, fov_of, frames_of, hello_of
from tests.unit.web.live.conftest import ORIGIN

RECORDING = demonstrated("squat", repetitions=2, rate_hz=10.0, noise=0.2)
FRAMES = frames_of(RECORDING)
HELLO = hello_of(RECORDING, fov_deg=fov_of(RECORDING))
SQUAT = {"kind": "coach", "exercise": "squat", "sets": 1, "repetitions": 0}
SLOW_HZ = 6.125


@pytest.fixture
def sets(client: TestClient) -> LiveSets:
    """Of the server, which has too much to do: tests of movement go on as they are."""
    assert isinstance(client.app, FastAPI)
    state = client.app.state
    state.live = live_sets(state.services.records)
    made: LiveSets = state.live
    made.pace.hz = lambda test: None if test else SLOW_HZ  # type: ignore[method-assign]
    return made


def test_a_coached_page_is_told_how_often_and_a_test_is_not(
    client: TestClient, begin: Callable[..., str], sets: LiveSets
) -> None:
    """Right after it was greeted, once, and again when that changes."""
    with client.websocket_connect(begin(**SQUAT), headers=ORIGIN) as socket:
        socket.send_json(HELLO)
        assert [socket.receive_json()["type"], socket.receive_json()] == [
            "ready", {"type": "pace", "hz": round(SLOW_HZ, 2)},
        ]  # fmt: skip
        socket.send_bytes(FRAMES[0])
        assert socket.receive_json()["type"] == "scene"
        sets.pace.hz = lambda test: None  # type: ignore[method-assign]
        socket.send_bytes(FRAMES[1])
        assert [socket.receive_json()["type"], socket.receive_json()] == [
            "scene", {"type": "pace", "hz": None},
        ]  # fmt: skip
    with client.websocket_connect(begin(kind="test", protocol="deep_squat"), headers=ORIGIN) as socket:
        socket.send_json(HELLO)
        assert socket.receive_json()["type"] == "ready"
        socket.send_bytes(FRAMES[0])
        assert socket.receive_json()["type"] == "scene"


def test_a_set_of_elsewhere_is_led_away_between_repetitions_and_loses_nothing(
    client: TestClient, begin: Callable[..., str], sets: LiveSets, cleared: Person
) -> None:
    """Only after a count, which was written; who comes back here goes on, and is not asked soon again."""
    address = begin(**SQUAT)
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        socket.send_json(HELLO)
        assert [socket.receive_json()["type"] for _ in range(2)] == ["ready", "pace"]
        held = sets.find(cleared.id, address.split("/")[-2])
        assert held is not None
        held.stay = Stay(due_s=0.0, wait_s=20.0)
        told: list[dict[str, Any]] = []
        for frame in FRAMES:
            socket.send_bytes(frame)
            told.append(socket.receive_json())
            if any(cue["kind"] == "count" for cue in told[-1]["cues"]):
                break
        assert socket.receive_json() == {"type": "move"}
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 1012
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        socket.send_json({**HELLO, "moved": True})
        ready = socket.receive_json()
        assert ready["resumed"]
        assert ready["scene"]["tallies"] == told[-1]["tallies"]
        assert held.stay.wait_s > 20.0
        assert socket.receive_json()["type"] == "pace"
        for frame in FRAMES[len(told) :]:
            socket.send_bytes(frame)
            scene = socket.receive_json()
        assert scene["tallies"][0]["number"] == 2


def test_nobody_new_is_taken_where_the_slowest_pace_does_not_fit(
    client: TestClient, begin: Callable[..., str], sets: LiveSets, cleared: Person
) -> None:
    """Said clearly, with a time to try again; the first one is always taken."""
    sets.pace.fits = lambda _: False  # type: ignore[method-assign]
    with client.websocket_connect(begin(**SQUAT), headers=ORIGIN) as socket:
        socket.send_json(HELLO)
        assert socket.receive_json()["type"] == "ready"
        refused = client.post(f"/api/people/{cleared.id}/sets", json=SQUAT)
    assert refused.status_code == 429
    assert refused.json()["title"] == "This server coaches as many people as it can"
    assert int(refused.headers["retry-after"]) > 0


class Socket:
    """Gives what is put in; then waits."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.left = list(messages)

    async def receive(self) -> dict[str, Any]:
        if not self.left:
            await asyncio.Event().wait()
        return self.left.pop(0)


def heard(*messages: dict[str, Any]) -> list[tuple[dict[str, Any], bool]]:
    """What an inbox gives, each with whether newer landmarks wait behind it."""

    async def read() -> list[tuple[dict[str, Any], bool]]:
        inbox = Inbox(Socket(*messages))  # type: ignore[arg-type]
        got = []
        for _ in messages:
            came = await inbox.next(5.0)
            got.append((came.message, inbox.has_newer_landmarks()))
        with pytest.raises(TimeoutError):
            await inbox.next(0.01)
        await inbox.close()
        return got

    return asyncio.run(read())


def test_what_waits_is_known_and_comes_in_its_order() -> None:
    """Tags and commands are not passed over, however much waits; more than fits waits elsewhere."""
    landmarks, tags = {"type": "websocket.receive", "bytes": FRAMES[0]}, {"type": "x", "bytes": b"\x02"}
    command = {"type": "websocket.receive", "text": "{}"}
    messages = [landmarks, tags, landmarks, command, tags]
    assert heard(*messages) == list(zip(messages, [True, True, False, False, False], strict=True))
    assert len(heard(*[command] * 300)) == 300


def test_a_line_that_broke_is_heard_of_after_what_came() -> None:
    """By whoever reads, not only by the listener."""

    class Broken(Socket):
        async def receive(self) -> dict[str, Any]:
            if self.left:
                return self.left.pop(0)
            raise RuntimeError("broken")

    async def read() -> None:
        inbox = Inbox(Broken({"type": "websocket.receive", "text": "{}"}))  # type: ignore[arg-type]
        await inbox.next(5.0)
        with pytest.raises(RuntimeError, match="broken"):
            await inbox.next(5.0)
        await inbox.close()

    asyncio.run(read())


def test_a_stale_frame_is_answered_by_the_scene_of_a_newer_one(
    client: TestClient, begin: Callable[..., str], sets: LiveSets
) -> None:
    """Of a coached set; of a test every frame is kept, and has its scene."""
    sets.rules = sets.rules.model_copy(update={"pace": sets.rules.pace.model_copy(update={"stale_s": 1e-9})})
    for asked, every in ((SQUAT, False), ({"kind": "test", "protocol": "deep_squat"}, True)):
        with client.websocket_connect(begin(**asked), headers=ORIGIN) as socket:
            socket.send_json(HELLO)
            for frame in FRAMES[:20]:
                socket.send_bytes(frame)
            seqs = [0]
            while seqs[-1] < 20:
                told = socket.receive_json()
                if told["type"] == "scene":
                    seqs.append(told["seq"])
            assert seqs == sorted(set(seqs))
            assert (len(seqs) == 21) is every


def test_the_listener_is_no_longer_than_the_socket() -> None:
    """A socket that was closed ends it."""

    async def read() -> None:
        inbox = Inbox(Socket({"type": "websocket.disconnect", "code": 1001}))  # type: ignore[arg-type]
        assert (await inbox.next(5.0)).message["code"] == 1001
        with pytest.raises(WebSocketDisconnect):
            await inbox.next(5.0)

    asyncio.run(read())
