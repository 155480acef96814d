"""What to know first, in plain words, made of what was measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from coxa.assess.importance import ASYMMETRIC, CHEATED, CLEAN, NORM, SPOILT, UNNORMED, UNSURE
from coxa.assess.targets import target
from coxa.assess.words import many
from coxa.model.assessment import Comparison, Finding, Repetition, SideResult, Verdict
from coxa.specs.protocol import ProtocolSpec


def findings(
    protocol: ProtocolSpec, results: Sequence[SideResult], comparisons: Sequence[Comparison]
) -> tuple[Finding, ...]:
    """Most important first."""
    found = [finding for result in results for finding in _of_side(protocol, result)]
    found += [Finding(f"{one.of}.{one.quantity}", one.words, ASYMMETRIC) for one in comparisons if one.real]
    if not protocol.normed:
        found.append(
            Finding(
                "unnormed",
                "This is a screen: no published norm stands behind it. Compare your own sides and dates.",
                UNNORMED,
                evidence=protocol.source,
                trust=protocol.trust,
            )
        )
    return tuple(sorted(found, key=lambda one: -one.weight))


def _of_side(protocol: ProtocolSpec, result: SideResult) -> Iterator[Finding]:
    side = result.side
    who = f"{side.capitalize()} side: " if side else ""
    counted = [one for one in result.repetitions if not (one.partial or one.cut)]
    if not counted:
        partial = ", only partial ones" if result.repetitions else ""
        yield Finding(f"none.{result.quantity}", f"{who}no repetition was found{partial}.", UNSURE, side)
        return
    yield from _of_rules(protocol, result, who, len(counted))
    if result.norm is not None and result.norm.band in ("low", "high"):
        yield Finding(
            f"norm.{result.quantity}.{result.norm.band}",
            f"{who}{result.norm.words}.",
            NORM,
            side,
            result.norm.source,
            result.norm.trust,
        )
    quantity = next((one for one in protocol.quantities if one.id == result.quantity), None)
    reached = None if quantity is None else target(quantity, result, who)
    if reached is not None:
        yield reached
    if all(one.verdict is Verdict.CLEAN for one in counted):
        degrees = np.degrees(result.result.value)
        yield Finding(
            f"clean.{result.quantity}",
            f"{who}{degrees:.0f}\u00b0 in {many(len(counted), 'repetition')}, {_clean(protocol, counted)}.",
            CLEAN,
            side,
        )


def _clean(protocol: ProtocolSpec, counted: Sequence[Repetition]) -> str:
    """What may be said where nothing was seen: less, where not all was watched."""
    titles = {rule.id: rule.title for rule in protocol.compensations}
    hidden = dict.fromkeys(
        titles[held.rule]
        for one in counted
        for held in one.compensations
        if held.verdict is Verdict.NOT_OBSERVABLE
    )
    if not hidden:
        return "nothing else moved beyond its limit"
    return f"nothing that could be watched moved beyond its limit; not watched: {', '.join(hidden)}"


def _of_rules(protocol: ProtocolSpec, result: SideResult, who: str, n: int) -> Iterator[Finding]:
    """One finding a rule: in how many repetitions, how far, and when it began."""
    rules = {rule.id: rule for rule in protocol.compensations}
    beyond = Counter(
        held.rule
        for one in result.repetitions
        for held in one.compensations
        if held.verdict is Verdict.COMPENSATED
    )
    for rule, count in beyond.items():
        held = [
            entry
            for one in result.repetitions
            for entry in one.compensations
            if entry.rule == rule and entry.verdict is Verdict.COMPENSATED
        ]
        size = np.degrees(np.mean([entry.excursion.value for entry in held]))
        begun = [entry.onset_share for entry in held if entry.onset_share is not None]
        when = f", beginning at {100 * np.mean(begun):.0f}\u202f% of the motion" if begun else ""
        spec = rules[rule]
        yield Finding(
            f"compensated.{rule}",
            f"{who}{spec.words} by {size:.0f}\u00b0 in {count} of {many(n, 'repetition')}{when} "
            f"(the test allows {spec.limit_deg:.0f}\u00b0). {spec.cue}".strip(),
            SPOILT if spec.invalidates else CHEATED,
            result.side,
            spec.source,
            spec.trust,
        )
