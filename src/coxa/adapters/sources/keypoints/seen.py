"""What a file says of one person in one frame, and numbers taken from untrusted text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """One person in one frame.

    Attributes:
        position: (n_points, 2) pixels, or shares of the picture; NaN = missing.
        visibility: (n_points,) 0..1.
        depth_m: (n_points,) beyond the middle of the hips; NaN = none.
        label: who it is, where the file says.
    """

    position: Floats
    visibility: Floats
    depth_m: Floats
    label: str = ""

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(n_points,) which points there are."""
        return np.asarray(np.isfinite(self.position).all(axis=1))

    @property
    def centre(self) -> Floats:
        """(2,) in the middle of the points; NaN without any."""
        return np.median(self.position[self.seen], axis=0) if self.seen.any() else np.full(2, np.nan)

    @property
    def size(self) -> float:
        """Diagonal of the box around the points."""
        if not self.seen.any():
            return 0.0
        return float(np.linalg.norm(np.ptp(self.position[self.seen], axis=0)))

    @classmethod
    def of(cls, position: Floats, visibility: Floats, depth_m: Floats | None = None, label: str = "") -> Seen:
        """Points that are not finite, or that nobody believes in, are missing."""
        visibility = np.clip(np.nan_to_num(visibility, posinf=0.0, neginf=0.0), 0.0, 1.0)
        missing = ~np.isfinite(position).all(axis=1) | (visibility <= 0)
        depth = np.full(len(position), np.nan) if depth_m is None else depth_m
        return cls(
            np.where(missing[:, None], np.nan, position),
            np.where(missing, 0.0, visibility),
            np.where(missing | ~np.isfinite(depth), np.nan, depth),
            label,
        )


def numbers(values: Iterable[Any]) -> Floats:
    """Numbers of a list (n,); null and what is too large for a float become NaN.

    Raises:
        ValueError: something is not a number.
    """
    return np.array([_number(value) for value in values], float)


def _number(value: Any) -> float:
    if value is None:
        return np.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r:.40} where a number should be")
    try:
        number = float(value)
    except OverflowError:
        return np.nan
    return number if np.isfinite(number) else np.nan
