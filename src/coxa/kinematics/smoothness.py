"""How smooth a movement is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def spectral_arc_length(
    speed: Floats, rate_hz: float, *, cutoff_hz: float = 10.0, threshold: float = 0.05, padding: int = 4
) -> float:
    """SPARC: minus the arc length of the normalised spectrum of the speed; nearer 0 is smoother.

    Balasubramanian 2015, J NeuroEngineering Rehabil 12:112, with its constants as defaults.

    Args:
        speed: (n,) unsigned speed, any unit: the measure has none.
        rate_hz: samples per second.
        cutoff_hz: frequencies above are left out.
        threshold: of the largest magnitude; the spectrum ends where it last exceeds this.
        padding: zeros added, as a power of two beyond the next one.

    Returns:
        The measure; NaN for fewer than two samples or no speed at all.
    """
    if len(speed) < 2 or not np.any(speed):
        return float("nan")
    n = int(2 ** (np.ceil(np.log2(len(speed))) + padding))
    magnitude = np.abs(np.fft.fft(speed, n))
    frequency = np.arange(n) * rate_hz / n
    within = frequency <= cutoff_hz
    magnitude, frequency = magnitude[within] / magnitude.max(), frequency[within]
    strong = np.flatnonzero(magnitude >= threshold)
    kept = slice(strong[0], strong[-1] + 1)
    magnitude, frequency = magnitude[kept], frequency[kept]
    if len(frequency) < 2:
        return 0.0
    along = np.diff(frequency) / (frequency[-1] - frequency[0])
    return float(-np.sum(np.hypot(along, np.diff(magnitude))))
