"""Joints from motion alone: the point, or the axis, that two segments share while one moves on the other.

The centre is that of Ehrig et al. 2006 (J Biomech 39:2798, SCoRE): both segments carry a point of their own,
and the two shall coincide. It has no bias towards the moving segment, which a fitted sphere has. The axis is
likewise symmetric (Ehrig 2007, J Biomech 40:2150, SARA, here by way of the mean relative rotation).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.rigid import RigidPose
from coxa.kinematics.rotations import transpose, vector_from_rotation

Floats = NDArray[np.float64]

_FLAT = 0.02  # singular values below this share of the largest tell nothing of their direction


class SharedPoint(NamedTuple):
    """A point both segments carry.

    Attributes:
        in_first: (3,) m in the axes of the first segment.
        in_second: (3,) m in those of the second.
        residual_m: root mean square distance between the two.
    """

    in_first: Floats
    in_second: Floats
    residual_m: float


class SharedAxis(NamedTuple):
    """A direction both segments carry.

    Attributes:
        in_first: (3,) unit vector in the axes of the first segment.
        in_second: (3,) in those of the second.
        range_rad: how far the second turned about it on the first.
    """

    in_first: Floats
    in_second: Floats
    range_rad: float


def shared_point(first: RigidPose, second: RigidPose) -> SharedPoint | None:
    """The centre of a joint; for a hinge the point of its axis that is nearest to both origins.

    Args:
        first: poses of one segment, (n_frames,).
        second: poses of the other.
    """
    seen = _seen(first, second)
    if not seen.any():
        return None
    matrix = np.concatenate([first.rotation[seen], -second.rotation[seen]], axis=-1).reshape(-1, 6)
    wanted = (second.origin[seen] - first.origin[seen]).reshape(-1)
    places = np.linalg.lstsq(matrix, wanted, rcond=_FLAT)[0]
    apart = (matrix @ places - wanted).reshape(-1, 3)
    return SharedPoint(places[:3], places[3:], float(np.sqrt(np.mean(np.sum(apart**2, axis=-1)))))


def shared_axis(first: RigidPose, second: RigidPose) -> SharedAxis | None:
    """The axis that the second segment turns about on the first; its sign is arbitrary."""
    seen = _seen(first, second)
    if not seen.any():
        return None
    relative = transpose(first.rotation[seen]) @ second.rotation[seen]
    left, _, right = np.linalg.svd(relative.mean(axis=0))
    in_first, in_second = left[:, 0], right[0]
    typical = relative[len(relative) // 2]
    turns = vector_from_rotation(relative @ typical.T) @ in_first
    return SharedAxis(in_first, in_second, float(np.ptp(turns)))


def second_range(first: RigidPose, direction: Floats) -> float:
    """How widely a direction moves in a segment across the plane it mostly moves in, rad.

    Args:
        first: poses of the segment, (n_frames,).
        direction: (n_frames, 3) in the room.
    """
    local = (transpose(first.rotation) @ direction[..., None])[..., 0]
    local = local[np.isfinite(local).all(axis=-1)]
    if len(local) < 3:
        return 0.0
    local = local / np.linalg.norm(local, axis=-1, keepdims=True)
    _, _, axes = np.linalg.svd(local - local.mean(axis=0), full_matrices=False)
    across = np.clip((local - local.mean(axis=0)) @ axes[1], -1.0, 1.0)
    return float(np.ptp(np.arcsin(across)))


def _seen(first: RigidPose, second: RigidPose) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(first.origin).all(axis=-1) & np.isfinite(second.origin).all(axis=-1))
