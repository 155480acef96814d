"""What two taps of a phone say, as a test says it: against norms, with its error, and what it cannot tell."""

from __future__ import annotations

from dataclasses import replace
from math import hypot, radians

from coxa.app.phone_live import Inclinometer
from coxa.assess.assessment import Standards
from coxa.assess.findings import findings
from coxa.assess.norms import Person, compare
from coxa.assess.sides import detectable
from coxa.catalog import loader
from coxa.estimate.inclinometer import phone_kinds
from coxa.estimate.observability import ability_of
from coxa.model.assessment import Assessment, Estimate, SideResult, Silence, Verdict
from coxa.model.errors import SourceError
from coxa.model.motion import Observability
from coxa.specs.protocol import ProtocolSpec
from coxa.specs.taps import TapReading, TapRules

_POSTURE = {"seated": "sitting", "prone": "prone", "supine": "supine", "standing": "standing"}
_LEVELS = {"observed": Observability.OBSERVED, "weak": Observability.WEAK}


def inclinometer(rules: TapRules) -> Inclinometer:
    """One with a phone's usual noise."""
    return Inclinometer(rules, radians(loader.phone_rules().fusions["relative"].noise_deg))


def reading_of(rules: TapRules, protocol: str, quantity: str) -> TapReading:
    """How a quantity is tapped.

    Raises:
        SourceError: it is not.
    """
    for one in rules.readings:
        if (one.protocol, one.quantity) == (protocol, quantity):
            return one
    raise SourceError(f"{quantity!r:.60} of {protocol!r:.60} is not read by taps", "choose one of the list")


def assessed(
    angle: Estimate,
    how: TapReading,
    side: str,
    protocol: ProtocolSpec,
    standards: Standards,
    person: Person,
    source: str,
) -> Assessment:
    """An assessment of one figure: the angle between two taps.

    An angle from the rest position is held against norms that begin at the vertical: how far people rest from
    it is part of its error; of a motion from where it began it is not.

    Args:
        angle: of the inclinometer.
        how: it was tapped.
        side: ``left`` or ``right``.
        protocol: of the reading.
        standards: what it is held against.
        person: what norms depend on.
        source: which phone, for people to read.
    """
    quantity = next(one for one in protocol.quantities if one.id == how.quantity)
    coordinate = quantity.coordinate.replace("SIDE", side)
    segment = f"{how.segment}_{side}" if how.segment in ("femur", "tibia") else how.segment
    posture = _POSTURE[protocol.position]
    able = ability_of(coordinate, phone_kinds((segment,), posture), loader.observability())
    sd = hypot(angle.sd, radians(able.method_sd_deg))
    if quantity.result == "peak":
        sd = hypot(sd, radians(loader.phone_rules().worn_on[how.segment].start_sd_deg[0]))
    level = _LEVELS.get(able.at_best, Observability.NOT_OBSERVABLE)
    told = replace(angle, sd=sd)
    observed = level is Observability.OBSERVED
    result = SideResult(
        side=side,
        quantity=quantity.id,
        coordinate=coordinate,
        repetitions=(),
        result=told,
        mdc=detectable(told),
        level=level,
        norm=compare(told, quantity, person, standards.norms, standards.rules) if observed else None,
        verdict=Verdict.NOT_OBSERVABLE,
    )
    return Assessment(
        protocol=protocol.id,
        protocol_version=protocol.version,
        title=protocol.title,
        source=source,
        results=(result,),
        findings=findings(protocol, (result,), ()),
        silences=_unseen(protocol),
        provenance={"kind": "phone_taps"},
    )


def _unseen(protocol: ProtocolSpec) -> tuple[Silence, ...]:
    """Nothing but the one segment was watched."""
    return tuple(
        Silence(one.title, "two taps tell one segment and no other", "do the test before a camera")
        for one in protocol.compensations
    )
