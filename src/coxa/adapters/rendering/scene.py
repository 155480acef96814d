"""What can be put on a rendered person: boards of textured planar faces, fixed to a segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Board:
    """A printed board worn on one segment: flat faces, each with its picture.

    Attributes:
        segment: a body of the body model: ``pelvis``, ``lumbar`` (T12), ``thorax``, ``femur_right``, ...
        faces: (corners, picture) each. Corners (4, 3) [m] in the axes of the *posed* segment (ISB) from its
            origin, which is where the body model has it in the standing person and moves with the bone. (The
            pelvis's is midway between the hip centres, a femur's at its hip, a tibia's at its knee, the
            lumbar's at L4 but turning with T12, the thorax's at T12.) ``Film.on_skin`` tells where the
            clothes are. In the order of the picture's corners: upper left, upper right, lower right, lower
            left, as who looks at the printed side sees it. Picture: uint8, (height, width) or
            (height, width, 3) RGB.
    """

    segment: str
    faces: Sequence[tuple[Floats, Image]]

    def __post_init__(self) -> None:
        for corners, picture in self.faces:
            if np.shape(corners) != (4, 3) or np.asarray(picture).dtype != np.uint8:
                raise ValueError("a face is (corners (4, 3) in metres, picture of uint8)")


def flat_board(segment: str, centre_m: Floats, axes: Floats, size_m: float, picture: Image) -> Board:
    """A board of one square face.

    Args:
        segment: that wears it.
        centre_m: (3,) in the segment.
        axes: (3, 3) columns: to the picture's right, up, and out of the printed side, in the segment's axes.
        size_m: length of an edge.
        picture: uint8.
    """
    right, up = 0.5 * size_m * axes[:, 0], 0.5 * size_m * axes[:, 1]
    corners = np.stack([up - right, up + right, right - up, -up - right]) + np.asarray(centre_m, float)
    return Board(segment, [(corners, picture)])
