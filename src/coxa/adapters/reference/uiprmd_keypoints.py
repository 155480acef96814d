"""UI-PRMD replayed: real movements, reduced to what a pose network sees with its noise, and estimated.

The truth is what the full markers give. For hip rotation and knee flexion it is what their joint centres
tell: Plug-in Gait turns the femur by the wand on the thigh, whose placement error (up to 45 deg for one of
these people) is part of its rotation; sparse points read rotation through the shank, so their truth does too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.reference.uiprmd import MOVEMENTS, files, load_uiprmd
from coxa.app.validate import ReferenceTrial
from coxa.catalog import loader
from coxa.catalog.markers import marker_body, marker_motion
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import MotionEstimator, kinds_of
from coxa.estimate.smoother import Schedule
from coxa.kinematics.angles import apparent_hip_internal_rotation
from coxa.kinematics.rotations import dot, unit
from coxa.model.camera import Camera
from coxa.model.channels import ImagePoints, SegmentOrientations, SpacePoints
from coxa.model.coordinates import ALL, SIDES
from coxa.model.motion import Motion
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

DETECTOR = "marker_keypoints"
EVERY = 3  # 100 Hz to 33 Hz
NOISE_3D_M, NOISE_PX, NOISE_DEPTH_M = 0.015, 4.0, 0.10
DISTANCE_M, FOCAL_PX, SIZE_PX = 3.0, 1500.0, (1920, 1080)
#: Name -> azimuth of the camera from straight ahead [deg]; None: points in 3D.
VIEWS: dict[str, float | None] = {"3D": None, "side": 90.0, "oblique": 45.0, "front": 0.0}
KEYPOINTS = tuple(
    f"{side}_{name}"
    for side in ("left", "right")
    for name in ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
)
_MIN_KNOWN = 0.5  # share of frames with a truth, below which markers were lost


@dataclass(frozen=True, slots=True)
class Replay:
    """One repetition, as it is seen and as it is."""

    movement: str
    person: str
    name: str
    seen: Recording
    true: Motion


@dataclass(frozen=True, slots=True)
class UiprmdKeypoints:
    """Twelve points of the body, in 3D and by one camera, against the full markers."""

    folder: Path
    key: str = "uiprmd_keypoints"
    views: tuple[str, ...] = tuple(VIEWS)
    movements: tuple[str, ...] = MOVEMENTS
    label: str = "correct"
    repetitions: int = 4  # people did 4 or 10: the same of each

    def parts(self) -> Sequence[str]:
        """One a view and file."""
        return [
            f"{view} {path.name}"
            for path in files(self.folder, self.movements, self.label)
            for view in self.views
        ]

    def trials(self, part: str) -> Iterator[ReferenceTrial]:
        """The first repetitions of a file, seen from one side."""
        view, _, name = part.partition(" ")
        for one in replays(self.folder / "uiprmd" / name, view, self.repetitions):
            measure = partial(estimate, one.seen)
            yield ReferenceTrial(one.person, one.movement, one.name, one.true, measure, view)


def replays(
    path: Path, view: str, repetitions: int | None = None, *, with_pelvis: str | None = None
) -> Iterator[Replay]:
    """Repetitions of one file; ``with_pelvis``: ``markers`` or ``orientation`` seen besides."""
    for number, one in enumerate(load_uiprmd(path)[:repetitions]):
        rng = np.random.default_rng([int(one.movement[1:]), int(one.person[1:]), number])
        whole = one.recording.window(slice(None, None, EVERY))
        true = shank_lever_truth(whole)
        if np.isfinite(true.value).any(axis=1).mean() < _MIN_KNOWN:
            continue  # markers lost for most of the repetition: no truth to compare with
        seen = reduced(whole, VIEWS[view], rng)
        if with_pelvis:
            seen = add_pelvis(seen, whole, with_pelvis)
        yield Replay(one.movement, one.person, one.name, seen, true)


def reduced(recording: Recording, azimuth_deg: float | None, rng: np.random.Generator) -> Recording:
    """Twelve points of the body with white noise, in 3D or seen by one camera."""
    points = keypoint_truth(recording)
    if azimuth_deg is None:
        noisy = points + NOISE_3D_M * rng.normal(size=points.shape)
        seen = SpacePoints(KEYPOINTS, noisy, np.full(len(KEYPOINTS), NOISE_3D_M), DETECTOR)
        return Recording(recording.time_s, space_points=(seen,), source=recording.source)
    camera = camera_at(points, azimuth_deg)
    pixels = camera.project(points) + NOISE_PX * rng.normal(size=(*points.shape[:2], 2))
    distance = camera.to_camera(points)[..., 2]
    hips = [KEYPOINTS.index(f"{side}_hip") for side in SIDES]
    depth = distance - distance[:, hips].mean(axis=1, keepdims=True)
    depth += NOISE_DEPTH_M * rng.normal(size=depth.shape)
    visibility = np.where(np.isnan(pixels[..., 0]), np.nan, 1.0)
    image = ImagePoints(KEYPOINTS, pixels, visibility, depth, camera, DETECTOR)
    return Recording(recording.time_s, image_points=(image,), source=recording.source)


def keypoint_truth(recording: Recording) -> Floats:
    """What a perfect pose network would see: (n_frames, 12, 3) m in the room, in the order of KEYPOINTS."""
    points = recording.space_points[0]
    body = marker_body(points)
    by_name: dict[str, Floats] = {}
    for side in SIDES:
        letter = side[0].upper()
        by_name[f"{side}_shoulder"] = body.shoulder[side]
        by_name[f"{side}_hip"] = body.hip[side]
        by_name[f"{side}_knee"] = body.knee[side]
        by_name[f"{side}_ankle"] = body.ankle[side]
        by_name[f"{side}_heel"] = points.position_m[:, points.names.index(f"{letter}HEE")]
        by_name[f"{side}_foot_index"] = points.position_m[:, points.names.index(f"{letter}TOE")]
    return np.stack([by_name[name] for name in KEYPOINTS], axis=1)


def camera_at(points: Floats, azimuth_deg: float) -> Camera:
    """A level camera 3 m from the hips; 0 deg faces the person, 90 deg sees the right side."""
    hips = [KEYPOINTS.index(f"{side}_hip") for side in SIDES]
    middle = np.nanmedian(points[:, hips], axis=(0, 1))
    azimuth = np.radians(azimuth_deg)
    eye = middle + DISTANCE_M * np.array([np.cos(azimuth), 0.0, np.sin(azimuth)])
    return Camera.looking_at(eye, middle, *SIZE_PX, FOCAL_PX)


def add_pelvis(seen: Recording, whole: Recording, what: str) -> Recording:
    """The markers of the pelvis, or its orientation (2 deg), seen besides."""
    markers = whole.space_points[0]
    if what == "markers":
        names = ("LASI", "RASI", "LPSI", "RPSI")
        columns = [markers.names.index(name) for name in names]
        position = markers.position_m[:, columns]
        pelvis = SpacePoints(names, position, np.full(4, 0.005), "pelvis_markers")
        return replace(seen, space_points=(*seen.space_points, pelvis))
    rotation = marker_body(markers).pelvis[:, None]
    orientation = SegmentOrientations(("pelvis",), rotation, np.full(1, np.radians(2.0)))
    return replace(seen, orientations=(orientation,))


def estimate(recording: Recording) -> Motion:
    """All frames in one window."""
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    schedule = Schedule(window_s=np.inf)
    whole = MotionEstimator(estimator, loader.observability(), kinds_of(recording, estimator), schedule)
    whole.push(recording)
    motion = whole.finish()
    if motion is None:
        raise ValueError("the recording has no frames")
    return motion


def shank_lever_truth(recording: Recording) -> Motion:
    """The markers' motion, with hip rotation and knee flexion as the joint centres tell them."""
    motion = marker_motion(recording)
    points = keypoint_truth(recording)
    at = {name: points[:, k] for k, name in enumerate(KEYPOINTS)}
    right = marker_body(recording.space_points[0]).pelvis[..., 2]
    value = motion.value.copy()
    for side in SIDES:
        thigh = at[f"{side}_hip"] - at[f"{side}_knee"]
        shank = at[f"{side}_knee"] - at[f"{side}_ankle"]
        rotation = apparent_hip_internal_rotation(thigh, shank, right, side)
        value[:, ALL.index(f"hip_internal_rotation_{side}")] = rotation
        straight = np.clip(dot(unit(thigh), unit(shank)), -1.0, 1.0)
        value[:, ALL.index(f"knee_flexion_{side}")] = np.arccos(straight)
    return replace(motion, value=value)
