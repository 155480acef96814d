"""Who asks: every request gets its viewer here, and what is not allowed goes no further."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.status import WS_1008_POLICY_VIOLATION
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coxa.app.accounts import (
    Account,
    Login,
    digest,
    lasting,
    seconds_since,
)
from coxa.app.roles import Tie
from coxa.web import errors
from coxa.web.access import Action, Role, Viewer, may
from coxa.web.memory.security import Security
from coxa.web.security import csrf, doors
from coxa.web.security.cookies import kiosk_of, login_cookie, set_cookie, visitor_cookie, visitor_of
from coxa.web.security.origin import from_elsewhere, is_own

_CLOSED = {"type": "websocket.close", "code": WS_1008_POLICY_VIOLATION, "reason": ""}


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks, with which token, and the cookie for a browser that has none."""

    viewer: Viewer | None
    csrf: str
    visitor: str | None
    fresh: bool


class SignIn:
    """Puts viewer and token into the request's state; refuses what is closed, forged or too much.

    Args:
        app: what answers.
        security: of the server.
        accounts: people sign in; else everybody who reaches the server is its owner.
        secure: browsers speak HTTPS.
    """

    def __init__(self, app: ASGIApp, security: Security, accounts: bool, secure: bool) -> None:
        self._app, self._security, self._accounts, self._secure = app, security, accounts, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        connection.state.viewer, connection.state.login, connection.state.csrf = None, None, ""
        if doors.is_static(scope["path"]):
            await self._app(scope, receive, send)
            return
        asker = await self._who(connection)
        connection.state.viewer, connection.state.csrf = asker.viewer, asker.csrf
        connection.state.visitor = asker.visitor
        if scope["type"] == "websocket":
            await self._socket(connection, asker.viewer, receive, send)
        else:
            await self._request(Request(scope, receive), asker, receive, send)

    async def _socket(
        self, connection: HTTPConnection, viewer: Viewer | None, receive: Receive, send: Send
    ) -> None:
        own = is_own(connection, connection.headers.get("origin", ""))
        if not own or self._refusal(connection, viewer) is not None:
            await send(dict(_CLOSED))
            return
        if connection.state.login is None:
            await self._app(connection.scope, receive, send)
            return

        async def may_still() -> bool:
            return await run_in_threadpool(self._may_still, connection)

        await self._security.sockets.hold(self._app, connection.scope, receive, send, may_still)

    def _may_still(self, connection: HTTPConnection) -> bool:
        """Whether the door would open now to who opened a socket. While it is open nobody is idle."""
        found = self._security.accounts.signed_in(connection.state.login.token_sha256)
        if found is None or _too_old(self._security, found[0], found[1]):
            return False
        return _shut(connection.scope["path"], _viewer(*found)) is None

    async def _request(self, request: Request, asker: _Asker, receive: Receive, send: Send) -> None:
        refused = self._forged(request) or self._refusal(request, asker.viewer)
        if refused is None and request.method not in csrf.SAFE:
            try:
                brought, receive = await csrf.brought(request, receive, asker.csrf)
                refused = None if brought else errors.ForbiddenError()
            except HTTPException as error:  # the body is larger than is taken
                refused = error
        told = self._with_cookie(asker, send)
        if refused is None:
            await self._app(request.scope, receive, told)
        else:
            await (await errors.answer(request, refused))(request.scope, receive, told)

    def _forged(self, request: Request) -> Exception | None:
        """Somebody else's page may link here, and nothing more."""
        navigated = (
            request.method in csrf.SAFE
            and request.headers.get("sec-fetch-mode") == "navigate"
            and request.headers.get("sec-fetch-dest") == "document"
        )
        return errors.ForbiddenError() if from_elsewhere(request) and not navigated else None

    def _refusal(self, connection: HTTPConnection, viewer: Viewer | None) -> Exception | None:
        """Where this viewer may not go; what each route asks for besides is its own."""
        wait_s = self._wait_s(connection, viewer)
        if wait_s > 0.0:
            return errors.TooManyError(wait_s)
        return _shut(connection.scope["path"], viewer)

    def _wait_s(self, connection: HTTPConnection, viewer: Viewer | None) -> float:
        """The owner of the machine is not counted."""
        if viewer is None:
            return self._security.of_addresses.wait_s(address_of(connection))
        return 0.0 if viewer.account is None else self._security.of_accounts.wait_s(viewer.account)

    async def _who(self, connection: HTTPConnection) -> _Asker:
        token = connection.cookies.get(login_cookie(self._secure)) if self._accounts else None
        found = await run_in_threadpool(signed_in, self._security, token) if token else None
        if found is not None:
            login, account, ties = found
            connection.state.login = login
            return _Asker(_viewer(login, account, ties), login.csrf, login.token_sha256, False)
        visitors = self._security.visitors
        known = visitor_of(connection, self._secure)
        visitor = known or visitors.fresh()
        made = visitors.of(visitor)
        kiosk = kiosk_of(connection, self._secure)
        owner = None if self._accounts else Viewer(None, "", Role.ADMIN, csrf=made, kiosk=kiosk)
        return _Asker(owner, made, visitor, known is None)

    def _with_cookie(self, asker: _Asker, send: Send) -> Send:
        if not asker.fresh or asker.visitor is None:
            return send
        from starlette.responses import Response

        bearer = Response()
        set_cookie(bearer, visitor_cookie(self._secure), asker.visitor, self._secure)
        header = (b"set-cookie", bearer.headers["set-cookie"].encode())

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        return told


def _shut(path: str, viewer: Viewer | None) -> Exception | None:
    """Why a door is closed to somebody; None: it is not."""
    if viewer is None:
        return None if doors.is_open(path) else errors.NotSignedInError()
    person = doors.person_in(path)
    if person is not None and not may(viewer, Action.SEE, person):
        return errors.NotHereError()
    if viewer.kiosk is not None and person is None and not doors.is_open_in_kiosk(path):
        return errors.NotHereError()
    return None


def _viewer(login: Login, account: Account, ties: Mapping[str, Tie]) -> Viewer:
    return Viewer(account.id, account.name, account.role, ties, account.locale, login.csrf, login.kiosk)


def _too_old(security: Security, login: Login, account: Account) -> bool:
    return seconds_since(login.created_at) > lasting(security.spec, account.role)[1]


def signed_in(security: Security, token: str) -> tuple[Login, Account, dict[str, Tie]] | None:
    """Who holds a token; None: nobody, or their sign-in is over, which then is the end of it."""
    key = digest(token)
    found = security.accounts.signed_in(key)
    if found is None:
        return None
    login, account, ties = found
    idle_s, _ = lasting(security.spec, account.role)
    if seconds_since(login.used_at) > idle_s or _too_old(security, login, account):
        security.accounts.end(key)
        return None
    if security.used.due(key):
        security.accounts.used(key)
    return login, account, dict(ties)


def address_of(connection: HTTPConnection) -> str:
    """From where it was asked; behind a proxy, what the proxy says."""
    return connection.client.host if connection.client else ""
