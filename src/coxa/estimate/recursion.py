"""One frame after the other: what is known of a body, and what a frame adds to it, compiled.

The same Gauss-Newton equations as ``arrow.py``, for one frame at a time, with covariances in place of
information. Observations are of the values alone, not of their rates, so that what they add costs one
factorisation of half the state's size; and the step to the next frame needs none at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.estimator import Arrival, Estimator
from coxa.estimate.observations import NormalEquations
from coxa.estimate.path import Path, difference

Floats = NDArray[np.float64]


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
        shared = path.shared - self.path.shared
        return Belief(
            path,
            self.mean + self.slope @ shared - difference(path, self.path),
            self.covariance,
            self.slope,
            self.info_shared,
            self.right_shared - self.info_shared @ shared,
            self.n_frames,
        )

    def given(self, equations: NormalEquations) -> Belief:
        """With what is seen in the frame: normal equations about its point."""
        told, shared = self._evidence(equations)
        mean, covariance, slope = _given(self.mean, self.covariance, self.slope, told, equations.info[0])
        return Belief(self.path, mean, covariance, slope, *shared, self.n_frames + 1)

    def step(self, equations: NormalEquations, estimator: Estimator) -> tuple[Floats, Floats]:
        """From its point to where all is most probable, given what is seen in the frame.

        Returns:
            the steps of the state (2 n_dof,) and of the shared parameters (n_shared,).
        """
        told, (info, right) = self._evidence(equations)
        info, right = estimator.coarsened(self.path.shared, self.n_frames + 1, info, right)
        shared = np.asarray(np.linalg.solve(info, right), np.float64)
        pull = told[:, -1] - told[:, :-1] @ shared
        return self.mean + self.slope @ shared + self.covariance[:, : len(pull)] @ pull, shared

    def _evidence(self, equations: NormalEquations) -> tuple[Floats, tuple[Floats, Floats]]:
        told, info_shared, right_shared = _evidence(
            self.mean,
            self.covariance,
            self.slope,
            equations.info[0],
            equations.border[0],
            equations.right[0],
            equations.info_shared,
            equations.right_shared,
        )
        known = self.info_shared, self.right_shared
        return told, (np.asarray(info_shared + known[0]), np.asarray(right_shared + known[1]))

    def carried(self, ahead: Path, phi: Floats, noise: Floats) -> Belief:
        """What it says of the next frame.

        Args:
            ahead: where the next frame's state is expected, from the point.
            phi: (n_dof, 2, 2) transition.
            noise: (n_dof, 2, 2) its covariance.
        """
        mean, covariance, slope = _carried(self.mean, self.covariance, self.slope, phi, noise)
        return Belief(ahead, mean, covariance, slope, self.info_shared, self.right_shared, self.n_frames)


@njit(cache=True, nogil=True)
def _evidence(mean, covariance, slope, info, border, right, info_shared, right_shared):  # type: ignore[no-untyped-def]
    """What a frame tells, the values being as unknown as they are.

    With A = info and P the covariance of the values, it is (I + A P)^-1 times what would be left
    if the rest were known.

    Returns:
        (n_dof, n_shared + 1): how the values are pulled by the shared parameters, and by the frame itself, in
        units of information; and what the frame tells of the shared parameters, (n_shared, n_shared) and
        (n_shared,).
    """
    n, n_shared = border.shape
    of_values = np.ascontiguousarray(covariance[:n, :n])
    k = np.ascontiguousarray(slope[:n])
    along = np.dot(info, k)
    by_shared, by_frame = along + border, right - np.dot(info, mean[:n])
    pulled = np.empty((n, n_shared + 1))
    pulled[:, :n_shared] = by_shared
    pulled[:, n_shared] = by_frame
    told = np.linalg.solve(np.eye(n) + np.dot(info, of_values), pulled)
    left = np.dot(of_values, told)
    both = np.dot(by_shared.T, left)
    across = np.dot(k.T, border)
    new_info = info_shared + np.dot(k.T, along) + across + across.T - both[:, :n_shared]
    new_right = right_shared + np.dot(k.T, by_frame) - np.dot(border.T, mean[:n]) - both[:, n_shared]
    return told, 0.5 * (new_info + new_info.T), new_right


@njit(cache=True, nogil=True)
def _given(mean, covariance, slope, told, info):  # type: ignore[no-untyped-def]
    """The state's mean, covariance and slope after a frame; ``told`` of :func:`_evidence`."""
    n, n_shared = len(told), told.shape[1] - 1
    all_values = np.ascontiguousarray(covariance[:, :n])
    moved = np.dot(all_values, told)
    reduced = np.linalg.solve(np.eye(n) + np.dot(info, np.ascontiguousarray(all_values[:n])), info)
    new = covariance - np.dot(np.dot(all_values, reduced), all_values.T)
    # Rounding makes it slightly unsymmetric; it must not build up over the frames.
    return mean + moved[:, n_shared], 0.5 * (new + new.T), slope - moved[:, :n_shared]


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
