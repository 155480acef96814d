"""One protocol on one motion, put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coxa.assess.dissociation import dissociation
from coxa.assess.echoes import without_echoes
from coxa.assess.findings import findings
from coxa.assess.lasting import with_lasting_errors
from coxa.assess.ledger import told_by
from coxa.assess.norms import Person, compare
from coxa.assess.reading import Reading, resolved
from coxa.assess.repetitions import primary_of, repetitions
from coxa.assess.sides import compare_sides, detectable, result_of, verdict_of
from coxa.assess.silences import sides_of, silences, too_coarse
from coxa.model.assessment import Assessment, Comparison, Estimate, Repetition, SideResult
from coxa.model.motion import Motion, Observability
from coxa.specs.assess import AssessRules
from coxa.specs.norms import NormRow
from coxa.specs.protocol import ProtocolSpec, Quantity


@dataclass(frozen=True, slots=True)
class Standards:
    """What motions are held against.

    Attributes:
        rules: habits of the engine.
        norms: of reference people.
    """

    rules: AssessRules
    norms: Sequence[NormRow]


def assess(
    motion: Motion,
    protocol: ProtocolSpec,
    standards: Standards,
    person: Person,
    sides: Iterable[str] = (),
    provenance: Mapping[str, Any] | None = None,
) -> Assessment:
    """Repetitions, ledgers, norms, sides against each other, findings, and what cannot be told.

    Args:
        motion: of one person doing the protocol.
        protocol: of kind ``repetitions`` or ``hold``.
        standards: what it is held against.
        person: what norms depend on.
        sides: ``left``, ``right``; none: all that the protocol has.
        provenance: to be kept with the result.
    """
    rules = standards.rules
    motion = with_lasting_errors(motion, rules.lasting)
    wanted = sides_of(protocol, sides)
    found = {
        (quantity.id, side): repetitions(motion, protocol, quantity, side, rules)
        for quantity in protocol.quantities
        for side in sides_of(protocol)
    }
    results = tuple(
        _side(motion, quantity, side, without_echoes(found, quantity.id, side, rules), standards, person)
        for quantity in protocol.quantities
        for side in wanted
    )
    comparisons = _comparisons(protocol, results, rules)
    return Assessment(
        protocol=protocol.id,
        protocol_version=protocol.version,
        title=protocol.title,
        source=motion.source,
        results=results,
        comparisons=comparisons,
        measures=_measures(motion, protocol, results, rules),
        findings=findings(protocol, results, comparisons),
        silences=(*silences(protocol, motion, wanted, rules), *too_coarse(protocol, motion, wanted, rules)),
        provenance=dict(provenance or {}),
    )


def _side(
    motion: Motion,
    quantity: Quantity,
    side: str,
    found: tuple[Repetition, ...],
    standards: Standards,
    person: Person,
) -> SideResult:
    primary = primary_of(motion, quantity, side, standards.rules)
    result = result_of(found, quantity, primary)
    level = _level(primary, motion, found)
    if quantity.reading == "joint":
        level = min([level, *(told_by(one.motion, standards.rules) for one in found if one.motion.known)])
    observed = level is Observability.OBSERVED
    return SideResult(
        side=side,
        quantity=quantity.id,
        coordinate=primary.coordinate,
        repetitions=found,
        result=result,
        mdc=detectable(result),
        level=level,
        norm=compare(result, quantity, person, standards.norms, standards.rules) if observed else None,
        verdict=verdict_of(found),
    )


def _level(primary: Reading, motion: Motion, found: Sequence[Repetition]) -> Observability:
    """What holds at the end ranges that are reported."""
    peaks = motion.time_s.searchsorted([one.peak_s for one in found if not one.cut])
    if not len(peaks):
        return primary.worst_level(slice(0, 0))
    return min(primary.worst_level(slice(peak, peak + 1)) for peak in peaks)


def _comparisons(
    protocol: ProtocolSpec, results: Sequence[SideResult], rules: AssessRules
) -> tuple[Comparison, ...]:
    by_place = {(one.quantity, one.side): one for one in results if one.level is Observability.OBSERVED}
    compared = [
        compare_sides(by_place[q.id, "left"], by_place[q.id, "right"], q.title, rules)
        for q in protocol.quantities
        if {(q.id, "left"), (q.id, "right")} <= by_place.keys()
    ]
    return tuple(one for one in compared if one is not None)


def _measures(
    motion: Motion, protocol: ProtocolSpec, results: Sequence[SideResult], rules: AssessRules
) -> dict[str, Estimate]:
    """Dissociation measures by ``side.name`` (``name`` where the motion has no sides)."""
    if protocol.dissociation is None:
        return {}
    measures: dict[str, Estimate] = {}
    for one in results:
        other, mover = (Reading.of(motion, resolved(name, one.side)) for name in protocol.dissociation)
        found = dissociation(motion, [r for r in one.repetitions if not r.cut], mover, other, rules)
        prefix = f"{one.quantity}.{one.side}." if one.side else f"{one.quantity}."
        measures |= {prefix + name: figure for name, figure in found.items()}
    return measures
