"""The live socket: what is said, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from tests.support.live import frames_of, hello_of
from tests.support.simulated import film, performance

SQUAT = film(performance(duration_s=0.7), 90.0)
ORIGIN = {"origin": "http://127.0.0.1"}


def test_every_frame_is_answered_by_a_scene(client: TestClient, begin: Callable[..., str]) -> None:
    """In its order, under its own number."""
    with client.websocket_connect(begin(kind="coach", exercise="squat"), headers=ORIGIN) as socket:
        socket.send_json(hello_of(SQUAT))
        ready = socket.receive_json()
        assert (ready["type"], ready["resumed"], ready["exercise"]["id"]) == ("ready", False, "squat")
        for seq, frame in enumerate(frames_of(SQUAT), start=1):
            socket.send_bytes(frame)
            scene = socket.receive_json()
            assert (scene["type"], scene["seq"]) == ("scene", seq)
        socket.send_json({"type": "end"})
        assert socket.receive_json() == {"type": "ended", "entry": None, "url": None}
