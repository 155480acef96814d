"""All accounts, for who keeps them; nobody's record is seen by it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from coxa.app.roles import Role
from coxa.web.access import Viewer
from coxa.web.accounts.inviting import invitation_link
from coxa.web.answers import page
from coxa.web.asked import Asked, Asking
from coxa.web.errors import NotHereError
from coxa.web.services import Services

router = APIRouter(include_in_schema=False)


def _require_admin(viewer: Viewer) -> None:
    if viewer.account is None or viewer.role is not Role.ADMIN:
        raise NotHereError


@router.get("/admin")
def show(request: Request, services: Asked, viewer: Asking) -> Response:
    """Accounts and open invitations."""
    _require_admin(viewer)
    return _page(request, services, viewer)


@router.post("/admin/invitations")
def invite(request: Request, services: Asked, viewer: Asking, role: Annotated[Role, Form()]) -> Response:
    """A link for somebody new; it is shown this once."""
    _require_admin(viewer)
    return _page(request, services, viewer, invitation_link(request, services, viewer, role))


@router.post("/admin/invitations/withdraw")
def withdraw(services: Asked, viewer: Asking, invitation: Annotated[str, Form(max_length=64)]) -> Response:
    """A link is good no more."""
    _require_admin(viewer)
    services.accounts.withdraw(invitation)
    return RedirectResponse("/admin", 303)


@router.post("/admin/accounts/{account_id}/disable")
def disable(services: Asked, viewer: Asking, account_id: str) -> Response:
    """Signed out at once, and in no more."""
    return _set_disabled(services, viewer, account_id, True)


@router.post("/admin/accounts/{account_id}/enable")
def enable(services: Asked, viewer: Asking, account_id: str) -> Response:
    """It may sign in again."""
    return _set_disabled(services, viewer, account_id, False)


def _set_disabled(services: Services, viewer: Viewer, account_id: str, disabled: bool) -> Response:
    _require_admin(viewer)
    if services.accounts.by_id(account_id) is None:
        raise NotHereError
    services.accounts.set_disabled(account_id, disabled)
    services.security.sockets.look_again()
    return RedirectResponse("/admin", 303)


def _page(request: Request, services: Services, viewer: Viewer, link: str = "") -> Response:
    values = {
        "accounts": services.accounts.everybody(),
        "invitations": services.accounts.open_invitations(),
        "own": viewer.account,
        "link": link,
        "days": round(services.security.spec.invitations.valid_s / 86_400),
    }
    return page(request, "accounts/admin.html", values)
