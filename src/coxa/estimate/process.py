"""How a body moves when nobody looks: a Gauss-Markov process for every degree of freedom.

Joints follow a stationary Matern 3/2 process about their mean (Hartikainen & Sarkka 2010), so that the prior
counts once however many frames there are; the pelvis moves at constant velocity disturbed by white
accelerations. Each degree of freedom has its own two-dimensional state (value, rate).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import N_ROOT_DOF, BodyModel, Pose
from coxa.kinematics.rotations import rotation_from_vector
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

    def predicted(self, pose: Pose, rate: Floats, dt: float, size: float) -> tuple[Pose, Floats]:
        """Where one frame's state is expected ``dt`` seconds later.

        Args:
            pose: one frame.
            rate: (1, n_dof); of the pelvis's place in units of the person's size.
            dt: [s].
            size: the person's stature over the model's.
        """
        phi = self.transitions(np.array([0.0, dt])).phi[0, N_ROOT_DOF:]
        joint = np.stack([pose.joints[0] - self.mean, rate[0, N_ROOT_DOF:]], axis=-1)
        later = np.einsum("jab,jb->ja", phi, joint)
        turn = rotation_from_vector(rate[:, 3:N_ROOT_DOF] * dt)
        ahead = Pose(
            pose.position_m + rate[:, :3] * dt * size, turn @ pose.rotation, (self.mean + later[:, 0])[None]
        )
        return ahead, np.concatenate([rate[0, :N_ROOT_DOF], later[:, 1]])[None]

    def transitions(self, time_s: Floats) -> Transitions:
        """Transitions between successive times (n_frames,): n_frames - 1 steps."""
        dt = np.diff(time_s)[:, None]
        n_steps, n_dof = len(dt), len(self.sd)
        if n_steps == 0:
            return Transitions(np.zeros((0, n_dof, 2, 2)), np.zeros((0, n_dof, 2, 2)))
        phi = np.zeros((n_steps, n_dof, 2, 2))
        noise = np.zeros((n_steps, n_dof, 2, 2))
        root, joint = slice(0, N_ROOT_DOF), slice(N_ROOT_DOF, None)
        phi[:, root, 0, 0] = phi[:, root, 1, 1] = 1.0
        phi[:, root, 0, 1] = dt
        noise[:, root, 0, 0] = self.acceleration * dt**3 / 3
        noise[:, root, 0, 1] = noise[:, root, 1, 0] = self.acceleration * dt**2 / 2
        noise[:, root, 1, 1] = self.acceleration * dt
        k = self.rate_constant
        decay = np.exp(-k * dt)
        phi[:, joint, 0, 0] = decay * (1 + k * dt)
        phi[:, joint, 0, 1] = decay * dt
        phi[:, joint, 1, 0] = -decay * k**2 * dt
        phi[:, joint, 1, 1] = decay * (1 - k * dt)
        # Exact step covariance, in the form that does not cancel for small steps.
        variance = self.sd[joint, 0] ** 2
        x = k * dt
        decay2 = np.exp(-2 * x)
        noise[:, joint, 0, 0] = variance * _one_minus_exp_series(x, decay2)
        noise[:, joint, 0, 1] = noise[:, joint, 1, 0] = variance * 2 * k * x**2 * decay2
        noise[:, joint, 1, 1] = variance * k**2 * (1 - decay2 * (1 - 2 * x + 2 * x**2))
        return Transitions(phi, np.asarray(np.linalg.inv(noise), np.float64))


def _one_minus_exp_series(x: Floats, decay2: Floats) -> Floats:
    """1 - exp(-2x) (1 + 2x + 2x^2), by its series (4/3 x^3 - 2 x^4 + 8/5 x^5 - 8/9 x^6) for small x."""
    series = x**3 * (4 / 3 + x * (-2 + x * (8 / 5 - x * 8 / 9)))
    return np.where(x < 1e-2, series, 1 - decay2 * (1 + 2 * x + 2 * x**2))
