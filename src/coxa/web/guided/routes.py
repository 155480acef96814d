"""Pages and data of guided tests."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from coxa.adapters.store.records import SqlRecords
from coxa.app.clearance import clearance
from coxa.app.record import Kind, Person
from coxa.bootstrap.guided import assessed, keep_take, takes_of
from coxa.catalog.planning import triage
from coxa.catalog.protocols import library
from coxa.model.coordinates import SIDES
from coxa.model.screening import ScreenStatus
from coxa.specs.protocol import ProtocolSpec
from coxa.web.answers import locale_of, page
from coxa.web.asked import Asked, TheRecord, Trained
from coxa.web.errors import NotHereError
from coxa.web.guided.battery import BATTERY, choices, next_of_battery
from coxa.web.guided.picture import picture
from coxa.web.guided.working import Working, working_of
from coxa.web.live.held import tested
from coxa.web.tags.told import tag_files

router = APIRouter()

ProtocolId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,79}$", description="Id of a test.")]
Takes = Annotated[list[str], Query(max_length=4, alias="take")]
Busy = Annotated[Working, Depends(working_of)]
#: A hold, or walking: so long, unless it is ended before.
_TIMED_S = 20.0


class SetDone(BaseModel):
    """A live set of a test that has ended."""

    live_set: str = Field(pattern=r"^[0-9a-f-]{36}$")


class Take(BaseModel):
    """One side of a test, kept."""

    id: str
    frames: int
    seconds: float


class TakesDone(BaseModel):
    """All sides that were done."""

    takes: list[str] = Field(min_length=1, max_length=4)


class Where(BaseModel):
    """Where the result will be."""

    url: str


def protocol_here(name: str) -> ProtocolSpec:
    """A test that can be guided, by its id.

    Raises:
        NotHereError: there is none.
    """
    found = library().protocols.get(name)
    if found is None or found.kind == "battery":
        raise NotHereError
    return found


def closed(records: SqlRecords, person: Person) -> Response | None:
    """To the screen, where it is due or has told to see somebody first: tests go to the end of motions."""
    found = clearance(records, person, triage(), date.today())
    if found.allows_exercise:
        return None
    stop = found.status is ScreenStatus.STOP
    return RedirectResponse(f"/p/{person.id}/screen" + ("/outcome" if stop else ""), 303)


@router.get("/p/{person_id}/camera", include_in_schema=False)
def camera(request: Request, person: Trained, services: Asked) -> Response:
    """Does the camera see all of somebody?"""
    told = {"person": person.id, "files": _files(services), "voice": locale_of(request)}
    return page(request, "guided/camera.html", {"person": person, "told": told})


@router.get("/p/{person_id}/test", include_in_schema=False)
def choose(request: Request, person: Trained, records: TheRecord) -> Response:
    """The battery and every other test, with what it tells."""
    if elsewhere := closed(records, person):
        return elsewhere
    today = date.today()
    kept = records.entries(person.id, Kind.ASSESSMENT)
    own, others = choices(kept, today)
    values = {"battery": library().protocols[BATTERY], "own": own, "others": others}
    values["next"] = next_of_battery(kept, today)
    return page(request, "guided/choose.html", {"person": person, **values})


@router.get("/p/{person_id}/test/{protocol}", include_in_schema=False)
def guided(
    request: Request,
    person: Trained,
    protocol: ProtocolId,
    records: TheRecord,
    services: Asked,
    battery: bool = False,
) -> Response:
    """One test, from where the camera goes to the last repetition."""
    if elsewhere := closed(records, person):
        return elsewhere
    if protocol == BATTERY:
        first = next_of_battery(records.entries(person.id, Kind.ASSESSMENT), date.today())
        first = first or library().protocols[BATTERY].parts[0]
        return RedirectResponse(f"/p/{person.id}/test/{first}?battery=true", 303)
    spec = protocol_here(protocol)
    sides = list(SIDES) if spec.sides == "each" else [""]
    told = {
        "person": person.id,
        "protocol": spec.id,
        "sides": sides,
        "trials": spec.trials.count if spec.kind == "repetitions" else 0,
        "timed_s": 0.0 if spec.kind == "repetitions" else _TIMED_S,
        "battery": battery,
        "voice": locale_of(request),
        "files": _files(services),
        "tags": tag_files(request, services),
    }
    pictures = {side: picture(request, spec, side) for side in sides}
    values = {"spec": spec, "told": told, "pictures": pictures, "battery": battery}
    return page(request, "guided/test.html", {"person": person, **values})


@router.post("/api/people/{person_id}/tests/{protocol}/takes", status_code=201)
def keep(
    request: Request, person: Trained, protocol: ProtocolId, records: TheRecord, busy: Busy, done: SetDone
) -> Take:
    """Keep the landmarks of one side: of a live set of this test that has ended."""
    spec = protocol_here(protocol)
    live = tested(request, person, done.live_set)
    if live.spec.id != spec.id or live.gathered is None:
        raise NotHereError
    recording = live.gathered.recording()
    entry = keep_take(records, person, spec.id, live.side, recording, live_set=done.live_set)
    busy.measure(records, person, entry)
    seconds = float(recording.time_s[-1] - recording.time_s[0])
    return Take(id=entry.id, frames=recording.n_frames, seconds=round(seconds, 3))


@router.post("/api/people/{person_id}/tests/{protocol}/results", status_code=202)
def begin_assessing(
    person: Trained,
    protocol: ProtocolId,
    records: TheRecord,
    busy: Busy,
    told: TakesDone,
    battery: bool = False,
) -> Where:
    """Assess takes, sides recorded apart as one test; the answer says where the result will be."""
    takes = takes_of(records, person, protocol_here(protocol).id, told.takes)
    busy.assess(records, person, takes)
    asked = "&".join(f"take={one.id}" for one in takes)
    return Where(url=f"/p/{person.id}/test/{protocol}/result?{asked}")


@router.get("/p/{person_id}/test/{protocol}/result", include_in_schema=False)
def wait(
    request: Request, person: Trained, protocol: ProtocolId, records: TheRecord, busy: Busy, take: Takes
) -> Response:
    """The result, or a page that waits for it."""
    spec = protocol_here(protocol)
    takes = takes_of(records, person, spec.id, take)
    if done := assessed(records, person, takes):
        return RedirectResponse(f"/p/{person.id}/results/{done[0].id}", 303)
    values: dict[str, Any] = {"spec": spec, "takes": takes, "failure": busy.failure(takes)}
    values["under_way"] = busy.under_way(takes)
    return page(request, "guided/wait.html", {"person": person, **values})


@router.post("/p/{person_id}/test/{protocol}/result", include_in_schema=False)
def again(person: Trained, protocol: ProtocolId, records: TheRecord, busy: Busy, take: Takes) -> Response:
    """Assess once more what was kept: after a restart of the server, or a failure."""
    takes = takes_of(records, person, protocol_here(protocol).id, take)
    busy.assess(records, person, takes)
    asked = "&".join(f"take={one.id}" for one in takes)
    return RedirectResponse(f"/p/{person.id}/test/{protocol}/result?{asked}", 303)


def _files(services: Any) -> dict[str, str]:
    return {"script": services.assets.url("app/pose.js"), "base": services.assets.url("pose/")}
