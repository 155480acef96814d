"""A clinician begins the record of a client."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from coxa.app.roles import Tie
from coxa.web.access import may_add_person
from coxa.web.answers import page
from coxa.web.asked import Asked, Asking, TheRecord
from coxa.web.errors import NotHereError
from coxa.web.home.welcome import Told, read_person

router = APIRouter(include_in_schema=False)
_FIELDS = ("name", "born", "sex", "height_cm")
_LONGEST = 400


@router.get("/clients/new")
def ask(request: Request, viewer: Asking) -> Response:
    """Who is it?"""
    if not may_add_person(viewer):
        raise NotHereError
    return _form(request, Told(), {})


@router.post("/clients/new")
def add(
    request: Request,
    viewer: Asking,
    records: TheRecord,
    services: Asked,
    name: Annotated[str, Form(max_length=_LONGEST)] = "",
    born: Annotated[str, Form(max_length=_LONGEST)] = "",
    sex: Annotated[str, Form(max_length=_LONGEST)] = "",
    height_cm: Annotated[str, Form(max_length=_LONGEST)] = "",
) -> Response:
    """Begin the record; with accounts, the clinician sees it from here on."""
    if not may_add_person(viewer):
        raise NotHereError
    told = Told(name, born, sex, height_cm)
    person, faults = read_person(told)
    if faults:
        return _form(request, told, faults)
    kept = records.add_person(person)
    if viewer.account is not None:
        services.accounts.tie(viewer.account, kept.id, Tie.CLINICIAN)
    return RedirectResponse(f"/clients/{kept.id}", 303)


def _form(request: Request, told: Told, faults: dict[str, str]) -> Response:
    values = {"told": told, "faults": dict.fromkeys(_FIELDS, "") | faults}
    return page(request, "clinic/new.html", values, status=422 if faults else 200)
