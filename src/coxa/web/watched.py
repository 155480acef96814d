"""Every answer is counted and logged, without personal data; what breaks is answered too."""

from __future__ import annotations

import json
import logging
import time
import traceback
from datetime import UTC, datetime
from uuid import uuid4

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coxa.web import errors
from coxa.web.metrics import Metrics
from coxa.web.security.doors import is_static

log = logging.getLogger("coxa.web")
_BROKEN = 500
_WENT_WRONG = 1011


class Watched:
    """Counts, logs and, where nothing else does, answers.

    Args:
        app: what answers.
        metrics: of the server.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began, status, named = time.perf_counter(), 0, uuid4().hex

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", named.encode())]
            elif message["type"] == "websocket.accept":
                status = 101
            elif message["type"] == "websocket.close":
                status = status or 403
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for an answer
            await _broken(scope, receive, noted, error, begun=status != 0)
        self._tell(scope, status, time.perf_counter() - began, named)

    def _tell(self, scope: Scope, status: int, took_s: float, named: str) -> None:
        route, method = route_of(scope), str(scope.get("method", "SOCKET"))
        method = method if method in _METHODS else "OTHER"
        self._metrics.requests.labels(route, method, str(status)).inc()
        if scope["type"] == "http":
            self._metrics.latency_s.labels(route).observe(took_s)
        told = {"method": method, "route": route, "status": status, "ms": round(took_s * 1e3, 1)}
        log.info("answered", extra={"told": {**told, "request": named}})


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "SOCKET"})


def route_of(scope: Scope) -> str:
    """The template of a path, as ``/p/{person_id}``: never the path, which names people."""
    path = getattr(scope.get("route"), "path", None)
    if path:
        return str(path)
    return "static" if is_static(scope["path"]) else "none"


async def _broken(scope: Scope, receive: Receive, send: Send, error: Exception, begun: bool) -> None:
    if scope["type"] == "websocket":
        log.error("broken", exc_info=error, extra={"told": {"route": route_of(scope)}})
        await send({"type": "websocket.close", "code": _WENT_WRONG, "reason": ""})
        return
    answer = await errors.answer(Request(scope, receive), error)
    if not begun:
        await answer(scope, receive, send)


class JsonLines(logging.Formatter):
    """One JSON object a line; of errors only kinds and places in the code: their words may name people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        own = record.name.startswith("coxa")
        told = {
            "at": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            # What libraries say may hold anything.
            "what": record.msg if own and not record.args else "",
            **getattr(record, "told", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            told["error"] = _places(record.exc_info[1])
        return json.dumps(told, ensure_ascii=False)


def _places(error: BaseException) -> list[str]:
    """Kinds and places, the cause last."""
    said: list[str] = []
    one: BaseException | None = error
    while one is not None and len(said) < 5:
        frames = traceback.extract_tb(one.__traceback__)[-6:]
        where = " < ".join(
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)
        )
        said.append(f"{type(one).__name__} at {where}")
        one = one.__cause__ or one.__context__
    return said


def log_to_stderr() -> None:
    """JSON lines on standard error, for this process."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    log.setLevel(logging.INFO)
