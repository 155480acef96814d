"""Our two cookies: who is signed in, and which browser this is; scripts can read neither."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from starlette.requests import HTTPConnection
from starlette.responses import Response

_VISITOR = re.compile(r"[A-Za-z0-9_-]{32}")


def login_cookie(secure: bool) -> str:
    """Its name; browsers take ``__Host-`` from this very host by HTTPS only, for all of its paths."""
    return "__Host-coxa" if secure else "coxa"


def visitor_cookie(secure: bool) -> str:
    """Its name."""
    return "__Host-coxa-visitor" if secure else "coxa-visitor"


def set_cookie(response: Response, name: str, value: str, secure: bool, lasts_s: float | None = None) -> None:
    """Give a browser a cookie that no script reads and no other site's form sends."""
    age = None if lasts_s is None else int(lasts_s)
    response.set_cookie(name, value, max_age=age, path="/", secure=secure, httponly=True, samesite="lax")


def drop_cookie(response: Response, name: str, secure: bool) -> None:
    """Take it back."""
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


class VisitorTokens:
    """Tokens against forged requests for browsers in which nobody is signed in.

    A page brings along what only this server can make of the browser's cookie. Somebody else's page can
    neither read the token nor make one for a cookie that it planted.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def known(self, connection: HTTPConnection, secure: bool) -> str | None:
        """The browser's cookie; None: it has none."""
        told = connection.cookies.get(visitor_cookie(secure), "")
        return told if _VISITOR.fullmatch(told) else None

    def fresh(self) -> str:
        """A new cookie."""
        return secrets.token_urlsafe(24)

    def of(self, visitor: str) -> str:
        """The token of a cookie, 64 hexadecimal digits."""
        return hmac.new(self._secret, visitor.encode(), hashlib.sha256).hexdigest()
