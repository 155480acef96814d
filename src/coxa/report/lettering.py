"""Words on pictures, in the typeface OpenCV carries (Rubik): figures of one width, a true minus.

It has no narrow spaces and no dashes: what it lacks it draws as a question mark.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.report.palette import Rgb

Picture = NDArray[np.uint8]

_WEIGHT = 500


def put(picture: Picture, text: str, corner: tuple[int, int], size_px: int, colour: Rgb) -> None:
    """Write a line of text, in place; what would lie outside the picture is cut off.

    Args:
        picture: (height, width, 3).
        text: one line.
        corner: left and top, px; not negative.
        size_px: size of the letters.
        colour: of the letters.
    """
    ink = _ink(text, size_px)
    x, y = corner
    patch = picture[y : y + ink.shape[0], x : x + ink.shape[1]]
    cover = ink[: patch.shape[0], : patch.shape[1]]
    patch[:] = (patch * (256 - cover) + np.array(colour, np.uint16) * cover) >> 8


def width_of(text: str, size_px: int) -> int:
    """How wide ``text`` is, px."""
    return int(_ink(text, size_px).shape[1])


@lru_cache(maxsize=2048)
def _ink(text: str, size_px: int) -> NDArray[np.uint16]:
    """Coverage 0..256 of a line of text (height, width, 1); figures repeat from picture to picture."""
    font = cv2.FontFace("sans")
    left, _, width, _ = cv2.getTextSize((10_000, 1_000), text, (0, 0), font, size_px, _WEIGHT)
    canvas = np.zeros((round(1.35 * size_px), left + width + 2), np.uint8)
    cv2.putText(canvas, text, (0, size_px), 255, font, size_px, _WEIGHT)
    ink = canvas.astype(np.uint16)[..., None]
    ink += ink > 127
    ink.setflags(write=False)
    return ink
