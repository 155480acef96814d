"""Invitations: links that make one account, once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from coxa.app.accounts import accept, digest, invite
from coxa.app.roles import Role
from coxa.model.errors import SourceError
from coxa.web.access import Viewer
from coxa.web.accounts.entering import entered
from coxa.web.answers import page
from coxa.web.asked import Asked
from coxa.web.errors import NotHereError
from coxa.web.security.origin import own_origin
from coxa.web.services import Services

router = APIRouter(include_in_schema=False)
_LONGEST = 2000


def invitation_link(
    request: Request, services: Services, viewer: Viewer, role: Role, person: str | None = None
) -> str:
    """A link for somebody who gets an account; whoever asks has been found to be allowed.

    Args:
        request: by which our address is known.
        services: of the server.
        viewer: who invites.
        role: of the account.
        person: whose own record it is for; None: nobody's yet.

    Raises:
        NotHereError: there are no accounts here.
    """
    if not services.settings.accounts:
        raise NotHereError
    token = invite(services.accounts, services.security.spec, role, viewer.account, person)
    return f"{own_origin(request)}/invitation/{token}"


@router.get("/invitation/{token}")
def ask(request: Request, services: Asked, token: str) -> Response:
    """The form; looking at it uses nothing up."""
    return _page(request, services, token)


@router.post("/invitation/{token}")
def take(
    request: Request,
    services: Asked,
    token: str,
    name: Annotated[str, Form(max_length=_LONGEST)],
    login: Annotated[str, Form(max_length=_LONGEST)],
    password: Annotated[str, Form(max_length=_LONGEST)],
) -> Response:
    """Make the account and sign in."""
    security = services.security
    try:
        made = accept(services.accounts, security.passwords, security.spec, token, login, name, password)
    except SourceError as fault:
        return _page(request, services, token, fault, {"name": name, "login": login})
    if made is None:
        raise NotHereError
    return entered(request, services, made, lambda _: RedirectResponse("/", 303))


def _page(
    request: Request,
    services: Services,
    token: str,
    fault: SourceError | None = None,
    told: dict[str, str] | None = None,
) -> Response:
    """Raises: NotHereError: it is not good, or not any more."""
    found = services.accounts.invitation(digest(token)) if services.settings.accounts else None
    if found is None:
        raise NotHereError
    person = None if found.person is None else services.records.person(found.person)
    values = {
        "action": f"/invitation/{token}",
        "role": found.role.value,
        "told": told or {"name": person.name if person else "", "login": ""},
        "shortest": services.security.spec.passwords.shortest,
        "fault": fault,
    }
    return page(request, "accounts/invitation.html", values, status=200 if fault is None else 422)
