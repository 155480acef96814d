"""The frames of a demonstration as pictures, for what cannot show an SVG: the same shapes, the same words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.report.demonstration.colours import INK, LEGEND, LINES, QUIET_INK, SEEN_THROUGH, rgb
from coxa.report.demonstration.outlook import (
    HEIGHT,
    WIDTH,
    Shape,
    camera_of,
    floor_shape,
    glass_shapes,
    moving_shapes,
    still_shapes,
)
from coxa.report.demonstration.played import Caption
from coxa.report.demonstration.stage import Stage
from coxa.report.demonstration.svg import caption_lines
from coxa.report.lettering import put, width_of
from coxa.report.palette import Rgb

Picture = NDArray[np.uint8]

#: Pixels; the sheet is twice as large.
SIZE = (WIDTH // 2, HEIGHT // 2)
_BITS = 4
_EDGE_PX = 2
_LINE_PX = 6


def pictures(stage: Stage) -> Iterator[Picture]:
    """(height, width, 3) RGB, one a frame."""
    camera = camera_of(stage)
    ground = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    _draw(ground, [floor_shape(stage, camera), *still_shapes(stage, camera)])
    glass = glass_shapes(stage, camera)
    for frame, caption in enumerate(stage.played.captions):
        sheet = ground.copy()
        _draw(sheet, [*moving_shapes(stage, camera, frame), *glass])
        picture = cv2.resize(sheet, SIZE, interpolation=cv2.INTER_AREA)
        small = np.asarray(picture, np.uint8)
        _letter(small, stage.played.spec.title, caption)
        yield small


def _draw(sheet: Picture, shapes: Sequence[Shape]) -> None:
    for shape in shapes:
        points = np.rint(shape.points * 2**_BITS).astype(np.int32)
        colour = rgb(shape.tint)
        if shape.tint in LINES:
            cv2.polylines(sheet, [points], False, colour, _LINE_PX, cv2.LINE_AA, _BITS)
            continue
        share = SEEN_THROUGH.get(shape.tint)
        target = sheet if share is None else sheet.copy()
        cv2.fillPoly(target, [points], colour, cv2.LINE_AA, _BITS)
        if share is not None:
            cv2.addWeighted(target, share, sheet, 1 - share, 0, sheet)
        elif shape.tint != "floor":
            cv2.polylines(sheet, [points], True, (255, 255, 255), _EDGE_PX, cv2.LINE_AA, _BITS)


def _letter(picture: Picture, title: str, caption: Caption) -> None:
    put(picture, title, (12, 8), 16, _ink(INK))
    x = 12
    for tint, name in LEGEND:
        picture[35:45, x : x + 10] = rgb(tint)
        put(picture, name, (x + 14, 33), 11, _ink(QUIET_INK))
        x += 34 + width_of(name, 11)
    size, ink = (21, _ink(INK)) if caption.strong else (13, _ink(QUIET_INK))
    lines = caption_lines(caption)
    top = SIZE[1] - 34 - (len(lines) - 1) * size // 2
    for i, line in enumerate(lines):
        left = max((SIZE[0] - width_of(line, size)) // 2, 0)
        put(picture, line, (left, top + i * (size + 5) - size // 2), size, ink)


def _ink(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
