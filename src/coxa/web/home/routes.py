"""The front door."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from coxa.app.today import today as days_tasks
from coxa.catalog.planning import triage
from coxa.catalog.protocols import library
from coxa.web.access import Action, Role, may
from coxa.web.answers import page
from coxa.web.asked import Asking, Seen, TheRecord
from coxa.web.home.welcome import router as welcome

router = APIRouter(include_in_schema=False)
router.include_router(welcome)


@router.get("/")
def front(viewer: Asking, records: TheRecord) -> Response:
    """To the only person there is, to all of them, or to the first run."""
    people = [one for one in records.people() if may(viewer, Action.SEE, one.id)]
    if viewer.kiosk is not None:
        return RedirectResponse("/kiosk", 303)
    if not people and not viewer.owner:
        return RedirectResponse("/admin" if viewer.role is Role.ADMIN else "/clients", 303)
    if not people:
        return RedirectResponse("/welcome", 303)
    return RedirectResponse(f"/p/{people[0].id}" if len(people) == 1 else "/clients", 303)


@router.get("/p/{person_id}")
def today(request: Request, person: Seen, records: TheRecord) -> Response:
    """What is next for one person."""
    on = date.today()
    found = days_tasks(records, person, triage(), on)
    values = {"person": person, "today": found, "on": on, "titles": library().titles}
    return page(request, "home/today.html", values)
