"""Run protocols on motions: one, both sides, helped and unhelped, or a battery."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coxa.app.apart import compared, sides_shown
from coxa.app.foretell import with_remedies
from coxa.assess.assessment import Standards, assess
from coxa.assess.importance import HELPED
from coxa.assess.norms import Person
from coxa.assess.sides import compare
from coxa.assess.walking import assess_walking
from coxa.catalog import loader
from coxa.catalog.protocols import Library
from coxa.model.assessment import Assessment, Comparison, Finding, SideResult
from coxa.model.channels import Event
from coxa.model.errors import SpecError
from coxa.model.motion import Motion
from coxa.specs.protocol import ProtocolSpec

_BY_HELP = "Titleist Performance Institute (mytpi.com): what help sets free lacks control, the rest mobility"


@dataclass(frozen=True, slots=True)
class Performed:
    """A motion, and what was said of it beforehand.

    Attributes:
        motion: of one person.
        events: that the recording came with.
        part: which protocol of a battery it shows; empty: the one that is asked for.
        helped: another person or a wall held the segment that should stay.
    """

    motion: Motion
    events: tuple[Event, ...] = ()
    part: str = ""
    helped: bool = False


def run(
    performed: Sequence[Performed],
    name: str,
    library: Library,
    person: Person,
    sides: Sequence[str] = (),
    provenance: dict[str, Any] | None = None,
) -> tuple[Assessment, ...]:
    """One assessment a motion, in their order; the unhelped one bears the comparison with the helped one.

    Sides that were recorded apart are compared as if they were in one recording: the first bears that.

    Args:
        performed: motions.
        name: id of the protocol.
        library: all protocols and norms.
        person: what norms depend on.
        sides: ``left``, ``right``; none: all.
        provenance: to be kept with the results.

    Raises:
        SpecError: no such protocol, or a part that is none of the battery's.
    """
    protocol = library.protocol(name)
    standards = Standards(loader.assess_rules(), library.norms)

    def assessed(one: Performed, shown: Sequence[str]) -> Assessment:
        chosen = library.protocol(_part(protocol, one))
        if chosen.kind == "gait":
            return assess_walking(
                one.motion, chosen, standards.rules, loader.gait_norms(), one.events, provenance
            )
        return assess(one.motion, chosen, standards, person, shown, provenance)

    found = [assessed(one, sides) for one in performed]
    alone = [index for index, one in enumerate(performed) if not one.helped]
    if not sides and len(alone) > 1:
        for index, shown in zip(alone, sides_shown([found[index] for index in alone]), strict=True):
            found[index] = assessed(performed[index], shown) if shown else found[index]
        both = compared([found[index] for index in alone], library, standards.rules)
        found = [dict(zip(alone, both, strict=True)).get(index, one) for index, one in enumerate(found)]
    found = _with_help(performed, found, library, standards)
    return tuple(with_remedies(one, of.motion) for one, of in zip(found, performed, strict=True))


def _part(protocol: ProtocolSpec, one: Performed) -> str:
    if protocol.kind != "battery":
        return protocol.id
    if one.part not in protocol.parts:
        raise SpecError(
            f"{protocol.id} is made of parts, and {one.motion.source or 'a recording'} names none of them",
            f"write PART=RECORDING with a part of: {', '.join(protocol.parts)}",
        )
    return one.part


def _with_help(
    performed: Sequence[Performed], found: Sequence[Assessment], library: Library, standards: Standards
) -> list[Assessment]:
    """Mobility or control: what a held segment sets free (Titleist Performance Institute)."""
    helped = [one for one, said in zip(found, performed, strict=True) if said.helped]
    if not helped:
        return list(found)
    return [
        one if said.helped else _compared_with_help(one, helped[0], library, standards)
        for one, said in zip(found, performed, strict=True)
    ]


def _compared_with_help(
    alone: Assessment, helped: Assessment, library: Library, standards: Standards
) -> Assessment:
    titles = {quantity.id: quantity.title for quantity in library.protocol(alone.protocol).quantities}
    place: Callable[[SideResult], tuple[str, str]] = lambda one: (one.quantity, one.side)  # noqa: E731
    with_help = {place(one): one for one in helped.results}
    comparisons: list[Comparison] = []
    findings: list[Finding] = []
    for one in alone.results:
        other = with_help.get(place(one))
        if other is None:
            continue
        where = f"{titles[one.quantity]}{', ' + one.side if one.side else ''}"
        pair = other.result, one.result
        compared = compare(
            one.quantity, "helped-unhelped", pair, where, standards.rules, ("helped", "unhelped")
        )
        if compared is not None:
            comparisons.append(compared)
            findings.append(_mobility_or_control(compared, one.side))
    return replace(
        alone,
        comparisons=(*alone.comparisons, *comparisons),
        findings=tuple(sorted((*alone.findings, *findings), key=lambda one: -one.weight)),
    )


def _mobility_or_control(compared: Comparison, side: str) -> Finding:
    if compared.real and compared.difference.value > 0:
        words = "It moves when helped: the motion is there, what lacks is control."
        code = "control"
    else:
        words = "Help does not set more motion free: what lacks, if anything, is mobility."
        code = "mobility"
    return Finding(f"{code}.{compared.quantity}", f"{compared.words} {words}", HELPED, side, _BY_HELP, "S")
