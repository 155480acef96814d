"""The screen of the treatment room, handed to one person: it shows that person and nobody else."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from coxa.bootstrap.training import still_closed
from coxa.model.errors import SourceError
from coxa.web.access import Action, may
from coxa.web.accounts.entering import admitted
from coxa.web.answers import page
from coxa.web.asked import Asked, Asking, Prescribed, TheRecord
from coxa.web.errors import NotHereError
from coxa.web.security.cookies import drop_cookie, kiosk_cookie, set_cookie

router = APIRouter(include_in_schema=False)
_LONGEST = 2000


@router.post("/clients/{person_id}/kiosk")
def hand_over(request: Request, services: Asked, viewer: Asking, person: Prescribed) -> Response:
    """From here on this browser is in the person's hands."""
    if not viewer.sees_clients:
        raise NotHereError
    services.accounts.note("handed_over", viewer.account or "", person.id)
    answer = RedirectResponse("/kiosk", 303)
    if viewer.account is None:
        secure = services.settings.secure
        set_cookie(answer, kiosk_cookie(secure), person.id, secure)
    else:
        services.accounts.hand_over(request.state.login.token_sha256, person.id)
        services.security.sockets.look_again()
    return answer


@router.get("/kiosk")
def show(request: Request, viewer: Asking, records: TheRecord) -> Response:
    """What the person may do here; for a clinician, whom to hand the screen to."""
    if viewer.kiosk is None:
        if not viewer.sees_clients:
            raise NotHereError
        people = [one for one in records.people() if may(viewer, Action.PRESCRIBE, one.id)]
        return page(request, "clinic/kiosk_choose.html", {"people": people})
    person = records.person(viewer.kiosk)
    if person is None:
        raise NotHereError
    values = {
        "person": person,
        "closed": still_closed(records, person, date.today()),
        "asks_password": viewer.account is not None,
    }
    return page(request, "clinic/kiosk.html", values)


@router.post("/kiosk/leave")
def leave(
    request: Request,
    services: Asked,
    viewer: Asking,
    password: Annotated[str, Form(max_length=_LONGEST)] = "",
) -> Response:
    """Back to the clinician, by the password that signed in.

    Raises:
        SourceError: it is another one.
    """
    if viewer.kiosk is None:
        return RedirectResponse("/clients", 303)
    answer = RedirectResponse(f"/clients/{viewer.kiosk}", 303)
    if viewer.account is None:
        drop_cookie(answer, kiosk_cookie(services.settings.secure), services.settings.secure)
        return answer
    account = services.accounts.by_id(viewer.account)
    if account is None or admitted(request, services, account.login, password) is None:
        raise SourceError("this is not the password", "write the one of whoever signed in here, or sign out")
    services.accounts.hand_over(request.state.login.token_sha256, None)
    return answer
