"""Which way up a stored picture is: the container's display matrix, applied to arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

#: The matrix is stored as nine 32-bit integers, the upper left four with this as one.
MATRIX_BYTES = 36
ONE = 1 << 16


@dataclass(frozen=True, slots=True)
class Orientation:
    """How to make a stored picture upright: transpose first, then flip.

    A stored point (x, y) is shown at (a x + c y, b x + d y); turns are to the nearest quarter.
    """

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0

    @classmethod
    def from_display_matrix(cls, matrix: bytes) -> Self:
        """Read FFmpeg's display matrix side data."""
        values = np.frombuffer(matrix[:MATRIX_BYTES], "<i4").astype(float) / ONE
        return cls(a=values[0], b=values[1], c=values[3], d=values[4])

    @property
    def transposed(self) -> bool:
        """Whether width and height change places."""
        return abs(self.b) > abs(self.a)

    @property
    def rotation_deg(self) -> int:
        """Clockwise turn that makes the picture upright: 0, 90, 180 or 270."""
        return 90 * round(math.degrees(math.atan2(self.b, self.a)) / 90) % 360

    def apply(self, stored: Image) -> Image:
        """The upright picture of a (height, width, 3) stored one, contiguous."""
        if self.transposed:
            upright, flip_x, flip_y = stored.transpose(1, 0, 2), self.c < 0, self.b < 0
        else:
            upright, flip_x, flip_y = stored, self.a < 0, self.d < 0
        if flip_x:
            upright = upright[:, ::-1]
        if flip_y:
            upright = upright[::-1]
        return np.ascontiguousarray(upright)
