"""Tags over the socket: kept beside the landmarks of a test, and of nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from fastapi import FastAPI
from starlette.testclient import TestClient

from coxa.web.live.frames import Landmarks, Tags, decode, encode
from tests.unit.web.live.conftest import ORIGIN
from tests.unit.web.live.test_live_talk import FRAMES, greeted, through

SQUARE = np.array([[[10, 10], [40, 10], [40, 40], [10, 40]]], np.float32)


def test_tags_of_a_test_are_kept(app: FastAPI, client: TestClient, begin: Callable[..., str]) -> None:
    address = begin(kind="test", protocol="deep_squat")
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        greeted(socket)
        through(socket, FRAMES[:1])
        first = decode(FRAMES[0])
        assert isinstance(first, Landmarks)
        tags = Tags(2, first.time_s, np.array([3], np.uint16), SQUARE, np.array([0.25]))
        socket.send_bytes(encode(tags))
        through(socket, FRAMES[1:3])
        held = next(iter(app.state.live._held.values()))
        (channel,) = held.live.purpose.gathered.recording().boards
    assert [board.name for board in channel.boards] == ["t12"]
    np.testing.assert_allclose(channel.position_px[0, 4:], SQUARE[0])
    assert np.isnan(channel.position_px[1:]).all()
