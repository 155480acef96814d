"""Signing in and out, by password; what passkeys and invitations end with too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field, SecretStr

from coxa.app.accounts import Account, digest, lasting, sign_in, with_password
from coxa.web.accounts.api import Token
from coxa.web.answers import page
from coxa.web.asked import Asked, Asking
from coxa.web.errors import NotHereError, TooManyError
from coxa.web.languages import LOCALES
from coxa.web.security.cookies import drop_cookie, login_cookie, set_cookie
from coxa.web.security.origin import passkeys_possible
from coxa.web.security.sign_in import address_of
from coxa.web.services import Services

router = APIRouter()
_LONGEST = 2000
_YEAR_S = 31_536_000.0


class Credentials(BaseModel):
    """To sign in with."""

    login: str = Field(max_length=_LONGEST)
    password: SecretStr = Field(max_length=_LONGEST)


@router.get("/sign-in", include_in_schema=False)
def ask(request: Request, services: Asked, next: str = "/") -> Response:  # noqa: A002 - as browsers send it
    """The page, for who is not signed in."""
    if request.state.viewer is not None:
        return RedirectResponse(local(next), 303)
    return _asked(request, services, next)


@router.post("/sign-in", include_in_schema=False)
def by_form(
    request: Request,
    services: Asked,
    login: Annotated[str, Form(max_length=_LONGEST)],
    password: Annotated[str, Form(max_length=_LONGEST)],
    next: Annotated[str, Form(max_length=_LONGEST)] = "/",  # noqa: A002 - as browsers send it
) -> Response:
    """With a password, to where somebody wanted to go."""
    account = admitted(request, services, login, password)
    if account is None:
        return _asked(request, services, next, login, status=401)
    return entered(request, services, account, lambda _: RedirectResponse(local(next), 303))


@router.post("/api/sign-in", tags=["account"], response_model=Token)
def by_program(request: Request, services: Asked, credentials: Credentials) -> Response:
    """With a password, for programs; the cookie that comes along is the sign-in.

    Answered with 401 where login or password is wrong, with 429 after too many tries.
    """
    account = admitted(request, services, credentials.login, credentials.password.get_secret_value())
    return as_token(request, services, account)


@router.post("/sign-out", include_in_schema=False)
def leave(request: Request, services: Asked, _: Asking) -> Response:
    """In this browser; what it kept of our pages goes too."""
    token = request.cookies.get(login_cookie(services.settings.secure))
    if token:
        services.accounts.end(digest(token))
    return left(services)


@router.post("/account/sign-out-everywhere", include_in_schema=False)
def leave_everywhere(services: Asked, viewer: Asking) -> Response:
    """In every browser."""
    if viewer.account is not None:
        services.accounts.end_all(viewer.account)
    return left(services)


@router.post("/language", include_in_schema=False)
def language(
    request: Request,
    services: Asked,
    locale: Annotated[str, Form(max_length=10)],
    next: Annotated[str, Form(max_length=_LONGEST)] = "/",  # noqa: A002 - as browsers send it
) -> Response:
    """Of the pages, in this browser and for the account."""
    if locale not in LOCALES:
        raise NotHereError
    viewer = request.state.viewer
    if viewer is not None and viewer.account is not None:
        services.accounts.set_shown(viewer.account, viewer.name, locale)
    answer = RedirectResponse(local(next), 303)
    set_cookie(answer, "language", locale, services.settings.secure, _YEAR_S)
    return answer


def local(target: str) -> str:
    """An address of ours, or the front door: nobody is sent elsewhere by a link to our sign-in.

    Browsers take a backslash for a slash and leave out tabs and line ends.
    """
    plain = target.startswith("/") and target[1:2] not in ("/", "\\")
    return target if plain and target.isprintable() and "\\" not in target else "/"


def admitted(request: Request, services: Services, login: str, password: str) -> Account | None:
    """Whose login and password these are; None: nobody's.

    Raises:
        TooManyError: too many tries for this login, or from this address.
    """
    security = services.security
    name, address = digest(login.strip().casefold()), address_of(request)
    wait_s = max(security.by_login.wait_s(name), security.by_address.wait_s(address))
    if wait_s > 0.0:
        raise TooManyError(wait_s)
    # Counted before it is looked at: many at once are as many tries.
    security.by_login.failed(name)
    security.by_address.failed(address)
    account = with_password(services.accounts, security.passwords, login, password)
    if account is None:
        services.metrics.refused_sign_ins.inc()
        return None
    security.by_login.succeeded(name)
    security.by_address.forgiven(address)
    return account


def entered(
    request: Request, services: Services, account: Account, answer: Callable[[str], Response]
) -> Response:
    """Signed in: the answer, made of what changes bring along now, with a token never used before."""
    secure, spec = services.settings.secure, services.security.spec
    name = login_cookie(secure)
    token, login = sign_in(services.accounts, spec, account, before=request.cookies.get(name))
    made = answer(login.csrf)
    set_cookie(made, name, token, secure, lasting(spec, account.role)[1])
    return made


def as_token(request: Request, services: Services, account: Account | None) -> Response:
    """The answer to a program or script that signs in."""
    if account is None:
        told = {"type": "about:blank", "title": "Login or password is wrong", "status": 401, "detail": ""}
        return JSONResponse(told, 401, media_type="application/problem+json")
    return entered(request, services, account, lambda csrf: JSONResponse({"csrf": csrf}))


def left(services: Services) -> Response:
    """Signed out, with what is open here."""
    services.security.sockets.look_again()
    answer = RedirectResponse("/sign-in", 303)
    drop_cookie(answer, login_cookie(services.settings.secure), services.settings.secure)
    # What the browser kept to be readable offline is somebody's plan.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _asked(request: Request, services: Services, target: str, login: str = "", status: int = 200) -> Response:
    values = {
        "next": local(target),
        "login": login,
        "failed": status != 200,
        "passkeys": passkeys_possible(request),
    }
    return page(request, "accounts/sign_in.html", values, status=status)
