"""Keypoints of one camera as rows of a linear system, compiled: for the filter, a frame at a time.

The same residuals, weights and derivatives as ``observations.add_image_points``, kept as rows: few rows tell
a frame, and what they tell is cheaper to add to covariances than a whole matrix of information is.
Derivatives are worked out only where they are not zero.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.body import N_ROOT_DOF, BodyModel
from coxa.estimate.forward import by_length, forward
from coxa.estimate.landmarks import Landmarks
from coxa.estimate.observations import SLIDE_LIMIT_SD_M
from coxa.estimate.sights import seen_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: A start behind the camera must not divide by zero [m].
_NEAREST_M = 0.1


def unknowns(body: BodyModel, landmarks: Landmarks) -> tuple[Ints, Ints]:
    """What each point depends on.

    Returns:
        (n_points, 2) how many degrees of freedom, and how many of those and of shared parameters together;
        (n_points, n) which: of the root, of joints, then the stature, other lengths and offsets, counted as
        shared parameters are.
    """
    lists = []
    for k, owner in enumerate(landmarks.owner.tolist()):
        values = [*range(N_ROOT_DOF), *(N_ROOT_DOF + np.flatnonzero(body.moves[owner])).tolist()]
        scaled = {0, *landmarks.length[k].tolist()}
        while owner >= 0:
            scaled.update(body.length_of_body[owner].tolist())
            owner = int(body.parent[owner])  # noqa: PLW2901 - climbs to the pelvis
        first = int(landmarks.offset[k])
        lists.append((values, [*sorted(scaled), *(range(first, first + 3) if first >= 0 else ())]))
    count = np.array([[len(values), len(values) + len(shared)] for values, shared in lists], np.int64)
    which = np.zeros((len(lists), int(count[:, 1].max())), np.int64)
    for row, (values, shared) in zip(which, lists, strict=True):
        row[: len(values) + len(shared)] = values + shared
    return count, which


@njit(cache=True, nogil=True, error_model="numpy")
def _points(landmarks, shared, factor, place, rotation, out):  # type: ignore[no-untyped-def]
    """Places of the landmarks in the room, (n_points, 3) [m], into ``out``."""
    owner, local, length, offset = landmarks
    for i in range(len(owner)):
        b, first = owner[i], offset[i]
        for r in range(3):
            out[i, r] = place[b, r]
        for k in range(3):
            inside = local[i, k] * factor[length[i, k]]
            if first >= 0:
                inside += shared[first + k]
            for r in range(3):
                out[i, r] += rotation[b, r, k] * inside


@njit(cache=True, nogil=True, error_model="numpy")
def _value_slopes(unknown, is_slide, size, point, origin, anchor, axis, out):  # type: ignore[no-untyped-def]
    """Derivatives of the landmarks by the degrees of freedom.

    Args:
        unknown: of :func:`unknowns`.
        is_slide: (n_joints,).
        size: the person's, which the root's place is counted in units of.
        point: (n_points, 3) [m].
        origin: (n_bodies, 3) places of the segments; the first is the root's.
        anchor: (n_joints, 3) of :func:`forward`.
        axis: (n_joints, 3) likewise.
        out: (n_points, n, 3), the first of them written.
    """
    count, which = unknown
    for i in range(len(point)):
        x, y, z = point[i, 0] - origin[0, 0], point[i, 1] - origin[0, 1], point[i, 2] - origin[0, 2]
        for q in range(6):
            for r in range(3):
                out[i, q, r] = 0.0
        out[i, 0, 0] = out[i, 1, 1] = out[i, 2, 2] = size
        out[i, 3, 1], out[i, 3, 2] = -z, y
        out[i, 4, 0], out[i, 4, 2] = z, -x
        out[i, 5, 0], out[i, 5, 1] = -y, x
        for q in range(6, count[i, 0]):
            j = which[i, q] - 6
            if is_slide[j]:
                for r in range(3):
                    out[i, q, r] = axis[j, r]
            else:
                x, y, z = point[i, 0] - anchor[j, 0], point[i, 1] - anchor[j, 1], point[i, 2] - anchor[j, 2]
                out[i, q, 0] = axis[j, 1] * z - axis[j, 2] * y
                out[i, q, 1] = axis[j, 2] * x - axis[j, 0] * z
                out[i, q, 2] = axis[j, 0] * y - axis[j, 1] * x


@njit(cache=True, nogil=True, error_model="numpy")
def _shared_slopes(unknown, landmarks, factor, origin, rotation, stretched, out):  # type: ignore[no-untyped-def]
    """Derivatives of the landmarks by the shared parameters.

    Args:
        unknown: of :func:`unknowns`.
        landmarks: ``Landmarks.arrays``.
        factor: (n_lengths,) of ``BodyModel.length_factor``.
        origin: (n_bodies, 3) places of the segments; the first is the root's, which grows with the person.
        rotation: (n_bodies, 3, 3).
        stretched: (n_bodies, n_lengths, 3) of :func:`by_length`.
        out: (n_points, n, 3), the last of them written.
    """
    count, which = unknown
    owner, local, length, offset = landmarks
    own = np.empty((len(factor), 3))
    for i in range(len(owner)):
        b = owner[i]
        own[:] = 0.0
        for k in range(3):
            scaled = local[i, k] * factor[length[i, k]]
            for r in range(3):
                own[0, r] += rotation[b, r, k] * scaled
                if length[i, k] > 0:
                    own[length[i, k], r] += rotation[b, r, k] * scaled
        for r in range(3):
            own[0, r] += origin[0, r]
        for q in range(count[i, 0], count[i, 1]):
            k = which[i, q]
            for r in range(3):
                if k < len(factor):
                    out[i, q, r] = stretched[b, k, r] + own[k, r]
                else:
                    out[i, q, r] = rotation[b, r, k - offset[i]]


@njit(cache=True, nogil=True, error_model="numpy")
def _from_camera(point, camera, hips, out):  # type: ignore[no-untyped-def]
    """Points (n_points, 3) [m] in the camera's axes, into ``out``; how far the middle of the hips is."""
    to_camera, eye, _, _ = camera
    for i in range(len(point)):
        for r in range(3):
            out[i, r] = 0.0
            for k in range(3):
                out[i, r] += to_camera[r, k] * (point[i, k] - eye[k])
    middle = 0.0
    for i in hips:
        middle += 0.5 * out[i, 2]
    return middle


