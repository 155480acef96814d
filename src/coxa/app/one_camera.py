"""The camera of a single film: what was told of it, what is assumed, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.app.ports import Lens
from coxa.model.camera import Camera
from coxa.model.errors import SourceError
from coxa.specs.measure import VideoRules

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CameraTold:
    """What a person told of the camera; None: nothing.

    Attributes:
        fov_deg: field of view along the longer side of the picture.
        pitch_down_deg: how far it looks down.
        roll_clockwise_deg: how far it is turned clockwise, seen from behind it.
        lens: its calibration, whose focal length, principal point and distortion count. Where the calibration
            says that the camera stood counts for nothing: it may stand elsewhere now.
    """

    fov_deg: float | None = None
    pitch_down_deg: float | None = None
    roll_clockwise_deg: float | None = None
    lens: Lens | None = None

    def calibrated(self, lens: Lens, width_px: int, height_px: int) -> CameraTold:
        """The same with a calibration.

        Raises:
            SourceError: a field of view was told too, or the calibration is of other pictures.
        """
        if self.fov_deg is not None:
            raise SourceError(
                "the calibration and --camera-fov-deg both tell the field of view", "leave one of them out"
            )
        half = 0.5 * max(width_px, height_px) / lens.pinhole(width_px, height_px).focal_px
        return replace(self, lens=lens, fov_deg=float(np.degrees(2.0 * np.arctan(half))))

    def straight(self, position_px: Floats, width_px: int, height_px: int) -> Floats:
        """Points (..., 2) of the picture as a lens without distortion would show them."""
        return position_px if self.lens is None else self.lens.ideal(position_px, width_px, height_px)

    def notes(self, width_px: int, height_px: int) -> Iterator[str]:
        """What a calibration was used for, and what of it was not."""
        if self.lens is None:
            return
        yield f"Focal length, centre and distortion are those of the calibration of {self.lens.name}."
        stood = self.lens.pinhole(width_px, height_px)
        tilt = [round(float(np.degrees(angle))) for angle in (stood.pitch_down_rad, stood.roll_clockwise_rad)]
        if any(tilt) and self.pitch_down_deg is None and self.roll_clockwise_deg is None:
            yield (
                f"The calibration has the camera look {tilt[0]} deg down, turned {tilt[1]} deg clockwise. "
                "That was not used, since cameras are moved; where this one was not, tell it: "
                f"--camera-pitch-deg {tilt[0]} --camera-roll-deg {tilt[1]}."
            )


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
    if told.lens is not None:
        pinhole = told.lens.pinhole(width_px, height_px)
        camera = replace(camera, focal_px=pinhole.focal_px, centre_px=pinhole.centre_px)
    return replace(camera, pitch_sd_rad=float(np.radians(pitch_sd)), roll_sd_rad=float(np.radians(roll_sd)))
