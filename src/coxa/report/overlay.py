"""What is drawn over a film: the skeleton as the network saw it, and the key angles with their errors."""

from __future__ import annotations

import numpy as np

from coxa.model.channels import ImagePoints
from coxa.model.motion import Motion
from coxa.report.lettering import Picture
from coxa.report.panel import draw_panel
from coxa.report.skeleton import draw_skeleton


def draw(
    picture: Picture,
    points: ImagePoints,
    motion: Motion,
    frame: int,
    scale: float,
    corner: tuple[int, int] = (-1, -1),
) -> None:
    """Draw one frame of a recording and a motion onto ``picture``, in place.

    Args:
        picture: (height, width, 3) RGB.
        points: what was seen, in pixels of the film.
        motion: the same frames.
        frame: which of them.
        scale: pixels of ``picture`` per pixel of the film.
        corner: where the angles stand, -1 or 1 each: left or right, top or bottom.
    """
    found = bool(np.isfinite(points.position_px[frame]).all(axis=1).any())
    if found:
        draw_skeleton(picture, points, frame, scale)
    draw_panel(picture, motion, frame, corner, found)