@njit(cache=True, nogil=True, error_model="numpy")
def _residuals(point, camera, dof, hips, seen, noise, directions, residual):  # type: ignore[no-untyped-def]
    """What is seen against where the landmarks are, whitened.

    Args:
        point: (n_points, 3) [m].
        camera: as for :func:`keypoint_rows`.
        dof: degrees of freedom of the Student t.
        hips: indices of those that depth is counted from.
        seen: as for :func:`keypoint_rows`.
        noise: likewise.
        directions: (n_rows, 3) along which each row sees its landmark go, written.
        residual: (n_rows,), written.

    Returns:
        of each row (n_rows,) its landmark, negative where it tells depth: ~landmark; and the cost.
    """
    to_camera, _, focal, centre = camera
    uv, sd_factor, depth = seen
    x, m, cost = np.empty((len(point), 3)), 0, 0.0
    of = np.empty(len(residual), np.int64)
    middle = _from_camera(point, camera, hips, x)
    for i in range(len(point)):
        if np.isnan(uv[i, 0] + sd_factor[i]):
            continue
        z = max(x[i, 2], _NEAREST_M)
        sd = sd_factor[i] * np.sqrt(noise[0][i] ** 2 + (noise[1][i] * focal / z) ** 2)
        du = uv[i, 0] - centre[0] - focal * x[i, 0] / z
        dv = uv[i, 1] - centre[1] - focal * x[i, 1] / z
        squared = (du * du + dv * dv) / sd**2
        weight = np.sqrt((dof + 2) / (dof + squared)) / sd
        cost += 0.5 * (dof + 2) * np.log1p(squared / dof)
        residual[m], residual[m + 1] = weight * du, weight * dv
        for r in range(2):
            for k in range(3):
                slant = to_camera[r, k] - x[i, r] / z * to_camera[2, k]
                directions[m + r, k] = weight * focal / z * slant
            of[m + r] = i
        m += 2
        if len(hips) == 2 and not np.isnan(depth[i] + noise[2][i]):
            sd, off = sd_factor[i] * noise[2][i], depth[i] - (x[i, 2] - middle)
            squared = off * off / sd**2
            weight = np.sqrt((dof + 1) / (dof + squared)) / sd
            cost += 0.5 * (dof + 1) * np.log1p(squared / dof)
            residual[m], of[m] = weight * off, ~i
            directions[m] = weight * to_camera[2]
            m += 1
    return of[:m], cost


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _project(of, directions, unknown, slopes, hips, by_values, by_shared):  # type: ignore[no-untyped-def]
    """Derivatives of the rows: those of their landmarks along their directions.

    Args:
        of: (n_rows,) of :func:`_residuals`.
        directions: likewise.
        unknown: of :func:`unknowns`.
        slopes: (n_points, n, 3).
        hips: indices of those that depth is counted from.
        by_values: (n_rows, n_dof), written.
        by_shared: (n_rows, n_shared), likewise.
    """
    by_values[: len(of)] = 0.0
    by_shared[: len(of)] = 0.0
    for m in range(len(of)):
        i = of[m] if of[m] >= 0 else ~of[m]
        _project_one(m, i, directions, 1.0, unknown, slopes, by_values, by_shared)
        if of[m] < 0:
            for h in hips:
                _project_one(m, h, directions, -0.5, unknown, slopes, by_values, by_shared)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _project_one(m, i, directions, share, unknown, slopes, by_values, by_shared):  # type: ignore[no-untyped-def]
    """Add a share of landmark ``i`` to row ``m`` of :func:`_project`."""
    count, which = unknown
    u, v, w = share * directions[m, 0], share * directions[m, 1], share * directions[m, 2]
    for q in range(count[i, 0]):
        by_values[m, which[i, q]] += u * slopes[i, q, 0] + v * slopes[i, q, 1] + w * slopes[i, q, 2]
    for q in range(count[i, 0], count[i, 1]):
        by_shared[m, which[i, q]] += u * slopes[i, q, 0] + v * slopes[i, q, 1] + w * slopes[i, q, 2]


