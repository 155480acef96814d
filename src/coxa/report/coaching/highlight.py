"""The part of the body that a cue is about, as a glow under the skeleton."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.model.channels import ImagePoints
from coxa.model.coordinates import SIDES
from coxa.report.lettering import Picture
from coxa.report.palette import Rgb

Floats = NDArray[np.float64]

FAULT_ON_FILM: Rgb = (255, 92, 122)

#: Last word of a highlight -> joints that it runs along, on each side that it is about.
_ALONG = {
    "knee": ("knee",),
    "knees": ("knee",),
    "thigh": ("hip", "knee"),
    "leg": ("hip", "knee", "ankle"),
    "hip": ("hip",),
    "foot": ("ankle", "foot_index"),
}
_MIDDLE = ("trunk", "back", "pelvis", "hips")
_GLOW, _LEAST_VISIBILITY = 0.55, 0.3
_RING, _BAND = 0.48, 0.16  # of the trunk's length


def draw_highlight(
    picture: Picture, points: ImagePoints, frame: int, scale: float, part: str, side: str
) -> None:
    """Let one part of the body glow, in place; nothing where it is not seen.

    Args:
        picture: (height, width, 3) RGB.
        points: what was seen, in pixels of the film.
        frame: which of its frames.
        scale: pixels of ``picture`` per pixel of the film.
        part: as exercises call it: ``front knee``, ``lower back``, ``trunk``.
        side: ``left``, ``right``; empty: both.
    """
    at = _places(points, frame, scale)
    length = _trunk_length(at)
    lines = _lines(at, part, side)
    if not lines or not np.isfinite(length):
        return
    cover = np.zeros(picture.shape[:2], np.uint8)
    for line in lines:
        drawn = np.rint(np.clip(line, -1e5, 1e5)).astype(np.int32)
        if len(drawn) == 1:
            cv2.circle(cover, drawn[0].tolist(), round(0.5 * _RING * length), 255, -1, cv2.LINE_AA)
        else:
            cv2.polylines(cover, [drawn], False, 255, round(2 * _BAND * length), cv2.LINE_AA)
    soft = cv2.blur(cover, (max(round(0.06 * length), 1),) * 2)
    share = soft.astype(np.float32)[..., None] * (_GLOW / 255)
    picture[:] = (picture * (1 - share) + np.array(FAULT_ON_FILM, np.float32) * share).astype(np.uint8)


def _places(points: ImagePoints, frame: int, scale: float) -> dict[str, Floats]:
    position, visibility = points.position_px[frame] * scale, points.visibility[frame]
    return {
        name: position[k]
        for k, name in enumerate(points.names)
        if np.isfinite(position[k]).all() and visibility[k] >= _LEAST_VISIBILITY
    }


def _middle(at: dict[str, Floats], joint: str) -> Floats | None:
    here = [at[name] for side in SIDES if (name := f"{side}_{joint}") in at]
    return np.mean(here, axis=0) if here else None


def _trunk_length(at: dict[str, Floats]) -> float:
    hips, shoulders = _middle(at, "hip"), _middle(at, "shoulder")
    if hips is None or shoulders is None:
        return float("nan")
    return float(np.linalg.norm(shoulders - hips))


def _lines(at: dict[str, Floats], part: str, side: str) -> list[Floats]:
    """Lines through points (n, 2), or single points, that show the part."""
    words = part.split()
    if not words:
        return []
    if words[-1] in _MIDDLE:
        return _of_the_middle(at, words[-1])
    told = [one for one in SIDES if one in words] or ([side] if side else list(SIDES))
    joints = _ALONG.get(words[-1], ())
    lines = [[f"{one}_{joint}" for joint in joints] for one in told]
    return [np.array([at[name] for name in line]) for line in lines if line and all(n in at for n in line)]


def _of_the_middle(at: dict[str, Floats], part: str) -> list[Floats]:
    hips, shoulders = _middle(at, "hip"), _middle(at, "shoulder")
    if hips is None or shoulders is None:
        return []
    if part == "trunk":
        return [np.array([hips + 0.15 * (shoulders - hips), shoulders - 0.1 * (shoulders - hips)])]
    if part == "back":
        return [np.array([hips + 0.1 * (shoulders - hips), hips + 0.45 * (shoulders - hips)])]
    across = [at[name] for side in SIDES if (name := f"{side}_hip") in at]
    return [np.array(across)]
