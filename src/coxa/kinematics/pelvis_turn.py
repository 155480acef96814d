"""How far the pelvis turned, from the knees: it carries the hips, and they carry the thighs.

A pelvis that turns under a person who sits, kneels or stands takes one hip forward and the other back. A
thigh does not change its length: pointing forward it brings the knee along, whichever way it swings
sideways (to first order); hanging over a planted foot, about half as far. So knees that pass each other
tell the turn, where a network's hip points follow the shoulders. A camera that looks obliquely sees it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Rows of ``Legs.of``: left before right.
POINTS = tuple(f"{side}_{one}" for one in ("shoulder", "hip", "knee", "ankle") for side in ("left", "right"))


@dataclass(frozen=True, slots=True)
class Legs:
    """What one frame tells of how somebody is turned.

    Attributes:
        passed_px: (4,) how far the right one is to the right of the left one in the picture, of shoulders,
            hips, knees and ankles.
        trunk_px: length of the trunk in it.
        heading_rad: where hips and shoulders face by the network's depth, 0 at the camera, positive
            towards the right in the picture (the person turned to their left).
        twist_rad: shoulders against hips, to the left.
        thigh_rad: (2,) of left and right thigh from hanging straight down.
        knee_rad: (2,) how far knees are bent.
        places_px: (6, 2) of shoulders, hips and knees.
    """

    passed_px: Floats
    trunk_px: float
    heading_rad: float
    twist_rad: float
    thigh_rad: Floats
    knee_rad: Floats
    places_px: Floats

    @classmethod
    def of(cls, position_px: Floats, world_m: Floats, flatness: float) -> Self:
        """Read a frame.

        Args:
            position_px: (8, 2) of ``POINTS`` in the picture.
            world_m: (8, 3) likewise in space (x right in the picture, y down, z away).
            flatness: tangent of a heading by the network's depth over the true one.
        """
        shoulders, hips, knees, ankles = world_m.reshape(4, 2, 3)
        thighs, shanks = knees - hips, ankles - knees
        facing = [_facing(pair[1] - pair[0], flatness) for pair in (shoulders, hips)]
        both = _facing(shoulders[1] - shoulders[0] + hips[1] - hips[0], flatness)
        middle = position_px[:4].reshape(2, 2, 2).mean(axis=1)
        return cls(
            passed_px=position_px[1::2, 0] - position_px[::2, 0],
            trunk_px=float(np.linalg.norm(middle[0] - middle[1])),
            heading_rad=both,
            twist_rad=float(np.angle(np.exp(1j * (facing[0] - facing[1])))),
            thigh_rad=_between(thighs, np.array([0.0, 1.0, 0.0])),
            knee_rad=_between(thighs, shanks),
            places_px=position_px[:6],
        )


def _facing(right: Floats, flatness: float) -> float:
    """Heading of somebody whose right is ``right`` (3,); depth, flattened by the network, is stretched."""
    return float(np.arctan2(-right[2] / flatness, -right[0]))


def _between(first: Floats, second: Floats) -> Floats:
    """Angles (n,) [rad] between vectors (n, 3)."""
    across = np.linalg.norm(np.cross(first, second), axis=-1)
    return np.asarray(np.arctan2(across, np.sum(first * second, axis=-1)))


Posture = Literal["standing", "seated", "half_kneeling"]


def posture_of(legs: Legs, hanging_rad: float, level_rad: float, bent_rad: float) -> Posture | None:
    """``standing``, ``seated`` or ``half_kneeling``; None: none of these."""
    hanging, level = legs.thigh_rad < hanging_rad, legs.thigh_rad > level_rad
    bent = legs.knee_rad > bent_rad
    if (hanging & ~bent).all():
        return "standing"
    if (level & bent).all():
        return "seated"
    kneels = hanging & bent
    if (kneels & (level & bent)[::-1]).any():
        return "half_kneeling"
    return None


def turned(passed: float, heading_rad: float) -> float:
    """The turn of the pelvis to the left since the start [rad]; NaN where nothing turned can pass so far.

    The line from left to right hip, seen at heading h, is as wide as the cosine of h. Where a turn brings the
    pelvis to face the camera that width no longer changes, and beyond it comes back: the turn is told up to
    there.

    Args:
        passed: by how much more than at the start the right one is to the right of the left one in the
            picture, in widths of the line.
        heading_rad: of the pelvis at the start, 0 at the camera.
    """
    cosine = np.cos(heading_rad) - passed
    return float(np.copysign(np.arccos(cosine), heading_rad) - heading_rad) if abs(cosine) <= 1 else np.nan


def turn_sd(passed: float, passed_sd: float, facing_rad: float, gain_sd: float) -> float:
    """Standard deviation [rad] of a turn.

    Args:
        passed: as for ``turned``.
        passed_sd: of it.
        facing_rad: heading of the pelvis, now.
        gain_sd: how much more or less a person's knees answer.
    """
    return float(np.hypot(passed_sd, gain_sd * passed) / max(abs(np.sin(facing_rad)), 1e-6))


def moved(places_px: Floats) -> float:
    """The furthest that any point (n_frames, n_points, 2) goes in either direction [px]."""
    return float(np.ptp(places_px, axis=0).max())
