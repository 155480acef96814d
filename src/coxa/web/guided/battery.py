"""Which tests there are to choose from, what each tells, and what of the battery was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from coxa.app.record import Entry
from coxa.bootstrap.guided import foretold
from coxa.catalog.planning import planning
from coxa.catalog.protocols import library
from coxa.model.motion import Observability
from coxa.specs.protocol import ProtocolSpec

#: All six motions of both hips.
BATTERY = "hip_passport"
#: A camera stands still while somebody walks out of its picture; a film, uploaded, tells more.
_NOT_LIVE = frozenset({"walking"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One test to choose.

    Attributes:
        protocol: the test.
        measured: what it measures.
        told: what of it such a camera tells well enough for a verdict.
        untold: what it does not, and what would.
        done: newest assessment of the last days; None: not done.
    """

    protocol: ProtocolSpec
    measured: tuple[str, ...]
    told: tuple[str, ...]
    untold: tuple[tuple[str, str], ...]
    done: Entry | None


def choices(assessments: Sequence[Entry], on: date) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """The battery's tests in their order, and all others.

    Args:
        assessments: of the person, oldest first.
        on: today.
    """
    protocols = library().protocols
    parts = protocols[BATTERY].parts
    within_days = planning().rules.schedule.battery_days
    recent = {one.label: one for one in assessments if 0 <= (on - one.on).days <= within_days}
    others = sorted(
        name
        for name, one in protocols.items()
        if one.kind != "battery" and name not in parts and name not in _NOT_LIVE
    )
    own = tuple(_choice(name, recent.get(name)) for name in parts)
    return own, tuple(_choice(name, recent.get(name)) for name in others)


def next_of_battery(assessments: Sequence[Entry], on: date, after: str = "") -> str:
    """The battery's first test that was not done in the last days; empty: all were.

    Args:
        assessments: of the person.
        on: today.
        after: begin behind this one.
    """
    own, _ = choices(assessments, on)
    names = [one.protocol.id for one in own]
    start = names.index(after) + 1 if after in names else 0
    ordered = [*own[start:], *own[:start]]
    return next((one.protocol.id for one in ordered if one.done is None and one.protocol.id != after), "")


def _choice(name: str, done: Entry | None) -> Choice:
    measured, told, untold = _foretold(name)
    return Choice(library().protocols[name], measured, told, untold, done)


@cache
def _foretold(name: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    asked = foretold(library().protocols[name]).asked
    told = tuple(one.what for one in asked if one.level is Observability.OBSERVED)
    untold = tuple((one.what, one.remedy) for one in asked if one.level is not Observability.OBSERVED)
    return tuple(one.what for one in asked if one.measured), told, untold
