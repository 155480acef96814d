"""Corners of a coded square to a fraction of a pixel: its four edges as lines, and where they meet.

Refining corners as corners (of L shape) draws them inwards as soon as the picture is soft; edges stay put.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SAMPLES = 12
_STEPS = 17
_ROUNDS = 2
_ENDS = 0.12  # of an edge, near its corners, where the other edge softens it
_LEAST_REACH_PX = 1.6
_FARTHEST = 0.12  # of a side that an edge may move, beyond which it was no edge of this square


class Refined(NamedTuple):
    """Corners (4, 2) px; how far edge points spread about their lines; sd of the edges' blur."""

    corners_px: Floats
    spread_px: float
    blur_px: float


def refined(grey: NDArray[np.uint8], corners: Floats, modules: int) -> Refined | None:
    """Refine corners (4, 2), clockwise from the upper left as seen, in OpenCV's pixels.

    Args:
        grey: the picture.
        corners: roughly, within half a module.
        modules: along a side, the black border included.

    Returns:
        None where the edges are not to be found.
    """
    spread = blur = np.nan
    for _ in range(_ROUNDS):
        found = _edges(grey, corners, modules)
        if found is None:
            return None
        points, weight, blur = found
        middle, along, spread = _lines(points, weight)
        moved = _crossings(np.roll(middle, 1, axis=0), np.roll(along, 1, axis=0), middle, along)
        side = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).max()
        if not np.all(np.isfinite(moved)) or np.abs(moved - corners).max() > max(_FARTHEST * side, 2.0):
            return None
        corners = moved
    return Refined(corners, float(spread), float(blur))


def _edges(grey: NDArray[np.uint8], corners: Floats, modules: int) -> tuple[Floats, Floats, float] | None:
    """Points (4, n, 2) of the edges, their weights (4, n), and how soft the edges are."""
    after = np.roll(corners, -1, axis=0)
    side = after - corners
    length = np.linalg.norm(side, axis=1)
    out = np.stack([side[:, 1], -side[:, 0]], axis=1) / np.maximum(length, 1e-9)[:, None]
    middle = corners.mean(axis=0)
    # Across an edge lie modules of the width across it, not along it.
    across = np.abs(np.sum((middle - 0.5 * (corners + after)) * out, axis=1)) * 2.0
    reach = np.maximum(0.7 * across / modules, _LEAST_REACH_PX)
    share = np.linspace(_ENDS, 1.0 - _ENDS, _SAMPLES)
    steps = np.linspace(-1.0, 1.0, _STEPS)
    base = corners[:, None] + share[:, None] * side[:, None]
    offset = steps[None] * reach[:, None]
    where = (base[:, :, None] + offset[:, None, :, None] * out[:, None, None]).astype(np.float32)
    flat = where.reshape(4 * _SAMPLES, _STEPS, 2)
    profile = cv2.remap(grey, flat[..., 0], flat[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    rise = np.maximum(np.diff(profile.reshape(4, _SAMPLES, _STEPS).astype(np.float64), axis=2), 0.0)
    total = rise.sum(axis=2)
    if np.median(total) < 8:
        return None
    centre = 0.5 * (offset[:, 1:] + offset[:, :-1])[:, None]
    total = np.maximum(total, 1e-6)
    at = np.sum(rise * centre, axis=2) / total
    soft = np.sqrt(np.maximum(np.sum(rise * (centre - at[..., None]) ** 2, axis=2) / total, 0.0))
    return base + at[..., None] * out[:, None], total, float(np.median(soft))


def _lines(points: Floats, weight: Floats) -> tuple[Floats, Floats, float]:
    """Middles (4, 2) and directions (4, 2) of lines through points, outliers weighed down; their spread."""
    weight = weight / weight.max()
    for _ in range(3):
        total = weight.sum(axis=1, keepdims=True)
        middle = np.einsum("en,enk->ek", weight, points) / total
        apart = points - middle[:, None]
        moment = np.einsum("en,enj,enk->ejk", weight, apart, apart)
        along = np.linalg.eigh(moment)[1][:, :, 1]
        off = apart[..., 0] * along[:, None, 1] - apart[..., 1] * along[:, None, 0]
        scale = 1.48 * np.median(np.abs(off), axis=1, keepdims=True) + 0.02
        weight = weight / (1.0 + (off / (2.0 * scale)) ** 2)
    return middle, along, float(np.sqrt(np.mean(scale**2)))


def _crossings(a: Floats, a_along: Floats, b: Floats, b_along: Floats) -> Floats:
    """Where lines through ``a`` and ``b`` (n, 2) meet."""
    denominator = a_along[:, 0] * b_along[:, 1] - a_along[:, 1] * b_along[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = ((b[:, 0] - a[:, 0]) * b_along[:, 1] - (b[:, 1] - a[:, 1]) * b_along[:, 0]) / denominator
    return np.asarray(a + t[:, None] * a_along)
