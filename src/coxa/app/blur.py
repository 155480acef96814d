"""How far a picture smears its edges."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

_FINE_PX, _COARSE_PX = 1.0, 2.5  # the picture is smeared by both, and loses the less, the more it was smeared
_EDGES = 98.0  # percentile of the gradient from which on a pixel belongs to an edge
_LEAST_STEP = 6.0  # grey levels a pixel; weaker gradients are no edges


def blur_px(rgb: NDArray[np.uint8]) -> Iterator[float]:
    """Standard deviation of the smear at the strongest edges, px; nothing where there is no edge.

    A Gaussian edge of width s, smeared by r, is as steep as 1 / sqrt(s^2 + r^2): two r give s
    (re-blur method: Zhuo & Sim 2011, Pattern Recognition 44:1852).
    """
    if min(rgb.shape[:2]) < 4 * _COARSE_PX:
        return
    grey = rgb.mean(axis=2, dtype=np.float32)
    fine, coarse = _steepness(grey, _FINE_PX), _steepness(grey, _COARSE_PX)
    edges = coarse >= max(float(np.percentile(coarse, _EDGES)), _LEAST_STEP)
    if edges.any():
        loss = float(np.median(fine[edges] / coarse[edges])) ** 2
        if loss > 1.0:
            yield float(np.sqrt(max(_COARSE_PX**2 - loss * _FINE_PX**2, 0.0) / (loss - 1.0)))


def _steepness(grey: NDArray[np.float32], blur_px: float) -> NDArray[np.float32]:
    down, right = np.gradient(gaussian_filter(grey, blur_px))
    steepness: NDArray[np.float32] = np.hypot(down, right)
    return steepness
