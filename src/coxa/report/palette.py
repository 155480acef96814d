"""Colours that stay apart for colour-blind eyes (after Okabe and Ito), on paper and on film."""

from __future__ import annotations

#: On white: lines and text (contrast at least 4.5 to 1).
LEFT_ON_WHITE = "#0b63a5"
RIGHT_ON_WHITE = "#b3470b"
SINGLE_ON_WHITE = "#4a3f8f"
INK_ON_WHITE = "#22252a"
MUTED_ON_WHITE = "#6b7078"

#: On white, one a person: marks in plots, told apart by shape as well.
PEOPLE_ON_WHITE = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#8a6d00", "#56504a")

Rgb = tuple[int, int, int]

#: On film: bright, drawn over a dark halo.
LEFT_ON_FILM: Rgb = (86, 190, 255)
RIGHT_ON_FILM: Rgb = (255, 170, 40)
MIDDLE_ON_FILM: Rgb = (245, 245, 245)
HALO_ON_FILM: Rgb = (16, 18, 22)
TEXT_ON_FILM: Rgb = (255, 255, 255)
MUTED_ON_FILM: Rgb = (176, 182, 190)


def on_white(side: str) -> str:
    """Colour of a side (``left``, ``right`` or ``""``) on paper."""
    return {"left": LEFT_ON_WHITE, "right": RIGHT_ON_WHITE}.get(side, SINGLE_ON_WHITE)


def on_film(side: str) -> Rgb:
    """Colour of a side (``left``, ``right`` or ``""``) over a picture."""
    return {"left": LEFT_ON_FILM, "right": RIGHT_ON_FILM}.get(side, MIDDLE_ON_FILM)


#: On white, one a part of a motion: dark, middle and light, so that they stay apart without colours too.
PARTS_ON_WHITE = {"joint": "#3a4250", "pelvis": "#009e73", "trunk": "#f0d84c", "spine": "#f0d84c"}

#: On white: beyond what a protocol lets pass, and the band of reference people.
LIMIT_ON_WHITE = "#a3123f"
NORM_ON_WHITE = "#c9d2db"
FAINT_ON_WHITE = "#d9dfe5"
