"""Sets are made by a request, driven by a socket."""

from __future__ import annotations

import threading
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, WebSocket
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from coxa.app.live_sets import Asked, FullError, Held, LiveSets, PlannedItem, TooManySetsError
from coxa.app.record import Person
from coxa.bootstrap.live import require_allowed, warmed
from coxa.model.errors import CoxaError
from coxa.web.access import Action
from coxa.web.asked import Seen, TheRecord, Trained, person_for
from coxa.web.errors import NotHereError, TooManyError
from coxa.web.live import messages as say
from coxa.web.live.held import live_sets_of
from coxa.web.live.talk import Talk
from coxa.web.marks import N_
from coxa.web.security.origin import require_own_origin
from coxa.web.services import services_of

router = APIRouter(tags=["live"])
_SETS = "/api/people/{person_id}/sets"
_WAIT_S = 30.0
_UPGRADE = 426
_FULL = (
    N_("This server coaches as many people as it can"),
    N_("Try again in half a minute: those who are under way are not disturbed."),
)
_ENOUGH = (N_("Too many of your sets are under way at once"), N_("End one of them first."))

Live = Annotated[LiveSets, Depends(live_sets_of)]


@router.post(_SETS, status_code=201)
def begin(
    person: Trained, records: TheRecord, sets: Live, told: Annotated[say.SetAsked, Body()]
) -> say.SetMade:
    """A set of an exercise, one side of a test of movement, or a look through the camera."""
    asked = _asked(told)
    require_allowed(records, person, asked, date.today())
    try:
        held = sets.begin(person.id, asked)
    except TooManySetsError as error:
        raise TooManyError(_WAIT_S, *(_FULL if isinstance(error, FullError) else _ENOUGH)) from error
    threading.Thread(target=warmed, daemon=True).start()  # while the page opens its camera
    return say.SetMade(id=held.id, socket=f"/api/people/{person.id}/sets/{held.id}/live")


@router.get(
    _SETS + "/{set_id}/live",
    status_code=_UPGRADE,
    responses={200: {"model": say.LiveMessages, "description": "Messages of the socket (docs/live.md)."}},
)
def only_a_socket(person: Seen) -> Response:
    """This address is for a WebSocket."""
    return Response(status_code=_UPGRADE, headers={"Upgrade": "websocket"})


@router.websocket(_SETS + "/{set_id}/live")
async def live(socket: WebSocket, person_id: str, set_id: str) -> None:
    """Landmarks in, scenes out, until the set ends or the page goes."""
    require_own_origin(socket)
    try:
        person, held = await run_in_threadpool(_admitted, socket, person_id, set_id)
    except NotHereError:
        await socket.send_denial_response(Response(status_code=404))
        return
    except CoxaError:
        await socket.send_denial_response(Response(status_code=503))
        return
    await socket.accept()
    await Talk(socket, live_sets_of(socket), services_of(socket), person, held).run()


def _admitted(socket: WebSocket, person_id: str, set_id: str) -> tuple[Person, Held]:
    """Whose set it is, where the viewer may.

    Raises:
        NotHereError: nobody is signed in, or not somebody who may, or there is no such set.
    """
    viewer = socket.state.viewer
    if viewer is None:
        raise NotHereError
    person = person_for(services_of(socket).records, viewer, person_id, Action.TRAIN)
    held = live_sets_of(socket).find(person.id, set_id)
    if held is None:
        raise NotHereError
    return person, held


def _asked(told: say.CoachSet | say.TestSet | say.CameraSet) -> Asked:
    if isinstance(told, say.CameraSet):
        return Asked(told.kind)
    if isinstance(told, say.TestSet):
        return Asked(told.kind, told.protocol, told.side)
    planned: Any = None if told.planned is None else PlannedItem(**told.planned.model_dump())
    return Asked(told.kind, told.exercise, told.side, told.sets, told.repetitions, told.hold_s, planned)
