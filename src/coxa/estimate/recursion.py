"""One frame after the other: what is known of a body, and what a frame adds to it, compiled.

The same Gauss-Newton equations as ``arrow.py``, for one frame at a time, with covariances in place of
information. Observations are of the values alone, not of their rates, so that what they add costs one
factorisation of half the state's size; and the step to the next frame needs none at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.body import Pose
from coxa.estimate.estimator import Arrival, Estimator
from coxa.estimate.forward import multiply, turned_by
from coxa.estimate.observations import NormalEquations, limit_joints
from coxa.estimate.path import Path, rotation_vector
from coxa.estimate.process import Process, expected, size_of, steps
from coxa.estimate.smoother import LONGEST_STEP
from coxa.estimate.triangles import divide, factorised

Floats = NDArray[np.float64]
#: A path of one frame as the compiled kernels take it.
_Arrays: TypeAlias = tuple[Floats, Floats, Floats, Floats, Floats]
_Known: TypeAlias = tuple[_Arrays, Floats, Floats, Floats, Floats, Floats]


@dataclass(frozen=True, slots=True)
class Belief:
    """What is known of the state of one frame and of the shared parameters: a Gaussian about a point.

    Given shared parameters that are ``s`` off the point, the state is off by ``mean + slope @ s``, with
    ``covariance``; of the shared parameters themselves, ``info_shared`` and ``right_shared`` are known.

    Attributes:
        path: one frame, the point.
        mean: (2 n_dof,).
        covariance: (2 n_dof, 2 n_dof).
        slope: (2 n_dof, n_shared).
        info_shared: (n_shared, n_shared).
        right_shared: (n_shared,).
        n_frames: how many frames it stands for.
    """

    path: Path
    mean: Floats
    covariance: Floats
    slope: Floats
    info_shared: Floats
    right_shared: Floats
    n_frames: int = 0

    @classmethod
    def of(cls, arrival: Arrival) -> Belief:
        """The same as covariances."""
        covariance = np.asarray(np.linalg.inv(arrival.info), np.float64)
        return cls(
            arrival.path,
            covariance @ arrival.right,
            covariance,
            -covariance @ arrival.border,
            arrival.info_shared - arrival.border.T @ covariance @ arrival.border,
            arrival.right_shared - arrival.border.T @ covariance @ arrival.right,
            arrival.n_frames,
        )

    @classmethod
    def spread(cls, arrival: Arrival) -> Belief:
        """The same where the state is but spread about the point, each part of it for itself."""
        variance = 1.0 / np.diagonal(arrival.info)
        return cls(
            arrival.path,
            np.zeros(len(variance)),
            np.diag(variance),
            np.zeros_like(arrival.border),
            arrival.info_shared,
            arrival.right_shared,
            arrival.n_frames,
        )

    def aged(self, estimator: Estimator, elapsed_s: float) -> Belief:
        """Less what the sensors' headings may have wandered meanwhile."""
        if not estimator.wanders:
            return self
        info = np.asarray(np.linalg.inv(self.covariance), np.float64)
        border = -info @ self.slope
        arrival = Arrival(
            self.path,
            info,
            border,
            info @ self.mean,
            self.info_shared - border.T @ self.slope,
            self.right_shared + border.T @ self.mean,
            self.n_frames,
        )
        return Belief.of(estimator.aged(arrival, elapsed_s))

    def about(self, path: Path) -> Belief:
        """The same, told about another point."""
        mean, right_shared = about(self.arrays, _arrays(path))
        return replace(self, path=path, mean=mean, right_shared=right_shared)

    def given(self, equations: NormalEquations, path: Path) -> Belief:
        """With what is seen in the frame, told about the path that the normal equations are about."""
        mean, covariance, slope, *shared = _given(self.arrays, _arrays(path), equations.arrays)
        return Belief(path, mean, covariance, slope, shared[0], shared[1], self.n_frames + 1)

    def refined(self, path: Path, equations: NormalEquations, estimator: Estimator) -> tuple[Path, float]:
        """From a path to where all is most probable, given what is seen there: one step of Gauss-Newton.

        Args:
            path: one frame.
            equations: of the frame about it; joint limits are added to them.
            estimator: body and sources.

        Returns:
            the path after the step, and the largest change of a value [rad, m].
        """
        body = estimator.body
        arrays, largest = _refined(
            self.arrays,
            _arrays(path),
            equations.arrays,
            (body.joint_limits, body.joint_is_slide, estimator.limit_sd),
            (estimator.shared_mean, estimator.shared_sd, estimator.trust(self.n_frames + 1)),
        )
        return path_of(arrays), largest

    def ahead(self, process: Process, dt: float) -> Belief:
        """What it says of the next frame, ``dt`` seconds later, about where its point is expected then."""
        constants = process.mean, process.sd, process.rate_constant, process.acceleration
        arrays, mean, covariance, slope = _ahead(self.arrays, constants, dt)
        return Belief(
            path_of(arrays), mean, covariance, slope, self.info_shared, self.right_shared, self.n_frames
        )

    def covariance_told(self, estimator: Estimator) -> Floats:
        """(n_dof + n_lengths, n_dof + n_lengths) of the values and the log-lengths."""
        n_lengths = min(estimator.body.n_lengths, estimator.n_shared)
        trust = estimator.trust(self.n_frames)
        told = _covariance_told(
            self.covariance, self.slope, self.info_shared, estimator.shared_sd, trust, n_lengths
        )
        return np.asarray(told)

    @property
    def arrays(self) -> _Known:
        """What the compiled kernels take, in their order."""
        return (
            _arrays(self.path),
            self.mean,
            self.covariance,
            self.slope,
            self.info_shared,
            self.right_shared,
        )


