"""Rigid bodies from clusters of points: where a known shape is, and what shape moves together.

Least squares over rotations by the singular value decomposition (Kabsch 1976; Soderkvist & Wedin 1993,
J Biomech 26:1473). Missing points (NaN) are left out as long as the rest tell a rotation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.rotations import transpose

Floats = NDArray[np.float64]

_ROUNDS = 3  # of aligning and averaging; the mean shape settles in the second


class RigidPose(NamedTuple):
    """Where a shape is.

    Attributes:
        rotation: (n_frames, 3, 3) from the shape's axes to the room's; NaN where too few points were seen.
        origin: (n_frames, 3) m, where the shape's origin lies.
        residual_m: (n_frames,) weighted root mean square distance of the points from the shape's.
    """

    rotation: Floats
    origin: Floats
    residual_m: Floats

    def carry(self, local: Floats) -> Floats:
        """A point (3,) m fixed in the shape, (n_frames, 3) m in the room."""
        return np.asarray(self.origin + self.rotation @ local)

    def into(self, point: Floats) -> Floats:
        """Points (n_frames, 3) m of the room in the shape's axes."""
        return np.asarray((transpose(self.rotation) @ (point - self.origin)[..., None])[..., 0])


def rigid_pose(shape: Floats, points: Floats, weights: Floats, least_spread: float = 0.0) -> RigidPose:
    """Put a shape where its points are seen.

    Args:
        shape: (n_points, 3) m.
        points: (n_frames, n_points, 3) m; NaN = missing.
        weights: (n_points,) at most 1 where believed most.
        least_spread: m; what is seen must spread this far from its best line, or there is no rotation.
    """
    n_frames = len(points)
    rotation, origin = np.full((n_frames, 3, 3), np.nan), np.full((n_frames, 3), np.nan)
    residual = np.full(n_frames, np.nan)
    seen = np.isfinite(points).all(axis=-1)
    patterns, which = np.unique(seen, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        if pattern.sum() < 3 or spread(shape[pattern]) <= least_spread:
            continue
        frames = np.flatnonzero(which.ravel() == number)
        found = _fit(shape[pattern], points[np.ix_(frames, pattern)], weights[pattern])
        rotation[frames], origin[frames], residual[frames] = found
    return RigidPose(rotation, origin, residual)


def spread(shape: Floats) -> float:
    """Root mean square distance of points (n_points, 3) from the line that fits them best, m."""
    centred = shape - shape.mean(axis=0)
    singular = np.linalg.svd(centred, compute_uv=False)
    return float(np.sqrt(np.sum(singular[1:] ** 2) / len(shape)))


def _fit(shape: Floats, points: Floats, weights: Floats) -> RigidPose:
    share = weights / weights.sum()
    middle_shape, middle = share @ shape, np.einsum("k,tki->ti", share, points)
    local, seen = shape - middle_shape, points - middle[:, None]
    covariance = np.einsum("tki,kj->tij", seen, share[:, None] * local)
    left, _, right = np.linalg.svd(covariance)
    mirrored = np.linalg.det(left @ right) < 0.0
    left[mirrored, :, 2] *= -1.0
    rotation = left @ right
    apart = seen - local @ transpose(rotation)
    residual = np.sqrt(np.einsum("k,tki->t", share, apart**2))
    return RigidPose(rotation, middle - rotation @ middle_shape, residual)


def mean_shape(points: Floats, weights: Floats) -> Floats | None:
    """The shape of points that move together: (n_points, 3) m, centred, axes those of a typical frame.

    Args:
        points: (n_frames, n_points, 3) m; only frames with all points count.
        weights: (n_points,).

    Returns:
        None where no frame shows all points.
    """
    whole = points[np.isfinite(points).all(axis=(1, 2))]
    if not len(whole):
        return None
    shape = whole[len(whole) // 2]
    for _ in range(_ROUNDS):
        pose = _fit(shape, whole, weights)
        shape = np.mean((whole - pose.origin[:, None]) @ pose.rotation, axis=0)
    return np.asarray(shape - shape.mean(axis=0))
