"""When a segment began to move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.specs.assess import AssessRules

Floats = NDArray[np.float64]


def onset(
    signal: Floats, time_s: Floats, start: int, stop: int, rules: AssessRules, floor: float = 0.0
) -> int | None:
    """First frame at which a signal leaves its rest for good, or None (Gombatto 2006; Hoffman 2011).

    Rest is what the signal did shortly before ``start``. It has left when it differs by more than some
    standard deviations of the rest, and no less than a degree or ``floor``, for long enough.

    Args:
        signal: (n,) rad.
        time_s: (n,).
        start: frame at which the movement begins.
        stop: the frame after the last that counts.
        rules: habits of the engine.
        floor: what the method can detect, rad.
    """
    before = np.searchsorted(time_s, time_s[start] - rules.still_s)
    rest = signal[before : start + 1]
    rest = rest[np.isfinite(rest)]
    if not len(rest):
        return None
    noise = float(np.std(rest, ddof=1)) if len(rest) > 2 else 0.0
    limit = max(rules.onset_sds * noise, np.radians(rules.onset_min_deg), floor)
    with np.errstate(invalid="ignore"):
        away = np.abs(signal[start:stop] - np.median(rest)) > limit
    return _first_lasting(away, time_s[start:stop], rules.onset_hold_s, start)


def _first_lasting(away: NDArray[np.bool_], time_s: Floats, hold_s: float, offset: int) -> int | None:
    """First frame of the first stretch that lasts, or goes on to the end of what is looked at."""
    begins: int | None = None
    for frame, is_away in enumerate(away):
        if not is_away:
            begins = None
            continue
        begins = frame if begins is None else begins
        if time_s[frame] - time_s[begins] >= hold_s:
            return offset + begins
    return None
