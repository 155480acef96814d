"""The screen and its outcome; the engine alone judges the answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from coxa.app.record import Kind
from coxa.app.record_documents import Screened, value_of
from coxa.bootstrap.training import brought_up, screen_person
from coxa.catalog.planning import triage
from coxa.model.screening import Answer, Screen, ScreenStatus
from coxa.web.answers import page
from coxa.web.asked import Seen, TheRecord, Trained
from coxa.web.screen.form import answered, groups

router = APIRouter(include_in_schema=False)

#: As kept, and as the page says it.
ANSWERS = tuple(one.value for one in Answer)


async def _filled(request: Request) -> FormData:
    return await request.form()


Filled = Annotated[FormData, Depends(_filled)]


@router.get("/p/{person_id}/screen")
def ask(request: Request, person: Trained) -> Response:
    """All questions that this person is asked; none is answered beforehand."""
    today = date.today()
    return _form(request, {"person": person, "groups": groups(triage(), person, today)})


@router.post("/p/{person_id}/screen")
def answer(request: Request, person: Trained, records: TheRecord, form: Filled) -> Response:
    """Keep and judge the answers; what is still open is asked again."""
    today = date.today()
    told = answered(triage(), form, today)
    outcome = screen_person(records, person, told)
    if outcome.status is ScreenStatus.INCOMPLETE:
        values = {"person": person, "groups": groups(triage(), person, today)}
        return _form(request, {**values, "told": told, "still": set(outcome.open_questions)}, 422)
    return RedirectResponse(f"/p/{person.id}/screen/outcome", 303)


@router.get("/p/{person_id}/screen/outcome")
def outcome(request: Request, person: Seen, records: TheRecord) -> Response:
    """What the newest screen says."""
    kept = records.entries(person.id, Kind.SCREEN)
    if not kept:
        return RedirectResponse(f"/p/{person.id}/screen", 303)
    newest: Screened = value_of(Kind.SCREEN, kept[-1].document)
    if newest.outcome.status is ScreenStatus.INCOMPLETE:
        return RedirectResponse(f"/p/{person.id}/screen", 303)
    first = not records.entries(person.id, Kind.ASSESSMENT)
    values = {"person": person, "outcome": newest.outcome, "first": first, "look": _look_again(newest.screen)}
    values["safety_net"] = triage().safety_net
    return page(request, "screen/outcome.html", values)


def _look_again(told: Screen) -> list[Any]:
    """Questions that the free text brings up and that were answered no."""
    found = brought_up(told.notes) if told.notes else ()
    return [one for one in found if told.answers.get(one.question) is Answer.NO]


def _form(request: Request, values: dict[str, Any], status: int = 200) -> Response:
    blank = {"told": Screen(date.today(), {}), "still": set(), "answers": ANSWERS}
    shown = {**blank, **values}
    ids = [one.id for group in shown["groups"] for one in group.questions]
    shown["first_open"] = next((one for one in ids if one in shown["still"]), "")
    return page(request, "screen/screen.html", shown, status=status)
