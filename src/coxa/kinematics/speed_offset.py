"""How far two clocks are apart, from the angular speed of one segment on both. Arrays in, arrays out; SI.

The speed of turning is the same in every frame of reference: a phone's world and a camera's room need not
agree. The likeliest shift is taken, by the correlation of both speeds and for how long they overlap; what
else the movement would allow (it repeats) is weighed against it, so that a repetition more or less is never
passed over.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from coxa.kinematics.rotations import transpose, vector_from_rotation

Floats = NDArray[np.float64]

#: Errors of a pose network persist for about so long: more samples tell no more.
_LASTING_S = 0.4
_NEXT_PEAK_S = 0.5
#: A movement one way lasts about so long.
_STRETCH_S = 1.5


class Shift(NamedTuple):
    """What is to be added to the second clock to give the first.

    Attributes:
        offset_s: as said.
        sd_s: its standard deviation.
        correlation: of the two speeds there.
        evidence: logarithm of its likelihood over that of the next best shift elsewhere; infinite: none.
    """

    offset_s: float
    sd_s: float
    correlation: float
    evidence: float


def angular_speed(rotation: Floats, time_s: Floats, rate_hz: float, smooth_s: float) -> tuple[Floats, Floats]:
    """Speed of turning (n,) [rad/s] at regular times (n,); NaN where nothing is known.

    Args:
        rotation: (n_frames, 3, 3); NaN = missing.
        time_s: (n_frames,).
        rate_hz: of the regular times.
        smooth_s: standard deviation of a Gaussian over the turning, before its length is taken.
    """
    known = np.isfinite(rotation[:, 0, 0])
    at, turned = time_s[known], rotation[known]
    regular = np.arange(time_s[0], time_s[-1], 1.0 / rate_hz)
    if len(at) < 3:
        return regular, np.full(len(regular), np.nan)
    step = np.diff(at)
    local = vector_from_rotation(transpose(turned[:-1]) @ turned[1:]) / step[:, None]
    middle = 0.5 * (at[1:] + at[:-1])
    rate = np.stack([np.interp(regular, middle, local[:, k]) for k in range(3)], axis=1)
    smooth = gaussian_filter1d(rate, smooth_s * rate_hz, axis=0, mode="nearest")
    speed = np.linalg.norm(smooth, axis=1)
    after = np.clip(np.searchsorted(at, regular), 1, len(at) - 1)
    gap = (at[after] - at[after - 1] > 0.25) | (regular < at[0]) | (regular > at[-1])
    speed[gap] = np.nan
    return regular, speed


def shift_between(
    one: tuple[Floats, Floats],
    other: tuple[Floats, Floats],
    *,
    rate_hz: float,
    max_offset_s: float,
    min_overlap_s: float,
) -> Shift | None:
    """The shift at which the second's speed is the first's; None: they never overlap for long enough.

    Args:
        one: regular times (n,) and speeds (n,), as :func:`angular_speed` gives them.
        other: the same of the second clock.
        rate_hz: of both.
        max_offset_s: of the starts of both: larger ones are not tried.
        min_overlap_s: both must be known for so long.
    """
    a, b = one[1], other[1]
    fewest = int(min_overlap_s * rate_hz)
    most = int(max_offset_s * rate_hz)
    lags = np.arange(max(-most, fewest - len(b)), min(most, len(a) - fewest) + 1)
    if not len(lags):
        return None
    found = np.array([_correlation(a, b, int(lag), fewest) for lag in lags])
    with np.errstate(divide="ignore", invalid="ignore"):
        evidence = (
            -0.5
            * (found[:, 1] / (_LASTING_S * rate_hz))
            * np.log1p(-(np.clip(found[:, 0], 0.0, 1.0 - 1e-9) ** 2))
        )
    evidence = np.where(np.isfinite(evidence), evidence, -np.inf)
    best = int(np.argmax(evidence))
    if not np.isfinite(evidence[best]) or found[best, 0] <= 0:
        return None
    between = _vertex(found[:, 0], best)
    elsewhere = evidence[np.abs(lags - lags[best]) > _NEXT_PEAK_S * rate_hz]
    rival = float(elsewhere.max()) if len(elsewhere) else -np.inf
    return Shift(
        offset_s=float(one[0][0] - other[0][0] + (lags[best] + between) / rate_hz),
        sd_s=_sd_s(a, b, int(lags[best]), rate_hz),
        correlation=float(found[best, 0]),
        evidence=float(evidence[best] - rival),
    )


def _pair(a: Floats, b: Floats, lag: int) -> tuple[Floats, Floats]:
    """The stretches that lie on one another where ``b`` begins ``lag`` samples into ``a``."""
    first, last = max(0, lag), min(len(a), lag + len(b))
    x, y = a[first:last], b[first - lag : last - lag]
    both = np.isfinite(x) & np.isfinite(y)
    return x[both], y[both]


def _correlation(a: Floats, b: Floats, lag: int, fewest: int) -> tuple[float, float]:
    x, y = _pair(a, b, lag)
    if len(x) < fewest:
        return np.nan, 0.0
    x, y = x - x.mean(), y - y.mean()
    power = float(np.sqrt(np.dot(x, x) * np.dot(y, y)))
    return (float(np.dot(x, y)) / power if power > 1e-9 else np.nan), float(len(x))


def _vertex(values: Floats, best: int) -> float:
    """Where between the samples the peak is, in samples."""
    if not 0 < best < len(values) - 1 or not np.isfinite(values[best - 1 : best + 2]).all():
        return 0.0
    before, here, after = values[best - 1 : best + 2]
    bend = before - 2.0 * here + after
    return float(0.5 * (before - after) / bend) if bend < 0 else 0.0


def _sd_s(a: Floats, b: Floats, lag: int, rate_hz: float) -> float:
    """How well a shift is known: what the speeds differ by, over how fast they change.

    A body fitted to a film errs in the same way through a whole movement, so stretches of that length count
    as one each (a clustered sandwich), and single samples as far as a network's noise is white.
    """
    x, y = _pair(a, b, lag)
    x, y = x - x.mean(), y - y.mean()
    gain = float(np.dot(x, y) / max(float(np.dot(y, y)), 1e-12))
    left = x - gain * y
    slope = gain * np.gradient(y, 1.0 / rate_hz)
    told = max(float(np.dot(slope, slope)), 1e-12)
    white = np.sqrt(np.mean(left**2) * _LASTING_S * rate_hz / told)
    of_stretch = np.arange(len(left)) // int(_STRETCH_S * rate_hz)
    pulls = np.bincount(of_stretch, left * slope)
    few = len(pulls) / max(len(pulls) - 1, 1)
    return float(max(white, np.sqrt(few * np.sum(pulls**2)) / told))
