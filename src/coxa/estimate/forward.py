"""Forward kinematics and Jacobians of one pose, compiled.

MuJoCo parses and scales the model (and is what these kernels are tested against); here its kinematics are
written out with the derivatives that MuJoCo does not give: with respect to the lengths of the segments.
Five times faster than calling ``mj_jacSite`` point by point.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@njit(cache=True, nogil=True)
def turn(axis: Floats, angle: float, out: Floats) -> None:
    """Rotation matrix (3, 3) about a unit axis, into ``out`` (Rodrigues)."""
    x, y, z = axis[0], axis[1], axis[2]
    c, s = np.cos(angle), np.sin(angle)
    k = 1.0 - c
    out[0, 0] = c + x * x * k
    out[0, 1] = x * y * k - z * s
    out[0, 2] = x * z * k + y * s
    out[1, 0] = y * x * k + z * s
    out[1, 1] = c + y * y * k
    out[1, 2] = y * z * k - x * s
    out[2, 0] = z * x * k - y * s
    out[2, 1] = z * y * k + x * s
    out[2, 2] = c + z * z * k


@njit(cache=True, nogil=True)
def multiply(a: Floats, b: Floats, out: Floats) -> None:
    """3 x 3 product a @ b into ``out``."""
    for i in range(3):
        for j in range(3):
            out[i, j] = a[i, 0] * b[0, j] + a[i, 1] * b[1, j] + a[i, 2] * b[2, j]


@njit(cache=True, nogil=True)
def turned_by(vector, rotation, out):  # type: ignore[no-untyped-def]
    """exp(vector) @ rotation into ``out``: (3,), (3, 3) -> (3, 3)."""
    angle = np.sqrt(vector[0] ** 2 + vector[1] ** 2 + vector[2] ** 2)
    if angle < 1e-12:
        out[:] = rotation
    else:
        step = np.empty((3, 3))
        turn(vector / angle, angle, step)
        multiply(step, rotation, out)


@njit(cache=True, nogil=True)
def forward(body, root_position, root_rotation, joints, factor, place, rotation, anchor, axis):  # type: ignore[no-untyped-def]
    """Places of all segments and axes of all joints in the room.

    Args:
        body: ``BodyModel.arrays``.
        root_position: (3,) [m].
        root_rotation: (3, 3).
        joints: (n_joints,) [rad] or [m].
        factor: (n_lengths,) of ``BodyModel.length_factor``.
        place: (n_bodies, 3) [m], written.
        rotation: (n_bodies, 3, 3), written.
        anchor: (n_joints, 3) [m], written: a point on the joint's axis.
        axis: (n_joints, 3), written: the joint's axis in the room.
    """
    parent, position, joint_range, joint_axis, is_slide, length_of_body, _ = body
    step = np.empty((3, 3))
    before = np.empty((3, 3))
    for b in range(len(parent)):
        if parent[b] < 0:
            place[b] = root_position
            rotation[b] = root_rotation
        else:
            up = parent[b]
            for i in range(3):
                place[b, i] = place[up, i]
                for k in range(3):
                    place[b, i] += rotation[up, i, k] * position[b, k] * factor[length_of_body[b, k]]
            rotation[b] = rotation[up]
        for j in range(joint_range[b, 0], joint_range[b, 1]):
            for i in range(3):
                axis[j, i] = (
                    rotation[b, i, 0] * joint_axis[j, 0]
                    + rotation[b, i, 1] * joint_axis[j, 1]
                    + rotation[b, i, 2] * joint_axis[j, 2]
                )
                anchor[j, i] = place[b, i]
            if is_slide[j]:
                for i in range(3):
                    place[b, i] += axis[j, i] * joints[j]
            else:
                before[:] = rotation[b]
                turn(joint_axis[j], joints[j], step)
                multiply(before, step, rotation[b])


@njit(cache=True, nogil=True)
def point_jacobian(body, owner, point, place, anchor, axis, jacobian):  # type: ignore[no-untyped-def]
    """Derivative of a point fixed in segment ``owner`` by the degrees of freedom.

    Args:
        body: ``BodyModel.arrays``.
        owner: index of the segment.
        point: (3,) in the room [m].
        place: (n_bodies, 3) of :func:`forward`.
        anchor: (n_joints, 3) of :func:`forward`.
        axis: (n_joints, 3) of :func:`forward`.
        jacobian: (3, >= n_dof), written; the root's rotation is a turn about the room's axes.
    """
    is_slide, moves = body[4], body[6]
    x, y, z = point[0] - place[0, 0], point[1] - place[0, 1], point[2] - place[0, 2]
    for i in range(3):
        for k in range(6):
            jacobian[i, k] = 0.0
        jacobian[i, i] = 1.0
    jacobian[1, 3], jacobian[2, 3] = -z, y
    jacobian[0, 4], jacobian[2, 4] = z, -x
    jacobian[0, 5], jacobian[1, 5] = -y, x
    for j in range(len(is_slide)):
        column = 6 + j
        if not moves[owner, j]:
            jacobian[0, column] = jacobian[1, column] = jacobian[2, column] = 0.0
        elif is_slide[j]:
            for i in range(3):
                jacobian[i, column] = axis[j, i]
        else:
            x, y, z = point[0] - anchor[j, 0], point[1] - anchor[j, 1], point[2] - anchor[j, 2]
            jacobian[0, column] = axis[j, 1] * z - axis[j, 2] * y
            jacobian[1, column] = axis[j, 2] * x - axis[j, 0] * z
            jacobian[2, column] = axis[j, 0] * y - axis[j, 1] * x


@njit(cache=True, nogil=True)
def length_jacobian(body, owner, local, length_of_local, factor, rotation, jacobian):  # type: ignore[no-untyped-def]
    """Derivative of a point of segment ``owner`` by the log-lengths.

    Args:
        body: ``BodyModel.arrays``.
        owner: index of the segment.
        local: (3,) the point's place in the segment at the model's stature [m].
        length_of_local: (3,) which length scales each component.
        factor: (n_lengths,) of ``BodyModel.length_factor``.
        rotation: (n_bodies, 3, 3) of :func:`forward`.
        jacobian: (3, n_lengths), written; column 0 is the stature, which scales everything.
    """
    parent, position, length_of_body = body[0], body[1], body[5]
    jacobian[:, :] = 0.0
    for k in range(3):
        length = length_of_local[k]
        scaled = local[k] * factor[length]
        for i in range(3):
            step = rotation[owner, i, k] * scaled
            jacobian[i, 0] += step
            if length > 0:
                jacobian[i, length] += step
    b = owner
    while parent[b] >= 0:
        up = parent[b]
        for k in range(3):
            length = length_of_body[b, k]
            scaled = position[b, k] * factor[length]
            for i in range(3):
                step = rotation[up, i, k] * scaled
                jacobian[i, 0] += step
                if length > 0:
                    jacobian[i, length] += step
        b = up


@njit(cache=True, nogil=True, error_model="numpy")
def by_length(body, factor, rotation, out):  # type: ignore[no-untyped-def]
    """Derivatives of the segments' places by the log-lengths.

    Args:
        body: ``BodyModel.arrays``.
        factor: (n_lengths,) of ``BodyModel.length_factor``.
        rotation: (n_bodies, 3, 3) of :func:`forward`.
        out: (n_bodies, n_lengths, 3), written; the first is by the stature, which scales everything.
    """
    parent, position, length_of_body = body[0], body[1], body[5]
    for b in range(len(parent)):
        up = parent[b]
        if up < 0:
            out[b] = 0.0
            continue
        for k in range(len(factor)):
            for r in range(3):
                out[b, k, r] = out[up, k, r]
        for k in range(3):
            length = length_of_body[b, k]
            scaled = position[b, k] * factor[length]
            for r in range(3):
                out[b, 0, r] += rotation[up, r, k] * scaled
                if length > 0:
                    out[b, length, r] += rotation[up, r, k] * scaled
