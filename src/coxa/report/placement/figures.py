"""Stick figures of the positions of tests, seen from their right side: metres, x forward, y up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One position.

    Attributes:
        head: middle of it.
        limbs: lines from joint to joint.
        things: what one sits or lies on: lines.
        lying: the length of the body, head to feet, is along the floor.
    """

    head: tuple[float, float]
    limbs: tuple[Line, ...]
    things: tuple[Line, ...] = ()
    lying: bool = False


_STANDING = Figure(
    (0.02, 1.60),
    (((0.0, 1.45), (0.0, 0.92), (0.03, 0.48), (0.0, 0.06), (0.16, 0.03)), ((0.0, 1.40), (0.03, 0.85))),
)
_SEATED = Figure(
    (0.02, 1.28),
    (((0.0, 1.13), (0.0, 0.60), (0.44, 0.60), (0.44, 0.17), (0.58, 0.13)), ((0.0, 1.08), (-0.04, 0.60))),
    (((-0.25, 0.54), (0.36, 0.54)), ((-0.2, 0.54), (-0.2, 0.0)), ((0.3, 0.54), (0.3, 0.0))),
)
_LYING = Figure(
    (-0.80, 0.16),
    (((-0.66, 0.12), (-0.12, 0.12), (0.34, 0.12), (0.78, 0.12), (0.80, 0.28)),),
    (((-0.95, 0.03), (0.95, 0.03)),),
    lying=True,
)

#: Somebody who lies across the line of sight.
END_ON = Figure((0.0, 0.14), (((-0.2, 0.09), (0.2, 0.09)),), (((-0.4, 0.03), (0.4, 0.03)),), lying=True)

FIGURES: Mapping[str, Figure] = {
    "standing": _STANDING,
    "walking": _STANDING,
    "seated": _SEATED,
    "half_kneeling": Figure(
        (0.02, 1.22),
        (
            ((0.0, 1.07), (0.0, 0.52), (0.40, 0.52), (0.40, 0.08), (0.54, 0.04)),
            ((0.0, 0.52), (-0.06, 0.06), (-0.48, 0.05)),
            ((0.0, 1.02), (0.1, 0.62)),
        ),
    ),
    "quadruped": Figure(
        (0.48, 0.62), (((0.34, 0.55), (-0.2, 0.52), (-0.2, 0.06), (-0.6, 0.05)), ((0.32, 0.55), (0.32, 0.03)))
    ),
    "supine": _LYING,
    "prone": _LYING,
    "side_lying": _LYING,
}
