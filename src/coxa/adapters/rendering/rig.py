"""Moves a body's mesh with the segments of our own body model, so its angles are exactly those asked for.

The mesh at rest gives each segment a frame whose axis runs through the mesh's own joint centres; the posed
segment's rotation (from the body model) takes that frame along. The lumbar turn is spread over the six joints
from L5/S1 to T12/L1, the thoracic over the six above, each by a fraction of its rotation vector: so the parts
compose to exactly the whole, whatever its axis. Zero is the mesh's own stance: pelvis, lumbar and thorax axes
are the room's when it stands at rest.

The skin follows by linear blending of these rigid motions. It does not bulge or slide: at large hip flexion
the fold of the groin and the buttock are thinner than a person's, and the skin over L1-L5 bends with the
spine under it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.rendering.shape import RestBody
from coxa.estimate.body import BodyModel, Pose
from coxa.estimate.readout import segments
from coxa.kinematics.rotations import (
    frame_from_axes,
    rotation_from_vector,
    transpose,
    vector_from_rotation,
)
from coxa.model.coordinates import SIDES

Floats = NDArray[np.float64]

#: Shares of lumbar movement, L5/S1 up to T12/L1 (ranges of flexion and extension: White & Panjabi 1990).
_LUMBAR_SHARES = np.array([17.0, 16.0, 15.0, 14.0, 12.0, 12.0]) / 86.0
_N_THORACIC = 6
_LUMBAR_HEIGHT = 0.100  # L5/S1 to T12/L1 over stature (De Leva 1996 and DESIGN)

_LEVELS = ("pelvis", *(f"lumbar{k}" for k in range(5)), "lumbar", *(f"thorax{k}" for k in range(5)), "thorax")
_TORSO = ("root", "pelvis", "spine", "breast")
_RIGHT = np.array([0.0, 0.0, 1.0])
_UP = np.array([0.0, 1.0, 0.0])


def _bones() -> tuple[str, ...]:
    arm = ("girdle0", "girdle", "humerus0", "humerus", "forearm0", "forearm")
    limbs = (*arm, "femur0", "femur", "tibia", "foot")
    return (*_LEVELS, "neck0", "neck1", "head", *(f"{limb}_{side}" for side in SIDES for limb in limbs))


BONES = _bones()

#: Where MakeHuman's bones go, by the beginning of their names; torso by height, all else to the head.
_LIMBS = {
    "clavicle": "girdle0",
    "shoulder01": "girdle",
    "upperarm01": "humerus0",
    "upperarm02": "humerus",
    "lowerarm01": "forearm0",
    "lowerarm02": "forearm",
    "wrist": "forearm",
    "metacarpal": "forearm",
    "finger": "forearm",
    "upperleg01": "femur0",
    "upperleg02": "femur",
    "lowerleg": "tibia",
    "foot": "foot",
    "toe": "foot",
}
_NECK = {"neck01": "neck0", "neck02": "neck1"}


@dataclass(frozen=True, eq=False)
class Posed:
    """A body in one pose.

    Attributes:
        rotation: (n_bones, 3, 3) from rest to now.
        shift_m: (n_bones, 3).
        joints_m: joint centre -> (3,) in the room.
        frames: segment -> (3, 3) ISB axes, columns.
        origins_m: segment -> (3,), moving with its own bone (so what is mounted there stays on the skin):
            where the body model has it in the standing person; the limbs' are their upper joints.
    """

    rotation: Floats
    shift_m: Floats
    joints_m: dict[str, Floats]
    frames: dict[str, Floats]
    origins_m: dict[str, Floats]

    def carry(self, bone: str, points_m: Floats) -> Floats:
        """Points (..., 3) at rest, fixed to a bone, where they are now."""
        k = BONES.index(bone)
        return np.asarray(points_m @ self.rotation[k].T + self.shift_m[k])


class Rig:
    """The skeleton in a body at rest.

    Args:
        rest: the body.
        model: our body model.
        size: stature over the model's.
    """

    def __init__(self, rest: RestBody, model: BodyModel, size: float) -> None:
        self.rest = rest
        self.model = model
        stature = float(rest.vertices_m[:, 1].max())
        self.heads = _rest_joints(rest)
        self.levels_m = _spinal_levels(rest, stature)
        self.frames = _rest_frames(self.heads)
        above = {name: size * model.position_m[model.bodies.index(name)] for name in ("lumbar", "thorax")}
        self._lumbar_m = self.heads["pelvis"] + above["lumbar"]
        self._thorax_m = self._lumbar_m + above["thorax"]
        self.weights = np.ascontiguousarray(_weights(rest, self.levels_m), np.float32)

    def poses(self, pose: Pose, lengths: Floats, support: tuple[str, ...], moved_m: Floats) -> list[Posed]:
        """The body in each frame of a pose.

        Args:
            pose: (n_frames); its places are not used.
            lengths: (n_lengths,) of the body model; rotations do not depend on them.
            support: joint centres whose middle stays where ``moved_m`` says.
            moved_m: (n_frames, 3).
        """
        _, rotation = segments(self.model, pose, lengths)
        slides = {
            name: pose.joints[:, k]
            for k, name in enumerate(self.model.joints)
            if self.model.joint_is_slide[k]
        }
        result = []
        for t in range(len(pose)):
            frames = dict(zip(self.model.bodies, rotation[t], strict=True))
            posed = self._pose(frames, {name: float(path[t]) for name, path in slides.items()})
            middle = np.mean([posed.joints_m[name] for name in support], axis=0)
            result.append(_moved(posed, moved_m[t] - middle))
        return result

    def skin(self, posed: Posed, vertices_m: Floats, weights: NDArray[np.float32]) -> Floats:
        """Vertices (n, 3) at rest with weights (n, n_bones), where they are now."""
        motion = np.concatenate([posed.rotation, posed.shift_m[:, :, None]], axis=2).reshape(-1, 12)
        blended = (weights @ motion.astype(np.float32)).reshape(-1, 3, 4)
        turned = np.einsum("nij,nj->ni", blended[:, :, :3], vertices_m.astype(np.float32))
        return np.asarray(turned + blended[:, :, 3], float)

    def _pose(self, frames: dict[str, Floats], slides: dict[str, float]) -> Posed:
        chain = _Chain(self.heads["pelvis"])
        chain.add("pelvis", None, frames["pelvis"], self.heads["pelvis"])
        self._spine(chain, frames)
        self._head(chain, frames)
        for side in SIDES:
            self._arm(chain, frames, side, slides)
            self._leg(chain, frames, side)
        rotation = np.stack([chain.rotation[name] for name in BONES])
        shift = np.stack([chain.shift[name] for name in BONES])
        posed = Posed(rotation, shift, {}, frames, {})
        self._note_places(posed)
        return posed

    def _spine(self, chain: _Chain, frames: dict[str, Floats]) -> None:
        below = "pelvis"
        n = len(_LUMBAR_SHARES)
        parts = (
            ("pelvis", "lumbar", _LUMBAR_SHARES, 0),
            ("lumbar", "thorax", np.full(_N_THORACIC, 1 / _N_THORACIC), n),
        )
        for start, end, shares, first in parts:
            whole = vector_from_rotation(frames[start].T @ frames[end])
            for k, share in enumerate(np.cumsum(shares)):
                name = _LEVELS[1 + first + k]
                turned = frames[start] @ rotation_from_vector(share * whole)
                chain.add(name, below, turned, self.levels_m[first + k])
                below = name

    def _head(self, chain: _Chain, frames: dict[str, Floats]) -> None:
        whole = vector_from_rotation(frames["thorax"].T @ frames["head"])
        below = "thorax"
        for k, name in enumerate(("neck0", "neck1", "head")):
            turned = frames["thorax"] @ rotation_from_vector((k + 1) / 3 * whole)
            chain.add(name, below, turned, self.heads[name])
            below = name

    def _arm(self, chain: _Chain, frames: dict[str, Floats], side: str, slides: dict[str, float]) -> None:
        thorax = frames["thorax"]
        up, ahead = slides[f"shoulder_elevation_{side}"], slides[f"shoulder_protraction_{side}"]
        moved = thorax @ np.array([ahead, up, 0.0])
        for name, share in (("girdle0", 0.5), ("girdle", 1.0)):
            chain.add(f"{name}_{side}", "thorax", thorax, self.heads[f"shoulder_{side}"], share * moved)
        parts = (("humerus", "girdle", thorax, "shoulder"), ("forearm", "humerus", None, "elbow"))
        for name, parent, base, joint in parts:
            here = f"{name}_{side}"
            turned = frames[here] @ self.frames[here].T
            known = chain.rotation[f"{parent}_{side}"] if base is None else base
            axis = -self.frames[here][:, 1]
            half = known @ _half_twisted(known.T @ turned, axis)
            chain.add(f"{name}0_{side}", f"{parent}_{side}", half, self.heads[f"{joint}_{side}"])
            chain.add(here, f"{parent}_{side}", turned, self.heads[f"{joint}_{side}"])

    def _leg(self, chain: _Chain, frames: dict[str, Floats], side: str) -> None:
        pelvis = frames["pelvis"]
        turned = frames[f"femur_{side}"] @ self.frames[f"femur_{side}"].T
        half = pelvis @ _half_twisted(pelvis.T @ turned, -self.frames[f"femur_{side}"][:, 1])
        chain.add(f"femur0_{side}", "pelvis", half, self.heads[f"hip_{side}"])
        chain.add(f"femur_{side}", "pelvis", turned, self.heads[f"hip_{side}"])
        for name, parent, joint in (("tibia", "femur", "knee"), ("foot", "tibia", "ankle")):
            turned = frames[f"{name}_{side}"] @ self.frames[f"{name}_{side}"].T
            chain.add(f"{name}_{side}", f"{parent}_{side}", turned, self.heads[f"{joint}_{side}"])

    def _note_places(self, posed: Posed) -> None:
        owners = {"hip": "femur", "knee": "tibia", "ankle": "foot", "shoulder": "humerus", "elbow": "forearm"}
        for side in SIDES:
            for joint, bone in owners.items():
                here = posed.carry(f"{bone}_{side}", self.heads[f"{joint}_{side}"])
                posed.joints_m[f"{side}_{joint}"] = here
                posed.origins_m[f"{bone}_{side}"] = here
            posed.joints_m[f"{side}_wrist"] = posed.carry(f"forearm_{side}", self.heads[f"wrist_{side}"])
        places = {
            "pelvis": ("pelvis", self.heads["pelvis"]),
            "lumbar": ("lumbar", self._lumbar_m),
            "thorax": ("thorax", self._thorax_m),
            "head": ("head", self.heads["head"]),
        }
        for segment, (bone, place) in places.items():
            posed.origins_m[segment] = posed.carry(bone, place)
        posed.joints_m["l5_s1"] = posed.carry("pelvis", self.levels_m[0])
        posed.joints_m["t12_l1"] = posed.carry("lumbar", self.levels_m[len(_LUMBAR_SHARES) - 1])
        posed.joints_m["neck"] = posed.carry("neck0", self.heads["neck0"])


class _Chain:
    """Rigid motions of bones, each turning about a point of the bone below it."""

    def __init__(self, origin: Floats) -> None:
        self.rotation: dict[str, Floats] = {}
        self.shift: dict[str, Floats] = {}
        self._origin = origin

    def add(
        self, name: str, below: str | None, rotation: Floats, pivot: Floats, moved: Floats | None = None
    ) -> None:
        """A bone that turns as ``rotation`` (room) about ``pivot`` (at rest), carried by the bone below."""
        place = np.zeros(3) if below is None else self.rotation[below] @ pivot + self.shift[below]
        if moved is not None:
            place = place + moved
        self.rotation[name] = rotation
        self.shift[name] = place - rotation @ pivot


def _moved(posed: Posed, by_m: Floats) -> Posed:
    return Posed(
        posed.rotation,
        posed.shift_m + by_m,
        {name: place + by_m for name, place in posed.joints_m.items()},
        posed.frames,
        {name: place + by_m for name, place in posed.origins_m.items()},
    )


def _half_twisted(rotation: Floats, axis: Floats) -> Floats:
    """The rotation with half of its twist about an axis (3,) of the turned body taken back."""
    from coxa.kinematics.rotations import rotation_between

    swing = rotation_between(axis, rotation @ axis)
    twist = vector_from_rotation(transpose(swing) @ rotation)
    return np.asarray(swing @ rotation_from_vector(0.5 * twist))


def _rest_joints(rest: RestBody) -> dict[str, Floats]:
    heads: dict[str, Floats] = {}
    bones = {
        "hip": "upperleg01",
        "knee": "lowerleg01",
        "ankle": "foot",
        "shoulder": "upperarm01",
        "elbow": "lowerarm01",
        "wrist": "wrist",
    }
    for joint, bone in bones.items():
        for side in SIDES:
            heads[f"{joint}_{side}"] = rest.head_m(f"{bone}.{side[0].upper()}")
    heads["pelvis"] = 0.5 * (heads["hip_left"] + heads["hip_right"])
    heads |= {"neck0": rest.head_m("neck01"), "neck1": rest.head_m("neck02"), "head": rest.head_m("head")}
    return heads


def _spinal_levels(rest: RestBody, stature: float) -> Floats:
    """(12, 3) at rest: L5/S1 up to T12/L1, then six joints up to the middle of the thorax."""
    curve = np.stack([rest.head_m(f"spine0{k}") for k in (5, 4, 3, 2, 1)] + [rest.head_m("neck01")])
    sacrum = rest.head_m("spine04")[1]
    t12 = sacrum + _LUMBAR_HEIGHT * stature
    middle = 0.55 * t12 + 0.45 * rest.head_m("neck01")[1]
    lumbar = np.linspace(sacrum, t12, len(_LUMBAR_SHARES))
    step = (middle - t12) / _N_THORACIC
    heights = np.concatenate([lumbar, t12 + step * np.arange(1, _N_THORACIC + 1)])
    depth = np.interp(heights, curve[:, 1], curve[:, 0])
    return np.stack([depth, heights, np.zeros_like(heights)], axis=1)


def _rest_frames(heads: dict[str, Floats]) -> dict[str, Floats]:
    """ISB axes (columns) of the limbs' segments in the mesh at rest."""
    frames = {}
    for side in SIDES:
        hip, knee, ankle = (heads[f"{joint}_{side}"] for joint in ("hip", "knee", "ankle"))
        shoulder, elbow, wrist = (heads[f"{joint}_{side}"] for joint in ("shoulder", "elbow", "wrist"))
        frames[f"femur_{side}"] = frame_from_axes(hip - knee, _RIGHT, "yz")
        frames[f"tibia_{side}"] = frame_from_axes(knee - ankle, _RIGHT, "yz")
        hinge = np.cross(elbow - shoulder, wrist - elbow)
        frames[f"humerus_{side}"] = frame_from_axes(shoulder - elbow, hinge, "yz")
        frames[f"forearm_{side}"] = frame_from_axes(elbow - wrist, hinge, "yz")
        frames[f"foot_{side}"] = np.eye(3)
    return frames


