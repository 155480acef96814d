"""How much a request may bring along: more is not read."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coxa.web import errors
from coxa.web.security.doors import takes_uploads
from coxa.web.settings import MOST_BODY_BYTES

_TOO_LARGE = 413
_MEGABYTE = 1_000_000


class BodyLimit:
    """Refuses bodies that are too large, told so or found so.

    Args:
        app: what answers.
        upload_mb: the largest recording.
    """

    def __init__(self, app: ASGIApp, upload_mb: int) -> None:
        self._app = app
        self._upload_bytes = upload_mb * _MEGABYTE + MOST_BODY_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._upload_bytes if takes_uploads(scope["path"]) else MOST_BODY_BYTES
        request = Request(scope, receive)
        told = request.headers.get("content-length", "0")
        if not told.isdecimal() or int(told) > most:
            refused = await errors.answer(request, _too_large() if told.isdecimal() else HTTPException(400))
            await refused(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise _too_large()
            return message

        await self._app(scope, counted, send)


def _too_large() -> HTTPException:
    return HTTPException(_TOO_LARGE, "This is too large")
