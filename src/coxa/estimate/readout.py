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
from coxa.estimate.forward import forward, multiply, turn
from coxa.kinematics.angles import (
    apparent_hip_internal_rotation,
    level_right,
    pelvis_angles,
    thigh_trunk_angle,
    trunk_angles,
    trunk_lean,
)
from coxa.model.coordinates import ALL, SIDES

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
def _forward_varied(body, pose, factors, active):  # type: ignore[no-untyped-def]
    """Segments of the poses, then of the poses with each unknown a step further.

    Args:
        body: ``BodyModel.arrays``.
        pose: (position (n, 3), rotation (n, 3, 3), joints (n, n_joints)).
        factors: (1 + n_lengths, ...) of ``BodyModel.length_factor``: as it is, then with each length longer.
        active: degrees of freedom that vary.

    Returns:
        places and rotations of (1 + n_unknowns) n frames.
    """
    position, root_rotation, joints = pose
    n, n_bodies, n_joints = len(position), len(body[0]), joints.shape[1]
    copies = len(active) + len(factors)
    place, rotation = np.empty((copies * n, n_bodies, 3)), np.empty((copies * n, n_bodies, 3, 3))
    anchor, axis = np.empty((n_joints, 3)), np.empty((n_joints, 3))
    turned, step = np.empty((3, 3)), np.empty((3, 3))
    for c in range(copies):
        dof = active[c - 1] if 0 < c <= len(active) else -1
        factor = factors[max(c - len(active), 0)]
        if 0 <= dof < 6:
            unit = np.zeros(3)
            unit[dof - 3] = 1.0
            turn(unit, _STEP, step)
        for t in range(n):
            turned[:] = root_rotation[t]
            angles = joints[t].copy()
            if dof >= 6:
                angles[dof - 6] += _STEP
            elif dof >= 0:
                multiply(step, root_rotation[t], turned)
            k = c * n + t
            forward(body, position[t], turned, angles, factor, place[k], rotation[k], anchor, axis)
    return place, rotation


def segments(body: BodyModel, pose: Pose, lengths: Floats) -> tuple[Floats, Floats]:
    """Places (n_frames, n_bodies, 3) [m] and rotations (n_frames, n_bodies, 3, 3) of all segments."""
    factor = np.broadcast_to(body.length_factor(lengths), (len(pose), body.n_lengths)).copy()
    rotation = np.ascontiguousarray(pose.rotation)
    place, turned = _forward_many(body.arrays, pose.position_m, rotation, pose.joints, factor)
    return place, turned


def derived_coordinates(body: BodyModel, place: Floats, rotation: Floats) -> dict[str, Floats]:
    """Every coordinate that is not a degree of freedom, (n,) rad each."""
    at = {name: k for k, name in enumerate(body.bodies)}
    pelvis, thorax = rotation[:, at["pelvis"]], rotation[:, at["thorax"]]
    hips = [place[:, at[f"femur_{side}"]] for side in SIDES]
    shoulders = [place[:, at[f"humerus_{side}"]] for side in SIDES]
    trunk_line = 0.5 * (shoulders[0] + shoulders[1] - hips[0] - hips[1])
    right = level_right(pelvis)
    in_room, on_pelvis = pelvis_angles(pelvis), trunk_angles(pelvis, thorax)
    forward_lean, right_lean = trunk_lean(trunk_line, right)
    values = {
        "trunk_flexion": on_pelvis.flexion,
        "trunk_right_bending": on_pelvis.right_bending,
        "trunk_left_rotation": on_pelvis.left_rotation,
        "pelvis_left_rotation": in_room.left_rotation,
        "pelvis_right_up_obliquity": in_room.right_up_obliquity,
        "pelvis_anterior_tilt": in_room.anterior_tilt,
        "thorax_left_rotation": pelvis_angles(thorax).left_rotation,
        "trunk_forward_lean": forward_lean,
        "trunk_right_lean": right_lean,
    }
    for side, hip in zip(SIDES, hips, strict=True):
        knee, ankle = place[:, at[f"tibia_{side}"]], place[:, at[f"foot_{side}"]]
        values[f"thigh_trunk_angle_{side}"] = thigh_trunk_angle(trunk_line, hip - knee, hips[1] - hips[0])
        values[f"apparent_hip_internal_rotation_{side}"] = apparent_hip_internal_rotation(
            hip - knee, knee - ankle, right, side
        )
    return values


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

    def read(self, pose: Pose, lengths: Floats) -> Floats:
        """Values (n_frames, len(ALL)) [rad]."""
        derived = derived_coordinates(self.body, *segments(self.body, pose, lengths))
        return self._assemble(pose, derived)

    def _assemble(self, pose: Pose, derived: dict[str, Floats]) -> Floats:
        columns = [
            pose.joints[:, self.direct[name]] if name in self.direct else derived[name] for name in ALL
        ]
        return np.stack(columns, axis=1)

    def read_with_sd(self, pose: Pose, lengths: Floats, covariance: Floats) -> tuple[Floats, Floats]:
        """Values and posterior standard deviations, (n_frames, len(ALL)) [rad] each.

        Args:
            pose: (n_frames).
            lengths: (n_lengths,) log-lengths.
            covariance: (n_frames, n_dof + n_lengths, n_dof + n_lengths) of values and log-lengths.
        """
        n, n_dof = len(pose), self.body.n_dof
        longer = lengths + _STEP * np.eye(len(lengths))[self.active_lengths]
        place, rotation = _forward_varied(
            self.body.arrays,
            (pose.position_m, np.ascontiguousarray(pose.rotation), pose.joints),
            np.array([self.body.length_factor(some) for some in (lengths, *longer)]),
            self.active,
        )
        derived = derived_coordinates(self.body, place, rotation)
        names = list(derived)
        table = np.stack([derived[name] for name in names], axis=1).reshape(-1, n, len(names))
        change = table[1:] - table[0]
        slope = (change - 2 * np.pi * np.round(change / (2 * np.pi))) / _STEP
        unknowns = np.concatenate([self.active, n_dof + self.active_lengths])
        of_unknowns = covariance[:, unknowns[:, None], unknowns]
        spread = np.einsum("itc,tij->tjc", slope, of_unknowns)
        variance = np.einsum("tjc,jtc->tc", spread, slope)
        sd = np.empty((n, len(ALL)))
        for k, name in enumerate(ALL):
            if name in self.direct:
                dof = N_ROOT_DOF + self.direct[name]
                sd[:, k] = covariance[:, dof, dof]
            else:
                sd[:, k] = variance[:, names.index(name)]
        values = self._assemble(pose, {name: table[0, :, k] for k, name in enumerate(names)})
        return values, np.sqrt(np.maximum(sd, 0.0))
