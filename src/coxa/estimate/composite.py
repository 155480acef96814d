"""Normal equations of points on a known body, by composite segments.

Where lengths and places of markers are known, the information J^T W J of the points is the mass matrix of a
body whose masses are the weights, and J^T W r the generalised force of the residuals. So the composite-
rigid-body algorithm (Featherstone 2008, ch. 6) forms both without a single Jacobian: each segment's points
are summed up once, the sums passed towards the pelvis, and each pair of joints on one branch meets in one
inner product.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.forward import forward

Floats = NDArray[np.float64]

_WEIGHT, _FIRST, _SECOND, _FORCE, _TORQUE, _SIZE = 0, 1, 4, 10, 13, 16


@njit(cache=True, nogil=True, fastmath=True)
def _cross(a, b, out):  # type: ignore[no-untyped-def]
    out[0] = a[1] * b[2] - a[2] * b[1]
    out[1] = a[2] * b[0] - a[0] * b[2]
    out[2] = a[0] * b[1] - a[1] * b[0]


@njit(cache=True, nogil=True, fastmath=True)
def _sum_points(parent, points, place, rotation, seen, total):  # type: ignore[no-untyped-def]
    """Moments and wrench of all points below each segment, about the pelvis: ``total`` (n_bodies, 16)."""
    owner, local, inverse_variance, dof = points
    total[:] = 0.0
    cost = 0.0
    for i in range(len(owner)):
        if np.isnan(seen[i, 0]):
            continue
        b = owner[i]
        row = total[b]
        p = np.empty(3)
        residual = np.empty(3)
        squared = 0.0
        for k in range(3):
            x = place[b, k]
            x += (
                rotation[b, k, 0] * local[i, 0]
                + rotation[b, k, 1] * local[i, 1]
                + rotation[b, k, 2] * local[i, 2]
            )
            residual[k] = seen[i, k] - x
            p[k] = x - place[0, k]
            squared += residual[k] * residual[k]
        squared *= inverse_variance[i]
        cost += 0.5 * (dof + 3) * np.log1p(squared / dof)
        w = inverse_variance[i] * (dof + 3) / (dof + squared)
        row[_WEIGHT] += w
        for k in range(3):
            row[_FIRST + k] += w * p[k]
            row[_SECOND + k] += w * p[k] * p[k]
            row[_FORCE + k] += w * residual[k]
        row[_SECOND + 3] += w * p[0] * p[1]
        row[_SECOND + 4] += w * p[0] * p[2]
        row[_SECOND + 5] += w * p[1] * p[2]
        row[_TORQUE] += w * (p[1] * residual[2] - p[2] * residual[1])
        row[_TORQUE + 1] += w * (p[2] * residual[0] - p[0] * residual[2])
        row[_TORQUE + 2] += w * (p[0] * residual[1] - p[1] * residual[0])
    for b in range(len(parent) - 1, 0, -1):
        for k in range(_SIZE):
            total[parent[b], k] += total[b, k]
    return cost


@njit(cache=True, nogil=True, fastmath=True)
def _momentum(row, linear, angular, out):  # type: ignore[no-untyped-def]
    """Six-vector of the points' (weighted) momentum for a twist (linear, angular) about the pelvis."""
    first = row[_FIRST : _FIRST + 3]
    trace = row[_SECOND] + row[_SECOND + 1] + row[_SECOND + 2]
    xy, xz, yz = row[_SECOND + 3], row[_SECOND + 4], row[_SECOND + 5]
    part = np.empty(3)
    _cross(angular, first, part)
    for k in range(3):
        out[k] = row[_WEIGHT] * linear[k] + part[k]
    _cross(first, linear, part)
    out[3] = part[0] + (trace - row[_SECOND]) * angular[0] - xy * angular[1] - xz * angular[2]
    out[4] = part[1] - xy * angular[0] + (trace - row[_SECOND + 1]) * angular[1] - yz * angular[2]
    out[5] = part[2] - xz * angular[0] - yz * angular[1] + (trace - row[_SECOND + 2]) * angular[2]


