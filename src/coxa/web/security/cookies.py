"""Our two cookies: who is signed in, and which browser this is; scripts can read neither."""

from __future__ import annotations

import re

from starlette.requests import HTTPConnection
from starlette.responses import Response

_VISITOR = re.compile(r"[A-Za-z0-9_-]{32}")
_PERSON = re.compile(r"[0-9a-f-]{36}")


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


def visitor_of(connection: HTTPConnection, secure: bool) -> str | None:
    """Which browser it is; None: it has no cookie yet."""
    told = connection.cookies.get(visitor_cookie(secure), "")
    return told if _VISITOR.fullmatch(told) else None


def kiosk_cookie(secure: bool) -> str:
    """Its name.

    Without accounts the machine's owner hands the screen over by it; with accounts, the table of sign-ins
    says so, which no browser can change.
    """
    return "__Host-coxa-kiosk" if secure else "coxa-kiosk"


def kiosk_of(connection: HTTPConnection, secure: bool) -> str | None:
    """In whose hands the browser is; None: in nobody's."""
    told = connection.cookies.get(kiosk_cookie(secure), "")
    return told if _PERSON.fullmatch(told) else None
