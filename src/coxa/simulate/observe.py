"""What sources see of a performance: keypoints of cameras, points in the room, orientations of segments.

Noise is drawn as the detector's own specification says it errs, so that an estimator given the same
specification has no excuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.rotations import rotation_from_vector
from coxa.model.camera import Camera
from coxa.model.channels import ImagePoints, SegmentOrientations, SpacePoints
from coxa.model.recording import Recording, Subject
from coxa.simulate.perform import Performance
from coxa.specs.estimator import DetectorSpec, LandmarkNoise

Floats = NDArray[np.float64]

#: A full-HD phone held upright on its side: horizontal field of view 65 deg.
WIDTH_PX, HEIGHT_PX, FOCAL_PX = 1920, 1080, 1500.0


@dataclass(frozen=True, slots=True)
class CameraView:
    """Keypoints in the image of one camera. ``noise`` scales the detector's random errors."""

    camera: Camera
    detector: DetectorSpec
    noise: float = 1.0
    visibility: float = 1.0


@dataclass(frozen=True, slots=True)
class PointsView:
    """A detector's points in the room: markers, or keypoints already in 3D.

    ``sd_m`` None: as the detector's ``noise_m`` says.
    """

    detector: DetectorSpec
    sd_m: float | None = None
    noise: float = 1.0


@dataclass(frozen=True, slots=True)
class OrientationView:
    """Orientations of some segments (IMU, tag, phone)."""

    segments: tuple[str, ...]
    sd_deg: float = 2.0
    noise: float = 1.0


View = CameraView | PointsView | OrientationView


def camera_around(
    target_m: Floats, azimuth_deg: float, *, distance_m: float = 3.0, elevation_deg: float = 0.0
) -> Camera:
    """A full-HD camera that looks at a target (3,).

    Azimuth 0 is in front of a person who faces the room's X, 90 to the person's right.
    """
    azimuth, elevation = np.radians([azimuth_deg, elevation_deg])
    level = np.cos(elevation)
    away = np.array([level * np.cos(azimuth), np.sin(elevation), level * np.sin(azimuth)])
    return Camera.looking_at(target_m + distance_m * away, target_m, WIDTH_PX, HEIGHT_PX, FOCAL_PX)


def middle_of(performance: Performance) -> Floats:
    """(3,) where the pelvis is on average: what to point a camera at."""
    return np.asarray(performance.pose.position_m.mean(axis=0))


def observe(
    performance: Performance,
    views: Sequence[View],
    rng: np.random.Generator,
    *,
    told_height_m: float | None = None,
) -> Recording:
    """The recording that these views make of a performance.

    Args:
        performance: a person moving.
        views: cameras, points, orientations, any number of each.
        rng: source of chance.
        told_height_m: what the person says of their height.
    """
    return Recording(
        time_s=performance.time_s,
        image_points=tuple(_image(performance, v, rng) for v in views if isinstance(v, CameraView)),
        space_points=tuple(_space(performance, v, rng) for v in views if isinstance(v, PointsView)),
        orientations=tuple(
            _orientations(performance, v, rng) for v in views if isinstance(v, OrientationView)
        ),
        subject=Subject(height_m=told_height_m),
        source=f"simulated: {performance.name}",
    )


def landmarks_in_room(performance: Performance, detector: DetectorSpec) -> Floats:
    """(n_frames, n_points, 3) m: where the detector's landmarks are on this person, without noise."""
    place, rotation = performance.segments()
    points = []
    for name in detector.landmarks:
        owner, local = performance.person.landmark(detector, name)
        points.append(place[:, owner] + rotation[:, owner] @ local)
    return np.stack(points, axis=1)


def _image(performance: Performance, view: CameraView, rng: np.random.Generator) -> ImagePoints:
    camera, detector = view.camera, view.detector
    names = tuple(detector.landmarks)
    points = landmarks_in_room(performance, detector)
    in_camera = camera.to_camera(points)
    sd = _Sds.of(detector)
    scale = view.noise / view.visibility
    lasting = view.noise * _lasting(performance.time_s, detector.correlation_time_s, points.shape, rng)
    px_per_m = camera.focal_px / in_camera[..., 2:]
    across_m = lasting[..., :2] * sd.drift_m[:, None]
    white = rng.normal(size=(*points.shape[:2], 2)) * np.hypot(
        sd.noise_px[:, None], px_per_m * sd.noise_m[:, None]
    )
    position = camera.project(points) + scale * white + px_per_m * across_m
    hips = [names.index(name) for name in ("left_hip", "right_hip") if name in names]
    beyond = in_camera[..., 2] - in_camera[:, hips, 2].mean(axis=1, keepdims=True)
    depth = beyond + scale * rng.normal(size=beyond.shape) * sd.depth_m + lasting[..., 2] * sd.depth_drift_m
    behind = in_camera[..., 2] <= 0
    position[behind], depth[behind] = np.nan, np.nan
    visibility = np.full(beyond.shape, view.visibility)
    return ImagePoints(names, position, visibility, depth, camera, detector.name)


