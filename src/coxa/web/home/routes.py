"""The front door."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from coxa.web.access import Action, may
from coxa.web.answers import page
from coxa.web.asked import Asking, Seen, TheRecord

router = APIRouter(include_in_schema=False)


@router.get("/")
def front(viewer: Asking, records: TheRecord) -> Response:
    """To the only person there is, to all of them, or to the first run."""
    people = [one for one in records.people() if may(viewer, Action.SEE, one.id)]
    if not people:
        return RedirectResponse("/welcome", 303)
    return RedirectResponse(f"/p/{people[0].id}" if len(people) == 1 else "/clients", 303)


@router.get("/p/{person_id}")
def today(request: Request, person: Seen) -> Response:
    """What is next for one person."""
    return page(request, "home/today.html", {"person": person})
