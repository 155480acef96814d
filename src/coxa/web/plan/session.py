"""Today's session: pain before, one exercise after the other, how it went, and the morning after."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from coxa.app.record import Person
from coxa.app.training_day import Training
from coxa.bootstrap import today as days
from coxa.bootstrap.training import brought_up
from coxa.catalog.exercises import exercises
from coxa.model.training import Done, LogEntry, Symptom
from coxa.web.answers import locale_of
from coxa.web.asked import Asked, Asking, Seen, TheRecord, Trained
from coxa.web.plan.coached import coached_items
from coxa.web.plan.showing import training_page

router = APIRouter()

Scale = Annotated[float, Field(ge=0, le=10)]
_LONGEST_NOTE = 2000


class Told(BaseModel):
    """How an exercise went, as the form tells it; an empty field tells nothing."""

    exercise: str
    done: Done = Done.DONE
    sets: Annotated[int, Field(ge=0, le=100)] | None = None
    repetitions: Annotated[int, Field(ge=0, le=1000)] | None = None
    form: Annotated[float, Field(ge=0, le=100)] | None = None
    effort: Scale | None = None
    pain: Scale | None = None
    note: Annotated[str, Field(max_length=_LONGEST_NOTE)] = ""

    def entry(self, today: date, found: Training) -> LogEntry:
        """As the record keeps it."""
        tracks = [one.planned.tracks for one in found.day.items if one.planned.exercise == self.exercise]
        return LogEntry(
            on=today,
            exercise=self.exercise,
            done=self.done,
            tracks=tracks[0] if tracks else (),
            form=None if self.form is None else self.form / 100,
            effort=self.effort,
            pain=self.pain,
            pain_before=found.pain_before,
            sets=self.sets,
            repetitions=self.repetitions,
            note=self.note,
        )


@router.get("/p/{person_id}/session")
def session(
    request: Request,
    person: Seen,
    viewer: Asking,
    records: TheRecord,
    exercise: Annotated[str, Query(pattern=r"^[a-z0-9_]{0,80}$")] = "",
    before: Annotated[str, Query(pattern=r"^(|told|left)$")] = "",
) -> Response:
    """Where today's session stands."""
    found = days.training(records, person)
    asked = [one for one in found.day.items if one.planned.exercise == exercise]
    item = asked[0] if asked else found.day.next
    begun = bool(before) or found.pain_before is not None or any(one.settled for one in found.day.items)
    template = "plan/session.html" if found.day.session and not found.over else "plan/session_none.html"
    values = {
        "item": item,
        "spec": exercises().get(item.planned.exercise) if item else None,
        "begun": begun,
        "symptoms": list(Symptom),
    }
    return training_page(request, viewer, person, template, found, values)


@router.post("/p/{person_id}/session/before")
def before(
    request: Request, person: Trained, viewer: Asking, records: TheRecord, pain: Annotated[Scale, Form()]
) -> Response:
    """Pain before the session."""
    words = days.told_before(records, person, pain, date.today())
    return _answered(request, person, viewer, records, words)


@router.post("/p/{person_id}/session/log")
def log(
    request: Request, person: Trained, viewer: Asking, records: TheRecord, told: Annotated[Told, Form()]
) -> Response:
    """How one exercise went."""
    found, today = days.training(records, person), date.today()
    if not found.screen.allows_exercise:
        return _to(person)
    words = days.logged(records, person, told.entry(today, found))
    asked = [f"\u201c{one.because}\u201d: {one.words}" for one in brought_up(told.note)]
    return _answered(request, person, viewer, records, (*words, *asked))


@router.get("/p/{person_id}/session/symptom")
def symptom_page(
    request: Request, person: Seen, viewer: Asking, records: TheRecord, exercise: str = ""
) -> Response:
    """What is felt that stops."""
    found = days.training(records, person)
    values = {"exercise": exercise, "symptoms": list(Symptom)}
    return training_page(request, viewer, person, "plan/session_symptom.html", found, values)


@router.post("/p/{person_id}/session/symptom")
def symptom(
    person: Trained,
    records: TheRecord,
    felt: Annotated[list[Symptom], Form()],
    exercise: Annotated[str, Form()] = "",
) -> Response:
    """A symptom that stops is kept; from here on no exercise is shown."""
    found = days.training(records, person)
    planned = [one.planned.exercise for one in found.day.items]
    during = exercise if exercise in exercises() else next(iter(planned), next(iter(exercises())))
    entry = LogEntry(date.today(), during, Done.PARTLY, symptoms=tuple(felt), pain_before=found.pain_before)
    days.logged(records, person, entry)
    return _to(person)


@router.post("/p/{person_id}/session/morning")
def morning(
    person: Trained, records: TheRecord, pain: Annotated[Scale, Form()], back: Annotated[str, Form()] = ""
) -> Response:
    """How it hurts the morning after."""
    stepped = days.told_next_morning(records, person, pain, date.today())
    where = "session" if back == "session" else "plan"
    return RedirectResponse(f"/p/{person.id}/{where}{'?stepped=back' if stepped else ''}", 303)


@router.post("/p/{person_id}/session/after")
def after(
    request: Request,
    person: Trained,
    viewer: Asking,
    records: TheRecord,
    pain: Annotated[Scale, Form()],
    effort: Annotated[Scale | None, Form()] = None,
) -> Response:
    """How it was, after exercises that the camera counted."""
    stepped = days.told_after(records, person, pain, effort, date.today())
    words = ("It hurt too much: the next plan steps back.",) if stepped else ()
    return _answered(request, person, viewer, records, words)


@router.get("/p/{person_id}/session/camera")
def camera(
    request: Request, person: Trained, viewer: Asking, records: TheRecord, services: Asked, exercise: str = ""
) -> Response:
    """What is left of today's session, coached one after the other; or one exercise of it."""
    found = days.training(records, person)
    left = [one.planned for one in found.day.items if not one.settled and not found.over]
    chosen = [one.planned for one in found.day.items if one.planned.exercise == exercise]
    if not (chosen or left) and found.screen.allows_exercise:
        return _to(person)
    values = {
        "data": {
            "person": person.id,
            "home": f"/p/{person.id}",
            "voice": locale_of(request),
            "files": {"script": services.assets.url("app/pose.js"), "base": services.assets.url("pose/")},
            "items": coached_items(found, chosen or left, locale_of(request)),
        }
    }
    return training_page(request, viewer, person, "plan/session_camera.html", found, values)


def _answered(
    request: Request, person: Person, viewer: Asking, records: TheRecord, words: tuple[str, ...]
) -> Response:
    """On to what is next; words of the rule of pain come first."""
    if not words:
        return _to(person)
    found = days.training(records, person)
    return training_page(request, viewer, person, "plan/session_words.html", found, {"words": words})


def _to(person: Person) -> Response:
    return RedirectResponse(f"/p/{person.id}/session", 303)
