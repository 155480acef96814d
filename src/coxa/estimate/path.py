"""Paths through the states of a body, and the algebra of small steps on them, compiled.

The place of the pelvis and its speed are counted in units of the person's size (stature over the model's).
One camera cannot tell a small person near by from a tall one further off; in metres the prior on
accelerations would pretend to, and favour dwarfs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.estimate.body import Pose
from coxa.estimate.forward import multiply, turned_by
from coxa.estimate.process import Process, Transitions
from coxa.kinematics.rotations import vector_from_rotation

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Path:
    """States of a window: poses, rates (n_frames, n_dof) and shared parameters (n_shared,)."""

    pose: Pose
    rate: Floats
    shared: Floats

    @property
    def size(self) -> float:
        """Stature over the model's, the unit of the pelvis's place; 1 where lengths are not shared."""
        return float(np.exp(self.shared[0])) if len(self.shared) else 1.0

    def window(self, frames: slice) -> Path:
        """The states of some frames."""
        return Path(self.pose.window(frames), self.rate[frames], self.shared)


def moved(path: Path, step: Floats, shared_step: Floats) -> Path:
    """The path after a step (n_frames, 2 n_dof) of its states and one of its shared parameters."""
    n = path.rate.shape[1]
    pose = path.pose
    rotation = _turned(np.ascontiguousarray(pose.rotation), np.ascontiguousarray(step[:, 3:6]))
    ahead = Path(pose, path.rate + step[:, n:], path.shared + shared_step)
    position_m = (pose.position_m / path.size + step[:, :3]) * ahead.size
    return replace(ahead, pose=Pose(position_m, rotation, pose.joints + step[:, 6:n]))


def difference(path: Path, other: Path) -> Floats:
    """(2 n_dof,): the step that takes ``other``, of one frame, to the first frame of the path."""
    at, pose = path.pose, other.pose
    turned = np.empty(3)
    rotation_vector(at.rotation[0] @ pose.rotation[0].T, turned)
    return np.concatenate(
        [
            at.position_m[0] / path.size - pose.position_m[0] / other.size,
            turned,
            at.joints[0] - pose.joints[0],
            path.rate[0] - other.rate[0],
        ]
    )


def differences(path: Path, other: Path, n_lengths: int = 0) -> Floats:
    """(n_frames, n_dof + n_lengths): from another path of the same frames to this one, rates left out."""
    turned = vector_from_rotation(path.pose.rotation @ np.swapaxes(other.pose.rotation, 1, 2))
    lengths = (path.shared - other.shared)[:n_lengths]
    return np.concatenate(
        [
            path.pose.position_m / path.size - other.pose.position_m / other.size,
            turned,
            path.pose.joints - other.pose.joints,
            np.broadcast_to(lengths, (len(turned), n_lengths)),
        ],
        axis=1,
    )


def step_errors(process: Process, transitions: Transitions, path: Path, dt: Floats) -> Floats:
    """(n_frames - 1, n_dof, 2): what the states leave unexplained of each step."""
    pose = path.pose
    rotation = np.ascontiguousarray(pose.rotation)
    return np.asarray(
        _step_errors(
            pose.position_m / path.size,
            rotation,
            pose.joints,
            path.rate,
            process.mean,
            transitions.phi,
            dt,
        )
    )


@njit(cache=True, nogil=True)
def rotation_vector(r, out):  # type: ignore[no-untyped-def]
    """Logarithm of a rotation matrix (3, 3) into ``out`` (3,), good up to half a turn."""
    x, y, z = r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]
    sine = 0.5 * np.sqrt(x * x + y * y + z * z)
    cosine = 0.5 * (r[0, 0] + r[1, 1] + r[2, 2] - 1.0)
    angle = np.arctan2(sine, cosine)
    scale = 0.5 if sine < 1e-9 else 0.5 * angle / sine
    out[0], out[1], out[2] = x * scale, y * scale, z * scale


@njit(cache=True, nogil=True)
def _turned(rotation, vector):  # type: ignore[no-untyped-def]
    """exp(vector) @ rotation for each frame: (n, 3, 3), (n, 3) -> (n, 3, 3)."""
    out = np.empty(rotation.shape)
    for t in range(len(rotation)):
        turned_by(vector[t], rotation[t], out[t])
    return out


@njit(cache=True, nogil=True)
def _step_errors(position, rotation, joints, rate, mean, phi, dt):  # type: ignore[no-untyped-def]
    n_steps, n_joints = len(dt), joints.shape[1]
    error = np.empty((n_steps, 6 + n_joints, 2))
    between, turned = np.empty((3, 3)), np.empty(3)
    for t in range(n_steps):
        multiply(rotation[t + 1], rotation[t].T, between)
        rotation_vector(between, turned)
        for k in range(3):
            error[t, k, 0] = position[t + 1, k] - position[t, k] - rate[t, k] * dt[t]
            error[t, 3 + k, 0] = turned[k] - rate[t, 3 + k] * dt[t]
        for k in range(6):
            error[t, k, 1] = rate[t + 1, k] - rate[t, k]
        for j in range(n_joints):
            k = 6 + j
            value, speed = joints[t, j] - mean[j], rate[t, k]
            error[t, k, 0] = joints[t + 1, j] - mean[j] - phi[t, k, 0, 0] * value - phi[t, k, 0, 1] * speed
            error[t, k, 1] = rate[t + 1, k] - phi[t, k, 1, 0] * value - phi[t, k, 1, 1] * speed
    return error
