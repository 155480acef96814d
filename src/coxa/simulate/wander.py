"""A body that moves exactly as the prior process says: what calibration must hold for by construction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import N_ROOT_DOF, Pose
from coxa.estimate.process import Process
from coxa.kinematics.rotations import rotation_from_vector
from coxa.simulate.perform import Performance
from coxa.simulate.person import Person
from coxa.specs.estimator import BodyPriors

Floats = NDArray[np.float64]


def wander(person: Person, priors: BodyPriors, time_s: Floats, rng: np.random.Generator) -> Performance:
    """Joints drawn from their stationary process; the pelvis starts upright and at rest, then drifts."""
    process = Process.of(person.body, priors)
    transitions = process.transitions(time_s)
    state = process.sd * rng.normal(size=process.sd.shape)
    state[:N_ROOT_DOF] = 0.0
    states = [state]
    for phi, weight in zip(transitions.phi, transitions.weight, strict=True):
        root_of_noise = np.linalg.cholesky(np.linalg.inv(weight))
        shock = np.einsum("iab,ib->ia", root_of_noise, rng.normal(size=state.shape))
        states.append(np.einsum("iab,ib->ia", phi, states[-1]) + shock)
    path = np.array(states)
    joints = process.mean + path[:, N_ROOT_DOF:, 0]
    return Performance(person, time_s, Pose(path[:, :3, 0], _turning(path, time_s), joints), "wandering")


def _turning(path: Floats, time_s: Floats) -> Floats:
    """(n_frames, 3, 3): the steps of the rotation vector (n_frames, n_dof, 2), one after the other."""
    steps = rotation_from_vector(np.diff(path[:, 3:N_ROOT_DOF, 0], axis=0))
    rotation = [np.eye(3)]
    for step in steps:
        rotation.append(step @ rotation[-1])
    return np.array(rotation)
