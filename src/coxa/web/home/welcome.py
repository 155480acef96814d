"""The first run: who are you, and what you agree to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from coxa.app.record import Kind, Person, clean_name
from coxa.app.record_documents import Consent, birthday, stature_m
from coxa.bootstrap.recording import keep
from coxa.model.errors import CoxaError
from coxa.web.answers import page
from coxa.web.asked import Asking, TheRecord
from coxa.web.errors import ForbiddenError
from coxa.web.words import N_, said

router = APIRouter(include_in_schema=False)

_SEXES = ("female", "male")
_FIELDS = ("name", "born", "sex", "height_cm", "agreed")

#: As it is read to people, and as it is kept.
CONSENT = N_(
    "Coxa keeps what I tell it and what it measures of my movements in this record, so that it can show how "
    "I move, suggest exercises and show what changes. While I train or test live, the pictures of the camera "
    "stay in the browser; only where my joints are is kept. I can take my record with me or have all of it "
    "erased at any time, under “My record”. Coxa measures; it makes no diagnosis and replaces no visit to a "
    "professional."
)


@dataclass(frozen=True, slots=True)
class Told:
    """The form as it was filled in.

    Attributes:
        name: any script.
        born: a day, or empty.
        sex: ``female``, ``male`` or empty.
        height_cm: or empty.
        agreed: to the words of consent.
    """

    name: str = ""
    born: str = ""
    sex: str = ""
    height_cm: str = ""
    agreed: str = ""


@router.get("/welcome")
def ask(request: Request, viewer: Asking) -> Response:
    """Who are you?"""
    if not viewer.owner:
        return _led_elsewhere(viewer.sees_clients)
    return _form(request, Told(), {})


@router.post("/welcome")
def welcome(
    request: Request,
    viewer: Asking,
    records: TheRecord,
    name: Annotated[str, Form()] = "",
    born: Annotated[str, Form()] = "",
    sex: Annotated[str, Form()] = "",
    height_cm: Annotated[str, Form()] = "",
    agreed: Annotated[str, Form()] = "",
) -> Response:
    """Begin a record, with consent."""
    if not viewer.owner:
        return _led_elsewhere(viewer.sees_clients)
    told = Told(name, born, sex, height_cm, agreed)
    person, faults = read_person(told)
    if not told.agreed:
        faults["agreed"] = N_("Without your consent nothing is kept, and Coxa cannot begin.")
    if faults:
        return _form(request, told, faults)
    kept = records.add_person(person)
    keep(records, kept, Kind.CONSENT, Consent(said(request, CONSENT)), label="welcome")
    return RedirectResponse(f"/p/{kept.id}/screen", 303)


def _led_elsewhere(sees_clients: bool) -> Response:
    """With accounts, records begin with an invitation."""
    if not sees_clients:
        raise ForbiddenError
    return RedirectResponse("/clients", 303)


def _form(request: Request, told: Told, faults: dict[str, str]) -> Response:
    by_field = dict.fromkeys(_FIELDS, "") | faults
    values = {"told": told, "faults": by_field, "consent": CONSENT, "today": date.today().isoformat()}
    values["wrong"] = bool(faults)
    return page(request, "home/welcome.html", values, status=422 if faults else 200)


def read_person(told: Told) -> tuple[Person, dict[str, str]]:
    """Who it is, and what is wrong by field; consent is not looked at."""
    faults: dict[str, str] = {}
    name, born, height_m = "", None, None
    try:
        name = clean_name(told.name)
    except CoxaError:
        faults["name"] = N_("Give a name or nickname of 1 to 200 characters.")
    if told.born.strip():
        try:
            born = birthday(told.born)
        except CoxaError:
            faults["born"] = N_("Give a day in the past, such as 1980-05-17, or leave it empty.")
    if told.height_cm.strip():
        try:
            height_m = stature_m(told.height_cm, per_m=100.0)
        except CoxaError:
            faults["height_cm"] = N_("Give your height in centimetres, such as 172, or leave it empty.")
    sex = told.sex if told.sex in _SEXES else None
    return Person("", name, born, sex, height_m), faults
