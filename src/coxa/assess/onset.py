"""When a segment began to move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.specs.assess import AssessRules

Floats = NDArray[np.float64]

_SHARES = np.linspace(0.0, 1.0, 1001)
#: Searched: where a rise begins and how long it takes, in shares of the time up to the largest deviation.
_BEGINS = np.linspace(0.0, 0.9, 28)
_LENGTHS = np.linspace(0.15, 1.2, 22)


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
    good. Else that moment drowns in what the method cannot tell: then the point-to-point movement of least
    jerk (Flash & Hogan 1985) that fits all of the rise best tells when it passed the degree.

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
    if size <= max(clear, least) or worst <= start:
        return None
    seen = slice(before, worst + 1)
    return _of_least_jerk(deviation[seen], time_s[seen], float(time_s[start]), least)


def _of_least_jerk(deviation: Floats, time_s: Floats, start_s: float, least: float) -> float | None:
    """When the least-jerk rise that fits best passes ``least`` [s]; None where none rises so far.

    Beginning and length are searched over a grid; rest and size follow by least squares.
    """
    known = np.isfinite(deviation)
    deviation, time_s = deviation[known], time_s[known]
    span = float(time_s[-1]) - start_s
    begins = start_s + _BEGINS * span
    share = (time_s - begins[:, None, None]) / (_LENGTHS * span)[:, None]
    rise = _least_jerk(np.clip(share, 0.0, 1.0))
    rise -= rise.mean(axis=-1, keepdims=True)
    power = np.maximum((rise**2).sum(axis=-1), 1e-9)
    size = rise @ (deviation - deviation.mean()) / power
    explained = np.where(size > least, size**2 * power, 0.0)
    first, length = np.unravel_index(int(np.argmax(explained)), explained.shape)
    if explained[first, length] == 0.0:
        return None
    when = float(np.interp(least / size[first, length], _least_jerk(_SHARES), _SHARES))
    passed = float(begins[first] + when * _LENGTHS[length] * span)
    return min(passed, float(time_s[-1]))


def _least_jerk(share: Floats) -> Floats:
    """Share of its way that a point-to-point movement has done by a share of its time, each 0..1."""
    return np.asarray(share**3 * (10.0 - 15.0 * share + 6.0 * share**2))


def _first_lasting(away: NDArray[np.bool_], time_s: Floats, hold_s: float, offset: int) -> int | None:
    """First frame of the first stretch that lasts within what is looked at; None where none does."""
    begins: int | None = None
    for frame, is_away in enumerate(away):
        if not is_away:
            begins = None
            continue
        begins = frame if begins is None else begins
        if time_s[frame] - time_s[begins] >= hold_s:
            return offset + begins
    return None
