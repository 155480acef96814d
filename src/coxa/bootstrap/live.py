"""Live sets: what they are made of, and what they leave in the record."""

from __future__ import annotations

import gc
import threading
from datetime import date
from functools import cache
from typing import Any

from coxa.adapters.store.live_sets import SqlLiveSets
from coxa.adapters.store.records import SqlRecords
from coxa.app.clearance import clearance
from coxa.app.live import Layout, LiveSet, Purpose
from coxa.app.live_coaching import LiveCoaching, Wanted, logged
from coxa.app.live_placement import LivePlacement
from coxa.app.live_sets import Asked, Held, LiveSets
from coxa.app.live_testing import LiveTesting
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import Pain
from coxa.app.routes import warm_up
from coxa.bootstrap.recording import keep
from coxa.catalog.exercises import exercise
from coxa.catalog.loader import live_rules
from coxa.catalog.planning import triage
from coxa.catalog.protocols import library
from coxa.model.errors import SourceError
from coxa.model.exact import to_exact
from coxa.plan.admitted import cautions_against

COACH, TEST, CAMERA = "coach", "test", "camera"
_SET = "live_set"
_warming = threading.Lock()


def live_sets(records: SqlRecords) -> LiveSets:
    """All of a server's, kept beside its record."""

    def make(asked: Asked, person: str) -> LiveSet:
        known = records.person(person)
        return LiveSet(_purpose(asked), None if known is None else known.height_m)

    return LiveSets(SqlLiveSets(records.engine), live_rules(), make)


@cache
def _warmed() -> None:
    warm_up(Layout(640, 480, "blazepose_lite").empty())
    # What was loaded stays: looking through it for garbage would hold every live frame up by a tenth of a
    # second, again and again.
    gc.collect()
    gc.freeze()


def warmed() -> None:
    """Everything that a first frame needs is loaded when this returns; whoever else asks meanwhile waits."""
    with _warming:
        _warmed()


def _purpose(asked: Asked) -> Purpose:
    if asked.kind == COACH:
        wanted = Wanted(asked.side, asked.sets, asked.repetitions, asked.hold_s)
        return LiveCoaching(exercise(asked.name), wanted)
    if asked.kind == TEST:
        return LiveTesting(library().protocol(asked.name), asked.side or "", live_rules())
    return LivePlacement()


def require_allowed(records: SqlRecords, person: Person, asked: Asked, on: date) -> None:
    """No exercise is coached and no test guided where the record allows none, nor what a caution leaves out.

    Raises:
        SourceError: it does not.
    """
    if asked.kind == CAMERA:
        return
    screen = clearance(records, person, triage(), on)
    if not screen.allows_exercise:
        raise SourceError("the record allows no exercise today", "answer the safety screen first")
    if asked.kind == TEST:
        return
    against = cautions_against(screen, exercise(asked.name))
    if against:
        words = " ".join(one.words for one in against)
        raise SourceError("a caution of the safety screen leaves this exercise out", words)


def keep_set(records: SqlRecords, person: Person, held: Held, on: date) -> Entry | None:
    """The entry that a set leaves, kept once however often it is ended; None: it leaves none.

    A coached exercise goes into the log, a test that hurt into the log of pain.

    Raises:
        CoxaError: it cannot be kept.
    """
    purpose = held.live.purpose
    if isinstance(purpose, LiveTesting) and purpose.pain is not None:
        told = Pain(float(purpose.pain), "", f"during a test: {purpose.spec.title}")
        return _once(records, person, Kind.PAIN, told, on, held, {})
    if not isinstance(purpose, LiveCoaching):
        return None
    summary = purpose.summary()
    entry = logged(summary, finished=purpose.session.state.done, on=on)
    if entry is None:
        return None
    made_by = {
        "exercise_version": summary.exercise_version,
        "held_s": {side or "both": round(seconds, 1) for side, seconds in summary.held_s.items()},
        "planned": to_exact(held.asked.planned),
    }
    return _once(records, person, Kind.SESSION, entry, on, held, made_by)


def _once(
    records: SqlRecords,
    person: Person,
    kind: Kind,
    value: Any,
    on: date,
    held: Held,
    made_by: dict[str, Any],
) -> Entry:
    for known in records.entries(person.id, kind, since=on):
        if known.provenance.get(_SET) == held.id:
            return known
    layout = held.live.layout
    detector = None if layout is None else layout.detector
    provenance = {_SET: held.id, "live": True, "detector": detector, **made_by}
    return keep(records, person, kind, value, on, held.asked.name, provenance=provenance)
