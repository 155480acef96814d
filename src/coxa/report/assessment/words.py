"""Figures of an assessment in words."""

from __future__ import annotations

import math

import numpy as np

from coxa.model.assessment import Estimate, Repetition, Verdict
from coxa.model.normal import Z95
from coxa.report.wording import degrees, error95, number

#: Where there is no figure.
DASH = "\u2013"

_USELESS = 50.0  # of 100: an error as large leaves nothing to say

#: How far a source may be trusted, in words.
TRUST = {
    "S": "read at the source",
    "S2": "read second-hand",
    "M-H": "unverified reference",
    "M-M": "unverified reference",
    "M-L": "unverified reference",
    "DESIGN": "a choice of ours, not published",
    "FITTED": "fitted by us to data",
}

#: What a verdict means.
VERDICTS = {
    Verdict.CLEAN: "clean",
    Verdict.COMPENSATED: "compensated: something else helped",
    Verdict.UNCERTAIN: "too close to the limit to call",
    Verdict.NOT_VALID: "does not count",
    Verdict.NOT_OBSERVABLE: "cannot be told from this recording",
}

#: Parts of a ledger; the pelvis and the trunk as they move in the room.
PARTS = {"joint": "hip joint", "pelvis": "pelvis", "trunk": "trunk leaning", "spine": "spine"}

MDC = (
    "The smallest real change is how much two measurements of this kind must differ before it is more than "
    "measuring error (19 times out of 20)."
)


def angle(figure: Estimate) -> str:
    """``38° ± 4°``; a dash where it is not known."""
    if not figure.known:
        return DASH
    sd = float(np.degrees(figure.sd))
    return f"{degrees(float(np.degrees(figure.value)), sd)} {error95(sd)}"


def plain_angle(radians: float) -> str:
    """``4°``; a dash where it is not known."""
    return f"{number(math.degrees(radians))}°" if math.isfinite(radians) else DASH


def figure_of(figure: Estimate) -> str:
    """Any figure with its unit."""
    if not figure.known:
        return DASH
    if figure.unit == "rad":
        return angle(figure)
    scale, unit, decimals = {"s": (1.0, "\u202fs", 2), "1": (100.0, "\u202f%", 0)}.get(
        figure.unit, (1.0, " of 100", 0)
    )
    spread = Z95 * figure.sd * scale
    if figure.unit != "s" and spread > _USELESS:
        return "too uncertain to say"
    error = f" ±\u202f{number(spread, decimals)}" if math.isfinite(spread) and spread else ""
    return f"{number(figure.value * scale, decimals)}{error}{unit}"


def seconds(value: float | None) -> str:
    """``12.4 s``; a dash where there is none."""
    return f"{number(value, 1)}\u202fs" if value is not None and math.isfinite(value) else DASH


def share(value: float | None) -> str:
    """``37 %``; a dash where there is none."""
    return f"{number(100 * value)}\u202f%" if value is not None and math.isfinite(value) else DASH


def source_of(source: str, trust: str) -> str:
    """Where something is from, and how far that may be trusted."""
    mark = "" if trust == "DESIGN" and "ours" in source.split() else TRUST.get(trust, trust)
    return "; ".join(one for one in (source, mark) if one)


def state(one: Repetition) -> str:
    """The verdict on a repetition, or why it was only counted."""
    if one.cut:
        return "cut off by the recording"
    if one.partial:
        return "turned back early"
    return one.verdict.value


def side_word(side: str, title: str) -> str:
    """``Left: Hip rotation``, or the title alone."""
    return f"{side.capitalize()}: {title}" if side else title
