"""What each of several cameras saw, each on a clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.model.channels import ImagePoints

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class View:
    """One camera's keypoints.

    Attributes:
        name: for people to read.
        time_s: (n_frames,) by the camera's own clock.
        points: what it saw.
    """

    name: str
    time_s: Floats
    points: ImagePoints

    def swapped(self) -> View:
        """The same, left and right exchanged."""
        order = [self.points.names.index(other_side(name)) for name in self.points.names]
        arrays = {
            name: getattr(self.points, name)[:, order] for name in ("position_px", "visibility", "depth_m")
        }
        return replace(self, points=replace(self.points, **arrays))

    def at(self, time_s: Floats, max_gap_frames: float) -> ImagePoints:
        """Interpolated to times (n,) of its own clock; NaN where no frames are near on both sides."""
        low, share, usable = between(self.time_s, time_s, max_gap_frames)
        high = np.minimum(low + 1, len(self.time_s) - 1)

        def mixed(values: Floats) -> Floats:
            part = share.reshape(-1, *[1] * (values.ndim - 1))
            # A frame that is hit exactly needs no neighbour.
            one = np.where(part == 0, values[low], (1 - part) * values[low] + part * values[high])
            return np.asarray(np.where(part == 1, values[high], one))

        position, depth = mixed(self.points.position_px), mixed(self.points.depth_m)
        position[~usable], depth[~usable] = np.nan, np.nan
        seen = self.points.visibility
        visibility = np.where(
            share[:, None] == 0,
            seen[low],
            np.where(share[:, None] == 1, seen[high], np.minimum(seen[low], seen[high])),
        )
        visibility = np.where(usable[:, None], visibility, 0.0)
        return replace(self.points, position_px=position, depth_m=depth, visibility=visibility)


def between(
    known_s: Floats, wanted_s: Floats, max_gap_frames: float
) -> tuple[NDArray[np.intp], Floats, NDArray[np.bool_]]:
    """Frame before each wanted time, the share of the next one, and whether both are near."""
    n = len(known_s)
    low = np.clip(np.searchsorted(known_s, wanted_s, side="right") - 1, 0, max(n - 2, 0))
    if n < 2:
        return low, np.zeros(len(wanted_s)), np.isclose(wanted_s, known_s[0] if n else np.nan)
    step = known_s[low + 1] - known_s[low]
    share = (wanted_s - known_s[low]) / step
    share = np.where(np.abs(share - np.round(share)) < 1e-6, np.round(share), share)
    near = step <= max_gap_frames * np.median(np.diff(known_s))
    exact = (share == 0) | (share == 1)
    return low, np.clip(share, 0.0, 1.0), (near | exact) & (share >= 0) & (share <= 1)


def other_side(name: str) -> str:
    """The same landmark of the other side."""
    if name.startswith("left"):
        return "right" + name.removeprefix("left")
    return "left" + name.removeprefix("right") if name.startswith("right") else name
