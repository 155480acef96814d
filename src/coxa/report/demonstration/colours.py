"""Colours of figures, drawn and in 3D: pelvis, lumbar spine and thorax stay apart for colour-blind eyes."""

from __future__ import annotations

from coxa.report.palette import INK_ON_WHITE

PAPER = "#ffffff"
INK = INK_ON_WHITE
QUIET_INK = "#565c66"
_NEAR, _FAR = "#46566b", "#98a5b5"
_SKIN, _FAR_SKIN = "#d9a37c", "#ecd2bd"

TINTS = {
    "floor": "#eceff3",
    "pelvis": "#009e73",
    "lumbar": "#e08a00",
    "thorax": "#4ea3d8",
    "limb": _NEAR,
    "far-limb": _FAR,
    "skin": _SKIN,
    "far-skin": _FAR_SKIN,
    "shoe": "#2a3342",
    "far-shoe": "#7d8a9b",
    "hair": "#4b372b",
    "mark": "#ffffff",
    "mat": "#a9cfc6",
    "mat-top": "#bfe0d8",
    "soft": "#e4dcea",
    "soft-top": "#f1ecf5",
    "wood": "#c9a878",
    "wood-top": "#e0c59b",
    "white": "#c4ccd6",
    "white-top": "#dde3ea",
    "wall": "#d5d2c8",
    "wall-top": "#e6e4dc",
    "glass": "#b9b29c",
    "glass-top": "#b9b29c",
    "iron": "#3b3f47",
    "ball": "#b9477e",
}
#: What keeps apart what overlaps.
EDGE = "#ffffff"
LINES = frozenset({"mark"})
#: How much of what is behind is hidden.
SEEN_THROUGH = {"glass": 0.28, "glass-top": 0.28}
#: What the colours of the trunk mean, for the legend.
LEGEND = (("thorax", "thorax"), ("lumbar", "lumbar spine"), ("pelvis", "pelvis"))


def rgb(tint: str) -> tuple[int, int, int]:
    """0 to 255 each."""
    text = TINTS[tint]
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
