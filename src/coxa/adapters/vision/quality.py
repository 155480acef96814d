"""How good a film is to measure from: sharpness, light, size and visibility of the person.

Cheap on purpose: a grid of at most ``SAMPLES`` rows over the person, whatever the resolution.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.adapters.vision.landmarks import NAMES
from coxa.adapters.vision.roi import Image
from coxa.model.keypoints import Keypoints

Floats = NDArray[np.float64]

#: Rows (and columns) the person's box is reduced to; sharpness is read on a patch of this size unreduced.
SAMPLES = 128
#: The parts a hip measurement needs.
NEEDED = np.array(
    [
        NAMES.index(f"{side}_{part}")
        for side in ("left", "right")
        for part in ("shoulder", "hip", "knee", "ankle")
    ]
)
#: Grey values at which a pixel is as dark or as bright as it gets.
DARK, BRIGHT = 8, 247


@dataclass(frozen=True, slots=True)
class FrameQuality:
    """One frame.

    Attributes:
        sharpness: variance of the Laplacian over that of the grey values, of the person; low: blurred.
        brightness: mean grey of the person, 0..1.
        clipped: part of the person's pixels that are black or white.
        person_px: height of the person in the picture, px.
        visibility: mean visibility of shoulders, hips, knees and ankles, 0..1.
    """

    sharpness: float
    brightness: float
    clipped: float
    person_px: float
    visibility: float


def person_box(keypoints: Keypoints) -> Floats:
    """(4,) left, top, right, bottom of the person's landmarks, px."""
    return np.concatenate([keypoints.position_px.min(axis=0), keypoints.position_px.max(axis=0)])


def assess(rgb: Image, keypoints: Keypoints) -> FrameQuality:
    """Quality of one frame.

    Args:
        rgb: (height, width, 3).
        keypoints: where the person is in it.
    """
    box = person_box(keypoints)
    height, width = rgb.shape[:2]
    left, top = np.clip(box[:2], 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(box[2:], (left + 1, top + 1), (width, height)).astype(int)
    step = max(1, (bottom - top) // SAMPLES, (right - left) // SAMPLES)
    grey = cv2.cvtColor(np.ascontiguousarray(rgb[top:bottom:step, left:right:step]), cv2.COLOR_RGB2GRAY)
    return FrameQuality(
        sharpness=sharpness(_middle(rgb[top:bottom, left:right])),
        brightness=float(grey.mean()) / 255,
        clipped=float(np.mean((grey <= DARK) | (grey >= BRIGHT))),
        person_px=float(box[3] - box[1]),
        visibility=float(keypoints.visibility[NEEDED].mean()),
    )


def sharpness(rgb: Image) -> float:
    """Variance of the Laplacian over the variance of the grey values; 0 for a plain patch."""
    grey = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY)
    contrast = float(grey.var())
    return float(cv2.Laplacian(grey, cv2.CV_32F).var()) / contrast if contrast > 0 else 0.0


def _middle(patch: Image) -> Image:
    """At most SAMPLES by SAMPLES pixels from the middle, not reduced: blur shows in neighbours only."""
    top, left = (max(0, (length - SAMPLES) // 2) for length in patch.shape[:2])
    return patch[top : top + SAMPLES, left : left + SAMPLES]


class FilmQuality:
    """Running account over a film; memory does not grow with its length."""

    def __init__(self) -> None:
        self._n = 0
        self._sums = np.zeros(len(FrameQuality.__slots__))
        self._lowest = np.full(len(FrameQuality.__slots__), np.inf)
        self._without_person = 0

    def add(self, rgb: Image, keypoints: Keypoints | None) -> None:
        """Take in one frame; ``keypoints`` None: the person was not found in it."""
        if keypoints is None:
            self._without_person += 1
            return
        quality = assess(rgb, keypoints)
        values = np.array([getattr(quality, name) for name in FrameQuality.__slots__])
        self._n += 1
        self._sums += values
        self._lowest = np.minimum(self._lowest, values)

    @property
    def summary(self) -> dict[str, float]:
        """Means (and the lowest visibility) over the frames with the person; plain JSON values."""
        frames = self._n + self._without_person
        figures: dict[str, float] = {
            "frames": frames,
            "found_part": self._n / frames if frames else 0.0,
        }
        if self._n:
            means = dict(zip(FrameQuality.__slots__, self._sums / self._n, strict=True))
            lowest = dict(zip(FrameQuality.__slots__, self._lowest, strict=True))
            figures |= {name: round(float(value), 4) for name, value in means.items()}
            figures["lowest_visibility"] = round(float(lowest["visibility"]), 4)
        return figures
