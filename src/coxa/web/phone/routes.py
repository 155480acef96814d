"""The main screen's page, the phone's page, and a socket for each."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from datetime import date
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Body, Cookie, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.status import WS_1003_UNSUPPORTED_DATA, WS_1008_POLICY_VIOLATION

from coxa.app.phone_live import Gathered
from coxa.app.tapped import reading_of
from coxa.bootstrap.phone_live import keep_tapped, keep_worn, readable, worn_test
from coxa.catalog import loader
from coxa.model.errors import CoxaError, SourceError
from coxa.web.access import Action
from coxa.web.answers import page
from coxa.web.asked import Asked, Trained, person_for
from coxa.web.errors import NotHereError
from coxa.web.phone import messages as say
from coxa.web.phone.pairing import Pairing, Pairings
from coxa.web.security.origin import own_origin, require_own_origin
from coxa.web.services import services_of

router = APIRouter()
_POLICY, _UNSUPPORTED = WS_1008_POLICY_VIOLATION, WS_1003_UNSUPPORTED_DATA
_COOKIE = "phone"
_MOST_BEHIND = 64
_SHOWN_EVERY_S = 1 / 20


def pairings_of(connection: Request | WebSocket) -> Pairings:
    """Those of the server that was asked."""
    found: Pairings = connection.app.state.pairings
    return found


@router.get("/p/{person_id}/phone", include_in_schema=False)
def main_screen(request: Request, person: Trained, services: Asked) -> Response:
    """Choose what for, then pair."""
    values = {
        "person": person,
        "choices": readable(),
        "alone": services.settings.only_this_machine,
        "secure": services.settings.secure,
    }
    return page(request, "phone/main.html", values)


@router.post("/api/people/{person_id}/phones", status_code=201, tags=["live"])
def pair(request: Request, person: Trained, told: Annotated[say.PhoneAsked, Body()]) -> say.PhoneMade:
    """A code for a phone, good once."""
    if told.quantity:
        reading_of(loader.tap_rules(), told.protocol, told.quantity)
    else:
        worn_test(told.protocol)
    made = pairings_of(request).begin(person.id, told.protocol, told.quantity, told.side)
    address = f"{own_origin(request)}/phone/{made.code}"
    picture = segno.make(address, error="m").svg_inline(border=2, dark="#1d2125", light="#fff", omitsize=True)
    socket = f"/api/people/{person.id}/phones/{made.code}/watch"
    return say.PhoneMade(code=made.code, address=address, picture_svg=picture, socket=socket)


@router.get("/phone/{code}", include_in_schema=False)
def phones_page(request: Request, code: str, phone: Annotated[str, Cookie()] = "") -> Response:
    """What the phone opens: the first that does has it."""
    found, secret = pairings_of(request).opened(code, phone)
    values = {"code": code, "tapped": bool(found.quantity), "steps": _steps(found), "side": found.side}
    answer = page(request, "phone/sensor.html", values)
    secure = services_of(request).settings.secure
    answer.set_cookie(_COOKIE, secret, path=f"/phone/{code}", httponly=True, samesite="strict", secure=secure)
    return answer


@router.websocket("/api/people/{person_id}/phones/{code}/watch")
async def watch(socket: WebSocket, person_id: str, code: str) -> None:
    """The main screen: it sees what the phone tells, and may tap for it."""
    require_own_origin(socket)
    try:
        if socket.state.viewer is None:
            raise NotHereError
        records = services_of(socket).records
        await run_in_threadpool(person_for, records, socket.state.viewer, person_id, Action.TRAIN)
        found = pairings_of(socket).of_person(person_id, code)
    except NotHereError:
        await socket.send_denial_response(Response(status_code=404))
        return
    await socket.accept()
    queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_MOST_BEHIND)
    found.watching.add(queue)
    queue.put_nowait({"type": "phone", "state": _state(found)})
    try:
        await _both_ways(socket, found, queue)
    finally:
        found.watching.discard(queue)


@router.websocket("/phone/{code}/send")
async def send(socket: WebSocket, code: str) -> None:
    """The phone: it tells how it lies; a newer connection takes over."""
    require_own_origin(socket)
    try:
        found, _ = pairings_of(socket).opened(code, socket.cookies.get(_COOKIE, ""))
    except NotHereError:
        await socket.send_denial_response(Response(status_code=404))
        return
    await socket.accept()
    queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_MOST_BEHIND)
    found.told_phone = queue
    found.tell({"type": "phone", "state": "here"})
    try:
        await _both_ways(socket, found, queue)
    finally:
        if found.told_phone is queue:
            found.told_phone = None
            found.tell({"type": "phone", "state": "gone"})


def _steps(found: Pairing) -> tuple[str, ...]:
    return next(
        one.steps for one in readable() if (one.protocol, one.quantity) == (found.protocol, found.quantity)
    )


def _state(found: Pairing) -> str:
    if found.told_phone is not None:
        return "here"
    return "gone" if found.phone else "awaited"


async def _both_ways(socket: WebSocket, found: Pairing, queue: asyncio.Queue[dict[str, Any]]) -> None:
    """Until either side ends it."""
    telling = asyncio.create_task(_tell(socket, queue))
    try:
        await _listen(socket, found)
    except WebSocketDisconnect:
        return
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await telling


async def _tell(socket: WebSocket, queue: asyncio.Queue[dict[str, Any]]) -> None:
    while True:
        await socket.send_text(json.dumps(await queue.get(), allow_nan=False))


async def _listen(socket: WebSocket, found: Pairing) -> None:
    shown_s = 0.0
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        frame = message.get("bytes")
        try:
            if frame is None:
                await _spoken(socket, found, message.get("text") or "")
                continue
            for one in say.readings(frame):
                found.meter.push(one)
                if found.gathered is not None:
                    found.gathered.add(one)
        except ValueError:  # a ValidationError is one
            await socket.close(_UNSUPPORTED if frame is not None else _POLICY, "this is not understood")
            return
        now = asyncio.get_running_loop().time()
        if now - shown_s >= _SHOWN_EVERY_S:
            shown_s = now
            found.tell(_angle(found))


async def _spoken(socket: WebSocket, found: Pairing, text: str) -> None:
    told = say.Spoken.validate_json(text)
    if isinstance(told, say.Ping):
        await socket.send_text(json.dumps({"type": "pong", "t": told.t}))
        return
    try:
        await _done(found, told, services_of(socket))
    except CoxaError as error:
        found.tell({"type": "problem", "title": error.fault, "detail": error.remedy})


async def _done(found: Pairing, told: Any, services: Any) -> None:
    if isinstance(told, say.Tap):
        angle = found.meter.tap()
        found.last = angle or found.last
        state = {"type": "tapped", "zero": angle is None}
        found.tell(state if angle is None else state | _degrees(angle))
    elif isinstance(told, say.Again):
        found.meter.again()
        found.last = None
        found.tell({"type": "again"})
    elif isinstance(told, say.Begin):
        found.gathered = Gathered()
        found.tell({"type": "begun"})
    else:
        entry = await run_in_threadpool(_kept, found, services.records)
        found.entry, found.last, found.gathered = entry, None, None
        found.tell({"type": "kept", "url": f"/p/{found.person}/results/{entry}"})


def _kept(found: Pairing, records: Any) -> str:
    person, today = records.person(found.person), date.today()
    if person is None:
        raise SourceError("this person is not in the record any more", "begin again")
    if found.quantity:
        if found.last is None:
            raise SourceError("nothing was read yet", "tap in both positions, then keep it")
        kept = keep_tapped(records, person, found.last, found.protocol, found.quantity, found.side, today)
    else:
        if found.gathered is None or not found.gathered.readings:
            raise SourceError("the phone told nothing yet", "begin, do the test, then finish")
        kept = keep_worn(records, person, found.gathered, found.protocol, found.side, today)
    return kept.id


def _angle(found: Pairing) -> dict[str, Any]:
    shown = found.meter.shown()
    told: dict[str, Any] = {"type": "angle", "still": shown.still, "rate_hz": round(shown.rate_hz, 1)}
    return told if shown.angle is None else told | _degrees(shown.angle)


def _degrees(angle: Any) -> dict[str, float]:
    from math import degrees

    return {"angle_deg": round(degrees(angle.value), 2), "sd_deg": round(degrees(angle.sd), 2)}
