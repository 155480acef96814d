"""Rendered people whose angles are known exactly, filmed: real pixels, real pose network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.reference.truth import reference_motion
from coxa.app.validate import ReferenceTrial
from coxa.model.coordinates import SIDES
from coxa.model.motion import Motion

Floats = NDArray[np.float64]

PEOPLE = ("male", "female")
FOV_DEG = 65.0
RATE_HZ = 30.0
SIDEWAYS = ("c_hinge_neutral", "c_hinge_lumbar40")  # filmed from the person's right
_JOINTS = {"hip": "upperleg01", "knee": "lowerleg01", "ankle": "foot", "shoulder": "upperarm01"}
#: Rows are our room axes (X towards the frontal camera, Y up, Z the person's right) in those of the clips.
_TO_ROOM = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, 1.0], [-1.0, 0.0, 0.0]])


@dataclass(frozen=True, slots=True)
class Clip:
    """One film and what is true in it; NaN where the truth does not say."""

    name: str
    person: str
    path: Path
    truth: Motion


@dataclass(frozen=True, slots=True)
class RenderedPeople:
    """Every clip, measured as a user would.

    Attributes:
        folder: of all reference recordings.
        measure: as ``coxa.measure``; can be pickled.
    """

    folder: Path
    measure: Callable[..., Motion]
    key: str = "rendered_people"

    def parts(self) -> Sequence[str]:
        """One a film."""
        return sorted(path.stem for path in (self.folder / "rendered").glob("*.mp4"))

    def trials(self, part: str) -> Iterator[ReferenceTrial]:
        """The clip of a film."""
        for clip in clips(self.folder / "rendered"):
            if clip.path.stem == part:
                measure = partial(self.measure, clip.path, camera_fov_deg=FOV_DEG)
                yield ReferenceTrial(clip.person, clip.name, part, clip.truth, measure)


def clips(folder: Path, people: tuple[str, ...] = PEOPLE) -> Iterator[Clip]:
    """All clips of these people."""
    for person in people:
        content = json.loads((folder / f"truth_{person}.json").read_text(encoding="utf-8"))
        for name, clip in content.items():
            yield Clip(name, person, folder / f"{name}_{person}.mp4", _truth(name, clip))


def _truth(name: str, clip: dict[str, dict[str, list[float]]]) -> Motion:
    angle = {key: np.radians(values) for key, values in clip["angles_deg"].items()}
    n_frames = len(angle["pelvis_yaw"])
    at = {
        f"{side}_{joint}": np.array(clip["joints_m"][f"{bone}.{side[0].upper()}"]) @ _TO_ROOM.T
        for joint, bone in _JOINTS.items()
        for side in SIDES
    }
    hips = 0.5 * (at["left_hip"] + at["right_hip"])
    trunk = 0.5 * (at["left_shoulder"] + at["right_shoulder"]) - hips
    value = {
        "lumbar_flexion": angle["lumbar_flex"],
        "trunk_flexion": angle["lumbar_flex"] + angle["thor_flex"],
        "trunk_left_rotation": angle["thorax_yaw"] - angle["pelvis_yaw"],
        "pelvis_anterior_tilt": angle["pelvis_tilt"],
        "pelvis_right_up_obliquity": np.zeros(n_frames),
        "trunk_forward_lean": np.arctan2(trunk[:, 0], trunk[:, 1]),
        "trunk_right_lean": np.arctan2(trunk[:, 2], np.hypot(trunk[:, 0], trunk[:, 1])),
    }
    if name not in SIDEWAYS:  # in the others the room turns with the camera
        value["pelvis_left_rotation"] = angle["pelvis_yaw"]
        value["thorax_left_rotation"] = angle["thorax_yaw"]
    for side, outward in (("left", -1.0), ("right", 1.0)):
        letter = side[0].upper()
        thigh = at[f"{side}_hip"] - at[f"{side}_knee"]
        shank = at[f"{side}_ankle"] - at[f"{side}_knee"]
        value[f"hip_flexion_{side}"] = angle[f"hip_flex_{letter}"]
        value[f"hip_adduction_{side}"] = -angle[f"hip_abd_{letter}"]
        value[f"hip_internal_rotation_{side}"] = -angle[f"hip_er_{letter}"]
        value[f"knee_flexion_{side}"] = angle[f"knee_{letter}"]
        if name.startswith(("a_", "b_", "c_")):  # nobody turns: the person's side is the room's
            lean = np.arctan2(thigh[:, 0], thigh[:, 1])
            value[f"thigh_trunk_angle_{side}"] = value["trunk_forward_lean"] - lean
            value[f"apparent_hip_internal_rotation_{side}"] = np.arctan2(outward * shank[:, 2], -shank[:, 1])
    return reference_motion(np.arange(n_frames) / RATE_HZ, value, name)
