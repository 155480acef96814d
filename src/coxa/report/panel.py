"""The table of angles in a corner of the picture: what is read now, how surely, or that it is not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from coxa.model.motion import Motion, Observability
from coxa.model.normal import Z95
from coxa.report.labels import FAMILIES, Family
from coxa.report.lettering import Picture, put, width_of
from coxa.report.palette import MIDDLE_ON_FILM, MUTED_ON_FILM, TEXT_ON_FILM, Rgb, on_film
from coxa.report.wording import number

Floats = NDArray[np.float64]

#: Families shown, top to bottom; those a motion does not have are left out.
ROWS = (
    "thigh_trunk_angle",
    "hip_flexion",
    "hip_adduction",
    "hip_internal_rotation",
    "knee_flexion",
    "pelvis_right_up_obliquity",
    "trunk_forward_lean",
    "lumbar_flexion",
)
SILENT = "not observable"
NOTE = "± 95 % interval    ~ weak"
NOBODY = "nobody found in this frame"

_WIDEST = "~ \u2212188° ±188°"
_LEAST_TEXT_PX = 11
_CLEARNESS = 0.3  # how much of the picture shines through
_SHADE = (np.arange(256) * _CLEARNESS + 10).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Layout:
    """Sizes of the panel in px, and what it shows."""

    text: int
    label_width: int
    value_width: int
    families: tuple[Family, ...]

    @property
    def pad(self) -> int:
        """Around everything."""
        return round(0.7 * self.text)

    @property
    def line(self) -> int:
        """From one row to the next."""
        return round(1.5 * self.text)

    @property
    def width(self) -> int:
        """Of the whole panel."""
        return self.label_width + 2 * self.value_width + 2 * self.pad

    @property
    def height(self) -> int:
        """Of the whole panel: a heading, the rows, a note."""
        return (len(self.families) + 2) * self.line + 2 * self.pad


@lru_cache(maxsize=8)
def layout(size_px: tuple[int, int], coordinates: tuple[str, ...]) -> Layout:
    """The panel for pictures of ``size_px`` (width, height): legible, yet no wider than the picture."""
    families = tuple(
        FAMILIES[key] for key in ROWS if any(name in coordinates for _, name in FAMILIES[key].members)
    )
    text = max(_LEAST_TEXT_PX, round(min(size_px) / 44))
    while True:
        label_width = max((width_of(family.short, text) for family in families), default=0) + text
        value_width = max(width_of(words, text) for words in (_WIDEST, SILENT)) + text // 2
        made = Layout(text, label_width, value_width, families)
        if made.width <= size_px[0] or text <= 6:
            return made
        text -= 1


def place(size_px: tuple[int, int], form: Layout, corner: tuple[int, int]) -> tuple[int, int]:
    """Left and top of the panel; ``corner`` is -1 or 1 each: left or right, top or bottom."""
    left = 0 if corner[0] < 0 else size_px[0] - form.width
    top = 0 if corner[1] < 0 else size_px[1] - form.height
    return max(left, 0), max(top, 0)


def emptiest_corner(
    size_px: tuple[int, int], coordinates: tuple[str, ...], position_px: Floats
) -> tuple[int, int]:
    """The corner in which the panel hides the fewest keypoints.

    Args:
        size_px: width and height of the picture.
        coordinates: of the motion.
        position_px: (n_frames, n_points, 2) in the picture.
    """
    form = layout(size_px, coordinates)
    x, y = position_px[..., 0], position_px[..., 1]

    def hidden(corner: tuple[int, int]) -> int:
        left, top = place(size_px, form, corner)
        inside = (x >= left) & (x < left + form.width) & (y >= top) & (y < top + form.height)
        return int(inside.sum())

    return min(((-1, -1), (1, -1), (-1, 1), (1, 1)), key=hidden)


def draw_panel(picture: Picture, motion: Motion, frame: int, corner: tuple[int, int], found: bool) -> None:
    """Draw the readings of one frame onto ``picture``, in place; ``found``: somebody is in it."""
    size_px = (picture.shape[1], picture.shape[0])
    form = layout(size_px, motion.coordinates)
    left, top = place(size_px, form, corner)
    under = picture[top : top + form.height, left : left + form.width]
    under[:] = _SHADE[under]
    x, y = left + form.pad, top + form.pad
    first = x + form.label_width
    for number_, side in enumerate(("left", "right")):
        put(picture, side.capitalize(), (first + number_ * form.value_width, y), form.text, on_film(side))
    put(picture, f"{motion.time_s[frame]:.2f} s", (x, y), form.text, MUTED_ON_FILM)
    for row, family in enumerate(form.families, start=1):
        at = y + row * form.line
        put(picture, family.short, (x, at), form.text, TEXT_ON_FILM)
        for column, words, colour in _cells(motion, frame, family):
            put(picture, words, (first + column * form.value_width, at), form.text, colour)
    bottom = y + (len(form.families) + 1) * form.line
    put(picture, NOTE if found else NOBODY, (x, bottom), form.text, MUTED_ON_FILM)


def _cells(motion: Motion, frame: int, family: Family) -> list[tuple[int, str, Rgb]]:
    """Column, words and colour of a family's readings; one for both sides where both are silent."""
    read = [
        (side, *reading(motion, frame, name)) for side, name in family.members if name in motion.coordinates
    ]
    if all(level is Observability.NOT_OBSERVABLE for _, _, level in read):
        return [(0, SILENT, MUTED_ON_FILM)]
    cells = []
    for side, words, level in read:
        bright = on_film(side) if side else MIDDLE_ON_FILM
        cells.append(
            (int(side == "right"), words, bright if level is Observability.OBSERVED else MUTED_ON_FILM)
        )
    return cells


def reading(motion: Motion, frame: int, coordinate: str) -> tuple[str, Observability]:
    """``34° ±6°``, ``~ 34° ±22°`` when weak, or that it is not observable."""
    column = motion.index(coordinate)
    value_deg, error_deg = np.degrees([motion.value[frame, column], Z95 * motion.sd[frame, column]])
    level = Observability(int(motion.observability[frame, column]))
    if level is Observability.NOT_OBSERVABLE or not np.isfinite(value_deg):
        return SILENT, Observability.NOT_OBSERVABLE
    mark = "~ " if level is Observability.WEAK else ""
    error = f"{max(error_deg, 1.0):.0f}°" if np.isfinite(error_deg) else "?"
    return f"{mark}{number(float(value_deg))}° ±{error}", level
