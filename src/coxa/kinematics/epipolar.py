"""Whether rays of two cameras can meet at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Below this sine between a ray and the line through both eyes there is no plane to be off.
_ALONG = 0.05


def off_epipolar(eye_a: Floats, rays_a: Floats, eye_b: Floats, rays_b: Floats) -> Floats:
    """Angle between each ray of b and the plane of both eyes and the ray of a, the smaller way of the two.

    Args:
        eye_a: (3,) m.
        rays_a: (..., 3) of length one.
        eye_b: (3,) m.
        rays_b: (..., 3) of length one.

    Returns:
        (...) rad, never negative; NaN where a ray is missing or points at the other eye.
    """
    between = eye_b - eye_a
    between = between / np.linalg.norm(between)
    volume = np.abs(np.sum(np.cross(rays_a, rays_b) * between, axis=-1))
    wide = [np.linalg.norm(np.cross(between, rays), axis=-1) for rays in (rays_a, rays_b)]
    wider = np.maximum(*wide)
    sine = volume / np.where(np.minimum(*wide) < _ALONG, np.nan, wider)
    return np.asarray(np.arcsin(np.clip(sine, 0.0, 1.0)))
