"""Which of a file's axes points up, and the turn to the room's axes (X, Y up, Z)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.catalog.loader import vertical_rules

Floats = NDArray[np.float64]

#: Axis that points up -> rows: the room's X, Y and Z in the file's axes.
_TURNS: dict[str, tuple[tuple[int, int, int], ...]] = {
    "+Y": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "-Y": ((1, 0, 0), (0, -1, 0), (0, 0, -1)),
    "+Z": ((1, 0, 0), (0, 0, 1), (0, -1, 0)),
    "-Z": ((1, 0, 0), (0, 0, -1), (0, 1, 0)),
    "+X": ((0, -1, 0), (1, 0, 0), (0, 0, 1)),
    "-X": ((0, 1, 0), (-1, 0, 0), (0, 0, 1)),
}


class Vertical(NamedTuple):
    """The way up: ``+Z``, say; how it was found; what a person should know of it."""

    axis: str
    found_by: str
    notes: tuple[str, ...] = ()

    @property
    def turn(self) -> Floats:
        """(3, 3), from the file's axes to the room's."""
        return np.array(_TURNS[self.axis], float)

    @property
    def words(self) -> str:
        """For people to read."""
        if self.axis == "+Y":
            return f"Y is up ({self.found_by}): as they were"
        names = [_axis_name(row) for row in self.turn]
        return (
            f"{self.axis} is up ({self.found_by}): X = {names[0]}, Y = {names[1]}, Z = {names[2]} of the file"
        )


def known_axis(axis: str) -> bool:
    """Whether this names an axis with its sign."""
    return axis in _TURNS


def vertical_of(claim: str, claimed_by: str, names: Sequence[str], position_m: Floats) -> Vertical:
    """The way up, from what the file claims and from where head and feet are.

    A standing person is believed before a file's claim. Somebody lying down looks like somebody who stands
    along another axis, but for the feet, which are not where the floor is.

    Args:
        claim: an axis, ``+Z`` say.
        claimed_by: what claims it, for people to read.
        names: of the points, (n_points,).
        position_m: (n_frames, n_points, 3) in the file's axes; NaN = missing.
    """
    seen = _stands_along(names, position_m)
    if seen is None or seen.axis == claim:
        return Vertical(claim, claimed_by if seen is None else f"{claimed_by}, head above feet")
    if seen.on_floor:
        note = f"{claimed_by} says that {claim} is up, but the person stands along {seen.axis}: taken as up"
        return Vertical(seen.axis, "head above feet, feet on the floor", (note,))
    note = (
        f"{claimed_by} says that {claim} is up, the head lies towards {seen.axis} from the feet: "
        "taken as somebody lying down"
    )
    return Vertical(claim, claimed_by, (note,))


class _Stance(NamedTuple):
    axis: str
    on_floor: bool


def _stands_along(names: Sequence[str], position_m: Floats) -> _Stance | None:
    """The axis along which the chest is away from the feet, if it is one."""
    rules = vertical_rules()
    small = [name.lower() for name in names]
    high = [i for i, name in enumerate(small) if any(piece in name for piece in rules.high)]
    low = [i for i, name in enumerate(small) if any(piece in name for piece in rules.low)]
    feet = _finite(position_m[:, [i for i in low if i not in high]])
    chest = _finite(position_m[:, high])
    if not len(feet) or not len(chest):
        return None
    line = np.median(chest, axis=0) - np.median(feet, axis=0)
    length = float(np.linalg.norm(line))
    along = int(np.argmax(np.abs(line)))
    if not length or abs(line[along]) < rules.min_share * length:
        return None
    sign = 1.0 if line[along] > 0 else -1.0
    lowest = float(np.percentile(sign * feet[:, along], 10))
    axis = f"{'+' if sign > 0 else '-'}{'XYZ'[along]}"
    return _Stance(axis, rules.floor_m[0] < lowest < rules.floor_m[1])


def spread_m(position_m: Floats) -> float | None:
    """How far apart the points of a frame are along one axis, typically; None: no points."""
    seen = np.isfinite(position_m).all(axis=2).sum(axis=1) >= 3
    if not seen.any():
        return None
    whole = position_m[seen]
    return float(np.median((np.nanmax(whole, axis=1) - np.nanmin(whole, axis=1)).max(axis=1)))


def _finite(position_m: Floats) -> Floats:
    points = position_m.reshape(-1, 3)
    return points[np.isfinite(points).all(axis=1)]


def _axis_name(row: Floats) -> str:
    along = int(np.argmax(np.abs(row)))
    return f"{'' if row[along] > 0 else '-'}{'XYZ'[along]}"