def _space(performance: Performance, view: PointsView, rng: np.random.Generator) -> SpacePoints:
    detector = view.detector
    points = landmarks_in_room(performance, detector)
    sd = _Sds.of(detector)
    white_m = sd.noise_m if view.sd_m is None else np.full(points.shape[1], view.sd_m)
    lasting = _lasting(performance.time_s, detector.correlation_time_s, points.shape, rng)
    noise = rng.normal(size=points.shape) * white_m[:, None] + lasting * sd.drift_m[:, None]
    return SpacePoints(tuple(detector.landmarks), points + view.noise * noise, white_m, detector.name)


def _orientations(
    performance: Performance, view: OrientationView, rng: np.random.Generator
) -> SegmentOrientations:
    _, rotation = performance.segments()
    owners = [performance.person.body.bodies.index(name) for name in view.segments]
    sd = float(np.radians(view.sd_deg))
    error = rotation_from_vector(view.noise * sd * rng.normal(size=(len(rotation), len(owners), 3)))
    return SegmentOrientations(view.segments, error @ rotation[:, owners], np.full(len(owners), sd))


@dataclass(frozen=True, slots=True)
class _Sds:
    """Columns (n_points,) of a detector's landmarks."""

    noise_px: Floats
    noise_m: Floats
    depth_m: Floats
    drift_m: Floats
    depth_drift_m: Floats

    @classmethod
    def of(cls, detector: DetectorSpec) -> _Sds:
        entries: Iterable[LandmarkNoise] = detector.landmarks.values()
        rows = [
            (e.noise_px, e.noise_m, e.depth_sd_m if e.depth_sd_m else np.nan, e.drift_m, e.depth_drift_m)
            for e in entries
        ]
        return cls(*np.array(rows, float).T)


def _lasting(
    time_s: Floats, correlation_s: float, shape: tuple[int, ...], rng: np.random.Generator
) -> Floats:
    """Errors of unit variance that persist, with correlation exp(-t / tau); independent if tau is 0."""
    white = rng.normal(size=shape)
    if correlation_s <= 0:
        return white
    lasting = white.copy()
    keep = np.exp(-np.diff(time_s) / correlation_s)
    for t, share in enumerate(keep):
        lasting[t + 1] = share * lasting[t] + np.sqrt(1 - share**2) * white[t + 1]
    return lasting


def occluded(
    points: ImagePoints, time_s: Floats, names: Sequence[str], from_s: float, to_s: float
) -> ImagePoints:
    """Some landmarks out of sight during [from_s, to_s)."""
    columns = [points.names.index(name) for name in names]
    meant = np.zeros(len(points.names), bool)
    meant[columns] = True
    hidden = ((time_s >= from_s) & (time_s < to_s))[:, None] & meant
    return replace(
        points,
        position_px=np.where(hidden[..., None], np.nan, points.position_px),
        depth_m=np.where(hidden, np.nan, points.depth_m),
        visibility=np.where(hidden, 0.0, points.visibility),
    )


def swapped(points: ImagePoints, time_s: Floats, from_s: float, to_s: float) -> ImagePoints:
    """Left and right exchanged during [from_s, to_s), as pose networks do."""
    other = [
        points.names.index(name.replace("left", "right") if "left" in name else name.replace("right", "left"))
        for name in points.names
    ]
    wrong = (time_s >= from_s) & (time_s < to_s)
    return replace(
        points,
        position_px=np.where(wrong[:, None, None], points.position_px[:, other], points.position_px),
        depth_m=np.where(wrong[:, None], points.depth_m[:, other], points.depth_m),
        visibility=np.where(wrong[:, None], points.visibility[:, other], points.visibility),
    )


def without_frames(recording: Recording, kept: NDArray[np.bool_]) -> Recording:
    """Only some of the frames (n_frames,): the others were dropped."""
    parts = [recording.window(slice(t, t + 1)) for t in np.flatnonzero(kept)]
    return Recording.concatenate(parts)
