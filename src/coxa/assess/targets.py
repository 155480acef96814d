"""A target of a test: reached or not, repetition by repetition."""

from __future__ import annotations

from collections import Counter

import numpy as np

from coxa.assess.importance import TARGET
from coxa.assess.words import many
from coxa.model.assessment import Estimate, Finding, SideResult, Verdict
from coxa.model.motion import Observability
from coxa.model.normal import Z95
from coxa.specs.protocol import Quantity


def target(quantity: Quantity, result: SideResult, who: str) -> Finding | None:
    """How often a side reached its target; None where there is none, or nothing that tells.

    Reached or missed is said where the whole 95 % interval lies beyond or short of it. Repetitions that
    turned back early count, those that are not valid do not.
    """
    if quantity.target_deg is None or result.level is not Observability.OBSERVED:
        return None
    whole = [one for one in result.repetitions if not one.cut and one.verdict is not Verdict.NOT_VALID]
    figures = [one.peak if quantity.result == "peak" else one.motion for one in whole]
    said = Counter(_said(one, quantity.target_deg) for one in figures if one.known)
    if not said:
        return None
    n = sum(said.values())
    close = f"; {said['uncertain']} too close to call" if said["uncertain"] else ""
    code = said.most_common(1)[0][0]
    return Finding(
        f"target.{quantity.id}.{code}",
        f"{who}{quantity.target_deg:.0f}\u00b0, the target of this test, was reached in {said['reached']} of "
        f"{many(n, 'repetition')}{close}.",
        TARGET,
        result.side,
    )


def _said(figure: Estimate, target_deg: float) -> str:
    value, spread = np.degrees(figure.value), Z95 * np.degrees(figure.sd)
    if value - spread >= target_deg:
        return "reached"
    return "missed" if value + spread < target_deg else "uncertain"
