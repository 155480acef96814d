"""From states of the body to the angles people read, with their standard deviations.

Joint readings are degrees of freedom themselves. The others (pelvis and trunk in the room, trunk on pelvis,
thigh against trunk, shank as a lever) are functions of the pose; their variance is carried over by the
derivative over the degrees of freedom that matter.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.body import N_ROOT_DOF, BodyModel, Pose
from coxa.estimate.derived import DERIVED, N_DERIVED, derived, derived_coordinates, spots
from coxa.estimate.derived_slopes import derived_slopes
from coxa.estimate.forward import by_length, forward
from coxa.model.coordinates import ALL

Floats = NDArray[np.float64]

#: Lengths that change a direction between joint centres (the stature scales all alike).
_SHAPING_LENGTHS = ("pelvis_width", "trunk", "shoulder_width", "femur", "tibia")


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


@njit(cache=True, nogil=True, error_model="numpy")
def _turning(at, moves, dof, axis, anchor, place, rotation, place_goes, rotation_goes):  # type: ignore[no-untyped-def]
    """How segments ``at`` go as a degree of freedom turns them.

    Args:
        at: of :func:`~coxa.estimate.derived.spots`.
        moves: ``BodyModel.moves``.
        dof: below 6: of the root, which moves all.
        axis: (3,) unit.
        anchor: (3,) a point on it [m].
        place: (n_bodies, 3).
        rotation: (n_bodies, 3, 3).
        place_goes: (n_bodies, 3), written for what is moved.
        rotation_goes: (n_bodies, 3, 3), likewise.
    """
    x, y, z = axis[0], axis[1], axis[2]
    for b in at:
        if dof >= 6 and not moves[b, dof - 6]:
            continue
        p, q, r = place[b, 0] - anchor[0], place[b, 1] - anchor[1], place[b, 2] - anchor[2]
        place_goes[b, 0] = y * r - z * q
        place_goes[b, 1] = z * p - x * r
        place_goes[b, 2] = x * q - y * p
        for k in range(3):
            p, q, r = rotation[b, 0, k], rotation[b, 1, k], rotation[b, 2, k]
            rotation_goes[b, 0, k] = y * r - z * q
            rotation_goes[b, 1, k] = z * p - x * r
            rotation_goes[b, 2, k] = x * q - y * p


@njit(cache=True, nogil=True, error_model="numpy")
def _varied(body, at, dof, length, seat, place_goes, rotation_goes):  # type: ignore[no-untyped-def]
    """How segments ``at`` go as one unknown grows.

    Args:
        body: ``BodyModel.arrays``.
        at: of :func:`~coxa.estimate.derived.spots`.
        dof: which degree of freedom, a turn of the root or a joint; below 0: none.
        length: which log-length otherwise.
        seat: place, rotation, anchor, axis of :func:`~coxa.estimate.forward.forward`, and what
            :func:`~coxa.estimate.forward.by_length` writes.
        place_goes: (n_bodies, 3), written for these segments.
        rotation_goes: (n_bodies, 3, 3), likewise.
    """
    place, rotation, anchor, axis, stretched = seat
    moves, j = body[6], dof - 6
    for b in at:
        slides = j >= 0 and body[4][j] and moves[b, j]
        for k in range(3):
            place_goes[b, k] = stretched[b, length, k] if dof < 0 else axis[j, k] if slides else 0.0
            for r in range(3):
                rotation_goes[b, r, k] = 0.0
    if 0 <= dof < 6:
        unit = np.zeros(3)
        unit[dof - 3] = 1.0
        _turning(at, moves, dof, unit, place[0], place, rotation, place_goes, rotation_goes)
    elif dof >= 6 and not body[4][j]:
        _turning(at, moves, dof, axis[j], anchor[j], place, rotation, place_goes, rotation_goes)


@njit(cache=True, nogil=True, error_model="numpy")
def _read_varied(body, pose, factor, active, lengths, at, covariance):  # type: ignore[no-untyped-def]
    """Derived coordinates of poses, and their variances.

    Args:
        body: ``BodyModel.arrays``.
        pose: (position (n, 3), rotation (n, 3, 3), joints (n, n_joints)).
        factor: (n_lengths,) of ``BodyModel.length_factor``.
        active: degrees of freedom that vary, turns of the root or joints.
        lengths: log-lengths that vary.
        at: :func:`~coxa.estimate.derived.spots`.
        covariance: (n, n_dof + n_lengths, n_dof + n_lengths).

    Returns:
        values and variances, (n, n_derived) each.
    """
    position, root_rotation, joints = pose
    n, n_bodies, n_joints = len(position), len(body[0]), joints.shape[1]
    unknowns = np.concatenate((active, 6 + n_joints + lengths))
    n_unknowns = len(unknowns)
    value, variance = np.empty((n, N_DERIVED)), np.empty((n, N_DERIVED))
    slope, part = np.empty((n_unknowns, N_DERIVED)), np.empty((n_unknowns, n_unknowns))
    place, rotation = np.empty((n_bodies, 3)), np.empty((n_bodies, 3, 3))
    place_goes, rotation_goes = np.empty((n_bodies, 3)), np.empty((n_bodies, 3, 3))
    anchor, axis = np.empty((n_joints, 3)), np.empty((n_joints, 3))
    seat = place, rotation, anchor, axis, np.empty((n_bodies, len(factor), 3))
    for t in range(n):
        forward(body, position[t], root_rotation[t], joints[t], factor, place, rotation, anchor, axis)
        by_length(body, factor, rotation, seat[4])
        derived(place, rotation, at, value[t])
        for c in range(n_unknowns):
            dof = active[c] if c < len(active) else -1
            length = 0 if dof >= 0 else lengths[c - len(active)]
            _varied(body, at, dof, length, seat, place_goes, rotation_goes)
            derived_slopes(place, rotation, place_goes, rotation_goes, at, slope[c])
            for d in range(n_unknowns):
                part[c, d] = covariance[t, unknowns[c], unknowns[d]]
        spread = np.dot(part, slope)
        for k in range(N_DERIVED):
            variance[t, k] = np.sum(spread[:, k] * slope[:, k])
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
        value, variance = _read_varied(
            self.body.arrays,
            (pose.position_m, np.ascontiguousarray(pose.rotation), pose.joints),
            self.body.length_factor(lengths),
            self.active,
            self.active_lengths,
            self._spots,
            covariance,
        )
        own = np.diagonal(covariance, axis1=1, axis2=2)[:, N_ROOT_DOF:]
        spread = self._assembled(own, variance)
        return self._assembled(pose.joints, value), np.sqrt(np.maximum(spread, 0.0))
