"""The pinhole camera and the room it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

# Room axes of a single video: X towards the camera, Y up, Z to the camera's left, so that a person
# whose pelvis axes (ISB: X anterior, Y up, Z right) equal the room's faces the camera.
ROOM_TO_LEVEL_CAMERA = np.array([[0.0, 0.0, -1.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]])


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera without distortion.

    Camera axes are x right, y down, z forward (OpenCV).

    Attributes:
        width_px: image width.
        height_px: image height.
        focal_px: focal length in pixels (square pixels).
        centre_px: principal point (2,).
        rotation_room_to_camera: (3, 3).
        position_m: optical centre in the room (3,).
        roll_sd_rad: how well it is known that the camera does not stand askew.
        pitch_sd_rad: how well it is known how far it looks up or down.
    """

    width_px: int
    height_px: int
    focal_px: float
    centre_px: NDArray[np.float64]
    rotation_room_to_camera: NDArray[np.float64]
    position_m: NDArray[np.float64]
    roll_sd_rad: float = 0.0
    pitch_sd_rad: float = 0.0

    @classmethod
    def level(
        cls,
        width_px: int,
        height_px: int,
        horizontal_fov_rad: float,
        *,
        pitch_down_rad: float = 0.0,
        roll_clockwise_rad: float = 0.0,
    ) -> Self:
        """A camera at the origin of the room, its principal point in the middle; level unless told otherwise.

        Args:
            width_px: of the picture.
            height_px: of the picture.
            horizontal_fov_rad: field of view.
            pitch_down_rad: how far it looks down.
            roll_clockwise_rad: how far it is turned clockwise about its axis, seen from behind it.
        """
        focal = 0.5 * width_px / np.tan(0.5 * horizontal_fov_rad)
        cos_p, sin_p = np.cos(pitch_down_rad), np.sin(pitch_down_rad)
        cos_r, sin_r = np.cos(roll_clockwise_rad), np.sin(roll_clockwise_rad)
        pitch = np.array([[1.0, 0.0, 0.0], [0.0, cos_p, -sin_p], [0.0, sin_p, cos_p]])
        roll = np.array([[cos_r, sin_r, 0.0], [-sin_r, cos_r, 0.0], [0.0, 0.0, 1.0]])
        return cls(
            width_px=width_px,
            height_px=height_px,
            focal_px=float(focal),
            centre_px=np.array([0.5 * width_px, 0.5 * height_px]),
            rotation_room_to_camera=roll @ pitch @ ROOM_TO_LEVEL_CAMERA,
            position_m=np.zeros(3),
        )

    @classmethod
    def looking_at(
        cls,
        position_m: NDArray[np.float64],
        target_m: NDArray[np.float64],
        width_px: int,
        height_px: int,
        focal_px: float,
    ) -> Self:
        """A camera at ``position_m`` pointed at ``target_m``, without roll about its axis."""
        forward = np.asarray(target_m, float) - np.asarray(position_m, float)
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 1.0, 0.0])
        right /= np.linalg.norm(right)
        return cls(
            width_px=width_px,
            height_px=height_px,
            focal_px=float(focal_px),
            centre_px=np.array([0.5 * width_px, 0.5 * height_px]),
            rotation_room_to_camera=np.stack([right, np.cross(forward, right), forward]),
            position_m=np.asarray(position_m, float),
        )

    @property
    def pitch_down_rad(self) -> float:
        """How far the camera looks down."""
        return float(np.arcsin(np.clip(-self.rotation_room_to_camera[2, 1], -1.0, 1.0)))

    @property
    def roll_clockwise_rad(self) -> float:
        """How far the camera is turned clockwise about its axis, seen from behind it."""
        right, down, _ = self.rotation_room_to_camera
        return float(np.arctan2(-right[1], -down[1]))

    @property
    def tilt_covariance(self) -> NDArray[np.float64]:
        """(3, 3) rad^2: how the room may be turned against gravity, not knowing how the camera stands."""
        right, _, forward = self.rotation_room_to_camera
        about = self.pitch_sd_rad**2 * np.outer(right, right) + self.roll_sd_rad**2 * np.outer(
            forward, forward
        )
        return np.asarray(about)

    def to_camera(self, points_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Room points (..., 3) in camera axes (..., 3), m."""
        return (points_m - self.position_m) @ self.rotation_room_to_camera.T

    def project(self, points_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Room points (..., 3) m to pixels (..., 2)."""
        in_camera = self.to_camera(points_m)
        return self.focal_px * in_camera[..., :2] / in_camera[..., 2:] + self.centre_px
