"""Four synchronised cameras around a person nobody here filmed (Pose2Sim): each alone, and all together.

There are no reference angles: the truth is what one body fitted to all four pictures says, which has an error
of its own. Each single video is measured as a user would, who knows nothing of where the camera stood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.reference.files import Measure, measured_at
from coxa.adapters.silence import native_stderr_silenced
from coxa.adapters.sources.calibration import CalibratedCamera, read_calibration
from coxa.adapters.sources.video import PyAvVideo
from coxa.app.ports import PoseTracker
from coxa.app.validate import ReferenceTrial
from coxa.catalog import loader
from coxa.estimate.cameras import join
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import MotionEstimator, kinds_of
from coxa.estimate.path import Path as Movement
from coxa.estimate.smoother import Schedule, Smoothed
from coxa.estimate.views import View
from coxa.model.camera import Camera
from coxa.model.channels import ImagePoints
from coxa.model.motion import Motion, Observability

Floats = NDArray[np.float64]

CAMERAS = ("cam01", "cam02", "cam03", "cam04")
_CALIBRATION = "Calib.qca.txt"


@dataclass(frozen=True, slots=True)
class FourCameras:
    """Each camera alone against all four together.

    Attributes:
        films: folder of the four videos and their calibration.
        measure: as ``coxa.measure``; can be pickled.
        new_tracker: of the pose network; can be pickled.
    """

    films: Path
    measure: Measure
    new_tracker: Callable[[], PoseTracker]
    key: str = "four_cameras"

    def parts(self) -> Sequence[str]:
        """One: all four are needed for the truth of each."""
        there = all((self.films / f"{name}.mp4").is_file() for name in CAMERAS)
        return ("four",) if there and (self.films / _CALIBRATION).is_file() else ()

    def trials(self, part: str) -> Iterator[ReferenceTrial]:
        """Each camera."""
        videos = [self.films / f"{name}.mp4" for name in CAMERAS]
        lenses = read_calibration(self.films / _CALIBRATION).matched(videos)
        views = []
        for video, lens in zip(videos, lenses, strict=True):
            with native_stderr_silenced():  # LiteRT announces its delegate
                tracker = self.new_tracker()
            views.append(_view(video, lens, tracker))
        together = _Together.of(views)
        for name, video, view in zip(CAMERAS, videos, views, strict=True):
            truth = together.seen_from(view.points.camera, view.time_s)
            measure = partial(measured_at, self.measure, video, truth.time_s)
            yield ReferenceTrial("man", "beam", name, truth, measure, name)


def _view(video: Path, lens: CalibratedCamera, tracker: PoseTracker) -> View:
    """What one camera saw, its place and lens known."""
    reader = PyAvVideo(video)
    size = reader.info.width_px, reader.info.height_px
    n = len(tracker.names)
    times, positions, visibilities, depths = [], [], [], []
    for frame in reader.frames():
        seen = tracker.track(frame)
        times.append(frame.time_s)
        positions.append(np.full((n, 2), np.nan) if seen is None else seen.position_px)
        visibilities.append(np.zeros(n) if seen is None else seen.visibility)
        depths.append(np.full(n, np.nan) if seen is None else seen.world_m[:, 2])
    ideal = lens.ideal(np.array(positions), *size)
    points = ImagePoints(
        tracker.names, ideal, np.array(visibilities), np.array(depths), lens.pinhole(*size), tracker.detector
    )
    return View(video.stem, np.array(times), points)


@dataclass(frozen=True)
class _Together:
    """One body fitted to all pictures at once."""

    whole: MotionEstimator
    smoothed: Smoothed

    @classmethod
    def of(cls, views: Sequence[View]) -> _Together:
        correlation_s = loader.detectors()[views[0].points.detector].correlation_time_s
        recording = join(views, loader.camera_rules(), correlation_s).recording
        estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
        schedule = Schedule(window_s=np.inf)
        whole = MotionEstimator(estimator, loader.observability(), kinds_of(recording, estimator), schedule)
        whole.smoother.push(recording)
        smoothed = whole.smoother.finish()
        if smoothed is None:
            raise ValueError("the films have no frames")
        return cls(whole, smoothed)

    def seen_from(self, camera: Camera, time_s: Floats) -> Motion:
        """The motion in the room of a video of this camera: X towards it, level; NaN where not observable."""
        towards = -camera.rotation_room_to_camera[2] * [1.0, 0.0, 1.0]
        x = towards / np.linalg.norm(towards)
        turn = np.stack([x, [0.0, 1.0, 0.0], np.cross(x, [0.0, 1.0, 0.0])])
        path = self.smoothed.path
        pose = type(path.pose)(path.pose.position_m @ turn.T, turn @ path.pose.rotation, path.pose.joints)
        there = replace(self.smoothed, path=Movement(pose, path.rate, path.shared))
        value = self.whole.motion(there).value
        motion = self.whole.motion(self.smoothed)
        told = motion.observability > Observability.NOT_OBSERVABLE
        turned = replace(motion, value=np.where(told, value, np.nan))
        return measured_at(lambda _: turned, Path(), time_s)
