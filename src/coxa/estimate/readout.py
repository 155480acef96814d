"""From states of the body to the angles people read, with their standard deviations.

Joint readings are degrees of freedom themselves. The others (pelvis and trunk in the room, trunk on pelvis,
thigh against trunk, shank as a lever) are functions of the pose; their variance is carried over by the
derivative, taken by finite differences over the degrees of freedom that matter.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.body import N_ROOT_DOF, BodyModel, Pose
from coxa.estimate.derived import DERIVED, N_DERIVED, derived, derived_coordinates, spots
from coxa.estimate.forward import forward, multiply, turn
from coxa.model.coordinates import ALL

Floats = NDArray[np.float64]

#: Lengths that change a direction between joint centres (the stature scales all alike).
_SHAPING_LENGTHS = ("pelvis_width", "trunk", "shoulder_width", "femur", "tibia")
_STEP = 1e-5


@njit(cache=True, nogil=True)
def _forward_many(body, position, root_rotation, joints, factor):  # type: ignore[no-untyped-def]
    n, n_bodies, n_joints = len(position), len(body[0]), joints.shape[1]
    place, rotation = np.empty((n, n_bodies, 3)), np.empty((n, n_bodies, 3, 3))
    anchor, axis = np.empty((n_joints, 3)), np.empty((n_joints, 3))
    for t in range(n):
        forward(
            body, position[t], root_rotation[t], joints[t], factor[t], place[t], rotation[t], anchor, axis
        )
    return place, rotation


@njit(cache=True, nogil=True)
def _read_varied(body, pose, factors, active, unknowns, at, covariance):  # type: ignore[no-untyped-def]
    """Derived coordinates of poses, and their variances.

    Every unknown is taken a step further, and what it changes is its derivative.

    Args:
        body: ``BodyModel.arrays``.
        pose: (position (n, 3), rotation (n, 3, 3), joints (n, n_joints)).
        factors: (1 + n_lengths, ...) of ``BodyModel.length_factor``: as it is, then with each length longer.
        active: degrees of freedom that vary.
        unknowns: (n_unknowns,) where those and the lengths are in the covariance.
        at: :func:`~coxa.estimate.derived.spots`.
        covariance: (n, n_values, n_values).

    Returns:
        values and variances, (n, n_derived) each.
    """
    position, root_rotation, joints = pose
    n, n_bodies, n_joints = len(position), len(body[0]), joints.shape[1]
    n_unknowns = len(unknowns)
    value, variance = np.empty((n, N_DERIVED)), np.empty((n, N_DERIVED))
    slope, part = np.empty((n_unknowns, N_DERIVED)), np.empty((n_unknowns, n_unknowns))
    place, rotation = np.empty((n_bodies, 3)), np.empty((n_bodies, 3, 3))
    anchor, axis = np.empty((n_joints, 3)), np.empty((n_joints, 3))
    turned, step, unit = np.empty((3, 3)), np.empty((3, 3)), np.empty(3)
    for t in range(n):
        forward(body, position[t], root_rotation[t], joints[t], factors[0], place, rotation, anchor, axis)
        derived(place, rotation, at, value[t])
        for c in range(n_unknowns):
            dof = active[c] if c < len(active) else -1
            factor = factors[0] if dof >= 0 else factors[c - len(active) + 1]
            turned[:] = root_rotation[t]
            angles = joints[t].copy()
            if dof >= 6:
                angles[dof - 6] += _STEP
            elif dof >= 0:
                unit[:] = 0.0
                unit[dof - 3] = 1.0
                turn(unit, _STEP, step)
                multiply(step, root_rotation[t], turned)
            forward(body, position[t], turned, angles, factor, place, rotation, anchor, axis)
            derived(place, rotation, at, slope[c])
            for k in range(N_DERIVED):
                change = slope[c, k] - value[t, k]
                slope[c, k] = (change - 2 * np.pi * np.round(change / (2 * np.pi))) / _STEP
        for c in range(n_unknowns):
            for d in range(n_unknowns):
                part[c, d] = covariance[t, unknowns[c], unknowns[d]]
        spread = np.dot(part, slope)
        for k in range(N_DERIVED):
            total = 0.0
            for c in range(n_unknowns):
                total += spread[c, k] * slope[c, k]
            variance[t, k] = total
    return value, variance


def segments(body: BodyModel, pose: Pose, lengths: Floats) -> tuple[Floats, Floats]:
    """Places (n_frames, n_bodies, 3) [m] and rotations (n_frames, n_bodies, 3, 3) of all segments."""
    factor = np.broadcast_to(body.length_factor(lengths), (len(pose), body.n_lengths)).copy()
    rotation = np.ascontiguousarray(pose.rotation)
    place, turned = _forward_many(body.arrays, pose.position_m, rotation, pose.joints, factor)
    return place, turned


class Readout:
    """Reads all coordinates of a body."""

    def __init__(self, body: BodyModel) -> None:
        self.body = body
        self.direct = {name: body.joints.index(name) for name in ALL if name in body.joints}
        matters = [
            N_ROOT_DOF + k
            for k, joint in enumerate(body.joints)
            if not joint.startswith(("neck", "elbow", "forearm", "ankle", "shoulder_flexion"))
            and not joint.startswith(("shoulder_adduction", "shoulder_internal"))
        ]
        self.active = np.array([3, 4, 5, *matters])
        self.active_lengths = np.array([body.lengths.index(name) for name in _SHAPING_LENGTHS])
        self._unknowns = np.concatenate([self.active, body.n_dof + self.active_lengths])
        self._longer = _STEP * np.eye(body.n_lengths)[self.active_lengths]
        self._spots = spots(body)
        self._direct = np.array([ALL.index(name) for name in self.direct])
        self._joints = np.array(list(self.direct.values()))
        others = [(k, DERIVED.index(name)) for k, name in enumerate(ALL) if name not in body.joints]
        self._others, self._columns = np.array(others).T

    def read(self, pose: Pose, lengths: Floats) -> Floats:
        """Values (n_frames, len(ALL)) [rad]."""
        derived = derived_coordinates(self.body, *segments(self.body, pose, lengths))
        return self._assembled(pose.joints, np.stack([derived[name] for name in DERIVED], axis=1))

    def _assembled(self, direct: Floats, derived: Floats) -> Floats:
        """(n_frames, len(ALL)) from what joints are (n_frames, n_joints) and what is derived of them."""
        out = np.empty((len(direct), len(ALL)))
        out[:, self._direct] = direct[:, self._joints]
        out[:, self._others] = derived[:, self._columns]
        return out

    def read_with_sd(self, pose: Pose, lengths: Floats, covariance: Floats) -> tuple[Floats, Floats]:
        """Values and posterior standard deviations, (n_frames, len(ALL)) [rad] each.

        Args:
            pose: (n_frames).
            lengths: (n_lengths,) log-lengths.
            covariance: (n_frames, n_dof + n_lengths, n_dof + n_lengths) of values and log-lengths.
        """
        factors = np.exp(np.vstack([lengths, lengths + self._longer]))
        factors[:, 1:] *= factors[:, :1]
        value, variance = _read_varied(
            self.body.arrays,
            (pose.position_m, np.ascontiguousarray(pose.rotation), pose.joints),
            factors,
            self.active,
            self._unknowns,
            self._spots,
            covariance,
        )
        own = np.diagonal(covariance, axis1=1, axis2=2)[:, N_ROOT_DOF:]
        spread = self._assembled(own, variance)
        return self._assembled(pose.joints, value), np.sqrt(np.maximum(spread, 0.0))
