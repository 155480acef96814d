"""One frame of one camera's keypoints, from what was known to what is known then, in one compiled call.

Most live frames are such frames. What they tell is the same as by ``recursion.py``, solved by their rows
(``keypoint_rows.py``, ``updating.py``) instead of by sums of them.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.body import Pose
from coxa.estimate.estimator import Arrival, Estimator
from coxa.estimate.keypoint_rows import keypoint_rows, limit_rows, seen_with_errors, unknowns
from coxa.estimate.landmarks import Landmarks
from coxa.estimate.process import expected, steps
from coxa.estimate.recursion import Belief, path_of
from coxa.estimate.settling import settled
from coxa.estimate.smoother import Schedule
from coxa.estimate.updating import given, refined
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
        schedule: likewise of a frame to start from.
    """

    def __init__(self, estimator: Estimator, rules: TrackingRules, schedule: Schedule) -> None:
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
        self._schedule = int(schedule.iterations), float(schedule.tolerance)

    @classmethod
    def of(cls, estimator: Estimator, rules: TrackingRules, schedule: Schedule) -> Self | None:
        """None: there is more to see than one camera's keypoints, or something else."""
        others = estimator.space_landmarks or estimator.sensors or estimator.mounts
        if len(estimator.image_landmarks) != 1 or others or estimator.backs or estimator.turns:
            return None
        return cls(estimator, rules, schedule)

    def followed(self, known: Belief, frame: Recording, dt: float) -> tuple[Belief, float]:
        """What is known after the next frame, ``dt`` [s] later, and what its observations cost.

        Args:
            known: at the frame before.
            frame: exactly one, of one camera.
            dt: from the one to the other.
        """
        arrays, mean, covariance, slope, info, right, cost = _followed(
            known.arrays,
            dt,
            self._process,
            self._rules,
            *self._looked_at(known, frame),
        )
        return Belief(path_of(arrays), mean, covariance, slope, info, right, known.n_frames + 1), cost

    def started(
        self, arrival: Arrival, pose: Pose, frame: Recording, interval_s: float
    ) -> tuple[Belief, float]:
        """Where a body is that nothing is known of but how bodies are, and what the observations cost.

        Args:
            arrival: of the state, only a spread about a point; of the shared parameters, anything.
            pose: to start from.
            frame: exactly one, of one camera.
            interval_s: from frame to frame.
        """
        known = Belief.spread(arrival)
        path = arrival.path
        first = pose.position_m, np.ascontiguousarray(pose.rotation), pose.joints, path.rate, path.shared
        arrays, mean, covariance, slope, info, right, cost = settled(
            known.arrays, first, interval_s, self._schedule, *self._looked_at(known, frame)
        )
        return Belief(path_of(arrays), mean, covariance, slope, info, right, known.n_frames + 1), cost

    def _looked_at(self, known: Belief, frame: Recording) -> tuple[Any, ...]:
        """All that the kernels take of a frame."""
        estimator, (image,) = self._estimator, frame.image_points
        return (
            self._body,
            (self._landmarks, self._unknowns, _lens(image), *self._tail),
            (*_shown(image), self._columns, self._least, float(image.doubt)),
            self._noise,
            self._limits,
            (estimator.shared_mean, estimator.shared_sd, float(estimator.trust(known.n_frames + 1))),
        )


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
def _followed(known, dt, process, rules, body, source, shown, noise, limits, prior):  # type: ignore[no-untyped-def]
    """A step of the process, steps of Gauss-Newton, and what is known about where they arrive.

    Args:
        known: ``Belief.arrays``.
        dt: [s].
        process: mean, sd, rate constants, accelerations of :class:`~coxa.estimate.process.Process`.
        rules: most steps, and the largest step [rad, m] after which it has arrived.
        body: ``BodyModel.arrays``.
        source: as for :func:`keypoint_rows`.
        shown: as for :func:`seen_with_errors`.
        noise: of :func:`_noise`.
        limits: as for :func:`limit_rows`.
        prior: of the shared parameters: mean, sd, and how far evidence of them is trusted.

    Returns:
        the path, mean, covariance, slope, info_shared and right_shared of a belief about it, and the cost.
    """
    at_rest, sd, rate_constant, acceleration = process
    phi, process_noise = steps(np.array([dt]), sd, rate_constant, acceleration)
    ahead = expected(known[0], phi[0], at_rest, dt)
    mean, covariance, slope = _carried(known[1], known[2], known[3], phi[0], process_noise[0])
    known = ahead, mean, covariance, slope, known[4], known[5]
    seen, errors = seen_with_errors(shown, noise, dt)
    n, most = len(phi[0]), 3 * len(seen[0]) + len(limits[0])
    room = np.empty((most, n)), np.empty((most, slope.shape[1])), np.empty(most)
    values = covariance[:n, :n].copy()
    path = ahead
    for _ in range(rules[0]):
        m, _ = keypoint_rows(body, path, source, seen, errors, room)
        m = limit_rows(limits, path[2][0], m, room)
        path, largest = refined(known, values, path, (room[0][:m], room[1][:m], room[2][:m]), prior)
        if largest < rules[1]:
            break
    m, cost = keypoint_rows(body, path, source, seen, errors, room)
    told = given(known, path, (room[0][:m], room[1][:m], room[2][:m]))
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
