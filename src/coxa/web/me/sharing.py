"""Who else may see the record: given and taken back by the person alone."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from coxa.app.roles import Role, Tie
from coxa.web.asked import Asked, Asking, Erased

router = APIRouter()
_LONGEST = 200


# What only the person may do is what erasing needs: a clinician hands nobody's record on.
@router.post("/p/{person_id}/me/share")
def share(
    person: Erased, viewer: Asking, services: Asked, login: Annotated[str, Form(max_length=_LONGEST)]
) -> Response:
    """Let a clinician see the record; whether there is one of this login is not told."""
    found = services.accounts.by_login(login)
    known = found is not None and found.role is Role.CLINICIAN and found.disabled_at is None
    if viewer.account is not None and found is not None and known and found.id != viewer.account:
        services.accounts.tie(found.id, person.id, Tie.CLINICIAN)
        services.accounts.note("shared", viewer.account, person.id)
    return RedirectResponse(f"/p/{person.id}/me?shared=asked#sharing", 303)


@router.post("/p/{person_id}/me/unshare")
def unshare(
    person: Erased, viewer: Asking, services: Asked, account: Annotated[str, Form(max_length=36)]
) -> Response:
    """Let a clinician see it no more."""
    mine = [one for one in services.accounts.clinicians_of(person.id) if one.id == account]
    if viewer.account is not None and mine:
        services.accounts.untie(account, person.id)
        services.security.sockets.look_again()
        services.accounts.note("unshared", viewer.account, person.id)
    return RedirectResponse(f"/p/{person.id}/me#sharing", 303)
