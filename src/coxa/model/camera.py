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
    """

    width_px: int
    height_px: int
    focal_px: float
    centre_px: NDArray[np.float64]
    rotation_room_to_camera: NDArray[np.float64]
    position_m: NDArray[np.float64]

    @classmethod
    def level(cls, width_px: int, height_px: int, horizontal_fov_rad: float) -> Self:
        """A camera at the origin of the room, level, its principal point in the middle."""
        focal = 0.5 * width_px / np.tan(0.5 * horizontal_fov_rad)
        return cls(
            width_px=width_px,
            height_px=height_px,
            focal_px=float(focal),
            centre_px=np.array([0.5 * width_px, 0.5 * height_px]),
            rotation_room_to_camera=ROOM_TO_LEVEL_CAMERA.copy(),
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

    def to_camera(self, points_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Room points (..., 3) in camera axes (..., 3), m."""
        return (points_m - self.position_m) @ self.rotation_room_to_camera.T

    def project(self, points_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Room points (..., 3) m to pixels (..., 2)."""
        in_camera = self.to_camera(points_m)
        return self.focal_px * in_camera[..., :2] / in_camera[..., 2:] + self.centre_px
