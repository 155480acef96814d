"""A clinician's form, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coxa.app.record_documents import number
from coxa.bootstrap.clinic import Prescription
from coxa.catalog.exercises import exercises
from coxa.catalog.planning import planning
from coxa.model.errors import SourceError

_EXERCISE = "exercise."
_LONGEST = 2000


def prescription_of(form: Mapping[str, Any]) -> Prescription:
    """What was chosen.

    Raises:
        SourceError: something is missing, or there is no such programme or exercise.
    """
    reason = str(form.get("reason", "")).strip()
    if not reason or len(reason) > _LONGEST:
        raise SourceError("why is missing, or too long", f"say it in 1 to {_LONGEST} characters")
    programme = str(form.get("programme", ""))
    if programme not in (planning().mixture.id, *planning().programmes):
        raise SourceError(f"there is no programme {programme!r:.60}", "choose one of the list")
    chosen = {
        name.removeprefix(_EXERCISE): str(to) for name, to in form.items() if name.startswith(_EXERCISE)
    }
    unknown = [name for name in chosen if name not in exercises()]
    if unknown:
        raise SourceError(f"there is no exercise {unknown[0]!r:.60}", "choose those of the list")
    return Prescription(
        programme=programme,
        minutes_a_day=number(str(form.get("minutes", "")), "minutes a day", 5, 120),
        days_a_week=int(number(str(form.get("days", "")), "sessions a week", 1, 7)),
        avoid=tuple(name for name, to in chosen.items() if to == "avoid"),
        prefer=tuple(name for name, to in chosen.items() if to == "prefer"),
        as_found=tuple(name for name, to in chosen.items() if not to),
        reason=reason,
    )
