"""Where a body is that was just found: one camera's frame, from a guess of the pose, compiled.

As ``smoother.Window`` solves a window of one frame, by the rows of the frame (``updating.py``).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from coxa.estimate.keypoint_rows import keypoint_rows, limit_rows, seen_with_errors
from coxa.estimate.recursion import difference
from coxa.estimate.smoother import DAMPED_BY, LITTLE_DAMPING, LITTLE_GAIN, LITTLE_LOSS, MAX_DAMPING
from coxa.estimate.updating import given, refined


@njit(cache=True, nogil=True, error_model="numpy")
def settled(known, first, dt, schedule, body, source, shown, noise, limits, prior):  # type: ignore[no-untyped-def]
    """Gauss-Newton, damped where a step does not help, and what is known about where it ends.

    Args:
        known: ``Belief.arrays`` of :meth:`~coxa.estimate.recursion.Belief.spread`.
        first: a path to begin with, as these arrays have it.
        dt: from frame to frame [s].
        schedule: iterations at most, and the largest step that counts as none.
        body: ``BodyModel.arrays``.
        source: as for :func:`keypoint_rows`.
        shown: as for :func:`seen_with_errors`.
        noise: likewise.
        limits: as for :func:`limit_rows`.
        prior: of the shared parameters: mean, sd, and how far evidence of them is trusted.

    Returns:
        the path, mean, covariance, slope, info_shared and right_shared of a belief about it, and the cost.
    """
    seen, errors = seen_with_errors(shown, noise, dt)
    n, n_shared = len(known[1]) // 2, known[3].shape[1]
    most = 3 * len(seen[0]) + len(limits[0]) + n
    room = np.empty((most, n)), np.empty((most, n_shared)), np.empty(most)
    values = known[2][:n, :n].copy()
    path, damping = first, 0.0
    _, cost = _costing(known, path, body, source, seen, errors, limits, room)
    for _ in range(schedule[0]):
        m, _ = _costing(known, path, body, source, seen, errors, limits, room)
        m = _damp(damping, m, room)
        candidate, largest = refined(known, values, path, (room[0][:m], room[1][:m], room[2][:m]), prior)
        _, new_cost = _costing(known, candidate, body, source, seen, errors, limits, room)
        gain = cost - new_cost
        if not gain >= -LITTLE_LOSS:
            if damping > MAX_DAMPING:
                break
            damping = max(10.0 * damping, 1.0)
            continue
        path, cost = candidate, new_cost
        if damping < LITTLE_DAMPING and (largest < schedule[1] or abs(gain) < LITTLE_GAIN):
            break
        damping *= 0.1
    m, cost = keypoint_rows(body, path, source, seen, errors, room)
    told = given(known, path, (room[0][:m], room[1][:m], room[2][:m]))
    return path, told[0], told[1], told[2], told[3], told[4], cost


@njit(cache=True, nogil=True, error_model="numpy")
def _costing(known, path, body, source, seen, errors, limits, room):  # type: ignore[no-untyped-def]
    """Rows of the frame and of joint limits about a path: how many, and what all costs there."""
    m, cost = keypoint_rows(body, path, source, seen, errors, room)
    last = limit_rows(limits, path[2][0], m, room)
    for r in range(m, last):
        cost += 0.5 * room[2][r] ** 2
    off, shared = difference(path, known[0]), path[4] - known[0][4]
    for k in range(len(off)):
        cost += 0.5 * off[k] ** 2 / known[2][k, k]
    pull = 0.5 * np.dot(known[4], shared) - known[5]
    for k in range(len(shared)):
        cost += shared[k] * pull[k]
    return last, cost


@njit(cache=True, nogil=True, error_model="numpy")
def _damp(damping, first, room):  # type: ignore[no-untyped-def]
    """Rows that hold every value where it is; how many rows there are then."""
    if damping == 0.0:
        return first
    n = room[0].shape[1]
    for k in range(n):
        room[0][first + k], room[1][first + k], room[2][first + k] = 0.0, 0.0, 0.0
        room[0][first + k, k] = np.sqrt(DAMPED_BY * damping)
    return first + n
