"""One frame of one camera's keypoints, from what was known to what is known then, in one compiled call.

Most live frames are such frames. What they tell is the same as by ``recursion.py``, solved by their rows
(``keypoint_rows.py``) instead of by sums of them: with J the rows' derivatives, P the covariance of the
values and S = I + J P J^T, the update is that of a Kalman filter, which needs the factors of S alone.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.estimator import Estimator
from coxa.estimate.keypoint_rows import keypoint_rows, limit_rows, unknowns
from coxa.estimate.landmarks import Landmarks
from coxa.estimate.process import expected, steps
from coxa.estimate.recursion import Belief, about, moved, path_of
from coxa.estimate.sights import seen_of
from coxa.estimate.smoother import LONGEST_STEP
from coxa.estimate.triangles import divide, divide_back, factorised, solved
from coxa.model.channels import ImagePoints
from coxa.model.recording import Recording
from coxa.specs.estimator import DetectorSpec
from coxa.specs.tracking import TrackingRules

Floats = NDArray[np.float64]


class Follower:
    """Follows a body by the keypoints of one camera.

    Args:
        estimator: body and source.
        rules: how often a frame is tried, and when it has arrived.
    """

    def __init__(self, estimator: Estimator, rules: TrackingRules) -> None:
        (landmarks,), (detector,) = estimator.image_landmarks, estimator.image_detectors
        body, process = estimator.body, estimator.process
        self._estimator = estimator
        self._process = process.mean, process.sd, process.rate_constant, process.acceleration
        self._body = body.arrays
        self._landmarks, self._unknowns = landmarks.arrays, unknowns(body, landmarks)
        self._tail = float(detector.student_t_dof), landmarks.hips, body.n_lengths
        self._noise = _noise(landmarks, detector)
        self._columns, self._least = landmarks.columns, float(detector.min_visibility)
        self._limits = body.joint_limits, body.joint_is_slide, estimator.limit_sd
        self._rules = int(rules.steps), float(rules.arrived)

    @classmethod
    def of(cls, estimator: Estimator, rules: TrackingRules) -> Self | None:
        """None: there is more to see than one camera's keypoints, or something else."""
        others = estimator.space_landmarks or estimator.sensors or estimator.mounts
        if len(estimator.image_landmarks) != 1 or others or estimator.backs or estimator.turns:
            return None
        return cls(estimator, rules)

    def followed(self, known: Belief, frame: Recording, dt: float) -> tuple[Belief, float]:
        """What is known after the next frame, ``dt`` [s] later, and what its observations cost.

        Args:
            known: at the frame before.
            frame: exactly one, of one camera.
            dt: from the one to the other.
        """
        estimator, (image,) = self._estimator, frame.image_points
        prior = estimator.shared_mean, estimator.shared_sd, float(estimator.trust(known.n_frames + 1))
        arrays, mean, covariance, slope, info, right, cost = _followed(
            known.arrays,
            dt,
            self._process,
            self._body,
            (self._landmarks, self._unknowns, _lens(image), *self._tail),
            (*_shown(image), self._columns, self._least, float(image.doubt)),
            self._noise,
            self._limits,
            prior,
            self._rules,
        )
        return Belief(path_of(arrays), mean, covariance, slope, info, right, known.n_frames + 1), cost


def _lens(image: ImagePoints) -> tuple[Floats, Floats, float, Floats]:
    camera = image.camera
    return camera.rotation_room_to_camera, camera.position_m, float(camera.focal_px), camera.centre_px


def _shown(image: ImagePoints) -> tuple[Floats, Floats, Floats]:
    """One layout in memory: each other one would be compiled for."""
    return (
        np.ascontiguousarray(image.position_px),
        np.ascontiguousarray(image.visibility),
        np.ascontiguousarray(image.depth_m),
    )


def _noise(landmarks: Landmarks, detector: DetectorSpec) -> tuple[Any, ...]:
    """Noise of a frame, and what of it persists: how much of that counts depends on the interval."""
    return (
        landmarks.noise_px,
        landmarks.noise_m**2,
        landmarks.drift_m**2,
        float(detector.correlation_time_s),
        landmarks.depth_sd_m**2,
        landmarks.depth_drift_m**2,
        float(detector.depth_correlation_time_s),
    )


