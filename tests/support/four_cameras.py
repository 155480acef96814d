"""Four synchronised cameras and one person nobody here filmed: Pose2Sim's demonstration, fitted and compared.

``python scripts/fetch_demo.py four`` puts the videos in place; the keypoints of our network are kept beside
them, since finding them takes about a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.calibration import CalibratedCamera, read_calibration
from coxa.adapters.sources.video import PyAvVideo
from coxa.adapters.vision.tracker import BlazePoseTracker
from coxa.catalog import loader
from coxa.estimate.cameras import Joined, join
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import MotionEstimator, kinds_of
from coxa.estimate.path import Path as Movement
from coxa.estimate.predicted import landmarks_in_room
from coxa.estimate.smoother import Schedule, Smoothed
from coxa.estimate.views import View
from coxa.model.camera import Camera
from coxa.model.channels import ImagePoints
from coxa.model.coordinates import ALL
from coxa.model.motion import Motion
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

FOLDER = Path(__file__).resolve().parents[2] / ".build" / "four_cameras"
ABSENT = "the four videos are not in place: python scripts/fetch_demo.py four"
CAMERAS = ("cam01", "cam02", "cam03", "cam04")
ASSUMED_FOV_DEG = 65.0
MIN_VISIBILITY = 0.3


@dataclass(frozen=True)
class Film:
    """Raw keypoints of one video and the camera that took it."""

    name: str
    time_s: Floats
    position_px: Floats
    visibility: Floats
    depth_m: Floats
    names: tuple[str, ...]
    size_px: tuple[int, int]
    detector: str
    lens: CalibratedCamera

    def view(self) -> View:
        """As a camera whose place and lens are known."""
        ideal = self.lens.ideal(self.position_px, *self.size_px)
        return View(self.name, self.time_s, self._points(ideal, self.lens.pinhole(*self.size_px)))

    def alone(
        self, roll_sd_deg: float = 0.0, pitch_sd_deg: float = 0.0, *, told_tilt: bool = False
    ) -> Recording:
        """As ``coxa measure`` takes one video: a level camera at the origin, of an assumed field of view.

        Args:
            roll_sd_deg: how well it is known not to stand askew.
            pitch_sd_deg: how well it is known to look neither up nor down.
            told_tilt: somebody held a level against the camera.
        """
        width, height = self.size_px
        half = np.tan(0.5 * np.radians(ASSUMED_FOV_DEG)) * width / max(width, height)
        true = self.lens.pinhole(*self.size_px)
        names = ("pitch_down_rad", "roll_clockwise_rad") if told_tilt else ()
        tilt = {name: float(getattr(true, name)) for name in names}
        level = replace(
            Camera.level(width, height, 2.0 * float(np.arctan(half)), **tilt),
            roll_sd_rad=float(np.radians(roll_sd_deg)),
            pitch_sd_rad=float(np.radians(pitch_sd_deg)),
        )
        return Recording(self.time_s, image_points=(self._points(self.position_px, level),), source=self.name)

    def _points(self, position_px: Floats, camera: Camera) -> ImagePoints:
        return ImagePoints(self.names, position_px, self.visibility, self.depth_m, camera, self.detector)


def films(pose: str = "heavy", frames: int | None = None) -> list[Film]:
    """The four films; keypoints out of the cache where they are there."""
    calibration = read_calibration(FOLDER / "Calib.qca.txt")
    videos = [FOLDER / f"{name}.mp4" for name in CAMERAS]
    lenses = calibration.matched(videos)
    return [_film(video, lens, pose, frames) for video, lens in zip(videos, lenses, strict=True)]


def _film(video: Path, lens: CalibratedCamera, pose: str, frames: int | None) -> Film:
    reader = PyAvVideo(video)
    kept = video.with_name(f"{video.stem}_{pose}{'' if frames is None else frames}.npz")
    if not kept.exists():
        np.savez(kept, **_keypoints(reader, pose, frames))  # type: ignore[arg-type]
    with np.load(kept) as data:
        found = {name: data[name] for name in data.files}
    size = reader.info.width_px, reader.info.height_px
    names = BlazePoseTracker(pose).names
    return Film(video.stem, names=names, size_px=size, detector=f"blazepose_{pose}", lens=lens, **found)


def _keypoints(reader: PyAvVideo, pose: str, frames: int | None) -> dict[str, Floats]:
    tracker = BlazePoseTracker(pose)
    n = len(tracker.names)
    rows: list[tuple[float, Floats, Floats, Floats]] = []
    for frame in reader.frames():
        if frames is not None and frame.index >= frames:
            break
        seen = tracker.track(frame)
        nothing = np.full((n, 2), np.nan), np.zeros(n), np.full(n, np.nan)
        found = nothing if seen is None else (seen.position_px, seen.visibility, seen.world_m[:, 2])
        rows.append((frame.time_s, *found))
    names = ("time_s", "position_px", "visibility", "depth_m")
    return {name: np.array([row[k] for row in rows]) for k, name in enumerate(names)}


def joined(views: Sequence[View], *, find_clocks: bool = True) -> Joined:
    """The cameras brought together as ``coxa measure`` does."""
    correlation_s = loader.detectors()[views[0].points.detector].correlation_time_s
    return join(views, loader.camera_rules(), correlation_s, find_clocks=find_clocks)


@dataclass(frozen=True)
class Fit:
    """A recording and what the body model makes of it, all frames at once."""

    recording: Recording
    estimator: Estimator
    smoothed: Smoothed
    whole: MotionEstimator

    @property
    def motion(self) -> Motion:
        """Angles, standard deviations and what is observed."""
        return self.whole.motion(self.smoothed)

    def off_px(self) -> Floats:
        """(n_cameras, n_frames, n_points) px between landmarks as fitted and as seen."""
        off = []
        for image, landmarks in zip(self.recording.image_points, self.estimator.image_landmarks, strict=True):
            room = landmarks_in_room(self.estimator.body, landmarks, self.smoothed.path)
            away = np.linalg.norm(
                image.camera.project(room) - image.position_px[:, landmarks.columns], axis=-1
            )
            away[~(image.visibility[:, landmarks.columns] >= MIN_VISIBILITY)] = np.nan
            off.append(away)
        return np.array(off)

    def seen_from(self, camera: Camera) -> Motion:
        """The motion in the room of a video of this camera: X towards it, level."""
        towards = -camera.rotation_room_to_camera[2] * [1.0, 0.0, 1.0]
        x = towards / np.linalg.norm(towards)
        turn = np.stack([x, [0.0, 1.0, 0.0], np.cross(x, [0.0, 1.0, 0.0])])
        path = self.smoothed.path
        pose = type(path.pose)(path.pose.position_m @ turn.T, turn @ path.pose.rotation, path.pose.joints)
        turned = Movement(pose, path.rate, path.shared)
        there = Smoothed(
            self.smoothed.time_s, turned, self.smoothed.covariance, self.smoothed.cost, self.smoothed.n_points
        )
        motion = self.motion
        return Motion(
            motion.time_s, motion.coordinates, self.whole.motion(there).value, motion.sd, motion.observability
        )


def fit(recording: Recording) -> Fit:
    """All frames in one window."""
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    schedule = Schedule(window_s=np.inf)
    whole = MotionEstimator(estimator, loader.observability(), kinds_of(recording, estimator), schedule)
    whole.smoother.push(recording)
    smoothed = whole.smoother.finish()
    assert smoothed is not None
    return Fit(recording, estimator, smoothed, whole)


def view_angle_deg(reference: Motion) -> float:
    """From straight ahead of the pelvis to the camera, right positive; of a motion in its room."""
    heading = reference.value[:, ALL.index("pelvis_left_rotation")]
    return float(np.degrees(np.angle(np.mean(np.exp(1j * heading)))))


def shifted(view: View, by_s: float) -> View:
    """The same film, its clock ahead by so much."""
    return View(view.name, view.time_s + by_s, view.points)


def dlt(cameras: Sequence[Camera], position_px: Floats, usable: NDArray[np.bool_]) -> Floats:
    """Plain direct linear transformation: (n_cameras, n_frames, n_points, 2) px to (n_frames, n_points, 3) m.

    The homogeneous least squares of Hartley & Zisserman (2004, ch. 12.2); what most programs do.
    """
    rows = []
    for camera, seen, use in zip(cameras, position_px, usable, strict=True):
        inner = np.array(
            [[camera.focal_px, 0, camera.centre_px[0]], [0, camera.focal_px, camera.centre_px[1]], [0, 0, 1]]
        )
        rotation = camera.rotation_room_to_camera
        matrix = inner @ np.column_stack([rotation, -rotation @ camera.position_m])
        for k in range(2):
            row = seen[..., k, None] * matrix[2] - matrix[k]
            row = row / np.linalg.norm(row, axis=-1, keepdims=True)
            rows.append(np.where(use[..., None], np.nan_to_num(row), 0.0))
    homogeneous = np.linalg.svd(np.stack(rows, axis=-2))[2][..., -1, :]
    points = homogeneous[..., :3] / homogeneous[..., 3:]
    return np.asarray(np.where((usable.sum(axis=0) >= 2)[..., None], points, np.nan))
