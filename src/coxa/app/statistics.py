"""Statistics of two methods that measured the same: ICC, CMC, limits of agreement, each from its paper.

A statistic that cannot be had from what there is (one recording, no spread, a coefficient that comes out
complex) is NaN, never a guess. Mean squares are sums over balanced or grouped tables, and
the tests hold each against ``statsmodels``, and each statistic against a published example.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

#: Half-widths of the central intervals, in standard deviations.
WITHIN_68, WITHIN_95 = float(stats.norm.ppf(0.84)), float(stats.norm.ppf(0.975))

_WAVEFORM_POINTS = 101  # 0 to 100 % of a repetition


class Interval(NamedTuple):
    """A figure and the ends of an interval around it."""

    value: float
    low: float
    high: float


UNKNOWN = Interval(float("nan"), float("nan"), float("nan"))


def resampled(values: Floats, n_points: int = _WAVEFORM_POINTS) -> Floats:
    """Values at 0 to 100 % of their time, (n_points,)."""
    return np.interp(np.linspace(0.0, 1.0, n_points), np.linspace(0.0, 1.0, len(values)), values)


def cmc(waveforms: Floats) -> float:
    """Coefficient of multiple correlation between methods (Ferrari 2010, Gait Posture 31:540).

    Not Kadaba's of 1989, which counts what differs from one repetition to the next as disagreement; here the
    repetitions are the person's own, and only what the two methods make of the same one counts. It falls with
    an offset as with another shape, and rises with the range of motion (Roislien 2012).

    Args:
        waveforms: (n_repetitions, n_methods, n_points).

    Returns:
        0 to 1; NaN where the methods differ by more than the waveform varies (the root of a negative number).
    """
    _, n_methods, n_points = waveforms.shape
    between = np.mean(np.sum((waveforms - waveforms.mean(1, keepdims=True)) ** 2, (1, 2)))
    in_all = np.mean(np.sum((waveforms - waveforms.mean((1, 2), keepdims=True)) ** 2, (1, 2)))
    if in_all == 0.0:
        return float("nan")
    ratio = between / (n_points * (n_methods - 1)) / (in_all / (n_points * n_methods - 1))
    return float(np.sqrt(1.0 - ratio)) if ratio <= 1.0 else float("nan")


def icc_2_1(table: Floats) -> Interval:
    """Intraclass correlation: two-way random effects, absolute agreement, one measurement.

    Shrout & Fleiss 1979 (Psychol Bull 86:420), the interval too (theirs of equation 9, by Satterthwaite).

    Args:
        table: (n_targets, n_methods).
    """
    n, k = table.shape
    if n < 2 or k < 2 or np.ptp(table) == 0.0:
        return UNKNOWN
    between, raters, rest = _two_way(table)
    if between + (k - 1) * rest + k * (raters - rest) / n <= 0.0:
        return UNKNOWN
    value = (between - rest) / (between + (k - 1) * rest + k * (raters - rest) / n)
    return Interval(value, *_icc_interval(n, k, value, between, raters, rest))


def _icc_interval(
    n: int, k: int, value: float, between: float, raters: float, rest: float
) -> tuple[float, float]:
    if rest <= 0.0 or value >= 1.0:
        return value, value
    ratio = raters / rest
    spread = n * (1 + (k - 1) * value) - k * value
    freedom = (k - 1) * (n - 1) * (k * value * ratio + spread) ** 2
    freedom /= (n - 1) * k**2 * value**2 * ratio**2 + spread**2
    upper, lower = stats.f.ppf(0.975, n - 1, freedom), stats.f.ppf(0.975, freedom, n - 1)
    other = k * raters + (k * n - k - n) * rest
    low = n * (between - upper * rest) / (upper * other + n * between)
    high = n * (lower * between - rest) / (other + n * lower * between)
    return float(low), float(high)


def limits_of_agreement(differences: Floats, person: NDArray[np.str_]) -> Interval:
    """Mean and 95% limits of the differences of two methods, several of each person.

    Bland & Altman 2007 (J Biopharm Stat 17:571), where the true value varies: the variance between people
    and that within people are estimated apart and added. With one person it is that within.
    """
    if len(differences) < 2:
        return UNKNOWN
    _, whose = np.unique(person, return_inverse=True)
    count = np.bincount(whose).astype(float)
    middle = float(np.mean(differences))
    if len(count) < 2 or len(differences) == len(count):
        variance = float(np.var(differences, ddof=1))
    else:
        between, within = _one_way(differences, whose, count)
        size = (count.sum() - (count**2).sum() / count.sum()) / (len(count) - 1)
        variance = max(between - within, 0.0) / size + within
    half = WITHIN_95 * float(np.sqrt(variance))
    return Interval(middle, middle - half, middle + half)


def _one_way(values: Floats, whose: NDArray[np.intp], count: Floats) -> tuple[float, float]:
    """Mean squares between and within people: of many frames, which a design matrix would make slow."""
    mean = np.bincount(whose, values) / count
    between = np.sum(count * (mean - values.mean()) ** 2) / (len(count) - 1)
    return float(between), float(np.sum((values - mean[whose]) ** 2) / (len(values) - len(count)))


def _two_way(table: Floats) -> tuple[float, float, float]:
    """Mean squares of targets, of methods and of the rest: a balanced table needs no design matrix."""
    n, k = table.shape
    middle, target, method = table.mean(), table.mean(axis=1), table.mean(axis=0)
    rest = table - target[:, None] - method + middle
    return (
        float(k * np.sum((target - middle) ** 2) / (n - 1)),
        float(n * np.sum((method - middle) ** 2) / (k - 1)),
        float(np.sum(rest**2) / ((n - 1) * (k - 1))),
    )
