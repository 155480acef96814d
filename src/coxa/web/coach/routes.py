"""Pages and data of one coached exercise."""

from __future__ import annotations

import gzip
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from coxa.app.clearance import clearance
from coxa.catalog.planning import planning
from coxa.plan.admitted import cautions_against
from coxa.web.answers import locale_of, page
from coxa.web.asked import Asked, Asking, TheRecord, Trained
from coxa.web.coach.card import Card, card_of, exercise_here, packed_demonstration
from coxa.web.live.messages import Side
from coxa.web.words import said

router = APIRouter()


class Dose(BaseModel):
    """How much of it, in the address; what is left out is as the exercise says."""

    model_config = ConfigDict(extra="ignore")

    side: Side | None = None
    sets: int | None = Field(default=None, ge=1, le=100)
    repetitions: int | None = Field(default=None, ge=0, le=1_000)
    hold_s: float | None = Field(default=None, ge=0, le=3_600)


Exercise = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,79}$", description="Id of an exercise.")]
_GLTF = "model/gltf-binary"
#: The address bears the exercise's version; whoever is signed in sees the same.
_KEEP = {"Cache-Control": "private, max-age=604800", "Vary": "Accept-Encoding"}


@router.get("/p/{person_id}/coach/{exercise}", include_in_schema=False)
def coached(
    request: Request,
    person: Trained,
    exercise: Exercise,
    records: TheRecord,
    services: Asked,
    dose: Annotated[Dose, Query()],
) -> Response:
    """The coach's page; where the record allows no exercise, why and what to do."""
    spec = exercise_here(exercise)
    screen = clearance(records, person, planning().triage, date.today())
    left_out = [said(request, one.words) for one in cautions_against(screen, spec)]
    if left_out or not screen.allows_exercise:
        return page(request, "coach/closed.html", {"person": person, "left_out": left_out}, status=422)
    told = {
        "person": person.id,
        "card": card_of(spec, locale_of(request)).model_dump(),
        "voice": locale_of(request),
        "dose": dose.model_dump(exclude_none=True),
        "files": {"script": services.assets.url("app/pose.js"), "base": services.assets.url("pose/")},
    }
    return page(request, "coach/coach.html", {"person": person, "spec": spec, "told": told})


@router.get("/api/people/{person_id}/exercises/{exercise}")
def card(request: Request, person: Trained, exercise: Exercise) -> Card:
    """What somebody who is coached reads of an exercise."""
    return card_of(exercise_here(exercise), locale_of(request))


@router.get(
    "/api/exercises/{exercise}/demonstration/{side}.glb",
    response_class=Response,
    responses={200: {"content": {_GLTF: {}}, "description": "The figure, as binary glTF 2.0."}},
)
def demonstration(
    request: Request, viewer: Asking, exercise: Exercise, side: Literal["left", "right"]
) -> Response:
    """A figure that does the exercise once."""
    packed = packed_demonstration(exercise, side)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, 200, {**_KEEP, "Content-Encoding": "gzip"}, _GLTF)
    return Response(gzip.decompress(packed), 200, _KEEP, _GLTF)