@njit(cache=True, nogil=True, fastmath=True)
def _assemble_root(total, twist, info, right):  # type: ignore[no-untyped-def]
    """Rows of the root's six degrees of freedom."""
    momentum = np.empty(6)
    for k in range(3):
        twist[k, :] = 0.0
        twist[k, k] = 1.0
        twist[3 + k, :] = 0.0
        twist[3 + k, 3 + k] = 1.0
        right[k], right[3 + k] = total[0, _FORCE + k], total[0, _TORQUE + k]
        _momentum(total[0], twist[k, :3], twist[k, 3:], momentum)
        for i in range(6):
            info[i, k] = momentum[i]
        _momentum(total[0], twist[3 + k, :3], twist[3 + k, 3:], momentum)
        for i in range(6):
            info[i, 3 + k] = momentum[i]


@njit(cache=True, nogil=True, fastmath=True)
def _joint_twist(is_slide, axis, anchor, origin, out):  # type: ignore[no-untyped-def]
    """The twist (linear, angular) about ``origin`` that a joint gives per unit of its coordinate."""
    if is_slide:
        out[:3] = axis
        out[3:] = 0.0
    else:
        _cross(anchor - origin, axis, out)
        out[3:] = axis


@njit(cache=True, nogil=True, fastmath=True)
def _assemble(body, place, anchor, axis, total, twist, info, right):  # type: ignore[no-untyped-def]
    """Information and right-hand side from the sums below each segment (``total``)."""
    parent, joint_range, is_slide = body[0], body[2], body[4]
    info[:, :] = 0.0
    _assemble_root(total, twist, info, right)
    momentum = np.empty(6)
    for b in range(len(parent)):
        for j in range(joint_range[b, 0], joint_range[b, 1]):
            column = 6 + j
            _joint_twist(is_slide[j], axis[j], anchor[j], place[0], twist[column])
            _momentum(total[b], twist[column, :3], twist[column, 3:], momentum)
            g = 0.0
            for k in range(3):
                g += twist[column, k] * total[b, _FORCE + k] + twist[column, 3 + k] * total[b, _TORQUE + k]
            right[column] = g
            for i in range(6):
                info[i, column] = info[column, i] = momentum[i]
            _meet_branch(parent, joint_range, b, j, twist, momentum, info)


@njit(cache=True, nogil=True, fastmath=True)
def _meet_branch(parent, joint_range, b, j, twist, momentum, info):  # type: ignore[no-untyped-def]
    """Joint ``j`` of segment ``b`` with itself and every joint between it and the root."""
    column, last = 6 + j, j + 1
    while b >= 0:
        for i in range(joint_range[b, 0], last):
            row = 6 + i
            h = 0.0
            for k in range(6):
                h += twist[row, k] * momentum[k]
            info[row, column] = info[column, row] = h
        b = parent[b]
        if b >= 0:
            last = joint_range[b, 1]


@njit(cache=True, nogil=True, fastmath=True)
def _one(body, pose, factor, points, seen, work, info, right):  # type: ignore[no-untyped-def]
    """Normal equations of one frame into ``info`` and ``right``; returns the cost."""
    position, root_rotation, joints = pose
    place, rotation, anchor, axis, total, twist = work
    forward(body, position, root_rotation, joints, factor, place, rotation, anchor, axis)
    cost = _sum_points(body[0], points, place, rotation, seen, total)
    _assemble(body, place, anchor, axis, total, twist, info, right)
    return cost


@njit(cache=True, nogil=True)
def _workspace(n_bodies, n_joints):  # type: ignore[no-untyped-def]
    return (
        np.empty((n_bodies, 3)),
        np.empty((n_bodies, 3, 3)),
        np.empty((n_joints, 3)),
        np.empty((n_joints, 3)),
        np.empty((n_bodies, _SIZE)),
        np.empty((6 + n_joints, 6)),
    )


