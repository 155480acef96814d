"""From where one camera sees a person: what it tells depends on that.

Read from the line from the person's left to the right, so that a lying or bending person counts as seen from
the side when the camera looks along that line.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.model.camera import Camera
from coxa.specs.estimator import STANDPOINTS, Standpoint, StandpointRules

Floats = NDArray[np.float64]


def standpoints(thorax_left_rotation: Floats, camera: Camera, rules: StandpointRules) -> NDArray[np.intp]:
    """Index into ``STANDPOINTS``, frame by frame.

    Args:
        thorax_left_rotation: (n_frames,) rad, in the room.
        camera: in the same room.
        rules: which view is which.
    """
    if pitch_down(camera) >= np.radians(rules.overhead_from_pitch_deg):
        return np.full(len(thorax_left_rotation), STANDPOINTS.index("overhead"))
    away = thorax_left_rotation - _heading_of(camera)
    facing = np.degrees(np.arccos(np.clip(np.cos(away), -1.0, 1.0)))  # 0 faces the camera, 180 turns the back
    edges = [
        rules.oblique_from_deg,
        rules.side_from_deg,
        180.0 - rules.side_from_deg,
        180.0 - rules.oblique_from_deg,
    ]
    return np.asarray(np.digitize(facing, edges), np.intp)


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
