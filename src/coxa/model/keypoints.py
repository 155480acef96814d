"""What a pose network says of one frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BackReading:
    """What the outline of the back told in one frame.

    Attributes:
        lumbar_flexion_rad: against the average person's standing outline; NaN: nothing.
        sd_rad: of it; NaN likewise.
        trunk_rad: the line from hips to shoulders against the pelvis, forward; likewise.
        trunk_sd_rad: of it.
        standing: the person stood upright and still.
        fault: why nothing was read, in words.
    """

    lumbar_flexion_rad: float
    sd_rad: float
    trunk_rad: float
    trunk_sd_rad: float
    standing: bool
    fault: str

    @classmethod
    def nothing(cls, fault: str) -> BackReading:
        """No reading, and why."""
        return cls(np.nan, np.nan, np.nan, np.nan, False, fault)


@dataclass(frozen=True, slots=True)
class Keypoints:
    """One person in one frame.

    Attributes:
        position_px: (n_points, 2).
        visibility: (n_points,) 0..1.
        world_m: (n_points, 3) the network's own 3D guess, camera axes (x right, y down, z away),
            origin in the middle of the hips.
        presence: the network's score that a person is there, 0..1.
        swapped: the network's left and right were exchanged to agree with the frames before.
        back: what the outline of the back told; None: not looked at.
    """

    position_px: Floats
    visibility: Floats
    world_m: Floats
    presence: float
    swapped: bool = False
    back: BackReading | None = None
