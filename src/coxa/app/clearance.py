"""Whether a person of the record may exercise on a day: the newest screen, and what was felt since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from coxa.app.record import Entry, Kind, Person, Records
from coxa.app.record_documents import Screened, value_of
from coxa.model.plan import Programme
from coxa.model.screening import ScreenOutcome, ScreenStatus
from coxa.model.training import LogEntry
from coxa.plan.triage import in_force
from coxa.specs.triage import TriageSpec


def clearance(records: Records, person: Person, triage: TriageSpec, on: date) -> ScreenOutcome:
    """What is allowed on a day; see :func:`allowed`."""
    return allowed(
        records.entries(person.id, Kind.SCREEN), records.entries(person.id, Kind.SESSION), triage, on
    )


def allowed(
    screens: Sequence[Entry], sessions: Sequence[Entry], triage: TriageSpec, on: date
) -> ScreenOutcome:
    """What the newest screen of the day allows; without one, nothing.

    A symptom that stops, logged on the day of that screen or after it, opens the screen again. A stop of a
    later day counts when no later screen lifts it: a wrong date must not make it go away.

    Args:
        screens: all of them, oldest first.
        sessions: all of them.
        triage: how long a screen holds.
        on: the day.
    """
    known: list[Screened] = [value_of(Kind.SCREEN, one.document) for one in screens]
    if known and known[-1].outcome.status is ScreenStatus.STOP:
        return in_force(triage, known[-1].outcome, on)
    until = [told.outcome for entry, told in zip(screens, known, strict=True) if entry.on <= on]
    found = in_force(triage, until[-1] if until else None, on)
    if found.allows_exercise and any(found.on <= one <= on for one in _stops(sessions)):
        return in_force(triage, None, on)
    return found


def counting(programme: Programme, screen: ScreenOutcome) -> bool:
    """Whether a programme was made under every caution of the screen."""
    return {one.caution for one in screen.cautions} <= {one.caution for one in programme.screen.cautions}


def _stops(sessions: Sequence[Entry]) -> list[date]:
    log: list[LogEntry] = [
        value_of(one.kind, one.document) for one in sessions if one.document.get("symptoms")
    ]
    return [one.on for one in log if one.symptoms]
