"""What rows of one frame do to what is known of a body, compiled.

With J the rows' derivatives, P the covariance of the values and S = I + J P J^T, they are those of a Kalman
filter, which needs the factors of S alone; shared parameters go on the side, as in ``recursion.py``.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from coxa.estimate.recursion import about, moved
from coxa.estimate.smoother import LONGEST_STEP
from coxa.estimate.triangles import divide, divide_back, factorised, solved


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
def refined(known, values, path, rows, prior):  # type: ignore[no-untyped-def]
    """One step of Gauss-Newton to where all is most probable.

    Args:
        known: ``Belief.arrays``.
        values: (n_dof, n_dof) covariance of the values, contiguous.
        path: of one frame.
        rows: as of :func:`keypoint_rows`, those that were written.
        prior: of the shared parameters: mean, sd, and how far evidence of them is trusted.

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
def given(known, path, rows):  # type: ignore[no-untyped-def]
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
