"""Simulated people written as other people's software writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from coxa.adapters.sources.held import HeldRecording
from coxa.catalog import loader
from coxa.kinematics.rotations import rotation_about
from coxa.model.camera import Camera
from coxa.model.channels import ImagePoints
from coxa.model.recording import Recording
from coxa.simulate.library import SCRIPTS
from coxa.simulate.observe import CameraView, PointsView, middle_of, observe
from coxa.simulate.perform import Performance, perform, times
from coxa.simulate.person import Person

RATE_HZ = 30.0
PICTURE = (1920, 1080)
FOV_DEG = 65.0


def done(
    script: str = "squat", seed: int = 1, duration_s: float = 2.0, turned_deg: float = 40.0
) -> Performance:
    """A person drawn from the priors, 3 m before a level camera at the origin."""
    body, priors = loader.body_model(), loader.body_priors()
    person = Person.drawn(body, priors, np.random.default_rng(seed))
    performed = perform(SCRIPTS[script](), person, 0.5 + times(duration_s, RATE_HZ))
    turn = rotation_about(1, np.radians(turned_deg))
    moved = performed.moved(turn, np.zeros(3))
    return moved.moved(np.eye(3), np.array([-3.2, 0.0, 0.0]) - middle_of(moved))


def with_offsets(performance: Performance, detector: str, seed: int = 2) -> Performance:
    """The same, by a person whom this detector misplaces as it is said to."""
    from dataclasses import replace

    rng = np.random.default_rng(seed)
    return replace(performance, person=performance.person.with_offsets(loader.detectors()[detector], rng))


def picture(performance: Performance, detector: str, seed: int = 3, noise: float = 1.0) -> Recording:
    """What a level camera's network sees."""
    camera = Camera.level(*PICTURE, float(np.radians(FOV_DEG)))
    view = CameraView(camera, loader.detectors()[detector], noise=noise, visibility=0.9)
    return observe(performance, [view], np.random.default_rng(seed))


def space(performance: Performance, detector: str, seed: int = 3, noise: float = 1.0) -> Recording:
    """What a sensor of space sees."""
    view = PointsView(loader.detectors()[detector], noise=noise)
    return observe(performance, [view], np.random.default_rng(seed))


def foreign(points: ImagePoints, layout: str) -> np.ndarray:
    """(n_frames, n_points, 3) x, y, score in the order of a set; zeros where it has none of ours."""
    kind = loader.keypoint_formats()[layout]
    rows = np.zeros((len(points.position_px), kind.count, 3))
    for theirs, ours in kind.landmarks.items():
        if ours in points.names:
            column = points.names.index(ours)
            at = np.concatenate([points.position_px[:, column], points.visibility[:, column, None]], axis=1)
            rows[:, kind.points.index(theirs)] = np.where(np.isnan(at).any(axis=1, keepdims=True), 0.0, at)
    for middle, part in (("MidHip", "Hip"), ("Neck", "Shoulder")):
        if middle in kind.points:
            pair = [kind.points.index(side + part) for side in "LR"]
            rows[:, kind.points.index(middle)] = rows[:, pair].mean(axis=1)
    return rows


def write_openpose(folder: Path, people: Sequence[np.ndarray], first: int = 0, stem: str = "film") -> Path:
    """A folder of frames; every person is (n_frames, n_points, 3)."""
    folder.mkdir(parents=True, exist_ok=True)
    for frame in range(len(people[0])):
        rows = [{"person_id": [-1], "pose_keypoints_2d": one[frame].ravel().tolist()} for one in people]
        path = folder / f"{stem}_{first + frame:012d}_keypoints.json"
        path.write_text(json.dumps({"version": 1.3, "people": rows}), encoding="utf-8")
    return folder


def coco(people: Mapping[int, np.ndarray], layout: str = "coco_17", fps: float | None = RATE_HZ) -> dict:
    """Images and annotations; track id -> (n_frames, n_points, 3)."""
    names = list(loader.keypoint_formats()[layout].points)
    n_frames = len(next(iter(people.values())))
    images = [
        {"id": 1000 + t, "file_name": f"frame_{t:06d}.jpg", "width": PICTURE[0], "height": PICTURE[1]}
        for t in range(n_frames)
    ]
    annotations = [
        {
            "id": 1 + t,
            "image_id": 1000 + t,
            "category_id": 1,
            "track_id": track,
            "keypoints": one[t].ravel().tolist(),
        }
        for track, one in people.items()
        for t in range(n_frames)
    ]
    info = {} if fps is None else {"fps": fps}
    categories = [{"id": 1, "name": "person", "keypoints": names}]
    return {"info": info, "images": images, "annotations": annotations, "categories": categories}


def mediapipe(recording: Recording, *, world: bool = True) -> dict:
    """Frames of normalised landmarks, and those in space."""
    points = recording.image_points[0]
    names = loader.keypoint_formats()["mediapipe_33"].points
    frames = []
    for t, time_s in enumerate(recording.time_s):
        picture_points, space_points = [], []
        for name in names:
            column = points.names.index(name) if name in points.names else None
            x, y = (0.5, 0.5) if column is None else points.position_px[t, column] / np.array(PICTURE)
            depth = 0.0 if column is None else float(points.depth_m[t, column])
            score = 0.0 if column is None else float(points.visibility[t, column])
            picture_points.append({"x": float(x), "y": float(y), "z": depth / 2, "visibility": score})
            space_points.append({"x": 0.0, "y": 0.0, "z": depth, "visibility": score})
        frame = {
            "frame": t,
            "timestamp_ms": 1000 * float(time_s - recording.time_s[0]),
            "landmarks": picture_points,
        }
        frames.append({**frame, "world_landmarks": space_points} if world else frame)
    return {"fps": RATE_HZ, "width": PICTURE[0], "height": PICTURE[1], "frames": frames}


def kinect_rows(recording: Recording) -> np.ndarray:
    """(n_frames, 25, 4) x, y, z in the sensor's axes and the tracking state."""
    points = recording.space_points[0]
    kind = loader.keypoint_formats()["kinect_v2"]
    rows = np.zeros((len(points.position_m), len(kind.points), 4))
    for theirs, ours in kind.landmarks.items():
        x, y, z = points.position_m[:, points.names.index(ours)].T
        rows[:, kind.points.index(theirs)] = np.stack([z, y, -x, np.full(len(x), 2.0)], axis=1)
    return rows


def whole(reader: HeldRecording) -> Recording:
    """All of it."""
    return Recording.concatenate(list(reader.parts(7)))
