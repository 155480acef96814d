"""The neutral stance: one look at the person standing straight, from which boards learn how they sit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import BodyModel, Pose
from coxa.estimate.observations import NormalEquations
from coxa.kinematics.rotations import transpose
from coxa.model.coordinates import SIDES
from coxa.specs.estimator import NeutralStance

Floats = NDArray[np.float64]


def add_stance(
    body: BodyModel, pose: Pose, share: Floats, spec: NeutralStance, equations: NormalEquations
) -> None:
    """Angles are near zero while the person stands neutrally.

    Args:
        body: the body.
        pose: (n_frames).
        share: (n_frames,) of one observation, since how a person stands is the same in all frames.
        spec: how near.
        equations: added to.
    """
    frames = np.flatnonzero(share > 0)
    if not len(frames):
        return
    for name, sd_deg in spec.joint_sd_deg.items():
        for joint in {name, *(f"{name}_{side}" for side in SIDES)} & set(body.joints):
            column = body.joints.index(joint)
            weight = share[frames] / np.radians(sd_deg) ** 2
            value = pose.joints[frames, column]
            equations.info[frames, 6 + column, 6 + column] += weight
            equations.right[frames, 6 + column] -= weight * value
            equations.cost[frames] += 0.5 * weight * value**2
    _add_upright(pose, frames, share[frames], spec, equations)


def _add_upright(
    pose: Pose, frames: NDArray[np.intp], share: Floats, spec: NeutralStance, equations: NormalEquations
) -> None:
    """The vertical in pelvis axes has no part forward (tilt) nor to the right (obliquity)."""
    into = transpose(pose.rotation[frames])
    vertical = into[:, :, 1]
    for axis, sd_deg in ((0, spec.pelvis_tilt_sd_deg), (2, spec.pelvis_obliquity_sd_deg)):
        weight = share / np.radians(sd_deg) ** 2
        # A turn w of the pelvis moves R^T y by R^T (y x w).
        row = np.cross(into[:, axis], [0.0, 1.0, 0.0])
        residual = -vertical[:, axis]
        equations.info[frames, 3:6, 3:6] += weight[:, None, None] * row[:, :, None] * row[:, None, :]
        equations.right[frames, 3:6] += (weight * residual)[:, None] * row
        equations.cost[frames] += 0.5 * weight * residual**2
