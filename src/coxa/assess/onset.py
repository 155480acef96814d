"""When a segment began to move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.specs.assess import AssessRules

Floats = NDArray[np.float64]

_WHEN = np.linspace(0.0, 1.0, 1001)
_WAY = _WHEN**3 * (10.0 - 15.0 * _WHEN + 6.0 * _WHEN**2)


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


def beginning(
    deviation: Floats, time_s: Floats, start: int, worst: int, rules: AssessRules, unsure: float = 0.0
) -> float | None:
    """When a deviation that grew to its largest began [s], or None where it never left its rest.

    Where a degree stands out of the rest and of the method's error, it began when it left by a degree, for
    good. Else that moment drowns in what the method cannot tell: then two heights that do not drown are taken
    from the last rise to the largest, and a point-to-point movement of least jerk (Flash & Hogan 1985) laid
    through them tells when it passed the degree.

    Args:
        deviation: (n,) rad, in the direction asked for, about 0 before it begins; NaN where unknown.
        time_s: (n,).
        start: frame at which the repetition begins.
        worst: frame at which the deviation is largest.
        rules: habits of the engine.
        unsure: standard deviation of a change of the signal, rad.
    """
    least = float(np.radians(rules.onset_min_deg))
    before = int(np.searchsorted(time_s, time_s[start] - rules.still_s))
    rest = deviation[before : start + 1]
    rest = rest[np.isfinite(rest)]
    noise = float(np.std(rest, ddof=1)) if len(rest) > 2 else 0.0
    clear = max(rules.onset_sds * noise, unsure)
    if clear <= least:
        with np.errstate(invalid="ignore"):
            away = deviation[start : worst + 1] > least
        first = _first_lasting(away, time_s[start : worst + 1], rules.onset_hold_s, start)
        return None if first is None else float(time_s[first])
    size = float(deviation[worst])
    if size <= max(clear, least):
        return None
    low, high = rules.onset_low_share, rules.onset_high_share
    rise = slice(start, worst + 1)
    (low_s, high_s) = (_last_rise(deviation[rise], time_s[rise], share * size) for share in (low, high))
    at_low, at_high, at_least = (_when_of_least_jerk(share) for share in (low, high, least / size))
    took_s = (high_s - low_s) / (at_high - at_low)
    return float(np.clip(low_s - (at_low - at_least) * took_s, time_s[start], time_s[worst]))


def _last_rise(deviation: Floats, time_s: Floats, level: float) -> float:
    """When it last rose through a level on its way to its last value [s], between the frames."""
    with np.errstate(invalid="ignore"):
        under = np.flatnonzero(deviation < level)
    if not len(under):
        return float(time_s[0])
    k = int(under[-1])
    if k + 1 >= len(time_s):
        return float(time_s[-1])
    share = (level - deviation[k]) / (deviation[k + 1] - deviation[k])
    return float(time_s[k] + share * (time_s[k + 1] - time_s[k]))


def _when_of_least_jerk(share: float) -> float:
    """Share of the time at which a movement of least jerk has done a share of its way."""
    return float(np.interp(share, _WAY, _WHEN))


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
