"""Conversations that are open: each asks again, now and then, whether who holds it may still be there.

A request asks at its door and is over; a socket may outlive the sign-in that opened it. So whoever signs out,
is shut out, or is no longer let see a record loses their sockets: at once on this server, and within
``looked_again_s`` where another server was told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.status import WS_1008_POLICY_VIOLATION
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coxa.model.errors import CoxaError

Asks = Callable[[], Awaitable[bool]]
#: As to who was never let in: the page does not try again by itself.
_CODE = WS_1008_POLICY_VIOLATION


class OpenSockets:
    """Those of one server.

    Args:
        every_s: how often each asks.
    """

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._open: set[_Guarded] = set()

    def __len__(self) -> int:
        return len(self._open)

    def look_again(self) -> None:
        """Somebody signed out or lost a right: every one asks now. From any thread."""
        for one in tuple(self._open):
            one.wake()

    async def hold(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, may: Asks) -> None:
        """Let ``app`` talk for as long as ``may`` says yes; then the socket closes, for both ends."""
        guarded = _Guarded(receive, send)
        looking = asyncio.create_task(guarded.look_after(may, self._every_s))
        self._open.add(guarded)
        try:
            await app(scope, guarded.receive, guarded.send)
        finally:
            self._open.discard(guarded)
            looking.cancel()


class _Guarded:
    """A socket that can be taken away: its application then hears that the other side went."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._hearing: asyncio.Task[object] | None = None
        self._over = False

    def wake(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def look_after(self, may: Asks, every_s: float) -> None:
        while not self._over:
            try:
                async with asyncio.timeout(every_s):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            try:
                if not await may():
                    await self._end()
            except CoxaError:  # the database does not answer: asked again
                continue

    async def receive(self) -> Message:
        if self._over:
            return self._gone()
        self._hearing = asyncio.current_task()
        try:
            return await self._receive()
        except asyncio.CancelledError:
            if not self._over or self._hearing is None:
                raise
            self._hearing.uncancel()  # it was ours
            return self._gone()
        finally:
            self._hearing = None

    async def send(self, message: Message) -> None:
        if not self._over:
            await self._send(message)

    async def _end(self) -> None:
        self._over = True
        if self._hearing is not None:
            self._hearing.cancel()
        await self._send({"type": "websocket.close", "code": _CODE, "reason": "signed out"})

    @staticmethod
    def _gone() -> Message:
        return {"type": "websocket.disconnect", "code": _CODE, "reason": "signed out"}
