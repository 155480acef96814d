"""From the soft mask of a person to the outline of the back, between the pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.outline import Line

Floats = NDArray[np.float64]

_INSIDE = 0.5
_STEP_PX = 0.5
_CLEARLY = 0.4  # the edge's width is read between this far below and above the level


@dataclass(frozen=True, slots=True)
class Outline:
    """Where the mask ends dorsally of the line from the hips to the shoulders, in trunk lengths.

    Attributes:
        along: (n,) places along the line.
        distance: (n,) where the mask falls through one half; NaN: nowhere.
        softness: (n,) over what way it falls from surely inside to surely outside; NaN likewise.
    """

    along: Floats
    distance: Floats
    softness: Floats


def outline_of(mask: Floats, line: Line, along: Floats, reach: float) -> Outline:
    """The outline dorsally of a line.

    Args:
        mask: (side, side) 0..1 how surely each pixel is the person.
        line: in pixels of the mask, corners on corners.
        along: (n,) where to look, trunk lengths.
        reach: how far out to look, trunk lengths.
    """
    out = np.arange(0.0, reach * line.length_px, _STEP_PX)
    start = line.start_px + line.length_px * along[:, None] * line.up
    places = (start[:, None] + out[:, None] * line.dorsal - 0.5).astype(np.float32)
    sure = cv2.remap(mask.astype(np.float32), places[..., 0], places[..., 1], cv2.INTER_LINEAR)
    distance, softness = _first_fall(sure.astype(float))
    scale = _STEP_PX / line.length_px
    return Outline(along, scale * distance, scale * softness)


def _first_fall(sure: Floats) -> tuple[Floats, Floats]:
    """Per row, where values (n, m) first fall through one half and over what way they do; NaN: nowhere."""
    n, m = sure.shape
    inside = sure > _INSIDE
    entered = np.maximum.accumulate(inside, axis=1)
    left = entered & ~inside
    found = left.any(axis=1)
    at = np.argmax(left, axis=1)
    rows = np.arange(n)
    before, after = sure[rows, np.maximum(at - 1, 0)], sure[rows, at]
    drop = np.where(found, before - after, 1.0)
    place = np.where(found, at - 1 + (before - _INSIDE) / np.where(drop > 0, drop, 1.0), np.nan)
    column = np.arange(m)
    surely_in = (sure > _INSIDE + _CLEARLY) & (column < at[:, None])
    surely_out = (sure < _INSIDE - _CLEARLY) & (column >= at[:, None])
    last_in = np.where(surely_in.any(axis=1), m - 1 - np.argmax(surely_in[:, ::-1], axis=1), 0)
    first_out = np.where(surely_out.any(axis=1), np.argmax(surely_out, axis=1), m)
    return place, np.where(found, (first_out - last_in).astype(float), np.nan)
