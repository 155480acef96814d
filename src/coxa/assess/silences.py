"""What a recording cannot tell of a protocol, why, and what would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from coxa.assess.compensation import coarsest_sd
from coxa.assess.reading import Reading, resolved
from coxa.model.assessment import Silence
from coxa.model.motion import Motion, Observability
from coxa.specs.assess import AssessRules
from coxa.specs.protocol import ProtocolSpec


def sides_of(protocol: ProtocolSpec, wanted: Iterable[str] = ()) -> tuple[str, ...]:
    """The sides a protocol is assessed on; ``wanted`` none: all."""
    if protocol.sides == "none":
        return ("",)
    asked = tuple(wanted)  # looked through more than once
    return tuple(side for side in ("left", "right") if not asked or side in asked)


def silences(
    protocol: ProtocolSpec, motion: Motion, sides: Iterable[str], rules: AssessRules
) -> tuple[Silence, ...]:
    """Every quantity, part of a ledger and rule that the motion does not tell, each said once."""
    found: dict[str, Silence] = {}
    for side in sides:
        for coordinate, what, remedy in _asked(protocol, side):
            reading = Reading.of(motion, coordinate)
            if coordinate not in found and not _told(reading, rules):
                found[coordinate] = Silence(what, reading.reason or _seldom(reading), remedy, coordinate)
    return tuple(found.values())


def too_coarse(
    protocol: ProtocolSpec, motion: Motion, sides: Iterable[str], rules: AssessRules
) -> Iterator[Silence]:
    """Rules whose coordinate is told, but not finely enough for their limit."""
    for rule in protocol.compensations:
        for side in sides:
            reading = Reading.of(motion, resolved(rule.coordinate, side))
            limit = float(np.radians(rule.limit_deg))
            if _told(reading, rules) and reading.change_sd > coarsest_sd(limit, rules):
                error = f"{np.degrees(reading.change_sd):.0f}\u00b0"
                reason = f"its error here, {error}, is too large for a limit of {rule.limit_deg:g}\u00b0"
                yield Silence(rule.title, reason, rule.needs, reading.coordinate)
                break


def _asked(protocol: ProtocolSpec, side: str) -> Iterator[tuple[str, str, str]]:
    """Coordinate, what it is for, and what would make it observable."""
    for quantity in protocol.quantities:
        where = f", {side}" if side and "SIDE" in quantity.coordinate else ""
        yield resolved(quantity.coordinate, side), f"{quantity.title}{where}", quantity.needs
        for part in quantity.ledger:
            what = f"{quantity.title}{where}: the part of the {part.part}"
            yield resolved(part.coordinate, side), what, quantity.needs
    for rule in protocol.compensations:
        yield resolved(rule.coordinate, side), rule.title, rule.needs


def _seldom(reading: Reading) -> str:
    share = (reading.level == Observability.OBSERVED).mean() if len(reading.level) else 0.0
    seldom = f"it was observed in only {100 * share:.0f}\u202f% of the frames"
    return seldom if share else "it was never observed"


def _told(reading: Reading, rules: AssessRules) -> bool:
    if not len(reading.level):
        return False
    return bool((reading.level == Observability.OBSERVED).mean() >= rules.told_share)
