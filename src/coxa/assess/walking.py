"""The walking protocol: curves, times and ranges put together, sides compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from coxa.assess.gait import STRIKE, curves, events, measures
from coxa.assess.importance import ASYMMETRIC, FEW_STEPS, SHAPE_OF_STRIDE, STRIDES
from coxa.assess.reading import resolved
from coxa.assess.sides import compare
from coxa.assess.silences import sides_of, silences
from coxa.assess.words import many
from coxa.model.assessment import Assessment, Comparison, Curve, Estimate, Finding
from coxa.model.channels import Event
from coxa.model.coordinates import SIDES
from coxa.model.motion import Motion
from coxa.model.normal import Z95
from coxa.specs.assess import AssessRules
from coxa.specs.gait import GaitNorms
from coxa.specs.protocol import ProtocolSpec


def assess_walking(
    motion: Motion,
    protocol: ProtocolSpec,
    rules: AssessRules,
    norms: GaitNorms,
    told: Sequence[Event] = (),
    provenance: Mapping[str, Any] | None = None,
) -> Assessment:
    """Walking, both sides.

    Args:
        motion: of one person walking.
        protocol: of kind ``gait``.
        rules: habits of the engine.
        norms: of reference people.
        told: foot strikes and offs that the recording came with; found in the angles without them.
        provenance: to be kept with the result.
    """
    happened = [one for one in told if one.side] or events(motion, norms)
    found = curves(motion, happened, [quantity.coordinate for quantity in protocol.quantities], norms)
    figures = measures(motion, happened, found, norms)
    compared = tuple(_comparisons(protocol, found, figures, rules))
    return Assessment(
        protocol=protocol.id,
        protocol_version=protocol.version,
        title=protocol.title,
        source=motion.source,
        comparisons=compared,
        curves=found,
        measures=figures,
        findings=tuple(
            sorted(_findings(protocol, happened, found, compared, norms), key=lambda one: -one.weight)
        ),
        silences=silences(protocol, motion, sides_of(protocol), rules),
        provenance=dict(provenance or {}),
    )


def _comparisons(
    protocol: ProtocolSpec, found: Sequence[Curve], figures: Mapping[str, Estimate], rules: AssessRules
) -> Iterator[Comparison]:
    """Ranges of the joints of both legs; pelvis and trunk are one for both."""
    for quantity in protocol.quantities:
        if "SIDE" not in quantity.coordinate:
            continue
        ranges = {
            curve.side: figures[f"range.{curve.quantity}.{curve.side}"]
            for curve in found
            if curve.quantity == quantity.coordinate.replace("SIDE", curve.side)
        }
        if len(ranges) == 2:
            pair = ranges["left"], ranges["right"]
            title = f"{quantity.title}, range over the cycle"
            one = compare(quantity.id, "left-right", pair, title, rules, ("left", "right"))
            if one is not None:
                yield one


def _findings(
    protocol: ProtocolSpec,
    happened: Sequence[Event],
    found: Sequence[Curve],
    compared: Sequence[Comparison],
    norms: GaitNorms,
) -> Iterator[Finding]:
    n_strikes = sum(one.label == STRIKE for one in happened)
    if not found:
        yield Finding(
            "gait.none",
            f"{many(n_strikes, 'foot strike')} found, and no whole stride that was observed: record more "
            "steps, or walk so that the whole person stays in view.",
            FEW_STEPS,
        )
        return
    strides = max(curve.n_cycles for curve in found)
    yield Finding(
        "gait.cycles",
        f"The curves are made of up to {many(strides, 'stride')} of each leg.",
        STRIDES,
    )
    for one in compared:
        if one.real:
            yield Finding(f"{one.of}.{one.quantity}", one.words, ASYMMETRIC)
    titles = {resolved(one.coordinate, side): one.title for one in protocol.quantities for side in SIDES}
    for curve in found:
        yield from _shape(curve, titles.get(curve.quantity, curve.quantity), norms)


def _shape(curve: Curve, title: str, norms: GaitNorms) -> Iterator[Finding]:
    """Where the curve leaves the published shape by more than its own error."""
    if curve.band is None:
        return
    beyond = np.maximum(curve.band[:, 0] - curve.mean, curve.mean - curve.band[:, 1]) - Z95 * curve.sd
    if (beyond > 0).mean() < norms.shape_share:
        return
    worst = int(beyond.argmax())
    where = f", {curve.side}" if curve.side else ""
    yield Finding(
        f"gait.shape.{curve.quantity}",
        f"{title}{where}: its curve differs in shape from that of reference people, most at "
        f"{curve.percent[worst]:.0f}\u202f% of the stride ({norms.people}).",
        SHAPE_OF_STRIDE,
        curve.side,
        norms.source,
        norms.trust,
    )
