"""Left and right exchanged by the network: found by continuity, put right, counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.vision.landmarks import NAMES, Pose

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


def _other_side(name: str) -> str:
    for one, other in (("left", "right"), ("right", "left")):
        if one in name:
            return name.replace(one, other)
    return name


def _rows(*parts: str) -> Rows:
    return np.array([NAMES.index(f"{side}_{part}") for side in ("left", "right") for part in parts])


#: Row of the other side's landmark for each landmark.
MIRRORED: Rows = np.array([NAMES.index(_other_side(name)) for name in NAMES])
EVERYTHING: Rows = np.arange(len(NAMES))
LEGS = _rows("knee", "ankle", "heel", "foot_index")
#: What may be exchanged, and the joints that decide about it: those far from the midline.
GROUPS: tuple[tuple[Rows, Rows], ...] = (
    (EVERYTHING, _rows("shoulder", "hip", "knee", "ankle")),
    (LEGS, _rows("knee", "ankle")),
)
TRUNK = _rows("shoulder", "hip")


def exchanged(pose: Pose, rows: Rows = EVERYTHING) -> Pose:
    """The same pose with left and right of some landmarks exchanged."""
    order = EVERYTHING.copy()
    order[rows] = MIRRORED[rows]
    return replace(
        pose,
        position_px=pose.position_px[order],
        visibility=pose.visibility[order],
        world_m=pose.world_m[order],
    )


class FlipGuard:
    """Keeps left left: exchanges the sides of a pose when that alone makes it follow from the one before.

    Only where the trunk's sides are well apart: seen from the side, continuity cannot tell and the
    network is trusted. It is also believed when it has said the opposite for longer than it said what
    we hold on to: then the beginning was wrong.

    Args:
        ratio: exchanging must shorten the way from the frame before by this factor.
        separation: mean distance of the sides, of the trunk and of the deciding joints, that gives the
            question an answer; squares of the person.
        patience: how many more poses must speak against what we hold on to.
    """

    def __init__(self, ratio: float, separation: float, patience: int) -> None:
        self._ratio = ratio
        self._separation = separation
        self._patience = patience
        self.forget()

    def forget(self) -> None:
        """Start anew: the next pose is taken as the network gives it."""
        self._before: Floats | None = None
        self._balance = 0

    def __call__(self, pose: Pose, size_px: float) -> tuple[Pose, bool]:
        """The pose with left left, and whether that took an exchange.

        Args:
            pose: as the network gives it.
            size_px: side of the person's square.
        """
        upright, swapped = pose, False
        for rows, deciding in GROUPS:
            if self._is_flipped(upright.position_px, deciding, size_px):
                upright, swapped = exchanged(upright, rows), True
        # Poses in favour count up to the patience only: an old agreement does not outvote the present.
        self._balance = min(self._balance + (-1 if swapped else 1), self._patience)
        if self._balance < -self._patience:
            upright, swapped, self._balance = pose, False, 0
        self._before = upright.position_px
        return upright, swapped

    def _is_flipped(self, now: Floats, deciding: Rows, size_px: float) -> bool:
        before = self._before
        if before is None:
            return False
        other = MIRRORED[deciding]
        apart = min(
            _mean_distance(points[rows], points[MIRRORED[rows]])
            for points in (now, before)
            for rows in (deciding, TRUNK)
        )
        if apart < self._separation * size_px:
            return False
        kept = _mean_distance(now[deciding], before[deciding])
        crossed = _mean_distance(now[other], before[deciding])
        return crossed < self._ratio * kept


def _mean_distance(a: Floats, b: Floats) -> float:
    return float(np.linalg.norm(a - b, axis=1).mean())
