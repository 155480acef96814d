"""Somebody to be filmed: rendered squats before a phone, and what the pose network sees of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.rendering.clips import Clip
from coxa.adapters.rendering.film import Film
from coxa.adapters.rendering.movements import Movement
from coxa.adapters.vision.tracker import BlazePoseTracker
from coxa.app.ports import VideoFrame
from coxa.catalog.loader import rendering
from coxa.simulate.script import KeyPose, Script
from coxa.specs.rendering import Split

_CAMERA_DEG = rendering().cameras[Split.REPORTING]["oblique"].fov_deg
Picture = NDArray[np.uint8]
RATE_HZ = 10.0
BODY, CAMERA = "gina", "oblique"
_SIZE_PX = (960, 720)
#: What is kept of the picture, about its middle: nearer to the person.
_KEPT = 0.72
_STILL_S, _DOWN_S, _HOLD_S, _UP_S, _REST_S = 1.2, 1.7, 0.5, 1.4, 0.9
_FEET = ("left_ankle", "right_ankle")
#: Field of view of what is kept, along the longer side.
FOV_DEG = float(2 * np.degrees(np.arctan(_KEPT * np.tan(np.radians(_CAMERA_DEG) / 2))))


@dataclass(frozen=True, slots=True)
class Taken:
    """One picture of a film, and the person in it.

    Attributes:
        time_s: since the film began.
        rgb: (height, width, 3).
        landmarks: (33, 4) x_px, y_px, depth_m, visibility; None: nobody was seen.
    """

    time_s: float
    rgb: Picture
    landmarks: NDArray[np.float32] | None


def _both(**angles: float) -> dict[str, float]:
    return {f"{name}_{side}": value for name, value in angles.items() for side in ("left", "right")}


_STANDING = _both(
    hip_flexion=0.0, knee_flexion=0.0, ankle_dorsiflexion=0.0, hip_adduction=-4.0, hip_internal_rotation=0.0,
    shoulder_flexion=8.0, shoulder_adduction=-9.0, elbow_flexion=14.0,
) | {
    "pelvis_anterior_tilt": 0.0, "lumbar_flexion": 0.0, "lumbar_right_bending": 0.0,
    "thoracic_right_bending": 0.0,
}  # fmt: skip
_LOW = _both(
    hip_flexion=96.0, knee_flexion=96.0, ankle_dorsiflexion=28.0, hip_adduction=-12.0,
    hip_internal_rotation=-6.0, shoulder_flexion=80.0, shoulder_adduction=-5.0, elbow_flexion=5.0,
) | {"pelvis_anterior_tilt": 28.0}  # fmt: skip
_ASIDE = {"lumbar_right_bending": 24.0, "thoracic_right_bending": 20.0}


def squats() -> Movement:
    """Three of them; in the second the trunk leans to the right."""
    keys, at = [KeyPose(0.0, _STANDING), KeyPose(_STILL_S, _STANDING)], _STILL_S
    for fault in ({}, _ASIDE, {}):
        keys += [KeyPose(at + _DOWN_S, _LOW | fault), KeyPose(at + _DOWN_S + _HOLD_S, _LOW | fault)]
        at += _DOWN_S + _HOLD_S + _UP_S
        keys += [KeyPose(at, _STANDING), KeyPose(at + _REST_S, _STANDING)]
        at += _REST_S
    return Movement(Script("squats", tuple(keys), support=_FEET))


def _middle(rgb: Picture) -> Picture:
    height, width = rgb.shape[:2]
    top, left = round(height * (1 - _KEPT) / 2), round(width * (1 - _KEPT) / 2)
    return np.ascontiguousarray(rgb[top : height - top, left : width - left])


def filmed() -> Iterator[Taken]:
    """The squats, picture by picture."""
    width, height = _SIZE_PX
    clip = Clip(
        "squat", BODY, CAMERA, Split.REPORTING, light="window", room="practice",
        width_px=width, height_px=height, rate_hz=RATE_HZ,
    )  # fmt: skip
    tracker = BlazePoseTracker("full", n_threads=2)
    for index, frame in enumerate(Film(clip, squats()).frames()):
        rgb = _middle(frame.rgb)
        seen = tracker.track(VideoFrame(index, frame.time_s, rgb))
        told = None
        if seen is not None:
            told = np.column_stack([seen.position_px, seen.world_m[:, 2], seen.visibility]).astype(np.float32)
        yield Taken(frame.time_s, rgb, told)


def kept(folder: Path) -> list[Taken]:
    """The same, from a folder where they are made once."""
    path = folder / "squats.npz"
    if not path.exists():
        taken = list(filmed())
        nobody = np.full((33, 4), np.nan, np.float32)
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / "squats.part.npz"
        np.savez(
            partial,
            time_s=[one.time_s for one in taken],
            rgb=[one.rgb for one in taken],
            landmarks=[nobody if one.landmarks is None else one.landmarks for one in taken],
        )
        partial.replace(path)
    found = np.load(path)
    return [
        Taken(float(time_s), rgb, None if np.isnan(landmarks).all() else landmarks)
        for time_s, rgb, landmarks in zip(found["time_s"], found["rgb"], found["landmarks"], strict=True)
    ]
