"""This week: what is planned, why, and what the person wants of it."""

from __future__ import annotations

from datetime import date
from gzip import decompress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.app.record_documents import value_of
from coxa.app.training import Wishes
from coxa.bootstrap import recording
from coxa.bootstrap import today as days
from coxa.bootstrap.training import plan_wished
from coxa.model.errors import SourceError
from coxa.model.plan import Programme
from coxa.web.asked import Asking, Seen, TakenAway, TheRecord, Trained
from coxa.web.plan.session import router as session
from coxa.web.plan.showing import movable, training_page
from coxa.web.plan.wishes import choices, shown, told

router = APIRouter(include_in_schema=False)
router.include_router(session)
_DAY_S = 86_400
_SVG = "image/svg+xml"


@router.get("/p/{person_id}/plan")
def plan(request: Request, person: Seen, viewer: Asking, records: TheRecord) -> Response:
    """This week and why; wishes first where there is no plan."""
    found = days.training(records, person)
    if found.programme is None:
        return _wishes_page(request, viewer, person, records)
    return training_page(request, viewer, person, "plan/week.html", found, {"movable": movable(found)})


@router.get("/p/{person_id}/plan/wishes")
def wishes(request: Request, person: Seen, viewer: Asking, records: TheRecord) -> Response:
    """Days, minutes, things, goals."""
    return _wishes_page(request, viewer, person, records)


def _wishes_page(request: Request, viewer: Asking, person: Person, records: SqlRecords) -> Response:
    found, last = days.training(records, person), _last(records, person)
    values = {"choices": choices(), "first": last is None, **shown(last)}
    return training_page(request, viewer, person, "plan/wishes.html", found, values)


@router.post("/p/{person_id}/plan")
async def make(request: Request, person: Trained, viewer: Asking, records: TheRecord) -> Response:
    """A plan from what was wished for."""
    form = await request.form()

    def made() -> None:
        wanted = told(form, _last(records, person))
        _require_training(records, person, wanted)

    await run_in_threadpool(made)
    return _to_plan(person)


@router.post("/p/{person_id}/plan/again")
def again(person: Trained, records: TheRecord) -> Response:
    """The next week, from what was logged."""
    _require_training(records, person, Wishes())
    return _to_plan(person)


def _require_training(records: SqlRecords, person: Person, wanted: Wishes) -> None:
    made = plan_wished(records, person, wanted, date.today())
    if made.weeks and not any(week.sessions for week in made.weeks):
        raise SourceError(
            "nothing fits into these wishes", "choose more days, more minutes, or other exercises"
        )


@router.post("/p/{person_id}/plan/move")
def move(
    person: Trained, records: TheRecord, on: Annotated[date, Form()], to: Annotated[date, Form()]
) -> Response:
    """A session to another day of its week."""
    days.move_session(records, person, on, to, date.today())
    return _to_plan(person)


@router.get("/p/{person_id}/plan/calendar.ics")
def calendar(person: TakenAway, records: TheRecord) -> Response:
    """Sessions and retests to come, for a calendar."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "coxa.ics"
        recording.export(records, person, path)
        content = path.read_bytes()
    told = {"content-disposition": 'attachment; filename="coxa.ics"'}
    return Response(content, media_type="text/calendar", headers=told)


@router.get("/p/{person_id}/exercises/{exercise}/figure.svg")
def figure(
    request: Request,
    person: Seen,
    records: TheRecord,
    exercise: str,
    side: Literal["left", "right"] = "right",
) -> Response:
    """An exercise as a moving picture, where exercise is allowed."""
    if not days.training(records, person).screen.allows_exercise:
        raise SourceError("no exercise is shown now", "answer the safety screen")
    told = {"cache-control": f"private, max-age={_DAY_S}", "vary": "accept-encoding"}
    packed = days.packed_figure(exercise, side)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, 200, {**told, "content-encoding": "gzip"}, _SVG)
    return Response(decompress(packed), 200, told, _SVG)


def _last(records: SqlRecords, person: Person) -> Programme | None:
    kept = records.entries(person.id, Kind.PROGRAMME)
    found: Programme | None = value_of(Kind.PROGRAMME, kept[-1].document) if kept else None
    return found


def _to_plan(person: Person) -> Response:
    return RedirectResponse(f"/p/{person.id}/plan", 303)