def _arrays(path: Path) -> _Arrays:
    """As the compiled kernels take it."""
    pose = path.pose
    return pose.position_m, pose.rotation, pose.joints, path.rate, path.shared


def path_of(arrays: _Arrays) -> Path:
    """From what the compiled kernels give."""
    position, rotation, joints, rate, shared = arrays
    return Path(Pose(position, rotation, joints), rate, shared)


@njit(cache=True, nogil=True)
def about(known, path):  # type: ignore[no-untyped-def]
    """Mean and right-hand side of the shared parameters, about another point."""
    point, mean, _, slope, info_shared, right_shared = known
    off = path[4] - point[4]
    return mean + np.dot(slope, off) - difference(path, point), right_shared - np.dot(info_shared, off)


@njit(cache=True, nogil=True)
def difference(path, other):  # type: ignore[no-untyped-def]
    """:func:`coxa.estimate.path.difference` of frames as arrays."""
    n_joints = path[2].shape[1]
    n = 6 + n_joints
    out, between = np.empty(2 * n), np.empty((3, 3))
    size, other_size = size_of(path[4]), size_of(other[4])
    multiply(path[1][0], other[1][0].T, between)
    rotation_vector(between, out[3:6])
    for k in range(3):
        out[k] = path[0][0, k] / size - other[0][0, k] / other_size
    for j in range(n_joints):
        out[6 + j] = path[2][0, j] - other[2][0, j]
    for k in range(n):
        out[n + k] = path[3][0, k] - other[3][0, k]
    return out


@njit(cache=True, nogil=True)
def moved(path, step, shared_step):  # type: ignore[no-untyped-def]
    """:func:`coxa.estimate.path.moved` of a frame as arrays."""
    position, rotation, joints, rate, shared = path
    n = rate.shape[1]
    new_shared = shared + shared_step
    size, new_size = size_of(shared), size_of(new_shared)
    new_position, new_rotation = np.empty((1, 3)), np.empty((1, 3, 3))
    for k in range(3):
        new_position[0, k] = (position[0, k] / size + step[k]) * new_size
    turned_by(step[3:6], rotation[0], new_rotation[0])
    new_joints, new_rate = joints.copy(), rate.copy()
    new_joints[0] += step[6:n]
    new_rate[0] += step[n:]
    return new_position, new_rotation, new_joints, new_rate, new_shared


@njit(cache=True, nogil=True)
def _refined(known, path, equations, limits, prior):  # type: ignore[no-untyped-def]
    """One step of Gauss-Newton.

    Args:
        known: ``Belief.arrays``.
        path: position (1, 3), rotation (1, 3, 3), joints (1, n_joints), rate (1, n_dof), shared (n_shared,).
        equations: ``NormalEquations.arrays`` about the path; joint limits are added.
        limits: (n_joints, 2), which joints slide, softness [rad].
        prior: of the shared parameters: mean, sd, and how far evidence of them is trusted.
    """
    mean, right_shared = about(known, path)
    covariance, slope, info_shared = known[2], known[3], known[4]
    limit_joints(limits[0], limits[1], limits[2], path[2], equations)
    told, info, right = _evidence(mean, covariance, slope, equations)
    info += info_shared
    right += right_shared
    shared_mean, shared_sd, trust = prior
    if trust < 1.0:
        for i in range(len(right)):
            own = 1.0 / shared_sd[i] ** 2
            pull = own * (shared_mean[i] - path[4][i])
            info[i] *= trust
            info[i, i] += own * (1.0 - trust)
            right[i] = pull + trust * (right[i] - pull)
    shared_step = np.linalg.solve(info, right)
    n, n_shared = len(told), len(right)
    pull = told[:, n_shared] - np.dot(told[:, :n_shared].copy(), shared_step)
    step = mean + np.dot(slope, shared_step) + np.dot(covariance[:, :n].copy(), pull)
    largest = np.abs(step[:n]).max()
    turn = np.abs(step[3:n]).max()
    if turn > LONGEST_STEP:
        step *= LONGEST_STEP / turn
    return moved(path, step, shared_step), largest


