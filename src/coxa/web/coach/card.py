"""What somebody who is coached reads of an exercise, and where its demonstration is."""

from __future__ import annotations

from functools import cache, lru_cache
from gzip import compress

from pydantic import BaseModel

from coxa.catalog.exercises import exercises
from coxa.model.coordinates import SIDES
from coxa.report.demonstration.glb import glb
from coxa.report.demonstration.outlook import outlook
from coxa.report.demonstration.played import played
from coxa.report.demonstration.props import staged
from coxa.specs.exercise import ExerciseSpec
from coxa.web.errors import NotHereError
from coxa.web.phrases import in_language

_KEPT = 80  # of half a hundred kilobytes each
_SIDE = "right"


class Card(BaseModel):
    """One exercise.

    Attributes:
        sides: that take turns; empty: it has none.
        phases: what is done, step by step.
        camera: how to stand before it.
        demonstration: side -> address of the figure, a glTF; ``right`` where the exercise has no sides.
        azimuth_deg: from where the figure is looked at: from the person's front to the right.
        elevation_deg: and above.
    """

    id: str
    title: str
    purpose: str
    sides: list[str]
    setup: list[str]
    phases: list[str]
    camera: str
    cautions: list[str]
    stop_when: list[str]
    demonstration: dict[str, str]
    azimuth_deg: float
    elevation_deg: float


def exercise_here(name: str) -> ExerciseSpec:
    """An exercise by its id.

    Raises:
        NotHereError: there is none.
    """
    found = _exercises().get(name)
    if found is None:
        raise NotHereError
    return found


@cache
def _exercises() -> dict[str, ExerciseSpec]:
    """A server's exercises do not change while it runs."""
    return dict(exercises())


def card_of(spec: ExerciseSpec, locale: str) -> Card:
    """Its card, in a language."""
    azimuth_deg, elevation_deg = outlook(spec, _SIDE)
    sides = [] if spec.sides == "none" else list(SIDES)

    def told(*sentences: str) -> list[str]:
        return [in_language(one, locale) for one in sentences]

    return Card(
        id=spec.id,
        title=in_language(spec.title, locale),
        purpose=in_language(spec.purpose, locale),
        sides=sides,
        setup=told(*spec.setup),
        phases=told(*(one.instruction for one in spec.phases)),
        camera=in_language(spec.camera.note, locale),
        cautions=told(*spec.cautions),
        stop_when=told(*spec.stop_when),
        demonstration={
            side: f"/api/exercises/{spec.id}/demonstration/{side}.glb?v={spec.version}"
            for side in sides or [_SIDE]
        },
        azimuth_deg=azimuth_deg,
        elevation_deg=elevation_deg,
    )


@lru_cache(maxsize=_KEPT)
def packed_demonstration(name: str, side: str) -> bytes:
    """The figure as a glTF, under gzip.

    Raises:
        NotHereError: there is no such exercise.
    """
    return compress(glb(staged(played(exercise_here(name), side))), mtime=0)