@njit(cache=True, nogil=True)
def add_known_points(body, pose, factor, points, seen, equations):  # type: ignore[no-untyped-def]
    """Points whose places in their segments are known.

    Args:
        body: ``BodyModel.arrays``.
        pose: (position (n, 3), rotation (n, 3, 3), joints (n, n_joints)).
        factor: (n_lengths,) of ``BodyModel.length_factor``.
        points: (owner (k,), place in the segment (k, 3) [m], 1 / variance (k,), Student t degrees of
            freedom).
        seen: (n, k, 3) [m], NaN = missing.
        equations: ``NormalEquations.arrays``, added to.
    """
    n_frames, n = equations[2].shape
    work = _workspace(len(body[0]), n - 6)
    info, right = np.empty((n, n)), np.empty(n)
    for t in range(n_frames):
        frame = (pose[0][t], pose[1][t], pose[2][t])
        equations[5][t] += _one(body, frame, factor, points, seen[t], work, info, right)
        equations[0][t] += info
        equations[2][t] += right


@njit(cache=True, nogil=True)
def poses_frame_by_frame(body, start, factor, points, seen, prior, iterations):  # type: ignore[no-untyped-def]
    """Every frame alone by Gauss-Newton, started from the one before: inverse kinematics without covariance.

    Args:
        body: ``BodyModel.arrays``.
        start: (position (3,), rotation (3, 3), joints (n_joints,)) near the first frame.
        factor: (n_lengths,).
        points: as for :func:`add_known_points`.
        seen: (n, k, 3) [m].
        prior: (mean (n_joints,), 1 / variance (n_joints,)) of the joints, weak.
        iterations: Gauss-Newton steps per frame.

    Returns:
        position (n, 3), rotation (n, 3, 3), joints (n, n_joints).
    """
    n_frames = len(seen)
    n_joints = len(start[2])
    n = 6 + n_joints
    work = _workspace(len(body[0]), n_joints)
    info, right, turned = np.empty((n, n)), np.empty(n), np.empty((3, 3))
    positions, rotations = np.empty((n_frames, 3)), np.empty((n_frames, 3, 3))
    joints = np.empty((n_frames, n_joints))
    position, rotation, angle = start[0].copy(), start[1].copy(), start[2].copy()
    for t in range(n_frames):
        for _ in range(iterations):
            _one(body, (position, rotation, angle), factor, points, seen[t], work, info, right)
            for j in range(n_joints):
                info[6 + j, 6 + j] += prior[1][j]
                right[6 + j] += prior[1][j] * (prior[0][j] - angle[j])
            for k in range(6):
                info[k, k] += 1e-6
            _solve_in_place(info, right)
            position += right[:3]
            _turn_by(right[3:6], rotation, turned)
            angle += right[6:]
        positions[t], rotations[t], joints[t] = position, rotation, angle
    return positions, rotations, joints


@njit(cache=True, nogil=True, fastmath=True)
def _solve_in_place(a, b):  # type: ignore[no-untyped-def]
    """Solve a x = b for a symmetric positive definite ``a`` by L D L^T; both are overwritten, b by x."""
    n = len(b)
    for j in range(n - 1, -1, -1):
        # From the last joint to the root: rows of other branches stay zero and cost nothing (Featherstone
        # ch. 6.5).
        d = a[j, j]
        for i in range(j):
            if a[j, i] == 0.0:
                continue
            f = a[j, i] / d
            for k in range(i + 1):
                a[i, k] -= f * a[j, k]
            b[i] -= f * b[j]
    for j in range(n):
        x = b[j]
        for i in range(j):
            x -= a[j, i] * b[i]
        b[j] = x / a[j, j]


@njit(cache=True, nogil=True)
def _turn_by(vector, rotation, turned):  # type: ignore[no-untyped-def]
    """Turn ``rotation`` by exp(vector), in place."""
    angle = np.sqrt(vector[0] ** 2 + vector[1] ** 2 + vector[2] ** 2)
    if angle < 1e-12:
        return
    x, y, z = vector / angle
    c, s = np.cos(angle), np.sin(angle)
    q = 1 - c
    turned[0, 0], turned[0, 1], turned[0, 2] = c + x * x * q, x * y * q - z * s, x * z * q + y * s
    turned[1, 0], turned[1, 1], turned[1, 2] = y * x * q + z * s, c + y * y * q, y * z * q - x * s
    turned[2, 0], turned[2, 1], turned[2, 2] = z * x * q - y * s, z * y * q + x * s, c + z * z * q
    rotation[:] = np.dot(turned, rotation)
