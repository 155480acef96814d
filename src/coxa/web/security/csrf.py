"""Changes come from our own pages: each brings the token of its page along, in a header or in its form."""

from __future__ import annotations

import hmac
import re

from starlette.requests import Request
from starlette.types import Message, Receive

HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: The field is the first of each form, so that no upload is read for it.
_LOOKED_AT_BYTES = 65_536
_URLENCODED = re.compile(rb"(?:^|&)csrf=([0-9a-f]{64})(?:&|$)")
_MULTIPART = re.compile(rb'name="?csrf"?\r\n(?:[^\r\n]+\r\n)*\r\n([0-9a-f]{64})\r\n')


async def brought(request: Request, receive: Receive, expected: str) -> tuple[bool, Receive]:
    """Whether a change brings its token along.

    That the value is in the body somewhere is proof enough: who does not know it cannot put it there.

    Args:
        request: the change.
        receive: gives its body.
        expected: token of the page; empty: there is none, and no change is taken.

    Returns:
        Whether, and what gives the body to whoever answers.
    """
    told = request.headers.get(HEADER)
    if told is not None or not expected:
        return _same(told or "", expected), receive
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    field = {"application/x-www-form-urlencoded": _URLENCODED, "multipart/form-data": _MULTIPART}.get(kind)
    if field is None:
        return False, receive
    begun, again = await _beginning(receive)
    found = field.search(begun)
    return found is not None and _same(found[1].decode(), expected), again


def _same(told: str, expected: str) -> bool:
    return bool(expected) and hmac.compare_digest(told.encode(), expected.encode())


async def _beginning(receive: Receive) -> tuple[bytes, Receive]:
    """The first part of a body, and what gives all of it."""
    messages: list[Message] = []
    begun = bytearray()
    more = True
    while more and len(begun) < _LOOKED_AT_BYTES:
        message = await receive()
        messages.append(message)
        begun += message.get("body", b"")
        more = bool(message.get("more_body", False))
    messages.reverse()

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return bytes(begun[:_LOOKED_AT_BYTES]), again