@njit(cache=True, nogil=True, error_model="numpy")
def keypoint_rows(body, path, source, seen, noise, rows):  # type: ignore[no-untyped-def]
    """Whitened rows of what is seen of a body.

    Args:
        body: ``BodyModel.arrays``.
        path: position (1, 3), rotation (1, 3, 3), joints (1, n_joints), rate, shared (n_shared,).
        source: ``Landmarks.arrays``, :func:`unknowns`, the camera (rotation (3, 3), position (3,), focal_px,
            centre_px (2,)), degrees of freedom of the Student t, indices of the hips (2,) that depth is
            counted from, number of lengths.
        seen: (position_px (k, 2), sd_factor (k,), depth_m (k,)), NaN = missing.
        noise: (noise_px (k,), noise_m (k,), depth_sd_m (k,)).
        rows: derivatives by the values (n_rows, n_dof) and the shared parameters (n_rows, n_shared), and
            residuals (n_rows,); written.

    Returns:
        how many rows were written, and the negative log-likelihood.
    """
    landmarks, unknown, camera, dof, hips, n_lengths = source
    by_values, by_shared, residual = rows
    shared, n_bodies, n_points, n_joints = path[4], len(body[0]), len(seen[0]), path[2].shape[1]
    factor = np.exp(shared[:n_lengths])
    factor[1:] *= factor[0]
    place, rotation = np.empty((n_bodies, 3)), np.empty((n_bodies, 3, 3))
    anchor, axis = np.empty((n_joints, 3)), np.empty((n_joints, 3))
    forward(body, path[0][0], path[1][0], path[2][0], factor, place, rotation, anchor, axis)
    stretched = np.empty((n_bodies, n_lengths, 3))
    by_length(body, factor, rotation, stretched)
    point, slopes = np.empty((n_points, 3)), np.empty((n_points, unknown[1].shape[1], 3))
    _points(landmarks, shared, factor, place, rotation, point)
    _value_slopes(unknown, body[4], factor[0], point, place, anchor, axis, slopes)
    _shared_slopes(unknown, landmarks, factor, place, rotation, stretched, slopes)
    directions = np.empty((len(residual), 3))
    of, cost = _residuals(point, camera, dof, hips, seen, noise, directions, residual)
    _project(of, directions, unknown, slopes, hips, by_values, by_shared)
    return len(of), cost


@njit(cache=True, nogil=True, error_model="numpy")
def seen_with_errors(shown, noise, dt):  # type: ignore[no-untyped-def]
    """What one frame shows of the landmarks, and how far it may be off.

    Args:
        shown: as for :func:`~coxa.estimate.sights.seen_of`, of one frame.
        noise: in the picture (k,) [px], in the room (k,) [m^2], what persists of it (k,) [m^2] and for how
            long [s]; the last three of depth likewise.
        dt: from frame to frame [s].

    Returns:
        ``seen`` and ``noise`` of :func:`keypoint_rows`.
    """
    position, factor, depth = seen_of(*shown)
    across, along = 1.0 + 2.0 * noise[3] / dt, 1.0 + 2.0 * noise[6] / dt  # as ``sights.frames_as_one``
    errors = noise[0], np.sqrt(noise[1] + across * noise[2]), np.sqrt(noise[4] + along * noise[5])
    return (position[0], factor[0], depth[0]), errors


@njit(cache=True, nogil=True, error_model="numpy")
def limit_rows(limits, joints, first, rows):  # type: ignore[no-untyped-def]
    """Rows of joints beyond their limits, as ``observations.limit_joints`` has them.

    Args:
        limits: (n_joints, 2), which joints slide, softness [rad].
        joints: (n_joints,).
        first: the first row to write.
        rows: as for :func:`keypoint_rows`.

    Returns:
        how many rows there are then.
    """
    m = first
    for j in range(len(joints)):
        beyond = max(joints[j] - limits[0][j, 1], 0.0) + min(joints[j] - limits[0][j, 0], 0.0)
        if beyond != 0.0:
            sd = SLIDE_LIMIT_SD_M if limits[1][j] else limits[2]
            rows[0][m], rows[1][m] = 0.0, 0.0
            rows[0][m, 6 + j] = 1.0 / sd
            rows[2][m] = -beyond / sd
            m += 1
    return m
