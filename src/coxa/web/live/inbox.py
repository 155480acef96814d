"""What came over a socket and had no turn yet: read at once, so that it is known what waits."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import suppress
from typing import Any, NamedTuple

from starlette.websockets import WebSocket, WebSocketDisconnect

from coxa.web.live.frames import Channel

_LANDMARKS = bytes([Channel.LANDMARKS])
#: More than this is left to wait in the network.
_MOST = 64


class Came(NamedTuple):
    """A message as ASGI has it, and when it came (``time.perf_counter``)."""

    message: dict[str, Any]
    at_s: float

    @property
    def landmarks(self) -> bool:
        """Whether it is a frame of landmarks."""
        data: bytes = self.message.get("bytes") or b""
        return data[:1] == _LANDMARKS


class Inbox:
    """Of one connection; one reads what :meth:`next` gives while a task of its own listens.

    Args:
        socket: accepted.
    """

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._waiting: deque[Came] = deque()
        self._came = asyncio.Event()
        self._room = asyncio.Event()
        self._failed: Exception | None = None
        self._listening = asyncio.create_task(self._listen())

    async def next(self, silent_s: float) -> Came:
        """What came first.

        Args:
            silent_s: how long may be waited for.

        Raises:
            TimeoutError: nothing came.
            WebSocketDisconnect: nothing will.
        """
        if self._waiting:
            # Others first: who has much to say would never let go of the thread.
            await asyncio.sleep(0)
        elif not self._listening.done():
            self._came.clear()
            async with asyncio.timeout(silent_s):
                await self._came.wait()
        if not self._waiting:
            raise self._failed or WebSocketDisconnect()
        self._room.set()
        return self._waiting.popleft()

    def has_newer_landmarks(self) -> bool:
        """Whether a frame of landmarks waits."""
        return any(one.landmarks for one in self._waiting)

    async def close(self) -> None:
        """Nothing more is listened to."""
        self._listening.cancel()
        with suppress(asyncio.CancelledError):
            await self._listening

    async def _listen(self) -> None:
        try:
            while True:
                message = await self._socket.receive()
                self._waiting.append(Came(dict(message), time.perf_counter()))
                self._came.set()
                if message["type"] == "websocket.disconnect":
                    return
                while len(self._waiting) >= _MOST:
                    self._room.clear()
                    await self._room.wait()
        except Exception as error:  # noqa: BLE001 - whoever waits for the next message hears of it
            self._failed = error
            self._came.set()
