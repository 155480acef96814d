"""The prior process against its own definition."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from coxa.catalog import loader
from coxa.estimate.body import N_ROOT_DOF
from coxa.estimate.process import Process


@pytest.fixture(scope="module")
def process():
    return Process.of(loader.body_model(), loader.body_priors())


@pytest.mark.parametrize("dt", [0.01, 1 / 30, 0.2, 2.0])
def test_joints_keep_their_stationary_spread(process, dt):
    steps = process.transitions(np.array([0.0, dt]))
    phi, noise = steps.phi[0, N_ROOT_DOF:], np.linalg.inv(steps.weight[0, N_ROOT_DOF:])
    spread = np.einsum("ia,ab->iab", process.sd[N_ROOT_DOF:] ** 2, np.eye(2))
    np.testing.assert_allclose(phi @ spread @ np.swapaxes(phi, 1, 2) + noise, spread, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("dt", [1e-3, 1 / 240, 1 / 30, 0.5])
def test_transitions_and_weights_are_those_of_the_differential_equation(process, dt):
    """Van Loan 1978: both from one matrix exponential."""
    steps = process.transitions(np.array([1.0, 1.0 + dt]))
    for k, density, drift in _equations(process):
        generator = np.zeros((4, 4))
        generator[:2, :2], generator[2:, 2:] = -drift, drift.T
        generator[1, 2 + 1] = density
        exponential = expm(generator * dt)
        phi = exponential[2:, 2:].T
        noise = phi @ exponential[:2, 2:]
        np.testing.assert_allclose(steps.phi[0, k], phi, rtol=1e-9, atol=1e-12)
        product = steps.weight[0, k] @ noise
        np.testing.assert_allclose(product, np.eye(2), atol=1e-5)


def _equations(process):
    """(degree of freedom, spectral density, drift matrix) of some."""
    for k in (0, 5):
        yield k, process.acceleration[k], np.array([[0.0, 1.0], [0.0, 0.0]])
    for j in range(len(process.mean)):
        rate = process.rate_constant[j]
        density = 4 * rate**3 * process.sd[N_ROOT_DOF + j, 0] ** 2
        yield N_ROOT_DOF + j, density, np.array([[0.0, 1.0], [-(rate**2), -2 * rate]])


def test_two_short_steps_are_one_long_one(process):
    short, long = (process.transitions(np.array(times)) for times in ([0.0, 0.1, 0.25], [0.0, 0.25]))
    phi = short.phi[1] @ short.phi[0]
    noise = np.linalg.inv(short.weight)
    together = short.phi[1] @ noise[0] @ np.swapaxes(short.phi[1], 1, 2) + noise[1]
    np.testing.assert_allclose(long.phi[0], phi, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(np.linalg.inv(long.weight[0]), together, rtol=1e-7, atol=1e-12)