@njit(cache=True, nogil=True, error_model="numpy")
def _followed(known, dt, process, body, source, shown, noise, limits, prior, rules):  # type: ignore[no-untyped-def]
    """A step of the process, steps of Gauss-Newton, and what is known about where they arrive.

    Args:
        known: ``Belief.arrays``.
        dt: [s].
        process: mean, sd, rate constants, accelerations of :class:`~coxa.estimate.process.Process`.
        body: ``BodyModel.arrays``.
        source: as for :func:`keypoint_rows`.
        shown: as for :func:`~coxa.estimate.sights.seen_of`.
        noise: of :func:`_noise`.
        limits: as for :func:`limit_rows`.
        prior: of the shared parameters: mean, sd, and how far evidence of them is trusted.
        rules: most steps, and the largest step [rad, m] after which it has arrived.

    Returns:
        the path, mean, covariance, slope, info_shared and right_shared of a belief about it, and the cost.
    """
    at_rest, sd, rate_constant, acceleration = process
    phi, process_noise = steps(np.array([dt]), sd, rate_constant, acceleration)
    ahead = expected(known[0], phi[0], at_rest, dt)
    mean, covariance, slope = _carried(known[1], known[2], known[3], phi[0], process_noise[0])
    known = ahead, mean, covariance, slope, known[4], known[5]
    position, factor, depth = seen_of(*shown)
    seen = position[0], factor[0], depth[0]
    across, along = 1.0 + 2.0 * noise[3] / dt, 1.0 + 2.0 * noise[6] / dt
    errors = noise[0], np.sqrt(noise[1] + across * noise[2]), np.sqrt(noise[4] + along * noise[5])
    n, most = len(phi[0]), 3 * len(seen[0]) + len(limits[0])
    room = np.empty((most, n)), np.empty((most, slope.shape[1])), np.empty(most)
    values = covariance[:n, :n].copy()
    path = ahead
    for _ in range(rules[0]):
        m, _ = keypoint_rows(body, path, source, seen, errors, room)
        m = limit_rows(limits, path[2][0], m, room)
        path, largest = _refined(known, values, path, (room[0][:m], room[1][:m], room[2][:m]), prior)
        if largest < rules[1]:
            break
    m, cost = keypoint_rows(body, path, source, seen, errors, room)
    told = _given(known, path, (room[0][:m], room[1][:m], room[2][:m]))
    return path, told[0], told[1], told[2], told[3], told[4], cost


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _carried(mean, covariance, slope, phi, noise):  # type: ignore[no-untyped-def]
    """A step of the process, which acts on each degree of freedom (value, rate) alone."""
    n = len(phi)
    out, new_mean, new_slope = np.empty_like(covariance), np.empty_like(mean), np.empty_like(slope)
    own, other = np.empty((2, n)), np.empty((2, n))  # what of a value or rate stays, what the other adds
    for i in range(n):
        own[0, i], other[0, i], other[1, i], own[1, i] = (
            phi[i, 0, 0],
            phi[i, 0, 1],
            phi[i, 1, 0],
            phi[i, 1, 1],
        )
    value, rate = np.empty(n), np.empty(n)
    for part in range(2):
        for i in range(n):
            r = part * n + i
            a, b = phi[i, part, 0], phi[i, part, 1]
            new_mean[r] = a * mean[i] + b * mean[n + i]
            for k in range(slope.shape[1]):
                new_slope[r, k] = a * slope[i, k] + b * slope[n + i, k]
            for k in range(n):
                value[k] = a * covariance[i, k] + b * covariance[n + i, k]
                rate[k] = a * covariance[i, n + k] + b * covariance[n + i, n + k]
            for k in range(n):
                out[r, k] = own[0, k] * value[k] + other[0, k] * rate[k]
                out[r, n + k] = other[1, k] * value[k] + own[1, k] * rate[k]
            out[r, i] += noise[i, part, 0]
            out[r, n + i] += noise[i, part, 1]
    return new_mean, out, new_slope


