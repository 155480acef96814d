"""From where one camera sees a person: what it tells depends on that.

Read from the line from the person's left to the right, so that a lying or bending person counts as seen from
the side when the camera looks along that line.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from math import isfinite, pi, remainder, tau

import numpy as np
from numpy.typing import NDArray

from coxa.model.camera import Camera
from coxa.specs.estimator import STANDPOINTS, Standpoint, StandpointRules

Floats = NDArray[np.float64]
_OVERHEAD = STANDPOINTS.index("overhead")


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """A camera, ready to tell where it sees people from.

    Attributes:
        overhead: it looks down so far that it sees everybody from above.
        heading: left rotation of somebody who faces it [rad].
        borders: between the other views, of the angle by which somebody is turned away [rad].
    """

    overhead: bool
    heading: float
    borders: tuple[float, ...]

    @classmethod
    def of(cls, camera: Camera, rules: StandpointRules) -> Viewpoint:
        """Of a camera in the room that headings are told in."""
        oblique, side = rules.oblique_from_deg, rules.side_from_deg
        borders = np.radians([oblique, side, 180.0 - side, 180.0 - oblique])
        overhead = pitch_down(camera) >= np.radians(rules.overhead_from_pitch_deg)
        return cls(bool(overhead), _heading_of(camera), tuple(borders.tolist()))

    def of_frames(self, thorax_left_rotation: Floats) -> NDArray[np.intp]:
        """Index into ``STANDPOINTS`` of (n_frames,) left rotations in the room [rad]."""
        return np.array([self._of(one) for one in thorax_left_rotation.tolist()], np.intp)

    def _of(self, heading: float) -> int:
        if self.overhead:
            return _OVERHEAD
        # 0 faces the camera, a half turn turns the back; beyond the last border where it is not known.
        away = abs(remainder(heading - self.heading, tau)) if isfinite(heading) else pi
        return bisect_right(self.borders, away)


def standpoints(thorax_left_rotation: Floats, camera: Camera, rules: StandpointRules) -> NDArray[np.intp]:
    """Index into ``STANDPOINTS``, frame by frame.

    Args:
        thorax_left_rotation: (n_frames,) rad, in the room.
        camera: in the same room.
        rules: which view is which.
    """
    return Viewpoint.of(camera, rules).of_frames(thorax_left_rotation)


def named(index: int) -> Standpoint:
    """The view of an index."""
    return STANDPOINTS[index]


def pitch_down(camera: Camera) -> float:
    """How far it looks down [rad]."""
    return float(np.arcsin(np.clip(-camera.rotation_room_to_camera[2, 1], -1.0, 1.0)))


def _heading_of(camera: Camera) -> float:
    """Left rotation of somebody who faces the camera [rad]."""
    to_camera = -camera.rotation_room_to_camera[2]
    return float(np.arctan2(-to_camera[2], to_camera[0]))
