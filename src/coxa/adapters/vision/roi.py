"""The turned square of the picture a landmark network looks at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Image = NDArray[np.uint8]

#: BlazePose was trained on squares this much larger than twice the distance between its two alignment points.
TRAINED_SCALE = 1.25


@dataclass(frozen=True, slots=True)
class Roi:
    """A square of ``size_px``, its centre at (``x_px``, ``y_px``), turned clockwise by ``rotation_rad``."""

    x_px: float
    y_px: float
    size_px: float
    rotation_rad: float

    @classmethod
    def from_alignment(cls, centre_px: Floats, top_px: Floats) -> Self:
        """The square around a person upright in it.

        Args:
            centre_px: (2,) middle of the hips.
            top_px: (2,) a point on the circle round the whole person, straight above the middle of the hips.
        """
        dx, dy = top_px - centre_px
        turn = math.atan2(dx, -dy)
        return cls(float(centre_px[0]), float(centre_px[1]), 2 * TRAINED_SCALE * math.hypot(dx, dy), turn)

    @property
    def rotation(self) -> Floats:
        """(2, 2), directions in the crop to directions in the picture."""
        cosine, sine = math.cos(self.rotation_rad), math.sin(self.rotation_rad)
        return np.array([[cosine, -sine], [sine, cosine]])

    def crop_to_image(self, side_px: int) -> Floats:
        """(2, 3) affine map from crop pixels to picture pixels, corners on corners."""
        linear = self.rotation * (self.size_px / side_px)
        offset = np.array([self.x_px, self.y_px]) - linear @ np.full(2, side_px / 2)
        return np.column_stack([linear, offset])

    def crop(self, rgb: Image, side_px: int) -> Image:
        """The square as a (side_px, side_px, 3) picture; black beyond the borders."""
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        crop = cv2.warpAffine(rgb, self.crop_to_image(side_px), (side_px, side_px), flags=flags)
        return crop.astype(np.uint8, copy=False)

    @property
    def box_px(self) -> Floats:
        """(4,) left, top, right, bottom of the square as if it were not turned."""
        half = self.size_px / 2
        return np.array([self.x_px - half, self.y_px - half, self.x_px + half, self.y_px + half])


def overlap(a: Floats, b: Floats) -> float:
    """Intersection over union of two boxes (left, top, right, bottom)."""
    shared = np.prod(np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None))
    both = np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - shared
    return float(shared / both) if both > 0 else 0.0