@njit(cache=True, nogil=True, error_model="numpy")
def _held_against(known, pushed, path, rows):  # type: ignore[no-untyped-def]
    """A frame's rows against what is known, about the path.

    Args:
        known: ``Belief.arrays``.
        pushed: (n_rows, n_dof) J P.
        path: of one frame.
        rows: as of :func:`keypoint_rows`, those that were written.

    Returns:
        the upper factor of S; what the rows tell of the shared parameters, then what they leave unexplained,
        (n_rows, n_shared + 1), divided by the factor; mean and right-hand side about the path.
    """
    by_values, by_shared, residual = rows
    mean, right_shared = about(known, path)
    n, n_shared = by_values.shape[1], by_shared.shape[1]
    factor = np.dot(pushed, by_values.T)
    for i in range(len(factor)):
        factor[i, i] += 1.0
    factorised(factor)
    slope = np.empty((n, n_shared + 1))
    slope[:, :n_shared], slope[:, n_shared] = known[3][:n], -mean[:n]
    told = np.dot(by_values, slope)
    for i in range(len(told)):
        for k in range(n_shared):
            told[i, k] += by_shared[i, k]
        told[i, n_shared] += residual[i]
    divide(factor, told)
    return factor, told, mean, right_shared


@njit(cache=True, nogil=True, error_model="numpy")
def _refined(known, values, path, rows, prior):  # type: ignore[no-untyped-def]
    """One step of Gauss-Newton to where all is most probable.

    Args:
        known: ``Belief.arrays``.
        values: (n_dof, n_dof) covariance of the values, contiguous.
        path: of one frame.
        rows: as of :func:`keypoint_rows`, those that were written.
        prior: as for :func:`_followed`.

    Returns:
        the path after it, and the largest change of a value.
    """
    factor, told, mean, right = _held_against(known, np.dot(rows[0], values), path, rows)
    n, n_shared = len(values), len(right)
    shared_step = _shared_step(known[4], told, right, path[4], prior)
    pull = told[:, n_shared].copy()
    for i in range(len(pull)):
        for k in range(n_shared):
            pull[i] -= told[i, k] * shared_step[k]
    divide_back(factor, pull)
    # The covariance is symmetric: its first rows are its first columns.
    step = mean + np.dot(known[3], shared_step) + np.dot(np.dot(pull, rows[0]), known[2][:n])
    largest, turn = np.abs(step[:n]).max(), np.abs(step[3:n]).max()
    if turn > LONGEST_STEP:
        step *= LONGEST_STEP / turn
    return moved(path, step, shared_step), largest


@njit(cache=True, nogil=True, error_model="numpy")
def _shared_step(info_shared, told, right, shared, prior):  # type: ignore[no-untyped-def]
    """Where the shared parameters go (n_shared,), evidence of them counted as far as it is trusted."""
    n_shared = len(right)
    both = np.dot(told.T, told)
    info = both[:n_shared, :n_shared] + info_shared
    right = right + both[:n_shared, n_shared]
    shared_mean, shared_sd, trust = prior
    if trust < 1.0:
        for i in range(n_shared):
            own = 1.0 / shared_sd[i] ** 2
            pull = own * (shared_mean[i] - shared[i])
            for k in range(n_shared):
                info[i, k] *= trust
            info[i, i] += own * (1.0 - trust)
            right[i] = pull + trust * (right[i] - pull)
    solved(info, right)
    return right


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def _given(known, path, rows):  # type: ignore[no-untyped-def]
    """Mean, covariance, slope, and the two of the shared parameters after a frame, about the path."""
    _, _, covariance, slope, info_shared, _ = known
    n, n_shared = rows[0].shape[1], rows[1].shape[1]
    less = np.dot(rows[0], covariance[:n])
    factor, told, mean, right = _held_against(known, less[:, :n].copy(), path, rows)
    divide(factor, less)
    after = np.dot(less.T, less)
    # From one half alone: rounding would make it slightly unsymmetric, which builds up over the frames.
    for i in range(len(after)):
        for k in range(i + 1):
            after[i, k] = after[k, i] = covariance[i, k] - after[i, k]
    moved_by = np.dot(less.T, told)
    gained = np.dot(told.T, told)
    for i in range(len(slope)):
        for k in range(n_shared):
            moved_by[i, k] = slope[i, k] - moved_by[i, k]
    return (
        mean + moved_by[:, n_shared],
        after,
        moved_by[:, :n_shared].copy(),
        info_shared + gained[:n_shared, :n_shared],
        right + gained[:n_shared, n_shared],
    )
