"""What the live socket refuses: strangers, other pages, garbage, floods; never with anything broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person, new_id
from coxa.web.live.frames import HEADER, Landmarks, encode
from coxa.web.live.messages import FROM_PAGE
from tests.unit.web.live.conftest import ORIGIN

HELLO = {"type": "hello", "width_px": 640, "height_px": 480, "detector": "blazepose_lite"}
CAMERA = {"kind": "camera"}
SOMEBODY = np.full((33, 4), 0.5, np.float32)


def frame(time_s: float, points: Any = SOMEBODY) -> bytes:
    """One of somebody."""
    return encode(Landmarks(1, time_s, 0.5, points))


def closed(client: TestClient, address: str, *sent: Any, hello: Any = HELLO) -> tuple[int, str]:
    """How a socket is closed after these messages."""
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        for one in ([] if hello is None else [hello]) + list(sent):
            if isinstance(one, bytes):
                socket.send_bytes(one)
            elif isinstance(one, str):
                socket.send_text(one)
            else:
                socket.send_json(one)
        while True:
            try:
                message = socket.receive_json()
            except WebSocketDisconnect as error:
                return error.code, error.reason
            assert message["type"] in ("ready", "scene", "problem")


def refused(client: TestClient, address: str, headers: dict[str, str]) -> int:
    """The status with which a socket is not opened; 403 where it is closed before."""
    try:
        with client.websocket_connect(address, headers=headers):
            pytest.fail("it was opened")
    except WebSocketDenialResponse as error:
        return int(error.status_code)
    except WebSocketDisconnect:
        return 403


ELSEWHERE = (None, "", "null", "http://evil.example", "http://127.0.0.1:9999", "https://127.0.0.1")


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_only_our_own_pages_open_it(
    client: TestClient, begin: Callable[..., str], origin: str | None
) -> None:
    """Nobody else's, nor none."""
    assert refused(client, begin(**CAMERA), {} if origin is None else {"origin": origin}) == 403


def test_a_set_belongs_to_its_person(
    client: TestClient, begin: Callable[..., str], cleared: Person, stranger: Person
) -> None:
    """By no other person's address, and nothing by a guess."""
    address = begin(**CAMERA)
    assert refused(client, address.replace(cleared.id, stranger.id), ORIGIN) == 404
    assert refused(client, address.replace(address.split("/")[7], new_id()), ORIGIN) == 404
    assert refused(client, address.replace(address.split("/")[7], "x"), ORIGIN) == 404


def test_the_address_is_no_page(client: TestClient, begin: Callable[..., str]) -> None:
    """Without an upgrade it says that it wants one."""
    assert client.get(begin(**CAMERA).replace("ws://", "http://")).status_code == 426


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"kind": "coach", "exercise": "no_such"}, 422),
        ({"kind": "coach", "exercise": "../squat"}, 422),
        ({"kind": "coach", "exercise": "squat", "sets": 0}, 422),
        ({"kind": "coach", "exercise": "squat", "sets": 1e9}, 422),
        ({"kind": "coach", "exercise": "squat", "more": 1}, 422),
        ({"kind": "test", "protocol": "no_such"}, 422),
        ({"kind": "test", "protocol": "hip_passport"}, 422),
        ({"kind": "test", "protocol": "seated_hip_rotation"}, 422),
        ({"kind": "test", "protocol": "hip_hinge", "side": "left"}, 422),
        ({"kind": "else"}, 422),
        ([], 422),
    ],
)
def test_what_cannot_be_is_not_begun(client: TestClient, cleared: Person, asked: Any, status: int) -> None:
    """Each refusal says what is wrong."""
    answer = client.post(f"/api/people/{cleared.id}/sets", json=asked)
    assert answer.status_code == status
    assert answer.json()["title"]


