"""How boards are worn and folded, as drawings of lines and areas that any medium can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.boards import faces, prism
from coxa.specs.tags import BoardSet, BoardSpec

Floats = NDArray[np.float64]
Tone = Literal["body", "line", "strap", "board", "paper", "shade", "accent"]


@dataclass(frozen=True, slots=True)
class Area:
    """A closed shape: (n, 2) points, y upwards; ``edge``: whether its outline is drawn."""

    points: Floats
    fill: Tone
    edge: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """An open line: (n, 2) points, y upwards."""

    points: Floats
    tone: Tone = "line"
    dashed: bool = False


Drawing = tuple[Area | Stroke, ...]

# Half a person from the front or back, in statures: trunk and leg, from the neck round the foot to the fork.
_SIDE = (
    *((0.0, 0.850), (0.026, 0.848), (0.034, 0.836), (0.070, 0.820), (0.100, 0.808), (0.112, 0.785)),
    *((0.102, 0.740), (0.092, 0.690), (0.083, 0.635), (0.086, 0.595), (0.098, 0.535), (0.100, 0.480)),
    *((0.094, 0.420), (0.079, 0.345), (0.064, 0.285), (0.066, 0.225), (0.056, 0.140), (0.044, 0.065)),
    *((0.054, 0.025), (0.068, 0.004), (0.034, 0.0), (0.025, 0.020), (0.022, 0.065), (0.019, 0.140)),
    *((0.015, 0.220), (0.017, 0.285), (0.013, 0.360), (0.007, 0.450), (0.0, 0.462)),
)
_ARM = (
    *((0.106, 0.800), (0.124, 0.780), (0.134, 0.720), (0.144, 0.640), (0.154, 0.560), (0.163, 0.490)),
    *((0.170, 0.445), (0.163, 0.408), (0.151, 0.412), (0.148, 0.450), (0.144, 0.490), (0.130, 0.560)),
    *((0.117, 0.630), (0.106, 0.700), (0.098, 0.750)),
)
_HEAD, _HEAD_SIZE = (0.0, 0.925), (0.043, 0.060)
_STRAP_HIGH = 0.022
_STRAP_OUT_M = 0.035
_SEEN_FROM_DEG = (-18.0, 24.0)

_MM_PER_STATURE = 1700.0
_CURVE = 6  # points drawn between two given ones


def wearing(board: BoardSpec, base_mm: float) -> Drawing:
    """A person who wears one board on a strap; 1 is the person's height, (0, 0) between the feet.

    Args:
        board: which.
        base_mm: width of its base.
    """
    where = board.picture
    middle = np.array([where.x, where.y])
    high = board.ridge_mm / _MM_PER_STATURE
    wide = max(base_mm / _MM_PER_STATURE, high * 0.6)
    on_side = board.placement.outward.endswith("z")
    strapped = middle - [np.sign(where.x) * (where.half_width if on_side else 0.0), 0.0]
    if on_side:  # the outer side: seen from its edge, half of it standing out
        wide *= 0.5
    strap = _box(strapped, 2 * where.half_width, _STRAP_HIGH)
    aside, ridge = np.array([0.25 * wide, 0.0]), np.array([0.0, 0.5 * high])
    return (
        *_person(),
        Area(strap, "strap"),
        Area(_box(middle, wide, high), "paper", edge=True),
        Area(_box(middle - aside, 0.30 * wide, 0.62 * high), "board"),
        Area(_box(middle + aside, 0.30 * wide, 0.62 * high), "board"),
        Stroke(np.array([middle + ridge, middle - ridge])),
    )


def on_strap(board: BoardSpec, boards: BoardSet) -> Drawing:
    """A folded board on its strap, seen from the side and above; mm."""
    yaw, pitch = np.radians(_SEEN_FROM_DEG)
    across = np.array([np.sin(yaw), 0.0, -np.cos(yaw)])
    away = np.array([np.cos(yaw), 0.0, np.sin(yaw)])
    upward = np.array([0.0, np.cos(pitch), 0.0]) - np.sin(pitch) * away
    look = 1e3 * np.stack([across, upward], axis=1)
    outlines = faces(board, boards)
    tags, _ = prism(board, boards)
    edge = 0.5e-3 * boards.shape.slit_mm
    left, right = outlines[0, 0, 2], outlines[1, 1, 2]

    def band(start: float, end: float) -> Floats:
        return np.array([[0.0, y, z] for y, z in ((edge, start), (edge, end), (-edge, end), (-edge, start))])

    top = np.array([outlines[0, 0], outlines[0, 1], outlines[1, 1]])
    return (
        Area(band(left + _STRAP_OUT_M, left) @ look, "strap"),
        Area(band(right, right - _STRAP_OUT_M) @ look, "strap"),
        Area(top @ look, "shade", edge=True),
        *(Area(face @ look, "paper", edge=True) for face in outlines),
        *(Area(tag @ look, "board") for tag in tags),
    )


def folded(face_mm: float, base_mm: float) -> Drawing:
    """The end of a folded board in true size, mm: what its angle is checked against."""
    high = float(np.sqrt(face_mm**2 - (0.5 * base_mm) ** 2))
    outline = np.array([[0.0, 0.0], [base_mm, 0.0], [0.5 * base_mm, high]])
    return (Area(outline, "paper", edge=True),)


def _person() -> Drawing:
    half = _smooth(np.array(_SIDE), closed=False)
    whole = np.concatenate([half, half[::-1] * [-1.0, 1.0]])
    arm = _smooth(np.array(_ARM), closed=True)
    angle = np.linspace(0.0, 2.0 * np.pi, 40)
    head = np.array(_HEAD) + np.stack([np.cos(angle), np.sin(angle)], axis=1) * _HEAD_SIZE
    neck = _box(np.array([0.0, 0.862]), 0.046, 0.05)
    return (
        Area(neck, "body"),
        Area(arm, "body"),
        Area(arm * [-1.0, 1.0], "body"),
        Area(whole, "body"),
        Area(head, "body"),
    )


def _smooth(points: Floats, closed: bool) -> Floats:
    """Catmull-Rom through points (n, 2)."""
    if closed:
        ring = np.concatenate([points[-1:], points, points[:2]])
    else:
        ring = np.concatenate([points[:1], points, points[-1:]])
    share = np.linspace(0.0, 1.0, _CURVE, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(ring[:-3], ring[1:-2], ring[2:-1], ring[3:], strict=True):
        pieces.append(
            b
            + 0.5 * share * (c - a)
            + share**2 * (a - 2.5 * b + 2.0 * c - 0.5 * d)
            + share**3 * (-0.5 * a + 1.5 * b - 1.5 * c + 0.5 * d)
        )
    return np.concatenate([*pieces, points[-1:]])


def _box(middle: Floats, wide: float, high: float) -> Floats:
    half = 0.5 * np.array([wide, high])
    return np.array([middle + half * corner for corner in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
