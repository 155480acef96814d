"""The arrow-shaped solver against a dense solve of the same problem."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.estimate.arrow import covariances, eliminate, substitute


def problem(n_frames: int, n: int, n_shared: int, rng: np.random.Generator, onward: bool = False):
    """Random transitions, observations and prior, in the form that ``eliminate`` takes."""

    def positive(*shape: int, size: int, rank: int | None = None) -> np.ndarray:
        root = rng.normal(size=(*shape, size, rank or size + 1))
        return root @ np.swapaxes(root, -1, -2)

    n_steps = n_frames - (0 if onward else 1)
    phi = rng.normal(size=(n_steps, n, 2, 2))
    weight = positive(n_steps, n, size=2)
    error = rng.normal(size=(n_steps, n, 2))
    seen = positive(n_frames, size=n + n_shared, rank=3)
    info, border = seen[:, :n, :n].copy(), seen[:, :n, n:].copy()
    info_shared = seen[:, n:, n:].sum(axis=0) + positive(size=n_shared)
    right, right_shared = rng.normal(size=(n_frames, n)), rng.normal(size=n_shared)
    prior = positive(size=2 * n + n_shared)
    start = prior[: 2 * n, : 2 * n].copy(), prior[: 2 * n, 2 * n :].copy(), rng.normal(size=2 * n)
    info_shared += prior[2 * n :, 2 * n :]
    return phi, weight, error, info, border, right, info_shared, right_shared, start


def dense(phi, weight, error, info, border, right, info_shared, right_shared, start, n_states):
    """Information matrix and right-hand side of (all states, shared), states as (values, rates)."""
    n = right.shape[1]
    size = 2 * n * n_states + len(right_shared)
    matrix, vector = np.zeros((size, size)), np.zeros(size)
    shared = slice(2 * n * n_states, size)

    def add(rows: np.ndarray, block: np.ndarray) -> None:
        matrix[np.ix_(rows, rows)] += block

    for t in range(len(right)):
        at = 2 * n * t
        values = np.arange(at, at + n)
        add(values, info[t])
        matrix[values, shared] += border[t]
        matrix[shared, values] += border[t].T
        vector[values] += right[t]
    for t in range(len(phi)):
        for i in range(n):
            here = np.array([2 * n * t + i, 2 * n * t + n + i])
            rows = np.concatenate([here, here + 2 * n])
            jacobian = np.hstack([-phi[t, i], np.eye(2)])
            add(rows, jacobian.T @ weight[t, i] @ jacobian)
            vector[rows] -= jacobian.T @ weight[t, i] @ error[t, i]
    first = np.arange(2 * n)
    add(first, start[0])
    matrix[first, shared] += start[1]
    matrix[shared, first] += start[1].T
    vector[first] += start[2]
    matrix[shared, shared] += info_shared
    vector[shared] += right_shared
    return matrix, vector


@pytest.mark.parametrize(("n_frames", "n", "n_shared"), [(1, 2, 3), (2, 1, 1), (4, 3, 2), (6, 5, 7)])
def test_means_and_covariances_are_those_of_a_dense_solve(n_frames, n, n_shared):
    given = problem(n_frames, n, n_shared, np.random.default_rng(n_frames))
    phi, weight, *_ = given
    matrix, vector = dense(*given, n_states=n_frames)
    expected, covariance = np.linalg.solve(matrix, vector), np.linalg.inv(matrix)

    info_shared, right_shared = given[6].copy(), given[7].copy()
    inverse, borders, rights, _ = eliminate(*given[:6], info_shared, right_shared, given[8])
    shared = np.linalg.solve(info_shared, right_shared)
    step = substitute(phi, weight, inverse, borders, rights, shared)
    np.testing.assert_allclose(np.concatenate([step.ravel(), shared]), expected, rtol=1e-8, atol=1e-10)

    covariance_shared = np.linalg.inv(info_shared)
    found = covariances(phi, weight, inverse, borders, covariance_shared, n_shared)
    tail = np.arange(2 * n * n_frames, len(matrix))
    for t in range(n_frames):
        rows = np.concatenate([np.arange(2 * n * t, 2 * n * t + n), tail])
        np.testing.assert_allclose(found[t], covariance[np.ix_(rows, rows)], rtol=1e-7, atol=1e-10)


def test_leaving_the_window_hands_on_exactly_what_was_known():
    """The arrival is the marginal of the next frame's state and the shared parameters."""
    n_frames, n, n_shared = 3, 2, 4
    given = problem(n_frames, n, n_shared, np.random.default_rng(7), onward=True)
    matrix, vector = dense(*given, n_states=n_frames + 1)
    kept = np.arange(2 * n * n_frames, len(matrix))
    gone = np.arange(2 * n * n_frames)
    gain = matrix[np.ix_(kept, gone)] @ np.linalg.inv(matrix[np.ix_(gone, gone)])
    expected = matrix[np.ix_(kept, kept)] - gain @ matrix[np.ix_(gone, kept)]
    expected_right = vector[kept] - gain @ vector[gone]

    info_shared, right_shared = given[6].copy(), given[7].copy()
    *_, (info, border, right) = eliminate(*given[:6], info_shared, right_shared, given[8])
    found = np.block([[info, border], [border.T, info_shared]])
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(np.concatenate([right, right_shared]), expected_right, rtol=1e-8, atol=1e-9)
