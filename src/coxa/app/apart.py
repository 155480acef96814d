"""Sides of one test that were recorded apart: each told by its own recording, compared as if by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from coxa.assess.importance import ASYMMETRIC
from coxa.assess.sides import compare_sides
from coxa.catalog.protocols import Library
from coxa.model.assessment import Assessment, Comparison, Finding, SideResult
from coxa.model.coordinates import SIDES
from coxa.model.motion import Observability
from coxa.specs.assess import AssessRules


def sides_shown(found: Sequence[Assessment]) -> tuple[tuple[str, ...], ...]:
    """The sides that each recording is asked about, of all that were assessed; empty: all of them.

    A side that was not done in one recording but in another of the same test is told by that other one alone:
    that it was not done here is nothing to report.
    """
    done = [_done(one) for one in found]
    kept = []
    for one, counts in zip(found, done, strict=True):
        others = [their for other, their in zip(found, done, strict=True) if other.protocol == one.protocol]
        mine = tuple(
            side for side in SIDES if counts.get(side) or not any(their.get(side) for their in others)
        )
        kept.append(mine if len(others) > 1 and 0 < len(mine) < len(SIDES) else ())
    return tuple(kept)


def _done(one: Assessment) -> Mapping[str, int]:
    """Repetitions that count, by side."""
    counts: dict[str, int] = {}
    for result in one.results:
        counts[result.side] = counts.get(result.side, 0) + sum(rep.counts for rep in result.repetitions)
    return counts


def compared(found: Sequence[Assessment], library: Library, rules: AssessRules) -> list[Assessment]:
    """The first recording of a test bears the comparison of its sides, where no recording has both."""
    whole = list(found)
    for name in dict.fromkeys(one.protocol for one in found):
        same = [index for index, one in enumerate(found) if one.protocol == name]
        across = tuple(_across([found[index] for index in same], library, rules))
        if across:
            whole[same[0]] = _with(found[same[0]], across)
    return whole


def _across(same: Sequence[Assessment], library: Library, rules: AssessRules) -> Iterator[Comparison]:
    within = {pair.quantity for one in same for pair in one.comparisons if pair.of == "left-right"}
    for quantity in library.protocol(same[0].protocol).quantities:
        left, right = (_best(same, quantity.id, side) for side in ("left", "right"))
        if quantity.id not in within and left is not None and right is not None:
            one = compare_sides(left, right, quantity.title, rules)
            if one is not None:
                yield one


def _best(same: Sequence[Assessment], quantity: str, side: str) -> SideResult | None:
    """Of the recording in which this side did it most often."""
    told = [
        one
        for each in same
        for one in each.results
        if (one.quantity, one.side) == (quantity, side)
        and one.level is Observability.OBSERVED
        and one.result.known
    ]
    return max(told, key=lambda one: sum(rep.counts for rep in one.repetitions), default=None)


def _with(one: Assessment, across: Sequence[Comparison]) -> Assessment:
    real = [Finding(f"{each.of}.{each.quantity}", each.words, ASYMMETRIC) for each in across if each.real]
    findings = sorted((*one.findings, *real), key=lambda finding: -finding.weight)
    return replace(one, comparisons=(*one.comparisons, *across), findings=tuple(findings))
