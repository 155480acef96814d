"""Where rays of several cameras meet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coxa.model.camera import Camera

Floats = NDArray[np.float64]


def rays(camera: Camera, position_px: Floats) -> Floats:
    """Directions (..., 3) in the room of pixels (..., 2), of length one."""
    there = (position_px - camera.centre_px) / camera.focal_px
    forward = np.concatenate([there, np.ones((*there.shape[:-1], 1))], axis=-1)
    directions = forward @ camera.rotation_room_to_camera
    return np.asarray(directions / np.linalg.norm(directions, axis=-1, keepdims=True))


def triangulated(
    cameras: Sequence[Camera], position_px: Floats, weight: Floats, iterations: int = 5
) -> Floats:
    """Points that are nearest to their rays, as angles seen from the cameras.

    Args:
        cameras: n of them.
        position_px: (n, ..., 2), NaN = not seen.
        weight: (n, ...) of each sight, 0 = none.
        iterations: reweighted by distance, so that angles count and not metres.

    Returns:
        (..., 3) m in the room; NaN where fewer than two cameras see the point.
    """
    direction = np.stack([rays(c, p) for c, p in zip(cameras, position_px, strict=True)])
    usable = np.isfinite(direction[..., 0]) & (weight > 0)
    eye = np.stack([camera.position_m for camera in cameras]).reshape(-1, *[1] * (direction.ndim - 2), 3)
    direction = np.where(usable[..., None], direction, 0.0)
    across = np.eye(3) - direction[..., :, None] * direction[..., None, :]
    counts = np.where(usable, weight, 0.0)
    enough = usable.sum(axis=0) >= 2
    point = np.full((*counts.shape[1:], 3), np.nan)
    distance = np.ones(counts.shape)
    for _ in range(iterations):
        each = (counts / distance**2)[..., None, None] * across
        info = each.sum(axis=0) + 1e-12 * np.eye(3)
        right = (each @ eye[..., None]).sum(axis=0)
        point = np.linalg.solve(info, right)[..., 0]
        distance = np.maximum(np.linalg.norm(point - eye, axis=-1), 0.1)
    return np.asarray(np.where(enough[..., None], point, np.nan))


def off_px(cameras: Sequence[Camera], position_px: Floats, points_m: Floats) -> Floats:
    """(n, ...) px between where points (..., 3) would be seen and where they were (n, ..., 2)."""
    apart = [p - c.project(points_m) for c, p in zip(cameras, position_px, strict=True)]
    return np.asarray(np.linalg.norm(np.stack(apart), axis=-1))
