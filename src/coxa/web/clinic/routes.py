"""Clients and their pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from coxa.app.progress import Measure
from coxa.app.record import Kind, name_key
from coxa.app.record_documents import Note
from coxa.bootstrap.clinic import (
    client,
    clients,
    exercises_of,
    prescribed,
    programme_titles,
    timeline,
    titles,
)
from coxa.bootstrap.recording import keep
from coxa.web.access import Action, Role, Viewer, may, may_add_person
from coxa.web.accounts.inviting import invitation_link
from coxa.web.answers import page
from coxa.web.asked import Asked, Asking, Prescribed, Seen, TheRecord
from coxa.web.clinic.adding import router as adding
from coxa.web.clinic.kiosk import router as kiosk
from coxa.web.clinic.prescription import prescription_of
from coxa.web.errors import NotHereError

router = APIRouter(include_in_schema=False)
router.include_router(adding)
router.include_router(kiosk)

#: Of a page of the list, and of the timeline before "more".
_A_PAGE, _RECENT = 40, 12


def _clinician(viewer: Viewer) -> None:
    if not viewer.sees_clients:
        raise NotHereError


@router.get("/clients")
def everybody(
    request: Request,
    viewer: Asking,
    records: TheRecord,
    q: Annotated[str, Query(max_length=200)] = "",
    at: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """The list, those who need a look first."""
    _clinician(viewer)
    known = [one for one in records.people() if may(viewer, Action.SEE, one.id)]
    wanted = [one for one in known if name_key(q) in name_key(one.name)]
    found = clients(records, wanted, date.today())
    values = {
        "clients": found[at : at + _A_PAGE],
        "q": q,
        "count": len(wanted),
        "before": max(at - _A_PAGE, 0) if at else None,
        "after": at + _A_PAGE if at + _A_PAGE < len(found) else None,
        "may_add": may_add_person(viewer),
        "n_needing": sum(one.needs_look for one in found),
    }
    return page(request, "clinic/clients.html", values)


@router.get("/clients/{person_id}")
def one_client(request: Request, viewer: Asking, person: Seen, records: TheRecord) -> Response:
    """What happened, both sides, what to do next."""
    _clinician(viewer)
    found = client(records, person, date.today())
    happened = timeline(records, person)
    assessments = [one for one in happened if one.kind is Kind.ASSESSMENT]
    programme = found.progress.programme
    values = {
        "person": person,
        "client": found,
        "programmes": programme_titles(),
        "prescribed": () if programme is None else exercises_of(programme),
        "happened": happened[:_RECENT],
        "earlier": happened[_RECENT:],
        "assessments": assessments,
        "sides": _sides(found.progress.measures),
        "titles": titles(),
        "may_prescribe": may(viewer, Action.PRESCRIBE, person.id),
    }
    return page(request, "clinic/client.html", values)


@router.post("/clients/{person_id}/notes")
def note(
    viewer: Asking,
    person: Prescribed,
    records: TheRecord,
    text: Annotated[str, Form(min_length=1, max_length=20_000)],
) -> Response:
    """Keep a note; it decides nothing."""
    _clinician(viewer)
    keep(records, person, Kind.NOTE, Note(text.strip()), label=viewer.name)
    return RedirectResponse(f"/clients/{person.id}", 303)


@router.post("/clients/{person_id}/invitation")
def invite(request: Request, services: Asked, viewer: Asking, person: Prescribed) -> Response:
    """A link by which the client gets an account of their own."""
    _clinician(viewer)
    link = invitation_link(request, services, viewer, Role.PERSON, person.id)
    return page(request, "clinic/invited.html", {"person": person, "link": link})


@router.post("/clients/{person_id}/prescription")
async def prescribe(request: Request, viewer: Asking, person: Prescribed, records: TheRecord) -> Response:
    """Wishes of the clinician go to the engine; what they were, and why, is kept as a note."""
    _clinician(viewer)
    wanted = prescription_of(await request.form())
    await run_in_threadpool(prescribed, records, person, wanted, viewer.name, date.today())
    return RedirectResponse(f"/clients/{person.id}#plan", 303)


def _sides(measures: Sequence[Measure]) -> dict[tuple[str, str], dict[str, Measure]]:
    """Protocol and quantity -> side -> its measure."""
    found: dict[tuple[str, str], dict[str, Measure]] = {}
    for one in measures:
        found.setdefault((one.protocol, one.quantity), {})[one.side] = one
    return found
