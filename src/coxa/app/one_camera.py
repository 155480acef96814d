"""The camera of a single film: what was told of it, what is assumed, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from coxa.model.camera import Camera
from coxa.specs.measure import VideoRules


@dataclass(frozen=True, slots=True)
class CameraTold:
    """What a person told of the camera; None: nothing.

    Attributes:
        fov_deg: field of view along the longer side of the picture.
        pitch_down_deg: how far it looks down.
        roll_clockwise_deg: how far it is turned clockwise, seen from behind it.
    """

    fov_deg: float | None = None
    pitch_down_deg: float | None = None
    roll_clockwise_deg: float | None = None


def single_camera(width_px: int, height_px: int, told: CameraTold, rules: VideoRules) -> Camera:
    """A camera at the origin of the room, level unless told otherwise, only as level as people set it up."""
    fov_rad = np.radians(told.fov_deg or rules.assumed_fov_deg)
    half = np.tan(0.5 * fov_rad) * width_px / max(width_px, height_px)
    pitch_sd = rules.camera_pitch_sd_deg if told.pitch_down_deg is None else rules.told_tilt_sd_deg
    roll_sd = rules.camera_roll_sd_deg if told.roll_clockwise_deg is None else rules.told_tilt_sd_deg
    camera = Camera.level(
        width_px,
        height_px,
        2.0 * float(np.arctan(half)),
        pitch_down_rad=float(np.radians(told.pitch_down_deg or 0.0)),
        roll_clockwise_rad=float(np.radians(told.roll_clockwise_deg or 0.0)),
    )
    return replace(camera, pitch_sd_rad=float(np.radians(pitch_sd)), roll_sd_rad=float(np.radians(roll_sd)))
