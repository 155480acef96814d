"""What a person looks like: the colours of torso and thighs, and how far two looks are apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from coxa.adapters.vision.roi import Image

Floats = NDArray[np.float64]

#: Samples along and across a limb, and the part of its length they cover (joints stay out).
ALONG, ACROSS = 20, 10
FROM, TO = 0.1, 0.9
#: This part of the samples must be in the picture.
MIN_PART = 0.25
#: Bins of lightness and of the two colour axes of CIE Lab; smoothed, so that a shade does not matter.
LIGHT_BINS, COLOUR_BINS = 16, 32
#: In 8-bit Lab; clothes lie in the middle of the colour axes, so the bins are spread over it.
LIGHT_SPAN, COLOUR_SPAN = (0.0, 256.0), (96.0, 160.0)
SMOOTHING_BINS = 1.5


@dataclass(frozen=True, slots=True)
class Limb:
    """A line in the picture, px (2,) each end, and half its width as a part of its length."""

    start_px: Floats
    end_px: Floats
    half_width: float


@dataclass(frozen=True, slots=True)
class Torso:
    """The line from the middle of the hips to the middle of the shoulders, px (2,) each."""

    hips_px: Floats
    shoulders_px: Floats

    @property
    def middle_px(self) -> Floats:
        """(2,) half way."""
        return 0.5 * (self.hips_px + self.shoulders_px)


def look(rgb: Image, limbs: Sequence[Limb]) -> Floats | None:
    """Histograms of the colours along the limbs, sum 1; None when too little of them is in the picture.

    Args:
        rgb: (height, width, 3).
        limbs: torso, then thighs; the thighs are taken together.
    """
    torso, *thighs = (_colours(rgb, limb) for limb in limbs)
    parts = [torso, np.concatenate(thighs)]
    if any(len(part) < MIN_PART * ALONG * ACROSS for part in parts):
        return None
    return np.concatenate([histogram(part) for part in parts]) / len(parts)


def _colours(rgb: Image, limb: Limb) -> Image:
    """(n, 3) colours of a grid along a limb, as far as it is in the picture."""
    axis = limb.end_px - limb.start_px
    across = np.array([-axis[1], axis[0]])
    u = np.linspace(FROM, TO, ALONG)[:, None, None]
    v = np.linspace(-limb.half_width, limb.half_width, ACROSS)[None, :, None]
    where = np.round(limb.start_px + u * axis + v * across).astype(int).reshape(-1, 2)
    height, width = rgb.shape[:2]
    x, y = where[(where >= 0).all(axis=1) & (where < (width, height)).all(axis=1)].T
    colours: Image = rgb[y, x]
    return colours


def histogram(colours: NDArray[np.uint8]) -> Floats:
    """Joint histogram of colour and histogram of lightness of (n, 3) RGB colours, sum 1."""
    lab = cv2.cvtColor(colours[None], cv2.COLOR_RGB2LAB)[0].astype(float)
    a, b = (_bins(lab[:, axis], COLOUR_SPAN, COLOUR_BINS) for axis in (1, 2))
    colour = np.bincount(a * COLOUR_BINS + b, minlength=COLOUR_BINS**2).astype(float)
    light = np.bincount(_bins(lab[:, 0], LIGHT_SPAN, LIGHT_BINS), minlength=LIGHT_BINS).astype(float)
    colour = gaussian_filter(colour.reshape(COLOUR_BINS, COLOUR_BINS), SMOOTHING_BINS).ravel()
    light = gaussian_filter(light, SMOOTHING_BINS)
    return 0.5 * np.concatenate([colour / colour.sum(), light / light.sum()])


def _bins(values: Floats, span: tuple[float, float], n: int) -> NDArray[np.intp]:
    low, high = span
    return np.clip((values - low) / (high - low) * n, 0, n - 1).astype(np.intp)


def distance(a: Floats, b: Floats) -> float:
    """Hellinger distance of two looks, 0 (same) to 1 (nothing in common)."""
    return float(np.sqrt(max(0.0, 1.0 - np.sqrt(a * b).sum())))


class Memory:
    """Looks of one person from different sides.

    Args:
        new_view: a look at least this far from all remembered ones is remembered too.
        capacity: the oldest but the first is forgotten beyond this many.
    """

    def __init__(self, new_view: float, capacity: int) -> None:
        self._views: list[Floats] = []
        self._new_view = new_view
        self._capacity = capacity

    def distance(self, seen: Floats | None) -> float:
        """Distance to the nearest remembered look; 1 when nothing is known."""
        if seen is None or not self._views:
            return 1.0
        return min(distance(seen, view) for view in self._views)

    def remember(self, seen: Floats | None) -> None:
        """Keep a look when it is unlike those remembered."""
        if seen is None or (self._views and self.distance(seen) < self._new_view):
            return
        self._views.append(seen)
        if len(self._views) > self._capacity:
            del self._views[1]