def test_no_exercise_without_a_screen(client: TestClient, person: Person, records: SqlRecords) -> None:
    """Nor is anything of it kept; a camera may be tried out."""
    answer = client.post(f"/api/people/{person.id}/sets", json={"kind": "coach", "exercise": "squat"})
    assert answer.status_code == 422
    assert records.entries(person.id, Kind.SESSION) == []
    assert client.post(f"/api/people/{person.id}/sets", json=CAMERA).status_code == 201


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ([b""], 1003),
        ([b"\x01\x01"], 1003),
        ([frame(1.0) + b"\0"], 1003),
        ([HEADER.pack(9, 1, 0, 1, 1.0, 0.5)], 1003),
        ([HEADER.pack(1, 2, 0, 1, 1.0, 0.5)], 1003),
        ([frame(float("nan"))], 1003),
        ([frame(float("inf"))], 1003),
        ([frame(1.0, np.full((33, 4), np.inf, np.float32))], 1003),
        ([frame(1.0, np.full((33, 4), 1e30, np.float32))], 1003),
        ([frame(1.0), frame(1.0)], 1008),
        ([frame(2.0), frame(1.0)], 1008),
        (["no json"], 1007),
        (['{"type": "hello"}'], 1007),
        (['{"type": "end", "more": 1}'], 1007),
        (["[" * 4000], 1007),
        (['{"type": "pain", "score": 11}'], 1007),
        ([" " * 5000], 1009),
    ],
)
def test_garbage_closes_the_socket_with_a_reason(
    client: TestClient, begin: Callable[..., str], sent: list[Any], code: int
) -> None:
    """And the set can be gone on with."""
    address = begin(**CAMERA)
    found, reason = closed(client, address, *sent)
    assert (found, bool(reason)) == (code, True)
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        socket.send_json(HELLO)
        assert socket.receive_json()["resumed"]


@pytest.mark.parametrize("sent", [frame(1.0), '{"type": "end"}', '{"type": "pain"}'])
def test_hello_comes_first(client: TestClient, begin: Callable[..., str], sent: Any) -> None:
    """Before anything else."""
    assert closed(client, begin(**CAMERA), sent, hello=None)[0] == 1008


def test_a_flood_is_cut_off(app: FastAPI, client: TestClient, begin: Callable[..., str]) -> None:
    """Also when it comes back on another connection; other sets go on."""
    address, other = begin(**CAMERA), begin(**CAMERA)
    held = next(one for one in app.state.live._held.values() if one.id == address.split("/")[7])
    held.allowance._left, held.allowance._per_s = 20.0, 0.0
    frames = [frame(k / 1000) for k in range(60)]
    assert closed(client, address, *frames) == (1008, "too many messages")
    assert closed(client, address) == (1008, "too many messages")
    with client.websocket_connect(other, headers=ORIGIN) as socket:
        socket.send_json(HELLO)
        assert socket.receive_json()["type"] == "ready"


def test_sets_are_bounded(app: FastAPI, client: TestClient, begin: Callable[..., str]) -> None:
    """An idle one of the person's makes room; where none is idle, or the server is full, no more is begun."""
    rules = app.state.live.rules if hasattr(app.state, "live") else None
    addresses = [begin(**CAMERA) for _ in range(6)]
    rules = rules or app.state.live.rules
    assert len(app.state.live) == rules.most_sets_a_person
    with client.websocket_connect(addresses[0], headers=ORIGIN) as socket:  # left the memory, not the store
        socket.send_json(HELLO)
        assert socket.receive_json()["resumed"]
    app.state.live.rules = rules.model_copy(update={"most_sets": 1})
    person = addresses[0].split("/")[5]
    answer = client.post(f"/api/people/{person}/sets", json=CAMERA)
    assert answer.status_code == 429


WORDS = st.text(max_size=8)
LEAVES = st.none() | st.integers() | WORDS
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
)


@settings(max_examples=150)
@given(st.text(max_size=200) | JSON.map(json.dumps))
def test_text_is_a_message_or_refused_as_none(text: str) -> None:
    """Nothing else comes of it."""
    with suppress(ValidationError):
        FROM_PAGE.validate_json(text)
