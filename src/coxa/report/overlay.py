"""What is drawn over a film: the skeleton as the network saw it, and the key angles with their errors."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.model.coordinates import SIDES
from coxa.model.motion import Motion, Observability
from coxa.model.recording import ImagePoints
from coxa.report import palette
from coxa.report.labels import FAMILIES, Family
from coxa.report.lettering import Picture, put, width_of
from coxa.report.wording import degrees, error95

Floats = NDArray[np.float64]

#: What the panel shows, from top to bottom.
KEY_FAMILIES = (
    "thigh_trunk_angle",
    "hip_flexion",
    "hip_adduction",
    "hip_internal_rotation",
    "knee_flexion",
    "pelvis_anterior_tilt",
    "lumbar_flexion",
    "trunk_forward_lean",
)
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
_NOT_OBSERVABLE = "not observable"
_LEAST_VISIBILITY = 0.3
_SUBPIXEL_BITS = 4


def draw(picture: Picture, points: ImagePoints, motion: Motion, frame: int, scale: float) -> None:
    """Draw one frame of a recording and a motion onto ``picture``, in place.

    Args:
        picture: (height, width, 3) RGB.
        points: what was seen, in pixels of the film.
        motion: the same frames.
        frame: which of them.
        scale: pixels of ``picture`` per pixel of the film.
    """
    seen = bool(np.isfinite(points.position_px[frame]).all(axis=1).any())
    if seen:
        _draw_skeleton(picture, points, frame, scale)
    _draw_panel(picture, motion, frame, "" if seen else "person not found")


def _draw_skeleton(picture: Picture, points: ImagePoints, frame: int, scale: float) -> None:
    at = _positions(points, frame, scale)
    width = max(2, round(min(picture.shape[:2]) / 240))
    lines = list(_lines(at))
    for halo in (True, False):
        for start, end, colour in lines:
            _line(picture, start, end, palette.HALO_ON_FILM if halo else colour, width + 2 * halo)
    for side in SIDES:
        for joint in _JOINTS:
            if f"{side}_{joint}" in at:
                _dot(picture, at[f"{side}_{joint}"], palette.on_film(side), width + 1)


def _positions(points: ImagePoints, frame: int, scale: float) -> dict[str, Floats]:
    """Where the landmarks that are seen well enough are, by name."""
    position = points.position_px[frame] * scale
    good = np.isfinite(position).all(axis=1) & (points.visibility[frame] >= _LEAST_VISIBILITY)
    return {name: position[index] for index, name in enumerate(points.names) if good[index]}


def _lines(at: dict[str, Floats]) -> Iterator[tuple[Floats, Floats, palette.Rgb]]:
    for joint in ("shoulder", "hip"):
        if f"left_{joint}" in at and f"right_{joint}" in at:
            yield at[f"left_{joint}"], at[f"right_{joint}"], palette.MIDDLE_ON_FILM
    for side in SIDES:
        for start, end in _LIMBS:
            if f"{side}_{start}" in at and f"{side}_{end}" in at:
                yield at[f"{side}_{start}"], at[f"{side}_{end}"], palette.on_film(side)


def _fixed(point: Floats) -> tuple[int, int]:
    x, y = np.round(np.clip(point, -1e4, 1e4) * (1 << _SUBPIXEL_BITS)).astype(int)
    return int(x), int(y)


def _line(picture: Picture, start: Floats, end: Floats, colour: palette.Rgb, width: int) -> None:
    cv2.line(picture, _fixed(start), _fixed(end), colour, width, cv2.LINE_AA, _SUBPIXEL_BITS)


def _dot(picture: Picture, centre: Floats, colour: palette.Rgb, radius: int) -> None:
    for size, ink in ((radius + 2, palette.HALO_ON_FILM), (radius, colour)):
        cv2.circle(picture, _fixed(centre), size << _SUBPIXEL_BITS, ink, -1, cv2.LINE_AA, _SUBPIXEL_BITS)


def _draw_panel(picture: Picture, motion: Motion, frame: int, remark: str) -> None:
    """A darkened corner with one row a movement: its name, then left and right, or the one there is."""
    size = max(11, round(min(picture.shape[:2]) / 38))
    row, margin = round(1.5 * size), round(0.8 * size)
    families = [FAMILIES[key] for key in KEY_FAMILIES if FAMILIES[key].members[0][1] in motion.coordinates]
    names = max(width_of(family.short, size) for family in families) + margin
    column = width_of("\u2212180° ±\u202f180°", size) + margin
    width, height = names + 2 * column + 2 * margin, row * (len(families) + 2) + margin
    corner = picture[:height, :width]
    corner[:] = corner // 3
    put(picture, f"{motion.time_s[frame]:.2f} s  {remark}", (margin, margin // 2), size, palette.TEXT_ON_FILM)
    for number, side in enumerate(SIDES):
        put(picture, side, (margin + names + number * column, margin // 2 + row), size, palette.on_film(side))
    for number, family in enumerate(families, start=2):
        top = margin // 2 + number * row
        put(picture, family.short, (margin, top), size, palette.TEXT_ON_FILM)
        _draw_readings(picture, motion, frame, family, (margin + names, top), column, size)


def _draw_readings(
    picture: Picture,
    motion: Motion,
    frame: int,
    family: Family,
    corner: tuple[int, int],
    column: int,
    size: int,
) -> None:
    readings = [_reading(motion, frame, name) for _, name in family.members]
    x, y = corner
    if all(words == _NOT_OBSERVABLE for words, _ in readings):
        readings = readings[:1]
    for number, ((side, _), (words, level)) in enumerate(zip(family.members, readings, strict=False)):
        colour = palette.on_film(side) if level is Observability.OBSERVED else palette.MUTED_ON_FILM
        put(picture, words, (x + number * column, y), size, colour)


def _reading(motion: Motion, frame: int, coordinate: str) -> tuple[str, Observability]:
    """A figure with its error; a weak one is marked as such by a tilde."""
    index = motion.index(coordinate)
    value, sd = np.degrees([motion.value[frame, index], motion.sd[frame, index]])
    level = Observability(int(motion.observability[frame, index]))
    if level is Observability.NOT_OBSERVABLE or not np.isfinite(value):
        return _NOT_OBSERVABLE, Observability.NOT_OBSERVABLE
    mark = "~" if level is Observability.WEAK else ""
    return f"{mark}{degrees(value, sd)} {error95(sd)}", level