def _weights(rest: RestBody, levels_m: Floats) -> Floats:
    """(n, len(BONES)): MakeHuman's weights on our bones, the torso's by height along the spine."""
    weights = np.zeros((len(rest.vertices_m), len(BONES)))
    torso = np.zeros(len(rest.vertices_m))
    for k, bone in enumerate(rest.bones):
        share = rest.weights[:, k]
        if bone.startswith(_TORSO):
            torso += share
        else:
            weights[:, BONES.index(_bone_of(bone))] += share
    weights[:, : len(_LEVELS)] += torso[:, None] * _by_height(rest.vertices_m[:, 1], levels_m[:, 1])
    return weights


def _bone_of(bone: str) -> str:
    stem, _, letter = bone.partition(".")
    if stem in _NECK:
        return _NECK[stem]
    for start, ours in _LIMBS.items():
        if stem.startswith(start) and letter:
            return f"{ours}_{'left' if letter == 'L' else 'right'}"
    return "head"


def _by_height(height: Floats, levels: Floats) -> Floats:
    """(n, len(_LEVELS)): shares of the two nearest pieces of the spine, each piece centred between joints."""
    step = np.diff(levels).mean()
    centres = np.concatenate([[levels[0] - step], 0.5 * (levels[1:] + levels[:-1]), [levels[-1] + step]])
    shares = [np.interp(height, centres, row) for row in np.eye(len(centres))]
    return np.stack(shares, axis=1)
