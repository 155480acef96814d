"""One quantity of one side over its repetitions, and two of them against each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import norm

from coxa.assess.reading import Reading
from coxa.model.assessment import UNKNOWN, Comparison, Estimate, Repetition, SideResult, Verdict
from coxa.model.normal import MDC_PER_SEM, Z95
from coxa.specs.assess import AssessRules
from coxa.specs.protocol import Quantity


def result_of(found: Sequence[Repetition], quantity: Quantity, primary: Reading) -> Estimate:
    """Mean over the repetitions that count; its error from their spread and from the estimate itself.

    The part of the estimate's error that stays the same over a recording is not averaged away; where the
    motion from the start is asked for, it drops out.
    """
    counted = [one for one in found if one.counts]
    figures = [one.peak if quantity.result == "peak" else one.motion for one in counted]
    figures = [figure for figure in figures if figure.known]
    if not figures:
        return UNKNOWN
    n = len(figures)
    values = np.array([figure.value for figure in figures])
    constant = primary.lasting_sd if quantity.result == "peak" else 0.0
    own = np.maximum(np.array([figure.sd for figure in figures]) ** 2 - constant**2, 0.0).mean()
    spread = float(values.var(ddof=1)) if n > 1 else 0.0
    # The spread already holds the estimate's own errors as far as they differ between repetitions.
    return Estimate(float(values.mean()), float(np.sqrt(max(spread, own) / n + constant**2)))


def detectable(result: Estimate) -> float:
    """Minimal detectable change at 95 % of a figure with this standard error, rad."""
    return float(MDC_PER_SEM * result.sd)


def verdict_of(found: Sequence[Repetition]) -> Verdict:
    """What most of the repetitions say; the worse where they tie."""
    order = (
        Verdict.CLEAN,
        Verdict.NOT_OBSERVABLE,
        Verdict.UNCERTAIN,
        Verdict.COMPENSATED,
        Verdict.NOT_VALID,
    )
    verdicts = [one.verdict for one in found if not one.cut]
    if not verdicts:
        return Verdict.NOT_OBSERVABLE
    return max(order, key=lambda verdict: (verdicts.count(verdict), order.index(verdict)))


def compare_sides(left: SideResult, right: SideResult, title: str, rules: AssessRules) -> Comparison | None:
    """Left minus right; None where either is unknown."""
    return compare(left.quantity, "left-right", (left.result, right.result), title, rules, ("left", "right"))


def compare(
    quantity: str,
    of: str,
    figures: tuple[Estimate, Estimate],
    title: str,
    rules: AssessRules,
    names: tuple[str, str],
) -> Comparison | None:
    """First minus second, and whether the difference is more than the method's error and large enough."""
    first, second = figures
    if not (first.known and second.known):
        return None
    difference = Estimate(first.value - second.value, float(np.hypot(first.sd, second.sd)))
    mdc = Z95 * difference.sd
    size = abs(difference.value)
    probability = float(norm.cdf(size / difference.sd)) if difference.sd else 1.0
    real = size > mdc and size >= np.radians(rules.asymmetry_min_deg)
    return Comparison(
        quantity=quantity,
        of=of,
        difference=difference,
        mdc=mdc,
        probability=probability,
        real=bool(real),
        words=_words(title, figures, names, bool(real), mdc),
    )


def _words(
    title: str, figures: tuple[Estimate, Estimate], names: tuple[str, str], real: bool, mdc: float
) -> str:
    first, second = (np.degrees(figure.value) for figure in figures)
    both = f"{title}: {names[0]} {first:.0f}\u00b0, {names[1]} {second:.0f}\u00b0"
    error = f"the error of this comparison is {np.degrees(mdc):.0f}\u00b0"
    if not real:
        return f"{both}. No difference that counts; {error}."
    more = names[0] if first > second else names[1]
    return f"{both}. The {more} goes {abs(first - second):.0f}\u00b0 further; {error}."
