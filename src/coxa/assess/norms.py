"""A figure against reference people, its own error folded in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from coxa.model.assessment import Estimate, NormComparison
from coxa.model.normal import Z95
from coxa.specs.assess import AssessRules
from coxa.specs.norms import NormRow
from coxa.specs.protocol import Quantity


@dataclass(frozen=True, slots=True)
class Person:
    """What norms depend on; None: not told."""

    age_y: float | None = None
    sex: str | None = None


def compare(
    result: Estimate, quantity: Quantity, person: Person, table: Sequence[NormRow], rules: AssessRules
) -> NormComparison | None:
    """Against the row that fits the person best; None where no row applies.

    Norms were measured with goniometers: they know no pelvis, so only apparent figures may be held against
    them (Nussbaumer 2010).
    """
    if quantity.reading != "apparent" or not result.known:
        return None
    row = best_row(quantity, person, table)
    return None if row is None or row.sd_deg is None else _compared(result, row, row.sd_deg, rules)


def best_row(quantity: Quantity, person: Person, table: Sequence[NormRow]) -> NormRow | None:
    """The fitting row that was read at its source, is closest in age and sex, and has most people."""
    fitting = [
        row
        for use in quantity.norms
        for row in table
        if (row.motion, row.position, row.active) == (use.motion, use.position, use.active)
        and row.sd_deg is not None
        and _admits(row, person)
    ]
    return max(fitting, key=lambda row: _rank(row, person), default=None)


def _admits(row: NormRow, person: Person) -> bool:
    if row.sex is not None and person.sex is not None and row.sex != person.sex:
        return False
    if person.age_y is None:
        return True
    low = -np.inf if row.age_min_y is None else row.age_min_y
    high = np.inf if row.age_max_y is None else row.age_max_y + 1.0  # "25-39" ends before the 40th birthday
    return bool(low <= person.age_y < high)


def _rank(row: NormRow, person: Person) -> tuple[bool, bool, float, int]:
    """Verified first, then of the person's sex, then of the narrowest ages, then the largest group."""
    known_ages = row.age_min_y is not None and row.age_max_y is not None
    width = (row.age_max_y or 0.0) - (row.age_min_y or 0.0) if known_ages else np.inf
    return row.verified, row.sex is not None and row.sex == person.sex, -width, row.people or 0


def _compared(result: Estimate, row: NormRow, sd_deg: float, rules: AssessRules) -> NormComparison:
    mean, sd = np.radians(row.mean_deg), np.radians(sd_deg)
    score = (result.value - mean) / sd
    percentile = Estimate(
        100.0 * float(norm.cdf(score)), 100.0 * float(norm.pdf(score)) * result.sd / sd, "points"
    )
    band = _band(result, float(mean), float(sd), rules)
    return NormComparison(
        norm=row.id,
        mean=float(mean),
        sd=float(sd),
        percentile=percentile,
        band=band,
        words=_words(result, row, percentile, band),
        source=row.source,
        trust=row.trust,
        verified=row.verified,
    )


def _band(result: Estimate, mean: float, sd: float, rules: AssessRules) -> str:
    """Low, usual or high only where that is probable enough; else the error spans a boundary."""
    low, high = (mean + sd * float(norm.ppf(p / 100.0)) for p in (rules.usual_low, rules.usual_high))
    spread = max(result.sd, 1e-12)
    below, above = norm.cdf(low, result.value, spread), norm.sf(high, result.value, spread)
    for word, probability in (("low", below), ("high", above), ("usual", 1.0 - below - above)):
        if probability >= rules.sure:
            return word
    return "uncertain"


def _words(result: Estimate, row: NormRow, percentile: Estimate, band: str) -> str:
    figure = f"{np.degrees(result.value):.0f}\u00b0 \u00b1 {Z95 * np.degrees(result.sd):.0f}\u00b0"
    people = f"reference people {row.mean_deg:.0f}\u00b0 \u00b1 {row.sd_deg:.0f}\u00b0 (1 sd)"
    told = {
        "low": "less than usual",
        "high": "more than usual",
        "usual": "usual",
        "uncertain": "too close to a boundary to call",
    }[band]
    doubt = "" if row.verified else "; unverified reference"
    return f"{figure}, {people}: {told}, percentile {percentile.value:.0f}{doubt}"
