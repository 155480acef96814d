"""The same test, the time before: what has changed by more than the error of measuring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coxa.assess.sides import compare
from coxa.model.assessment import Assessment, Estimate, SideResult
from coxa.model.motion import Observability
from coxa.specs.assess import AssessRules


@dataclass(frozen=True, slots=True)
class Since:
    """One quantity of one side, now and before; angles in rad.

    Attributes:
        quantity: id.
        side: ``left``, ``right`` or empty.
        before: the time before.
        now: this time.
        difference: now less before.
        detectable: what the method can detect, 19 times out of 20.
        real: the difference is more than that.
    """

    quantity: str
    side: str
    before: Estimate
    now: Estimate
    difference: Estimate
    detectable: float
    real: bool


def changes(now: Sequence[Assessment], before: Sequence[Assessment], rules: AssessRules) -> tuple[Since, ...]:
    """Every quantity that both times observed.

    Args:
        now: assessments of one test on one day: one a recording.
        before: the same of an earlier day.
        rules: of comparisons.
    """
    earlier = {(one.quantity, one.side): one for one in _observed(before)}
    found = []
    for one in _observed(now):
        then = earlier.get((one.quantity, one.side))
        if then is None:
            continue
        told = compare(
            one.quantity, "after-before", (one.result, then.result), one.quantity, rules, ("now", "before")
        )
        if told is not None:
            real = abs(told.difference.value) > told.mdc
            found.append(
                Since(one.quantity, one.side, then.result, one.result, told.difference, told.mdc, bool(real))
            )
    return tuple(found)


def _observed(found: Sequence[Assessment]) -> Iterator[SideResult]:
    """Of each quantity and side the result with the most repetitions that count."""
    best: dict[tuple[str, str], SideResult] = {}
    for one in (result for each in found for result in each.results):
        if one.level is not Observability.OBSERVED or not one.result.known:
            continue
        key = one.quantity, one.side
        if key not in best or _counted(one) > _counted(best[key]):
            best[key] = one
    yield from best.values()


def _counted(one: SideResult) -> int:
    return sum(rep.counts for rep in one.repetitions)
