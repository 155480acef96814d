"""Corners of a coded square to a fraction of a pixel: its four edges as lines, and where they meet.

Refining corners as corners (of L shape) draws them inwards as soon as the picture is soft; edges stay put.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SAMPLES = 12  # places along an edge
_STEPS = 17  # across it, at each
_ROUNDS = 2
_ENDS = 0.12  # of an edge, near its corners, where the other edge softens it
_REACH = 0.7  # modules to each side: further out lies the code, or the end of the paper
_LEAST_REACH_PX = 1.6
_FARTHEST = 0.12  # of a side that a corner may move, beyond which it was no corner of this square
_FARTHEST_PX = 2.0
_LEAST_RISE = 8.0  # grey levels
_LEAST_SCALE_PX = 0.02


class Refined(NamedTuple):
    """Corners (4, 2) px, and how far edge points spread about their lines, px."""

    corners_px: Floats
    spread_px: float


def refined(grey: NDArray[np.uint8], corners: Floats, modules: int) -> Refined | None:
    """Refine corners (4, 2), clockwise from the upper left as seen, in OpenCV's pixels.

    Args:
        grey: the picture.
        corners: roughly, within half a module.
        modules: along a side, the black border included.

    Returns:
        None where the edges are not to be found.
    """
    side = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).max()
    found = np.ascontiguousarray(corners, np.float64)
    spread = 0.0
    for _ in range(_ROUNDS):
        moved = np.empty((4, 2))
        spread = _refine(grey, found, modules, moved)
        if not spread >= 0.0 or np.abs(moved - found).max() > max(_FARTHEST * side, _FARTHEST_PX):
            return None
        found = moved
    return Refined(found, float(spread))


@njit(cache=True, nogil=True)
def _sample(grey, x, y):  # type: ignore[no-untyped-def]
    """Bilinear; beyond the picture its last pixel."""
    height, width = grey.shape
    x, y = min(max(x, 0.0), width - 1.001), min(max(y, 0.0), height - 1.001)
    i, j = int(y), int(x)
    v, u = y - i, x - j
    upper = (1 - u) * grey[i, j] + u * grey[i, j + 1]
    lower = (1 - u) * grey[i + 1, j] + u * grey[i + 1, j + 1]
    return (1 - v) * upper + v * lower


@njit(cache=True, nogil=True)
def _refine(grey, corners, modules, moved):  # type: ignore[no-untyped-def]
    """One round: corners (4, 2) to ``moved``; returns the spread, -1 where an edge is missing."""
    lines = np.empty((4, 4))
    middle = np.array([corners[:, 0].mean(), corners[:, 1].mean()])
    points, weight = np.empty((_SAMPLES, 2)), np.empty(_SAMPLES)
    spread = 0.0
    for e in range(4):
        a, side = corners[e], corners[(e + 1) % 4] - corners[e]
        length = np.sqrt(side[0] ** 2 + side[1] ** 2)
        if length < 1e-6:
            return -1.0
        out = np.array([side[1], -side[0]]) / length
        # Across an edge lie modules of the width across it, not along it.
        across = 2.0 * abs(np.sum((middle - a - 0.5 * side) * out))
        reach = max(_REACH * across / modules, _LEAST_REACH_PX)
        _edge_points(grey, a, side, out, reach, points, weight)
        if np.median(weight) < _LEAST_RISE:
            return -1.0
        scale = _line(points, weight, lines[e])
        spread += 0.25 * scale**2
    for e in range(4):
        p, q = lines[(e + 3) % 4], lines[e]
        denominator = p[2] * q[3] - p[3] * q[2]
        if abs(denominator) < 1e-6:
            return -1.0
        t = ((q[0] - p[0]) * q[3] - (q[1] - p[1]) * q[2]) / denominator
        moved[e, 0], moved[e, 1] = p[0] + t * p[2], p[1] + t * p[3]
    return np.sqrt(spread)


@njit(cache=True, nogil=True)
def _edge_points(grey, a, side, out, reach, points, weight):  # type: ignore[no-untyped-def]
    """Where it turns from black to white along each line across an edge; ``weight``: how much."""
    step = 2.0 * reach / (_STEPS - 1)
    for n in range(_SAMPLES):
        share = _ENDS + (1.0 - 2.0 * _ENDS) * n / (_SAMPLES - 1)
        x, y = a[0] + share * side[0], a[1] + share * side[1]
        before = _sample(grey, x - reach * out[0], y - reach * out[1])
        total, moment = 1e-6, 0.0
        for k in range(1, _STEPS):
            at = -reach + k * step
            value = _sample(grey, x + at * out[0], y + at * out[1])
            rise = max(value - before, 0.0)
            total += rise
            moment += rise * (at - 0.5 * step)
            before = value
        at = moment / total
        points[n, 0], points[n, 1] = x + at * out[0], y + at * out[1]
        weight[n] = total


@njit(cache=True, nogil=True)
def _line(points, weight, line):  # type: ignore[no-untyped-def]
    """``line``: middle and direction (4,) through points, outliers weighed down; returns their spread."""
    scale = 0.0
    w = weight / weight.max()
    off = np.empty(len(points))
    for _ in range(3):
        total = w.sum()
        x, y = np.sum(w * points[:, 0]) / total, np.sum(w * points[:, 1]) / total
        dx, dy = points[:, 0] - x, points[:, 1] - y
        xx, xy, yy = np.sum(w * dx * dx), np.sum(w * dx * dy), np.sum(w * dy * dy)
        angle = 0.5 * np.arctan2(2.0 * xy, xx - yy)
        line[0], line[1], line[2], line[3] = x, y, np.cos(angle), np.sin(angle)
        off = dx * line[3] - dy * line[2]
        scale = 1.48 * np.median(np.abs(off)) + _LEAST_SCALE_PX
        w = w / (1.0 + (off / (2.0 * scale)) ** 2)
    return scale
