"""What pages of training need besides the training itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from coxa.app.record import Person
from coxa.app.training_day import Training
from coxa.bootstrap import today as days
from coxa.catalog.planning import planning
from coxa.catalog.protocols import library
from coxa.model.plan import SessionKind
from coxa.web.access import Viewer
from coxa.web.answers import page
from coxa.web.pwa.keeping import forget, keep


def track_words(track: str) -> tuple[str, str]:
    """Title of a track's programme, and its side."""
    name, _, side = track.partition(".")
    known = planning().programmes.get(name)
    return (name.replace("_", " ") if known is None else known.title), side


def training_page(
    request: Request,
    viewer: Viewer,
    person: Person,
    template: str,
    found: Training,
    values: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HTMLResponse:
    """A page of training. Where no exercise is allowed, whatever was asked for, the page that says so."""
    told = {
        "person": person,
        "found": found,
        "titles": library().titles,
        "track_words": track_words,
        **(values or {}),
    }
    if not found.screen.allows_exercise:
        return page(request, "plan/closed.html", told, status=status, headers=forget(person))
    until = found.today if template.startswith("plan/session") else None
    return page(request, template, told, status=status, headers=keep(viewer, person, until))


def movable(found: Training) -> dict[str, list[Any]]:
    """Days to which each full session to come may move, by its day."""
    return {
        one.on.isoformat(): list(days.days_for(found, one.on))
        for one in found.days
        if one.session is not None and one.session.kind is SessionKind.FULL and one.on >= found.today
    }
