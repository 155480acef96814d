"""One's own account: language, password, passkeys, where one is signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from coxa.app.accounts import Account, check_password, seconds_since
from coxa.app.record import clean_name
from coxa.model.errors import CoxaError, SourceError
from coxa.web.access import Viewer
from coxa.web.accounts.entering import admitted, entered, left
from coxa.web.answers import locale_of, page
from coxa.web.asked import Asked, Asking
from coxa.web.errors import NotHereError
from coxa.web.security.origin import passkeys_possible
from coxa.web.services import Services

router = APIRouter(include_in_schema=False)
_LONGEST = 2000


def own_account(services: Services, viewer: Viewer) -> Account:
    """Of who asks.

    Raises:
        NotHereError: there are no accounts here.
    """
    found = None if viewer.account is None else services.accounts.by_id(viewer.account)
    if found is None:
        raise NotHereError
    return found


def require_fresh(request: Request, services: Services) -> None:
    """Somebody who finds a browser open does not add a way in of their own.

    Raises:
        SourceError: the sign-in is too old.
    """
    if not fresh(request, services):
        raise SourceError("you signed in some time ago", "sign out, sign in and try again")


def fresh(request: Request, services: Services) -> bool:
    """Whether the sign-in is new enough to add a way in."""
    login = request.state.login
    return login is not None and seconds_since(login.created_at) <= services.security.spec.signed_in.fresh_s


@router.get("/account")
def show(request: Request, services: Asked, viewer: Asking, done: str = "") -> Response:
    """The page; the owner of a machine without accounts has a language only."""
    return _page(request, services, viewer, done=done)


def _page(
    request: Request, services: Services, viewer: Viewer, done: str = "", fault: CoxaError | None = None
) -> Response:
    values: dict[str, object] = {"account": None, "locale_now": locale_of(request)}
    if viewer.account is not None:
        account = own_account(services, viewer)
        values |= {
            "account": account,
            "passkeys": services.accounts.passkeys_of(account.id),
            "logins": services.accounts.logins_of(account.id),
            "this": request.state.login.token_sha256,
            "has_password": services.accounts.password_hash(account.id) is not None,
            "shortest": services.security.spec.passwords.shortest,
            "fresh": fresh(request, services),
            "passkeys_possible": passkeys_possible(request),
            "done": done if done in ("name", "password", "passkey") else "",
            "fault": fault,
        }
    return page(request, "accounts/account.html", values, status=200 if fault is None else 422)


@router.post("/account/name")
def rename(services: Asked, viewer: Asking, name: Annotated[str, Form(max_length=_LONGEST)]) -> Response:
    """As shown to others."""
    account = own_account(services, viewer)
    services.accounts.set_shown(account.id, clean_name(name), account.locale)
    return RedirectResponse("/account?done=name", 303)


@router.post("/account/password")
def set_password(
    request: Request,
    services: Asked,
    viewer: Asking,
    password: Annotated[str, Form(max_length=_LONGEST)],
    current: Annotated[str, Form(max_length=_LONGEST)] = "",
) -> Response:
    """Replace it; every other browser is signed out, and this one gets a new token."""
    account = own_account(services, viewer)
    try:
        _require_own(request, services, account, current)
        check_password(services.security.spec.passwords, password, account.login, account.name)
    except SourceError as fault:
        return _page(request, services, viewer, fault=fault)
    services.accounts.set_password(account.id, services.security.passwords.hashed(password))
    services.accounts.end_all(account.id)
    services.security.sockets.look_again()
    return entered(request, services, account, lambda _: RedirectResponse("/account?done=password", 303))


@router.post("/account/remove")
def remove(
    request: Request,
    services: Asked,
    viewer: Asking,
    current: Annotated[str, Form(max_length=_LONGEST)] = "",
) -> Response:
    """Remove the account; the person's record is removed on its own page."""
    account = own_account(services, viewer)
    try:
        _require_own(request, services, account, current)
        services.accounts.remove(account.id)
    except SourceError as fault:
        return _page(request, services, viewer, fault=fault)
    return left(services)


def _require_own(request: Request, services: Services, account: Account, password: str) -> None:
    """By the password there is, else by a new sign-in.

    Raises:
        SourceError: it is another one, or the sign-in is old.
        TooManyError: too many tries.
    """
    if services.accounts.password_hash(account.id) is None:
        require_fresh(request, services)
    elif admitted(request, services, account.login, password) is None:
        raise SourceError("your present password is another one", "write it again")
