"""The articulated body: parsed by MuJoCo, flattened to arrays for the inference.

Degrees of freedom are ordered as MuJoCo orders velocities: root translation (3, room axes), root rotation
(3, a turn about the room's axes), then one per joint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import mujoco
import numpy as np
from numpy.typing import NDArray

from coxa.specs.estimator import BodyPriors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

N_ROOT_DOF = 6
STATURE = "stature"


@dataclass(frozen=True, slots=True)
class Pose:
    """Poses of a body: (n_frames, ...) each.

    Attributes:
        position_m: (n_frames, 3) of the pelvis in the room.
        rotation: (n_frames, 3, 3) pelvis axes to room axes.
        joints: (n_frames, n_joints) [rad] or [m].
    """

    position_m: Floats
    rotation: Floats
    joints: Floats

    def __len__(self) -> int:
        return len(self.position_m)

    def window(self, frames: slice | NDArray[np.intp]) -> Pose:
        """The poses of some frames."""
        return Pose(self.position_m[frames], self.rotation[frames], self.joints[frames])

    @staticmethod
    def concatenate(parts: Sequence[Pose]) -> Pose:
        """Join consecutive poses."""
        return Pose(
            np.concatenate([part.position_m for part in parts]),
            np.concatenate([part.rotation for part in parts]),
            np.concatenate([part.joints for part in parts]),
        )


@dataclass(frozen=True)
class BodyModel:
    """The tree of segments as arrays; body 0 is the pelvis, parents come before children.

    Attributes:
        bodies: names, (n_bodies,).
        parent: (n_bodies,) index of the parent, -1 for the pelvis.
        position_m: (n_bodies, 3) in the parent, for a person of the model's stature.
        joints: names, (n_joints,).
        joint_body: (n_joints,) the body each joint moves.
        joint_axis: (n_joints, 3) in that body.
        joint_is_slide: (n_joints,).
        joint_limits: (n_joints, 2) [rad] or [m].
        sites: site name -> (body, place in it [m]).
        lengths: names of the length parameters, the first is the stature.
        length_of_body: (n_bodies, 3) index of the length parameter scaling that component, 0 for stature
            only.
        length_of_site: site name -> (3,) likewise.
        xml: the MJCF it was read from.
    """

    bodies: tuple[str, ...]
    parent: Ints
    position_m: Floats
    joints: tuple[str, ...]
    joint_body: Ints
    joint_axis: Floats
    joint_is_slide: NDArray[np.bool_]
    joint_limits: Floats
    sites: Mapping[str, tuple[int, Floats]]
    lengths: tuple[str, ...]
    length_of_body: Ints
    length_of_site: Mapping[str, Ints]
    xml: str

    @classmethod
    def from_mjcf(cls, xml: str, priors: BodyPriors) -> Self:
        """Read the MJCF; ``priors.lengths`` names the components that each length scales."""
        model = mujoco.MjModel.from_xml_string(xml)
        bodies = tuple(model.body(i).name for i in range(1, model.nbody))
        lengths = (STATURE, *priors.lengths)
        length_of_body = np.zeros((len(bodies), 3), np.int64)
        length_of_site = {model.site(i).name: np.zeros(3, np.int64) for i in range(model.nsite)}
        for k, prior in enumerate(priors.lengths.values(), start=1):
            for component in prior.scales:
                name, axis = component.rsplit(".", 1)
                owner = length_of_body[bodies.index(name)] if name in bodies else length_of_site[name]
                owner["xyz".index(axis)] = k
        return cls(
            bodies=bodies,
            parent=np.array(model.body_parentid[1:], np.int64) - 1,
            position_m=np.vstack([np.zeros(3), model.body_pos[2:]]),
            joints=tuple(model.joint(i).name for i in range(1, model.njnt)),
            joint_body=np.array(model.jnt_bodyid[1:], np.int64) - 1,
            joint_axis=np.array(model.jnt_axis[1:]),
            joint_is_slide=np.array(model.jnt_type[1:] == mujoco.mjtJoint.mjJNT_SLIDE),
            joint_limits=np.array(model.jnt_range[1:]),
            sites={
                model.site(i).name: (int(model.site_bodyid[i]) - 1, np.array(model.site_pos[i]))
                for i in range(model.nsite)
            },
            lengths=lengths,
            length_of_body=length_of_body,
            length_of_site=length_of_site,
            xml=xml,
        )

    @property
    def n_dof(self) -> int:
        """Degrees of freedom: 6 of the root and one per joint."""
        return N_ROOT_DOF + len(self.joints)

    @property
    def n_lengths(self) -> int:
        """Number of length parameters, the stature included."""
        return len(self.lengths)

    @cached_property
    def moves(self) -> NDArray[np.bool_]:
        """(n_bodies, n_joints): whether the joint moves the body."""
        moves = np.zeros((len(self.bodies), len(self.joints)), bool)
        for body, parent in enumerate(self.parent):
            if parent >= 0:
                moves[body] = moves[parent]
            moves[body] |= self.joint_body == body
        return moves

    @cached_property
    def joint_range_of_body(self) -> Ints:
        """(n_bodies, 2): first and one past the last joint of each body."""
        first = np.searchsorted(self.joint_body, np.arange(len(self.bodies)), side="left")
        last = np.searchsorted(self.joint_body, np.arange(len(self.bodies)), side="right")
        return np.stack([first, last], axis=1).astype(np.int64)

    @cached_property
    def arrays(self) -> tuple[Ints, Floats, Ints, Floats, NDArray[np.bool_], Ints, NDArray[np.bool_]]:
        """What the compiled kernels take, in their order."""
        return (
            self.parent,
            self.position_m,
            self.joint_range_of_body,
            self.joint_axis,
            self.joint_is_slide,
            self.length_of_body,
            self.moves,
        )

    def length_factor(self, lengths: Floats) -> Floats:
        """Factors (n_lengths,) from logarithms: the stature's own, then stature times each proportion."""
        factor = np.exp(lengths)
        factor[1:] *= factor[0]
        return factor

    def mjcf(self, lengths: Floats) -> mujoco.MjSpec:
        """The MuJoCo model of a person with these log-lengths (n_lengths,), editable and compilable."""
        spec = mujoco.MjSpec.from_string(self.xml)
        factor = self.length_factor(lengths)
        for k, name in enumerate(self.bodies[1:], start=1):
            spec.body(name).pos = self.position_m[k] * factor[self.length_of_body[k]]
        for name, (_, place) in self.sites.items():
            spec.site(name).pos = place * factor[self.length_of_site[name]]
        return spec
