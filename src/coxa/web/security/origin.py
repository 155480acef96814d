"""Whether a request comes from a page of ours: browsers say from whose page, and scripts cannot change it."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from fastapi import WebSocketException
from starlette.requests import HTTPConnection
from starlette.status import WS_1008_POLICY_VIOLATION
from starlette.websockets import WebSocket


def own_origin(connection: HTTPConnection) -> str:
    """Scheme, name and port under which this server was asked, as browsers write origins."""
    scheme = {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)
    return f"{scheme}://{connection.headers.get('host', '').lower()}"


def host_of(connection: HTTPConnection) -> str:
    """Name or address under which this server was asked, without its port."""
    return connection.url.hostname or ""


def passkeys_possible(connection: HTTPConnection) -> bool:
    """Whether browsers take passkeys here: they belong to a name, a bare address will not do."""
    try:
        ipaddress.ip_address(host_of(connection).strip("[]"))
    except ValueError:
        return True
    return False


def is_own(connection: HTTPConnection, origin: str) -> bool:
    """Whether an ``Origin`` header names this server: same scheme, name and port."""
    told, own = urlsplit(origin.lower()), urlsplit(own_origin(connection))
    return bool(told.netloc) and _place(told.scheme, told.netloc) == _place(own.scheme, own.netloc)


def _place(scheme: str, netloc: str) -> tuple[str, str]:
    default = {"http": ":80", "https": ":443"}.get(scheme, "")
    return scheme, netloc.removesuffix(default) if default else netloc


def require_own_origin(websocket: WebSocket) -> None:
    """Let only our own pages open a socket; a browser sends its cookies along from anybody's.

    Raises:
        WebSocketException: another page asked, or something that does not say where it comes from. Before
            the socket is accepted, it is answered with 403.
    """
    if not is_own(websocket, websocket.headers.get("origin", "")):
        raise WebSocketException(WS_1008_POLICY_VIOLATION, "not from a page of this server")


def from_elsewhere(connection: HTTPConnection) -> bool:
    """Whether a browser says that a request came from somebody else's page.

    ``Sec-Fetch-Site`` and ``Origin`` both have a say; where neither is sent, no browser of today asked, and
    the token alone decides.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return True
    origin = connection.headers.get("origin")
    return origin is not None and not is_own(connection, origin)
