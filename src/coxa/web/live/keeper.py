"""Writes the state of a set beside the conversation, never oftener than is worth it, and never too late."""

from __future__ import annotations

import asyncio
import logging

from starlette.concurrency import run_in_threadpool

from coxa.app.live_sets import Held, LiveSets
from coxa.model.errors import CoxaError

_log = logging.getLogger("coxa.web.live")


class Keeper:
    """Of one set.

    Args:
        sets: of the server.
        held: the set.
    """

    def __init__(self, sets: LiveSets, held: Held) -> None:
        self._sets = sets
        self._held = held
        self._wanted = False
        self._task: asyncio.Task[None] | None = None

    def soon(self) -> None:
        """There is something to be kept."""
        self._wanted = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())

    async def now(self) -> None:
        """All of it is kept when this returns."""
        self._wanted = True
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self._once()

    async def _write(self) -> None:
        while self._wanted:
            await asyncio.shield(self._once())
            await asyncio.sleep(self._sets.rules.kept_every_s)

    async def _once(self) -> None:
        self._wanted = False
        try:
            await run_in_threadpool(self._sets.keep, self._held)
        except CoxaError as error:  # the set goes on; what it leaves is kept when it ends
            _log.warning("a live set could not be written: %s", type(error).__name__)
