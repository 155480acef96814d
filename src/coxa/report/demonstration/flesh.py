"""What a figure is made of: every part of the body and every prop is the hull of a few balls.

The hull of two balls is a limb, of eight small ones a box. Places are in the axes of a segment, for a person
of the model's size; the thickness of a figure is a matter of drawing, and nothing is measured with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.model.coordinates import SIDES

Floats = NDArray[np.float64]
#: x anterior, y up, z to the right [m], and the radius [m].
Ball = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the body that moves with one segment.

    Attributes:
        name: for people to read.
        segment: of the body model.
        tint: how it is coloured.
        balls: it is their hull.
    """

    name: str
    segment: str
    tint: str
    balls: tuple[Ball, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A line on a part that is seen from one side only, so that one sees how the part is turned.

    Attributes:
        part: on which it is.
        points: (n, 3) m in the segment's axes.
        faces: 1: on the front; -1: on the back.
    """

    part: str
    points: tuple[tuple[float, float, float], ...]
    faces: int


def _both(x: float, y: float, z: float, radius: float) -> tuple[Ball, Ball]:
    return (x, y, -z, radius), (x, y, z, radius)


_TRUNK = (
    Part(
        "pelvis",
        "pelvis",
        "pelvis",
        (
            *_both(-0.005, -0.005, 0.088, 0.094),
            *_both(-0.015, 0.100, 0.100, 0.052),
            (-0.070, 0.055, 0.0, 0.062),
        ),
    ),
    Part(
        "lumbar spine",
        "lumbar",
        "lumbar",
        (*_both(0.005, -0.005, 0.062, 0.075), *_both(0.01, 0.15, 0.066, 0.078)),
    ),
    Part(
        "thorax",
        "thorax",
        "thorax",
        (
            *_both(0.010, 0.040, 0.072, 0.084),
            *_both(0.010, 0.115, 0.078, 0.090),
            *_both(0.0, 0.165, 0.135, 0.052),
        ),
    ),
    Part("neck", "thorax", "skin", ((-0.005, 0.180, 0.0, 0.052), (0.005, 0.275, 0.0, 0.048))),
    Part("face", "head", "skin", ((0.030, 0.120, 0.0, 0.085), (0.045, 0.070, 0.0, 0.056))),
    Part("nose", "head", "skin", ((0.095, 0.115, 0.0, 0.024), (0.118, 0.100, 0.0, 0.016))),
    Part("hair", "head", "hair", ((-0.012, 0.150, 0.0, 0.093), (-0.030, 0.110, 0.0, 0.080))),
)


_LIMBS: tuple[tuple[str, str, str, tuple[Ball, ...]], ...] = (
    ("thigh", "femur", "", ((0.0, -0.085, 0.0, 0.079), (0.0, -0.4165, 0.0, 0.056))),
    (
        "shank",
        "tibia",
        "",
        ((0.0, 0.0, 0.0, 0.055), (-0.012, -0.130, 0.0, 0.055), (0.0, -0.418, 0.0, 0.037)),
    ),
    (
        "foot",
        "foot",
        "shoe",
        ((-0.040, -0.042, 0.0, 0.036), (0.0, -0.012, 0.0, 0.040), (0.160, -0.056, 0.0, 0.022)),
    ),
    ("upper arm", "humerus", "", ((0.0, 0.0, 0.0, 0.050), (0.0, -0.295, 0.0, 0.038))),
    ("forearm", "forearm", "skin", ((0.0, 0.0, 0.0, 0.037), (0.0, -0.250, 0.0, 0.027))),
    ("hand", "forearm", "skin", ((0.0, -0.265, 0.0, 0.030), (0.0, -0.340, 0.0, 0.025))),
)


def _limbs(side: str) -> tuple[Part, ...]:
    return tuple(
        Part(f"{side} {name}", f"{segment}_{side}", tint or side, balls)
        for name, segment, tint, balls in _LIMBS
    )


#: All of them; the middle of a grip is the middle of a hand's balls.
PARTS: tuple[Part, ...] = (*_TRUNK, *(part for side in SIDES for part in _limbs(side)))
GRIP = (0.0, -0.310, 0.0)

MARKS: tuple[Mark, ...] = (
    Mark("pelvis", ((0.085, 0.075, -0.095), (0.092, 0.075, 0.0), (0.085, 0.075, 0.095)), 1),
    Mark("pelvis", ((-0.130, 0.110, 0.0), (-0.130, 0.010, 0.0)), -1),
    Mark("thorax", ((0.104, 0.030, 0.0), (0.104, 0.150, 0.0)), 1),
    Mark("thorax", ((-0.080, 0.0, 0.0), (-0.080, 0.190, 0.0)), -1),
    Mark("lumbar spine", ((-0.070, 0.0, 0.0), (-0.070, 0.150, 0.0)), -1),
)
