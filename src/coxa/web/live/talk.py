"""One conversation over one socket: what comes in, in its order; what goes out, at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import numpy as np
from anyio import CancelScope
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from coxa.app.live import Layout, LiveScene
from coxa.app.live import Seen as Frame
from coxa.app.live_pace import Spent
from coxa.app.live_sets import Held, LiveSets
from coxa.app.live_testing import LiveTesting
from coxa.app.record import Person
from coxa.bootstrap.live import TEST, keep_set, warmed
from coxa.model.errors import CoxaError
from coxa.web.answers import locale_of
from coxa.web.live import messages as say
from coxa.web.live.facts import between_repetitions, ready, scene_of
from coxa.web.live.frames import Channel, FrameError, Landmarks, Tags, decode
from coxa.web.live.inbox import Came, Inbox
from coxa.web.phrases import in_language
from coxa.web.services import Services

NORMAL, GOING_AWAY, UNSUPPORTED, NO_TEXT, POLICY, TOO_BIG, BROKEN, ELSEWHERE = (
    1000, 1001, 1003, 1007, 1008, 1009, 1011, 1012,
)  # fmt: skip
_MOST_TEXT = 4096


class OverError(Exception):
    """The conversation ends.

    Args:
        code: of the closing.
        reason: for whoever wrote the page.
    """

    def __init__(self, code: int = NORMAL, reason: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Talk:
    """One connection of one set.

    Args:
        socket: accepted.
        sets: of the server.
        services: where a set that ends is kept, and what is counted.
        person: whose.
        held: the set.
    """

    def __init__(
        self, socket: WebSocket, sets: LiveSets, services: Services, person: Person, held: Held
    ) -> None:
        self._socket = socket
        self._sets = sets
        self._records = services.records
        self._metrics = services.metrics
        landmarks, frames = Channel.LANDMARKS.name.lower(), services.metrics.frames
        self._answered = frames.labels(landmarks, "answered")
        self._passed_over = frames.labels(landmarks, "passed over")
        self._person = person
        self._held = held
        self._locale = locale_of(socket)
        self._greeted = False
        self._inbox = Inbox(socket)
        #: Landmarks of a test are recorded: each of them counts.
        self._recorded = held.asked.kind == TEST
        self._told_hz: float | None = None
        self._moving = False

    async def run(self) -> None:
        """Until it is over."""
        self._metrics.live_sets.inc()
        await self._take_over()
        over = OverError(BROKEN, "something broke here")
        try:
            while True:
                await self._hear()
        except OverError as ended:
            over = ended
        except WebSocketDisconnect:
            over = OverError()
        except CoxaError as error:
            over = await self._refuse(error)
        finally:
            self._metrics.live_sets.dec()
            await self._leave(over)

    async def _take_over(self) -> None:
        """One socket a set: the older one is told, and closed."""
        before, self._held.connection = self._held.connection, self
        if before is not None:
            await before.replaced()

    async def replaced(self) -> None:
        """Somebody else drives the set now."""
        await self._say(say.Replaced())
        await self._close(OverError(NORMAL, "replaced"))

    async def _hear(self) -> None:
        """One message."""
        rules = self._sets.rules
        try:
            came = await self._inbox.next(rules.silent_s if self._greeted else rules.say_hello_within_s)
        except TimeoutError as error:
            raise OverError(GOING_AWAY, "nothing was said for a while") from error
        message = came.message
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", NORMAL))
        if self._held.connection is not self:
            raise OverError(NORMAL, "replaced")
        await self._require_ours()
        if not self._held.allowance.takes(time.monotonic()):
            raise OverError(POLICY, "too many messages")
        if message.get("bytes") is None:
            await self._text(message.get("text") or "")
        elif self._is_stale(came):
            self._passed_over.inc()
        else:
            await self._frame(message["bytes"], came.at_s)

    def _is_stale(self, came: Came) -> bool:
        """Whether a newer one is there already: its scene answers both."""
        waited_s = time.perf_counter() - came.at_s
        return (
            waited_s > self._sets.rules.pace.stale_s
            and not self._recorded
            and came.landmarks
            and self._inbox.has_newer_landmarks()
        )

    async def _frame(self, data: bytes, came_s: float) -> None:
        if not self._greeted:
            raise OverError(POLICY, "say hello first")
        began_s, began_cpu_s = time.perf_counter(), time.thread_time()
        try:
            frame = decode(data)
        except FrameError as error:
            self._metrics.frames.labels("unknown", "refused").inc()
            raise OverError(UNSUPPORTED, error.reason) from error
        if isinstance(frame, Landmarks):
            scene = self._held.live.push(Frame(frame.time_s, frame.points, frame.brightness))
            now_s, cpu_s = time.perf_counter(), time.thread_time()
            spent = Spent(began_s - came_s, now_s - began_s, cpu_s - began_cpu_s)
            self._sets.pace.answered(self._held.id, self._recorded, spent, now_s, cpu_s)
            self._answered.inc()
            self._metrics.cue_s.observe(now_s - came_s)
            await self._show(frame.seq, scene)
        else:
            kept = isinstance(frame, Tags) and self._gathers(frame)
            self._metrics.frames.labels(type(frame).__name__.lower(), "kept" if kept else "passed over").inc()

    def _gathers(self, tags: Tags) -> bool:
        """Whether tags are kept: beside the landmarks of a test."""
        live = self._held.live
        if live.paused or not isinstance(live.purpose, LiveTesting) or live.purpose.gathered is None:
            return False
        spread = np.zeros(len(tags.ids)) if tags.spread_px is None else tags.spread_px
        live.purpose.gathered.tags.add(live.shifted(tags.time_s), tags.ids, tags.corners_px, spread)
        return True

    async def _show(self, seq: int, scene: LiveScene) -> None:
        self._sets.touch(self._held)
        if scene.countable:
            await self._kept()
        await self._say(scene_of(seq, scene, self._locale))
        if self._held.live.purpose.over and not self._held.live.paused:
            await self._end()
        await self._tell_pace()
        if between_repetitions(scene) and not self._recorded and self._sets.leads_home(self._held):
            await self._move()

    async def _tell_pace(self) -> None:
        """How many frames may come, where that changed."""
        pace = self._sets.pace
        hz = pace.hz(self._recorded)
        if pace.told_anew(self._told_hz, hz):
            self._told_hz = hz
            await self._say(say.Pace(hz=None if hz is None else round(hz, 2)))

    async def _move(self) -> None:
        """It connects again, to whatever server there is; what was counted was written before it was told."""
        self._moving = True
        await self._say(say.Move())
        raise OverError(ELSEWHERE, "move")

    async def _kept(self) -> None:
        """What was counted is written before it is told: no server's end takes it back."""
        written = asyncio.wrap_future(self._sets.keep_soon(self._held))
        with suppress(TimeoutError):  # a database that is slow delays nobody for long
            await asyncio.wait_for(asyncio.shield(written), self._sets.rules.kept_within_s)
        await self._require_ours()

    async def _require_ours(self) -> None:
        """The page came back to another server, and this one did not know."""
        if self._held.taken:
            await self._say(say.Replaced())
            raise OverError(NORMAL, "replaced")

    async def _text(self, text: str) -> None:
        if len(text) > _MOST_TEXT:
            raise OverError(TOO_BIG, "a message is too long")
        try:
            told = say.FROM_PAGE.validate_json(text)
        except (ValidationError, RecursionError) as error:
            raise OverError(NO_TEXT, "this is no message of docs/live.md") from error
        if isinstance(told, say.Ping):
            await self._say(say.Pong(t=told.t))
            return
        if isinstance(told, say.Hello):
            await self._hello(told)
            return
        if not self._greeted:
            raise OverError(POLICY, "say hello first")
        await self._command(told)

    async def _hello(self, told: say.Hello) -> None:
        layout = Layout(told.width_px, told.height_px, told.detector, told.fov_deg)
        held = self._held
        if held.ended:
            await self._say(say.Ended(entry=held.entry))
            raise OverError(NORMAL, "ended")
        resumed = held.resumed or held.live.layout is not None
        await run_in_threadpool(_prepare, held, layout)
        self._greeted = True
        if told.moved:
            self._sets.was_led(held)
        await self._say(ready(held, resumed, self._locale))
        await self._tell_pace()

    async def _command(self, told: Any) -> None:
        live = self._held.live
        if isinstance(told, say.End):
            await self._end()
            return
        if isinstance(told, say.Pain):
            await self._show(0, live.stop(told.score))
            return
        if isinstance(told, say.SkipRest):
            live.purpose.skip_rest()
        else:
            live.paused = isinstance(told, say.Pause)
        await self._kept()
        await self._show(0, LiveScene(live.now()))

    async def _end(self) -> None:
        """What was done is kept, then the page is told."""
        held = self._held
        if not held.ended:
            held.ended = True
            try:
                entry = await run_in_threadpool(keep_set, self._records, self._person, held, date.today())
            except BaseException:
                held.ended = False  # whoever comes back may end it again
                raise
            held.entry = None if entry is None else entry.id
            await run_in_threadpool(self._sets.keep, held)
        await self._say(say.Ended(entry=held.entry))
        raise OverError(NORMAL, "ended")

    async def _refuse(self, error: CoxaError) -> OverError:
        title, detail = (in_language(one, self._locale) for one in (error.fault, error.remedy))
        await self._say(say.Problem(title=title, detail=detail))
        return OverError(POLICY, error.fault[:100])

    async def _leave(self, over: OverError) -> None:
        if self._held.connection is self:
            self._held.connection = None
        self._sets.touch(self._held)
        with CancelScope(shield=True):  # a server that stops keeps what it has
            await self._inbox.close()
            await self._close(over)
            if self._greeted and not self._moving:  # nobody else's newer state must be met by this older one
                await run_in_threadpool(self._sets.keep, self._held)

    async def _say(self, message: BaseModel) -> None:
        await self._quietly(lambda: self._socket.send_text(message.model_dump_json()))

    async def _close(self, over: OverError) -> None:
        await self._quietly(lambda: self._socket.close(over.code, over.reason))

    async def _quietly(self, sending: Callable[[], Any]) -> None:
        """What is said to somebody who is gone is lost; that they are gone is heard next."""
        if self._socket.application_state is not WebSocketState.CONNECTED:
            return
        with suppress(WebSocketDisconnect, RuntimeError):
            await sending()


def _prepare(held: Held, layout: Layout) -> None:
    """What takes longer than a frame may: not where others' frames are answered."""
    if held.live.purpose.estimates:
        warmed()
    held.live.hello(layout)
