"""Turns observations into normal equations about the present estimate, compiled.

Each kind of observation adds, per frame, the information (J^T W J) and the right-hand side (J^T W r) of its
linearised residuals. Points follow a Student t distribution (iteratively reweighted), so that a keypoint
that jumped cannot drag the body along.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.body import BodyModel, Pose
from coxa.estimate.forward import forward, length_jacobian, point_jacobian, turn
from coxa.estimate.path import rotation_vector

Floats = NDArray[np.float64]

#: How softly a joint that slides is stopped.
SLIDE_LIMIT_SD_M = 0.02


@dataclass(frozen=True, slots=True)
class NormalEquations:
    """Sums over the observations of a window; the kernels add to them in place.

    Attributes:
        info: (n_frames, n_dof, n_dof).
        border: (n_frames, n_dof, n_shared).
        right: (n_frames, n_dof).
        info_shared: (n_shared, n_shared).
        right_shared: (n_shared,).
        cost: (n_frames,) negative log-likelihood.
    """

    info: Floats
    border: Floats
    right: Floats
    info_shared: Floats
    right_shared: Floats
    cost: Floats

    @classmethod
    def empty(cls, n_frames: int, n_dof: int, n_shared: int) -> NormalEquations:
        """No observation yet."""
        return cls(
            np.zeros((n_frames, n_dof, n_dof)),
            np.zeros((n_frames, n_dof, n_shared)),
            np.zeros((n_frames, n_dof)),
            np.zeros((n_shared, n_shared)),
            np.zeros(n_shared),
            np.zeros(n_frames),
        )

    @property
    def arrays(self) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
        """What the compiled kernels take, in their order."""
        return self.info, self.border, self.right, self.info_shared, self.right_shared, self.cost


@njit(cache=True, nogil=True)
def _point_rows(body, landmarks, i, shared, factor, place, rotation, anchor, axis, point, rows, scratch):  # type: ignore[no-untyped-def]
    """Place of landmark ``i`` in the room; ``rows``: its derivative (3, n_dof + n_shared)."""
    owner, local, length, offset = landmarks
    b = owner[i]
    n_dof = 6 + len(anchor)
    first = offset[i]
    for r in range(3):
        point[r] = place[b, r]
        for k in range(3):
            inside = local[i, k] * factor[length[i, k]]
            if first >= 0:
                inside += shared[first + k]
            point[r] += rotation[b, r, k] * inside
    rows[:, :] = 0.0
    point_jacobian(body, b, point, place, anchor, axis, rows)
    length_jacobian(body, b, local[i], length[i], factor, rotation, scratch)
    rows[:, n_dof : n_dof + len(factor)] = scratch
    for r in range(3):
        # The pelvis's place is counted in units of the person's size.
        rows[r, r] *= factor[0]
        rows[r, n_dof] += place[0, r]
    if first >= 0:
        for r in range(3):
            for k in range(3):
                rows[r, n_dof + first + k] = rotation[b, r, k]


@njit(cache=True, nogil=True)
def _add(equations, t, jacobian, residual, n_rows):  # type: ignore[no-untyped-def]
    """Add whitened rows to the normal equations of frame ``t``."""
    info, border, right, info_shared, right_shared, _ = equations
    n = right.shape[1]
    j = jacobian[:n_rows]
    product = np.dot(j.T, j)
    gradient = np.dot(j.T, residual[:n_rows])
    info[t] += product[:n, :n]
    border[t] += product[:n, n:]
    info_shared += product[n:, n:]
    right[t] += gradient[:n]
    right_shared += gradient[n:]


@njit(cache=True, nogil=True)
def _weight(squared, dimensions, dof):  # type: ignore[no-untyped-def]
    """Student t: weight of a whitened residual and its cost."""
    weight = (dof + dimensions) / (dof + squared)
    cost = 0.5 * (dof + dimensions) * np.log1p(squared / dof)
    return weight, cost


@njit(cache=True, nogil=True)
def add_image_points(body, pose, shared, factor, landmarks, camera, seen, noise, tail, equations):  # type: ignore[no-untyped-def]
    """Keypoints of one camera, with their weak depth.

    Args:
        body: ``BodyModel.arrays``.
        pose: (position (n, 3), rotation (n, 3, 3), joints (n, n_joints)).
        shared: (n_shared,) log-lengths and offsets.
        factor: (n_lengths,) of ``BodyModel.length_factor``.
        landmarks: ``Landmarks.arrays``.
        camera: (rotation (3, 3), position (3,), focal_px, centre_px (2,)).
        seen: (position_px (n, k, 2), sd_factor (n, k), depth_m (n, k)), the columns of the landmarks; NaN
            = missing.
        noise: (noise_px (k,), noise_m (k,), depth_sd_m (k,)).
        tail: (degrees of freedom of the Student t, indices of the hips (2,) that depth is counted from).
        equations: ``NormalEquations.arrays``, added to.
    """
    position, root_rotation, joints = pose
    to_camera, eye, focal, centre = camera
    uv, sd_factor, depth = seen
    noise_px, noise_m, depth_sd = noise
    student_dof, hips = tail
    cost = equations[5]
    n_frames, n_points = sd_factor.shape
    n_bodies, n_joints = len(body[0]), joints.shape[1]
    n_columns = 6 + n_joints + len(shared)
    place, rotation = np.empty((n_bodies, 3)), np.empty((n_bodies, 3, 3))
    anchor, axis = np.empty((n_joints, 3)), np.empty((n_joints, 3))
    points, rows = np.empty((n_points, 3)), np.empty((n_points, 3, n_columns))
    scratch = np.empty((3, len(factor)))
    jacobian, residual = np.zeros((3 * n_points, n_columns)), np.zeros(3 * n_points)
    for t in range(n_frames):
        forward(body, position[t], root_rotation[t], joints[t], factor, place, rotation, anchor, axis)
        for i in range(n_points):
            _point_rows(
                body, landmarks, i, shared, factor, place, rotation, anchor, axis, points[i], rows[i], scratch
            )
            rows[i] = np.dot(to_camera, rows[i])
        m = 0
        hip_z = 0.0
        for h in hips:
            for k in range(3):
                hip_z += 0.5 * to_camera[2, k] * (points[h, k] - eye[k])
        for i in range(n_points):
            if np.isnan(uv[t, i, 0]) or np.isnan(sd_factor[t, i]):
                continue
            x = np.dot(to_camera, points[i] - eye)
            z = max(x[2], 0.1)  # a start behind the camera must not divide by zero
            sd = sd_factor[t, i] * np.sqrt(noise_px[i] ** 2 + (noise_m[i] * focal / z) ** 2)
            du = uv[t, i, 0] - centre[0] - focal * x[0] / z
            dv = uv[t, i, 1] - centre[1] - focal * x[1] / z
            weight, loss = _weight((du * du + dv * dv) / sd**2, 2, student_dof)
            cost[t] += loss
            w = np.sqrt(weight) / sd
            residual[m], residual[m + 1] = w * du, w * dv
            for c in range(n_columns):
                jacobian[m, c] = w * focal / z * (rows[i, 0, c] - x[0] / z * rows[i, 2, c])
                jacobian[m + 1, c] = w * focal / z * (rows[i, 1, c] - x[1] / z * rows[i, 2, c])
            m += 2
            if len(hips) < 2 or np.isnan(depth[t, i]) or np.isnan(depth_sd[i]):
                continue
            sd = sd_factor[t, i] * depth_sd[i]
            dz = depth[t, i] - (x[2] - hip_z)
            weight, loss = _weight(dz * dz / sd**2, 1, student_dof)
            cost[t] += loss
            w = np.sqrt(weight) / sd
            residual[m] = w * dz
            for c in range(n_columns):
                jacobian[m, c] = w * (rows[i, 2, c] - 0.5 * (rows[hips[0], 2, c] + rows[hips[1], 2, c]))
            m += 1
        _add(equations, t, jacobian, residual, m)


@njit(cache=True, nogil=True)
def add_space_points(body, pose, shared, factor, landmarks, seen, sd_m, student_dof, equations):  # type: ignore[no-untyped-def]
    """Points in the room: ``seen`` (n, k, 3) [m], NaN = missing; ``sd_m`` (k,); the rest as for images."""
    position, root_rotation, joints = pose
    cost = equations[5]
    n_frames, n_points = seen.shape[:2]
    n_bodies, n_joints = len(body[0]), joints.shape[1]
    n_columns = 6 + n_joints + len(shared)
    place, rotation = np.empty((n_bodies, 3)), np.empty((n_bodies, 3, 3))
    anchor, axis = np.empty((n_joints, 3)), np.empty((n_joints, 3))
    point, rows, scratch = np.empty(3), np.empty((3, n_columns)), np.empty((3, len(factor)))
    jacobian, residual = np.zeros((3 * n_points, n_columns)), np.zeros(3 * n_points)
    for t in range(n_frames):
        forward(body, position[t], root_rotation[t], joints[t], factor, place, rotation, anchor, axis)
        m = 0
        for i in range(n_points):
            if np.isnan(seen[t, i, 0]):
                continue
            _point_rows(
                body, landmarks, i, shared, factor, place, rotation, anchor, axis, point, rows, scratch
            )
            squared = 0.0
            for k in range(3):
                squared += (seen[t, i, k] - point[k]) ** 2
            weight, loss = _weight(squared / sd_m[i] ** 2, 3, student_dof)
            cost[t] += loss
            w = np.sqrt(weight) / sd_m[i]
            for k in range(3):
                residual[m + k] = w * (seen[t, i, k] - point[k])
                for c in range(n_columns):
                    jacobian[m + k, c] = w * rows[k, c]
            m += 3
        _add(equations, t, jacobian, residual, m)


@njit(cache=True, nogil=True)
def _heading(shared, first, elapsed_s, out):  # type: ignore[no-untyped-def]
    """The turn about the vertical (3, 3) of a heading that drifts; none if ``first`` is NO_OFFSET."""
    angle = shared[first] + elapsed_s * shared[first + 1] if first >= 0 else 0.0
    turn(np.array([0.0, 1.0, 0.0]), angle, out)


@njit(cache=True, nogil=True)
def _sensor(rotation, heading, misaligned, seen_as, shift):  # type: ignore[no-untyped-def]
    """What a worn sensor shows of a segment: turned by its heading, ``misaligned`` (3,) in the segment.

    ``seen_as`` (3, 3): heading @ rotation @ exp(misaligned); ``shift`` (3, 3): how it turns in the room per
    unit of ``misaligned``.
    """
    mount = np.eye(3)
    angle = np.sqrt(np.sum(misaligned**2))
    cross = np.zeros((3, 3))
    cross[0, 1], cross[0, 2], cross[1, 2] = -misaligned[2], misaligned[1], -misaligned[0]
    cross[1, 0], cross[2, 0], cross[2, 1] = misaligned[2], -misaligned[1], misaligned[0]
    if angle > 1e-12:
        turn(misaligned / angle, angle, mount)
    turned = np.dot(heading, rotation)
    seen_as[:] = np.dot(turned, mount)
    # The left Jacobian of the exponential to second order: misalignments are small.
    shift[:] = np.dot(turned, np.eye(3) + 0.5 * cross + np.dot(cross, cross) / 6.0)


@njit(cache=True, nogil=True)
def add_orientations(body, pose, shared, factor, sensors, elapsed_s, seen, sd_rad, equations):  # type: ignore[no-untyped-def]
    """Orientations of segments, each by a sensor that may sit askew and whose heading may drift.

    Args:
        body: ``BodyModel.arrays``.
        pose: (position (n, 3), rotation (n, 3, 3), joints (n, n_joints)).
        shared: (n_shared,).
        factor: (n_lengths,) of ``BodyModel.length_factor``.
        sensors: ``OrientationSensors.arrays``.
        elapsed_s: (n,) since headings were known best.
        seen: (n, k, 3, 3), NaN = missing.
        sd_rad: (k, 3) about the axes of each segment.
        equations: ``NormalEquations.arrays``, added to.
    """
    position, root_rotation, joints = pose
    owners, misalignment, drift = sensors
    is_slide, moves = body[4], body[6]
    cost = equations[5]
    n_frames, n_segments = seen.shape[:2]
    n_bodies, n_joints = len(body[0]), joints.shape[1]
    n_dof = 6 + n_joints
    n_columns = n_dof + len(shared)
    place, rotation = np.empty((n_bodies, 3)), np.empty((n_bodies, 3, 3))
    anchor, axis = np.empty((n_joints, 3)), np.empty((n_joints, 3))
    error, shown, shift = np.empty(3), np.empty((3, 3)), np.empty((3, 3))
    heading, none = np.empty((3, 3)), np.zeros(3)
    jacobian, residual = np.zeros((3 * n_segments, n_columns)), np.zeros(3 * n_segments)
    for t in range(n_frames):
        forward(body, position[t], root_rotation[t], joints[t], factor, place, rotation, anchor, axis)
        m = 0
        jacobian[:] = 0.0
        for i in range(n_segments):
            if np.isnan(seen[t, i, 0, 0]):
                continue
            b, first, drifting = owners[i], misalignment[i], drift[i]
            _heading(shared, drifting, elapsed_s[t], heading)
            _sensor(rotation[b], heading, shared[first : first + 3] if first >= 0 else none, shown, shift)
            rotation_vector(np.dot(seen[t, i], shown.T), error)
            inward = shown.T.copy()  # room axes to the segment's, in which the noise is told
            turned, shifted, error[:] = np.dot(inward, heading), np.dot(inward, shift), np.dot(inward, error)
            rows = jacobian[m : m + 3]
            rows[:, 3:6] = turned
            for j in range(n_joints):
                if moves[b, j] and not is_slide[j]:
                    rows[:, 6 + j] = np.dot(turned, axis[j])
            if first >= 0:
                rows[:, n_dof + first : n_dof + first + 3] = shifted
            if drifting >= 0:
                rows[:, n_dof + drifting] = inward[:, 1]
                rows[:, n_dof + drifting + 1] = inward[:, 1] * elapsed_s[t]
            for k in range(3):
                rows[k] /= sd_rad[i, k]
                residual[m + k] = error[k] / sd_rad[i, k]
                cost[t] += 0.5 * residual[m + k] ** 2
            m += 3
        _add(equations, t, jacobian, residual, m)


def add_joint_limits(body: BodyModel, pose: Pose, sd_rad: float, equations: NormalEquations) -> None:
    """A joint beyond its limit is pulled back. It steers the estimate; it is no evidence of its precision."""
    limit_joints(body.joint_limits, body.joint_is_slide, sd_rad, pose.joints, equations.arrays)


@njit(cache=True, nogil=True)
def limit_joints(limits, is_slide, sd_rad, joints, equations):  # type: ignore[no-untyped-def]
    """As :func:`add_joint_limits`; ``limits`` (n_joints, 2), ``joints`` (n_frames, n_joints)."""
    info, _, right, _, _, cost = equations
    for t in range(len(joints)):
        for j in range(len(limits)):
            beyond = max(joints[t, j] - limits[j, 1], 0.0) + min(joints[t, j] - limits[j, 0], 0.0)
            if beyond == 0.0:
                continue
            sd = SLIDE_LIMIT_SD_M if is_slide[j] else sd_rad
            info[t, 6 + j, 6 + j] += 1.0 / sd**2
            right[t, 6 + j] -= beyond / sd**2
            cost[t] += 0.5 * (beyond / sd) ** 2
