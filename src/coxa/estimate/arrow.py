"""Solves the arrow-shaped normal equations of a chain of frames that share parameters.

Unknowns: one state per frame (value and rate of every degree of freedom), coupled to its neighbours by the
process, and the shared parameters (lengths, landmark offsets), coupled to every frame. Eliminating the
frames in order is the information form of the Kalman filter; substituting back is the Rauch-Tung-Striebel
smoother; the shared parameters ride along as a border, so that what remains unknown of the body widens the
uncertainty of every frame.

The coupling between frames acts on each degree of freedom alone, so it costs nothing; an inverse and two
products of the size of the state per frame are all the work.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@njit(cache=True, nogil=True)
def _coupling(phi: Floats, weight: Floats) -> Floats:
    """(n_dof, 2, 2): -phi^T W, how this frame's state couples to the next one's."""
    n_dof = len(phi)
    coupling = np.empty((n_dof, 2, 2))
    for i in range(n_dof):
        for a in range(2):
            for b in range(2):
                coupling[i, a, b] = -(phi[i, 0, a] * weight[i, 0, b] + phi[i, 1, a] * weight[i, 1, b])
    return coupling


@njit(cache=True, nogil=True)
def _inverse(s: Floats) -> Floats:
    """Inverse of a symmetric positive definite (2n, 2n), by blocks: half the work of a general one."""
    n = len(s) // 2
    values, cross, rates = s[:n, :n].copy(), s[:n, n:].copy(), s[n:, n:].copy()
    rates_inverse = np.linalg.inv(rates)
    gain = np.dot(cross, rates_inverse)
    schur = np.linalg.inv(values - np.dot(gain, cross.T))
    lower = np.dot(schur, gain)
    corner = np.dot(gain.T, lower)
    out = np.empty((2 * n, 2 * n))
    for i in range(n):
        for j in range(n):
            # Rounding makes the blocks slightly unsymmetric; it must not build up over the frames.
            out[i, j] = 0.5 * (schur[i, j] + schur[j, i])
            out[i, n + j] = out[n + j, i] = -lower[i, j]
            out[n + i, n + j] = 0.5 * (
                rates_inverse[i, j] + rates_inverse[j, i] + corner[i, j] + corner[j, i]
            )
    return out


@njit(cache=True, nogil=True)
def _times_coupling(matrix: Floats, coupling: Floats) -> Floats:
    """(m, 2n) @ E for the sparse coupling E."""
    n = len(coupling)
    out = np.empty_like(matrix)
    for r in range(matrix.shape[0]):
        for i in range(n):
            x, y = matrix[r, i], matrix[r, n + i]
            out[r, i] = x * coupling[i, 0, 0] + y * coupling[i, 1, 0]
            out[r, n + i] = x * coupling[i, 0, 1] + y * coupling[i, 1, 1]
    return out


@njit(cache=True, nogil=True)
def _coupling_times(coupling: Floats, matrix: Floats) -> Floats:
    """E @ (2n, m) for the sparse coupling E."""
    n = len(coupling)
    out = np.empty_like(matrix)
    for i in range(n):
        for c in range(matrix.shape[1]):
            x, y = matrix[i, c], matrix[n + i, c]
            out[i, c] = coupling[i, 0, 0] * x + coupling[i, 0, 1] * y
            out[n + i, c] = coupling[i, 1, 0] * x + coupling[i, 1, 1] * y
    return out


@njit(cache=True, nogil=True)
def _transposed_coupling_times(coupling: Floats, matrix: Floats) -> Floats:
    """E^T @ (2n, m) for the sparse coupling E."""
    n = len(coupling)
    out = np.empty_like(matrix)
    for i in range(n):
        for c in range(matrix.shape[1]):
            x, y = matrix[i, c], matrix[n + i, c]
            out[i, c] = coupling[i, 0, 0] * x + coupling[i, 1, 0] * y
            out[n + i, c] = coupling[i, 0, 1] * x + coupling[i, 1, 1] * y
    return out


@njit(cache=True, nogil=True)
def eliminate(phi, weight, step_error, info, border, right, info_shared, right_shared, start):  # type: ignore[no-untyped-def]
    """Eliminate the frames of a window in order.

    Args:
        phi: (n_steps, n_dof, 2, 2) transitions; n_frames - 1 of them, or one more that leads out of the
            window.
        weight: likewise, inverse covariances of the steps.
        step_error: (n_steps, n_dof, 2) what the present states leave of each step.
        info: (n_frames, n_dof, n_dof) information of the observations on the values.
        border: (n_frames, n_dof, n_shared) likewise between values and shared parameters.
        right: (n_frames, n_dof) right-hand side of the values.
        info_shared: (n_shared, n_shared), prior included; reduced in place.
        right_shared: (n_shared,), reduced in place.
        start: (info (2n, 2n), border (2n, n_shared), right (2n,)) arriving at the first frame.

    Returns:
        inverse (n_frames, 2n, 2n), border (n_frames, 2n, n_shared), right (n_frames, 2n), and, in the form of
        ``start``, the arrival at the frame after the last (meaningful if a step leads there).
    """
    n_frames, n = right.shape
    n_shared = len(right_shared)
    inverse = np.empty((n_frames, 2 * n, 2 * n))
    borders = np.empty((n_frames, 2 * n, n_shared))
    rights = np.empty((n_frames, 2 * n))
    state_info, state_border, state_right = start[0].copy(), start[1].copy(), start[2].copy()
    for t in range(n_frames):
        state_info[:n, :n] += info[t]
        state_border[:n] += border[t]
        state_right[:n] += right[t]
        onward = t < len(phi)
        coupling = np.empty((n, 2, 2))
        if onward:
            coupling = _coupling(phi[t], weight[t])
            for i in range(n):
                for a in range(2):
                    for b in range(2):
                        # phi^T W phi = -coupling @ phi
                        state_info[a * n + i, b * n + i] -= (
                            coupling[i, a, 0] * phi[t, i, 0, b] + coupling[i, a, 1] * phi[t, i, 1, b]
                        )
                    state_right[a * n + i] -= (
                        coupling[i, a, 0] * step_error[t, i, 0] + coupling[i, a, 1] * step_error[t, i, 1]
                    )
        m = _inverse(state_info)
        inverse[t], borders[t], rights[t] = m, state_border, state_right
        m_border = np.dot(m, state_border)
        m_right = np.dot(m, state_right)
        info_shared -= np.dot(state_border.T, m_border)
        right_shared -= np.dot(state_border.T, m_right)
        if onward:
            me = _times_coupling(m, coupling)
            state_info = -_transposed_coupling_times(coupling, me)
            state_border = -_transposed_coupling_times(coupling, m_border)
            state_right = -_transposed_coupling_times(coupling, m_right.reshape(2 * n, 1))[:, 0]
            for i in range(n):
                for a in range(2):
                    for b in range(2):
                        state_info[a * n + i, b * n + i] += weight[t, i, a, b]
                        state_right[a * n + i] -= weight[t, i, a, b] * step_error[t, i, b]
    return inverse, borders, rights, (state_info, state_border, state_right)


@njit(cache=True, nogil=True)
def substitute(phi, weight, inverse, borders, rights, shared):  # type: ignore[no-untyped-def]
    """Steps of the states (n_frames, 2n), given the step of the shared parameters (n_shared,)."""
    n_frames, n2 = rights.shape
    step = np.empty((n_frames, n2))
    for t in range(n_frames - 1, -1, -1):
        right = rights[t] - np.dot(borders[t], shared)
        if t < n_frames - 1:
            coupling = _coupling(phi[t], weight[t])
            right -= _coupling_times(coupling, step[t + 1].copy().reshape(n2, 1))[:, 0]
        step[t] = np.dot(inverse[t], right)
    return step


@njit(cache=True, nogil=True)
def covariances(phi, weight, inverse, borders, covariance_shared, n_lengths):  # type: ignore[no-untyped-def]
    """Covariance of every frame's values together with the lengths.

    Args:
        phi: (n_steps, n_dof, 2, 2).
        weight: (n_steps, n_dof, 2, 2).
        inverse: (n_frames, 2n, 2n) of :func:`eliminate`.
        borders: (n_frames, 2n, n_shared) of :func:`eliminate`.
        covariance_shared: (n_shared, n_shared).
        n_lengths: how many of the shared parameters (the first ones) to report.

    Returns:
        (n_frames, n_dof + n_lengths, n_dof + n_lengths).
    """
    n_frames, n2, n_shared = borders.shape
    n = n2 // 2
    size = n + n_lengths
    out = np.empty((n_frames, size, size))
    chain = np.empty((n2, n2))
    sensitivity = np.empty((n2, n_shared))
    for t in range(n_frames - 1, -1, -1):
        m = inverse[t]
        border = borders[t].copy()
        if t < n_frames - 1:
            coupling = _coupling(phi[t], weight[t])
            me = _times_coupling(m, coupling)
            chain = m + np.dot(me, np.dot(chain, me.T))
            border += _coupling_times(coupling, sensitivity)
        else:
            chain = m.copy()
        sensitivity = -np.dot(m, border)
        values = sensitivity[:n].copy()
        cross = np.dot(values, covariance_shared)
        out[t, :n, :n] = chain[:n, :n] + np.dot(cross, values.T)
        out[t, :n, n:] = cross[:, :n_lengths]
        out[t, n:, :n] = cross[:, :n_lengths].T
        out[t, n:, n:] = covariance_shared[:n_lengths, :n_lengths]
    return out
