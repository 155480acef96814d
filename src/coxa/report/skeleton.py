"""The body's lines over a picture: left, right and middle apart, each in a dark halo."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.model.channels import ImagePoints
from coxa.model.coordinates import SIDES
from coxa.report.lettering import Picture
from coxa.report.palette import HALO_ON_FILM, on_film

Floats = NDArray[np.float64]

_ACROSS = ("shoulder", "hip")
_LIMBS = (
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
    ("shoulder", "hip"),
    ("hip", "knee"),
    ("knee", "ankle"),
    ("ankle", "heel"),
    ("heel", "foot_index"),
    ("ankle", "foot_index"),
)
_JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot_index")
_LEAST_VISIBILITY = 0.3
_SUBPIXEL_BITS = 3  # whole pixels would tremble
_FAR_AWAY_PX = 1e4


def draw_skeleton(picture: Picture, points: ImagePoints, frame: int, scale: float) -> None:
    """Draw the keypoints of one frame onto ``picture``, in place; the far side first.

    Args:
        picture: (height, width, 3) RGB.
        points: what was seen, in pixels of the film.
        frame: which frame.
        scale: pixels of ``picture`` per pixel of the film.
    """
    at = _places(points, frame, scale)
    order = _far_side_first(points, frame)
    width = max(2, round(min(picture.shape[:2]) / 240))
    for side in ("", *order):
        lines = _lines(at, side)
        for start, end in lines:
            cv2.line(picture, start, end, HALO_ON_FILM, width + 2, cv2.LINE_AA, _SUBPIXEL_BITS)
        for start, end in lines:
            cv2.line(picture, start, end, on_film(side), width, cv2.LINE_AA, _SUBPIXEL_BITS)
        for joint in _JOINTS:
            if side and f"{side}_{joint}" in at:
                _dot(picture, at[f"{side}_{joint}"], side, width)


def _places(points: ImagePoints, frame: int, scale: float) -> dict[str, tuple[int, int]]:
    """Where the landmarks that are seen well enough are, by name; in fractions of a pixel."""
    position = points.position_px[frame] * scale
    near = np.abs(position) < _FAR_AWAY_PX  # false for NaN
    good = near.all(axis=1) & (points.visibility[frame] >= _LEAST_VISIBILITY)
    fixed = np.rint(np.where(near, position, 0.0) * 2**_SUBPIXEL_BITS).astype(int).tolist()
    return {name: (fixed[i][0], fixed[i][1]) for i, name in enumerate(points.names) if good[i]}


def _far_side_first(points: ImagePoints, frame: int) -> tuple[str, str]:
    """The sides, by the detector's own depth (positive: further away)."""
    left, right = (
        sum(
            float(depth)
            for name, depth in zip(points.names, points.depth_m[frame], strict=True)
            if name.startswith(side) and np.isfinite(depth)
        )
        for side in SIDES
    )
    return ("left", "right") if left > right else ("right", "left")


def _lines(at: dict[str, tuple[int, int]], side: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    if side:
        names = [(f"{side}_{start}", f"{side}_{end}") for start, end in _LIMBS]
    else:
        names = [(f"left_{joint}", f"right_{joint}") for joint in _ACROSS]
    return [(at[start], at[end]) for start, end in names if start in at and end in at]


def _dot(picture: Picture, centre: tuple[int, int], side: str, width: int) -> None:
    for radius, ink in ((width + 3, HALO_ON_FILM), (width + 1, on_film(side))):
        cv2.circle(picture, centre, radius << _SUBPIXEL_BITS, ink, -1, cv2.LINE_AA, _SUBPIXEL_BITS)
