"""Figures in words: one way to write an angle, an error, a time or a share."""

from __future__ import annotations

import math

from coxa.model.normal import Z95
from coxa.report.summary import CoordinateSummary

_MINUS, _NARROW = "\u2212", "\u202f"


def number(value: float, decimals: int = 0) -> str:
    """With a true minus sign and no minus zero."""
    text = f"{value:.{decimals}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return text.replace("-", _MINUS)


def decimals_for(sd_deg: float) -> int:
    """Digits after the point that an error of this size leaves meaningful."""
    return 1 if math.isfinite(sd_deg) and Z95 * sd_deg < 0.95 else 0


def degrees(value_deg: float, sd_deg: float = math.inf) -> str:
    """``-12°``, with a decimal only where the error is that small."""
    return f"{number(value_deg, decimals_for(sd_deg))}°"


def error95(sd_deg: float) -> str:
    """``± 6°``: half the 95 % interval, never written as 0."""
    if not math.isfinite(sd_deg):
        return "± ?"
    decimals = decimals_for(sd_deg)
    return f"±{_NARROW}{number(max(Z95 * sd_deg, 0.1), decimals)}°"


def range_with_error(summary: CoordinateSummary) -> str:
    """``92° ± 6°``; empty when nothing was observable."""
    if summary.range_deg is None or summary.range_sd_deg is None:
        return ""
    return f"{degrees(summary.range_deg, summary.range_sd_deg)} {error95(summary.range_sd_deg)}"


def from_to(summary: CoordinateSummary) -> str:
    """``-3° to 89°``; empty when nothing was observable."""
    if summary.minimum is None or summary.maximum is None:
        return ""
    low, high = summary.minimum, summary.maximum
    return f"{degrees(low.value_deg, low.sd_deg)} to {degrees(high.value_deg, high.sd_deg)}"


def percent(share: float) -> str:
    """``37 %``; a little is never written as nothing, nor almost all as all."""
    if 0.0 < share < 0.005:
        return f"<{_NARROW}1{_NARROW}%"
    if 0.995 <= share < 1.0:
        return f">{_NARROW}99{_NARROW}%"
    return f"{number(100.0 * share)}{_NARROW}%"


def duration(seconds: float) -> str:
    """``12.4 s`` or ``10 min 05 s``."""
    if seconds < 60.0:
        return f"{seconds:.1f}{_NARROW}s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}{_NARROW}min {rest:02d}{_NARROW}s"


def listed(words: list[str]) -> str:
    """``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
