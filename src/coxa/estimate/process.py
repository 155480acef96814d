"""How a body moves when nobody looks: a Gauss-Markov process for every degree of freedom.

Joints follow a stationary Matern 3/2 process about their mean (Hartikainen & Sarkka 2010), so that the prior
counts once however many frames there are; the pelvis moves at constant velocity disturbed by white
accelerations. Each degree of freedom has its own two-dimensional state (value, rate).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.body import N_ROOT_DOF, BodyModel
from coxa.estimate.forward import turned_by
from coxa.specs.estimator import BodyPriors, JointPrior

Floats = NDArray[np.float64]


def prior_of(joint: str, priors: BodyPriors) -> JointPrior:
    """The prior of a joint; both sides share one."""
    name = joint.removesuffix("_left").removesuffix("_right")
    prior = priors.joints.get(joint, priors.joints.get(name))
    if prior is None:
        raise KeyError(f"no prior for joint {joint!r}; there are: {', '.join(priors.joints)}")
    return prior


@dataclass(frozen=True, slots=True)
class Transitions:
    """Steps from each frame to the next, per degree of freedom.

    Attributes:
        phi: (n_steps, n_dof, 2, 2) transition of (value, rate), the value as deviation from its mean.
        weight: (n_steps, n_dof, 2, 2) inverse covariance of the step.
    """

    phi: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Process:
    """The prior process of a body.

    Attributes:
        mean: (n_joints,) [rad] or [m].
        sd: (n_dof, 2) stationary (joints) or initial (root) standard deviations of value and rate.
        rate_constant: (n_joints,) sqrt(3) / time scale [1/s].
        acceleration: (6,) spectral density of the root's acceleration [m^2/s^3, rad^2/s^3].
    """

    mean: Floats
    sd: Floats
    rate_constant: Floats
    acceleration: Floats

    @classmethod
    def of(cls, body: BodyModel, priors: BodyPriors) -> Process:
        """The process of a body under these priors."""
        per_joint = [prior_of(joint, priors) for joint in body.joints]
        unit = np.where(body.joint_is_slide, 1.0, np.pi / 180)
        sd_joint = np.array([prior.sd for prior in per_joint]) * unit
        rate_constant = np.sqrt(3) / np.array([prior.timescale_s for prior in per_joint])
        root = priors.root
        sd_root = np.array(
            [[root.position_sd_m, root.speed_sd_m_s]] * 3
            + [[np.radians(root.rotation_sd_deg), np.radians(root.angular_speed_sd_deg_s)]] * 3
        )
        return cls(
            mean=np.array([prior.mean for prior in per_joint]) * unit,
            sd=np.vstack([sd_root, np.stack([sd_joint, sd_joint * rate_constant], axis=1)]),
            rate_constant=rate_constant,
            acceleration=np.repeat([root.acceleration_m2_s3, root.angular_acceleration_rad2_s3], 3),
        )

    def transitions(self, time_s: Floats) -> Transitions:
        """Transitions between successive times (n_frames,): n_frames - 1 steps."""
        phi, noise = self.steps(np.diff(time_s))
        return Transitions(phi, np.asarray(np.linalg.inv(noise), np.float64))

    def steps(self, dt: Floats) -> tuple[Floats, Floats]:
        """Transitions and covariances (n_steps, n_dof, 2, 2) each, of steps (n_steps,) [s]."""
        phi, noise = steps(np.asarray(dt, np.float64), self.sd, self.rate_constant, self.acceleration)
        return phi, noise


@njit(cache=True, nogil=True)
def steps(dt, sd, rate_constant, acceleration):  # type: ignore[no-untyped-def]
    """:meth:`Process.steps`, compiled."""
    n_steps, n_dof = len(dt), len(sd)
    phi, noise = np.zeros((n_steps, n_dof, 2, 2)), np.zeros((n_steps, n_dof, 2, 2))
    for t in range(n_steps):
        h = dt[t]
        for i in range(N_ROOT_DOF):
            phi[t, i, 0, 0] = phi[t, i, 1, 1] = 1.0
            phi[t, i, 0, 1] = h
            noise[t, i, 0, 0] = acceleration[i] * h**3 / 3
            noise[t, i, 0, 1] = noise[t, i, 1, 0] = acceleration[i] * h**2 / 2
            noise[t, i, 1, 1] = acceleration[i] * h
        for i in range(N_ROOT_DOF, n_dof):
            k = rate_constant[i - N_ROOT_DOF]
            x = k * h
            decay, decay2 = np.exp(-x), np.exp(-2 * x)
            phi[t, i, 0, 0] = decay * (1 + x)
            phi[t, i, 0, 1] = decay * h
            phi[t, i, 1, 0] = -decay * k * k * h
            phi[t, i, 1, 1] = decay * (1 - x)
            # Exact step covariance, in the form that does not cancel for small steps.
            variance = sd[i, 0] ** 2
            noise[t, i, 0, 0] = variance * _one_minus_exp_series(x, decay2)
            noise[t, i, 0, 1] = noise[t, i, 1, 0] = variance * 2 * k * x * x * decay2
            noise[t, i, 1, 1] = variance * k * k * (1 - decay2 * (1 - 2 * x + 2 * x * x))
    return phi, noise


@njit(cache=True, nogil=True)
def size_of(shared):  # type: ignore[no-untyped-def]
    """Stature over the model's, of shared parameters (n_shared,): the unit of the pelvis's place."""
    return np.exp(shared[0]) if len(shared) else 1.0


@njit(cache=True, nogil=True)
def expected(point, phi, mean, dt):  # type: ignore[no-untyped-def]
    """Where a state is expected ``dt`` seconds later.

    Args:
        point: position (1, 3), rotation (1, 3, 3), joints (1, n_joints), rate (1, n_dof), shared (n_shared,).
        phi: (n_dof, 2, 2) transition.
        mean: (n_joints,) of ``Process.mean``.
        dt: [s].
    """
    position, rotation, joints, rate, shared = point
    size = size_of(shared)
    new_position, new_rotation = np.empty((1, 3)), np.empty((1, 3, 3))
    new_joints, new_rate = joints.copy(), rate.copy()
    for k in range(3):
        new_position[0, k] = position[0, k] + rate[0, k] * dt * size
    turned_by(rate[0, 3:6] * dt, rotation[0], new_rotation[0])
    for j in range(len(mean)):
        i = N_ROOT_DOF + j
        off, speed = joints[0, j] - mean[j], rate[0, i]
        new_joints[0, j] = mean[j] + phi[i, 0, 0] * off + phi[i, 0, 1] * speed
        new_rate[0, i] = phi[i, 1, 0] * off + phi[i, 1, 1] * speed
    return new_position, new_rotation, new_joints, new_rate, shared


@njit(cache=True, nogil=True)
def _one_minus_exp_series(x, decay2):  # type: ignore[no-untyped-def]
    """1 - exp(-2x) (1 + 2x + 2x^2), by its series (4/3 x^3 - 2 x^4 + 8/5 x^5 - 8/9 x^6) for small x."""
    if x < 1e-2:
        return x**3 * (4 / 3 + x * (-2 + x * (8 / 5 - x * 8 / 9)))
    return 1 - decay2 * (1 + 2 * x + 2 * x * x)
