"""Coordinates as the field calls them, with the name that files use beside it."""

from __future__ import annotations

from coxa.report.labels import FAMILIES, Family
from coxa_docs.markdown import plain

_SIDES = {
    "SIDE": "of the side that works",
    "OTHER": "of the other side",
    "left": "left",
    "right": "right",
}


def family_of(coordinate: str) -> Family | None:
    """Without the side; None: a heading that only machines know."""
    key, _, side = coordinate.rpartition("_")
    return FAMILIES.get(coordinate) or (FAMILIES.get(key) if side in _SIDES else None)


def angle(coordinate: str, with_side: bool = True) -> str:
    """``Knee flexion, right (`knee_flexion_right`)``."""
    family = family_of(coordinate)
    if family is None:
        return f"`{coordinate}`"
    side = coordinate.removeprefix(family.key).lstrip("_")
    words = f", {_SIDES[side]}" if side and with_side else ""
    return f"{plain(family.title)}{words} (`{coordinate}`)"


def degrees(value: float) -> str:
    """``-12°`` with a true minus sign."""
    return f"{value:g}°".replace("-", "\u2212")
