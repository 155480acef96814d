"""Two assessments of one person, beside each other: what changed, and when each repetition was."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coxa.assess.sides import compare
from coxa.model.assessment import Estimate
from coxa.specs.assess import AssessRules


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure as one assessment has it.

    Attributes:
        value_deg: None: the source could not tell it.
        sd_deg: of it.
    """

    value_deg: float | None
    sd_deg: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity of one side in both.

    Attributes:
        quantity: id.
        side: ``left``, ``right`` or empty.
        before: of the first.
        after: of the second.
        difference_deg: second less first; None: one of them is not known.
        detectable_deg: what a change must pass to be more than the error of measuring.
        real: whether it does.
    """

    quantity: str
    side: str
    before: Figure
    after: Figure
    difference_deg: float | None = None
    detectable_deg: float | None = None
    real: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """One repetition on the clock of its recording."""

    side: str
    number: int
    start_s: float
    peak_s: float
    end_s: float


def rows(before: Mapping[str, Any], after: Mapping[str, Any], rules: AssessRules) -> tuple[Row, ...]:
    """Measures that both documents have, or one of them.

    Args:
        before: document of an assessment.
        after: of another.
        rules: of comparisons.
    """
    figures = [_figures(one) for one in (before, after)]
    keys = dict.fromkeys([*figures[0], *figures[1]])
    unknown = Figure(None, None)
    return tuple(_row(key, figures[0].get(key, unknown), figures[1].get(key, unknown), rules) for key in keys)


def moments(document: Mapping[str, Any]) -> tuple[Moment, ...]:
    """Repetitions in the order of time; those of several quantities of one movement count once."""
    found: dict[tuple[str, int], Moment] = {}
    for result in document.get("results", ()):
        for one in result.get("repetitions", ()):
            times = [one.get(name) for name in ("start_s", "peak_s", "end_s")]
            if all(isinstance(at, int | float) for at in times):
                key = str(result["side"]), int(one["number"])
                found.setdefault(key, Moment(*key, *(float(at) for at in times)))
    return tuple(sorted(found.values(), key=lambda one: one.start_s))


def _figures(document: Mapping[str, Any]) -> dict[tuple[str, str], Figure]:
    return {(one["quantity"], one["side"]): _figure(one) for one in document.get("results", ())}


def _figure(one: Mapping[str, Any]) -> Figure:
    value, sd = one.get("value_deg"), one.get("sd_deg")
    if value is None or sd is None or one.get("observability") != "observed":
        return Figure(None, None)
    return Figure(float(value), float(sd))


def _row(key: tuple[str, str], before: Figure, after: Figure, rules: AssessRules) -> Row:
    last, first = _estimate(after), _estimate(before)
    if last is None or first is None:
        return Row(*key, before, after)
    told = compare(key[0], "after-before", (last, first), key[0], rules, ("after", "before"))
    if told is None:
        return Row(*key, before, after)
    difference, detectable = math.degrees(told.difference.value), math.degrees(told.mdc)
    # How far sides may differ (what `told.real` also asks for) is no matter of one side over time.
    return Row(*key, before, after, difference, detectable, abs(difference) > detectable)


def _estimate(one: Figure) -> Estimate | None:
    if one.value_deg is None or one.sd_deg is None:
        return None
    return Estimate(math.radians(one.value_deg), math.radians(one.sd_deg))
