"""Words on pictures."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.report.palette import Rgb

Picture = NDArray[np.uint8]

_WEIGHT = 500


def put(picture: Picture, text: str, corner: tuple[int, int], size_px: int, colour: Rgb) -> int:
    """Write ``text`` with its upper left corner at ``corner`` (x, y); returns its width, px."""
    ink = _ink(text, size_px)
    x, y = corner
    patch = picture[y : y + ink.shape[0], x : x + ink.shape[1]]
    share = ink[: patch.shape[0], : patch.shape[1], None]
    patch[:] = (patch + share * (np.array(colour, np.float32) - patch)).astype(np.uint8)
    return int(ink.shape[1])


def width_of(text: str, size_px: int) -> int:
    """How wide ``text`` is, px."""
    return int(_ink(text, size_px).shape[1])


@lru_cache(maxsize=2048)
def _ink(text: str, size_px: int) -> NDArray[np.float32]:
    """Coverage 0..1 of a line of text; figures repeat from picture to picture, so they are kept."""
    font = cv2.FontFace("sans")
    left, _, width, _ = cv2.getTextSize((10_000, 1_000), text, (0, 0), font, size_px, _WEIGHT)
    canvas = np.zeros((round(1.35 * size_px), left + width + 2), np.uint8)
    cv2.putText(canvas, text, (0, size_px), 255, font, size_px, _WEIGHT)
    return canvas.astype(np.float32) / 255.0