@njit(cache=True, nogil=True)
def _evidence(mean, covariance, slope, equations):  # type: ignore[no-untyped-def]
    """What a frame tells, the values being as unknown as they are.

    With A = info and P the covariance of the values, it is (I + A P)^-1 times what would be left
    if the rest were known.

    Returns:
        (n_dof, n_shared + 1): how the values are pulled by the shared parameters, and by the frame itself, in
        units of information; and what the frame tells of the shared parameters, (n_shared, n_shared) and
        (n_shared,).
    """
    info, border, right = equations[0][0], equations[1][0], equations[2][0]
    n, n_shared = border.shape
    of_values = np.ascontiguousarray(covariance[:n, :n])
    k = np.ascontiguousarray(slope[:n])
    along = np.dot(info, k)
    by_shared, by_frame = along + border, right - np.dot(info, mean[:n])
    pulled = np.empty((n, n_shared + 1))
    pulled[:, :n_shared] = by_shared
    pulled[:, n_shared] = by_frame
    told = np.linalg.solve(np.eye(n) + np.dot(info, of_values), pulled)
    both = np.dot(by_shared.T, np.dot(of_values, told))
    # Half of what is symmetric: k^T A k + k^T B + B^T k less what the values take with them.
    half = np.dot(k.T, 0.5 * along + border) - 0.5 * both[:, :n_shared]
    new_right = equations[4] + np.dot(k.T, by_frame) - np.dot(border.T, mean[:n]) - both[:, n_shared]
    return told, equations[3] + half + half.T, new_right


@njit(cache=True, nogil=True)
def _given(known, path, equations):  # type: ignore[no-untyped-def]
    """Mean, covariance, slope, and the two of the shared parameters after a frame, about another point."""
    mean, right_shared = about(known, path)
    covariance, slope, info_shared = known[2], known[3], known[4]
    told, info, right = _evidence(mean, covariance, slope, equations)
    n, n_shared = len(told), len(right)
    seen = equations[0][0]
    all_values = np.ascontiguousarray(covariance[:, :n])
    pulled = np.dot(all_values, told)
    reduced = np.linalg.solve(np.eye(n) + np.dot(seen, np.ascontiguousarray(all_values[:n])), seen)
    new = covariance - np.dot(np.dot(all_values, reduced), all_values.T)
    # Rounding makes it slightly unsymmetric; it must not build up over the frames.
    symmetric = 0.5 * (new + new.T)
    new_slope = slope - pulled[:, :n_shared]
    return mean + pulled[:, n_shared], symmetric, new_slope, info + info_shared, right + right_shared


@njit(cache=True, nogil=True, error_model="numpy")
def _covariance_told(covariance, slope, info_shared, shared_sd, trust, n_lengths):  # type: ignore[no-untyped-def]
    """Covariance of the values together with the first of the shared parameters.

    Evidence of the shared parameters counts as far as it is trusted (``Estimator.coarsened``).
    """
    n, n_shared = len(covariance) // 2, len(info_shared)
    info = trust * info_shared
    for i in range(n_shared):
        info[i, i] += (1.0 - trust) / shared_sd[i] ** 2
    factorised(info)
    # With info = u^T u, what the shared parameters add is the square of their slopes divided by u.
    across = np.zeros((n_shared, n + n_lengths))
    across[:, :n] = slope[:n].T
    for i in range(n_lengths):
        across[i, n + i] = 1.0
    divide(info, across)
    out = np.dot(across.T, across)
    out[:n, :n] += covariance[:n, :n]
    return out


@njit(cache=True, nogil=True)
def _ahead(known, process, dt):  # type: ignore[no-untyped-def]
    """Where the point is expected after a step of the process; mean, covariance and slope about it."""
    point, mean, covariance, slope, _, _ = known
    at_rest, sd, rate_constant, acceleration = process
    phi, noise = steps(np.array([dt]), sd, rate_constant, acceleration)
    ahead = expected(point, phi[0], at_rest, dt)
    carried = _carried(mean, covariance, slope, phi[0], noise[0])
    return ahead, carried[0], carried[1], carried[2]


@njit(cache=True, nogil=True)
def _carried(mean, covariance, slope, phi, noise):  # type: ignore[no-untyped-def]
    """A step of the process, which acts on each degree of freedom (value, rate) alone."""
    n = len(phi)
    half, out = np.empty_like(covariance), np.empty_like(covariance)
    new_mean, new_slope = np.empty_like(mean), np.empty_like(slope)
    for i in range(n):
        a, b, c, d = phi[i, 0, 0], phi[i, 0, 1], phi[i, 1, 0], phi[i, 1, 1]
        new_mean[i] = a * mean[i] + b * mean[n + i]
        new_mean[n + i] = c * mean[i] + d * mean[n + i]
        new_slope[i] = a * slope[i] + b * slope[n + i]
        new_slope[n + i] = c * slope[i] + d * slope[n + i]
        half[i] = a * covariance[i] + b * covariance[n + i]
        half[n + i] = c * covariance[i] + d * covariance[n + i]
    for r in range(2 * n):
        for i in range(n):
            x, y = half[r, i], half[r, n + i]
            out[r, i] = x * phi[i, 0, 0] + y * phi[i, 0, 1]
            out[r, n + i] = x * phi[i, 1, 0] + y * phi[i, 1, 1]
    for i in range(n):
        for a in range(2):
            for b in range(2):
                out[a * n + i, b * n + i] += noise[i, a, b]
    return new_mean, out, new_slope
