"""A recording of any length, a window at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.blas import one_thread
from coxa.estimate.branches import Branch, solved, told
from coxa.estimate.estimator import Estimator
from coxa.estimate.orientation_sensors import sensor_kinds
from coxa.estimate.outline import KIND as BACK
from coxa.estimate.pelvis_turn import KIND as TURN
from coxa.estimate.read_boards import LOOKED_FOR
from coxa.estimate.reading import Reading
from coxa.estimate.smoother import Schedule, Smoothed
from coxa.model.channels import ImagePoints
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.specs.estimator import DetectorSpec, ObservabilitySpec

Floats = NDArray[np.float64]


class FixedLagSmoother:
    """Smooths as the recording comes in; a frame is final once it has seen ``lag_s`` of what follows.

    Frames that leave the window are eliminated, not forgotten: what they told of the next frame and of the
    shared parameters arrives there as information.
    """

    def __init__(self, estimator: Estimator, schedule: Schedule | None = None) -> None:
        self.estimator = estimator
        self.schedule = schedule or Schedule()
        self._pending: list[Recording] = []
        self._branches: list[Branch] = []  # the most probable first

    def push(self, recording: Recording) -> Smoothed | None:
        """Take the next frames; returns those that became final, if any."""
        self._pending.append(recording)
        span = self._pending[-1].time_s[-1] - self._pending[0].time_s[0]
        if span < self.schedule.window_s:
            return None
        pending = Recording.concatenate(self._pending)
        final = int(np.searchsorted(pending.time_s, pending.time_s[-1] - self.schedule.lag_s))
        with one_thread():
            answers = solved(self.estimator, pending, self._branches, self.schedule)
            posterior = told(answers)
            self._branches = [one.onward(final, len(answers) == 1) for one in answers]
        self._pending = [pending.window(slice(final, None))]
        return _first(posterior, final)

    def finish(self) -> Smoothed | None:
        """The frames still waiting."""
        if not self._pending:
            return None
        pending = Recording.concatenate(self._pending)
        with one_thread():
            posterior = told(solved(self.estimator, pending, self._branches, self.schedule))
        self._pending = []
        return posterior


def _first(smoothed: Smoothed, n: int) -> Smoothed:
    return Smoothed(
        smoothed.time_s[:n],
        smoothed.path.window(slice(n)),
        smoothed.covariance[:n],
        smoothed.cost[:n],
        smoothed.n_points[:n],
    )


class MotionEstimator:
    """From recordings to motions: smoother, readout and judgement together."""

    def __init__(
        self,
        estimator: Estimator,
        observability: ObservabilitySpec,
        kinds: tuple[str, ...],
        schedule: Schedule,
    ) -> None:
        self.smoother = FixedLagSmoother(estimator, schedule)
        self._reading = Reading(estimator, observability, kinds)

    def push(self, recording: Recording) -> Motion | None:
        """Take the next frames, however many; returns the motion of those that became final, if any."""
        self._reading.watch(recording)
        pushed = [self.smoother.push(portion) for portion in self._portions(recording)]
        motions = [self.motion(smoothed) for smoothed in pushed if smoothed is not None]
        return Motion.concatenate(motions) if motions else None

    def _portions(self, recording: Recording) -> Iterator[Recording]:
        """Stretches as long as the windows like them: a long one would be solved in one piece."""
        schedule = self.smoother.schedule
        first = 0
        while first < recording.n_frames:
            end_s = recording.time_s[first] + schedule.window_s - schedule.lag_s
            stop = max(int(np.searchsorted(recording.time_s, end_s)), first + 1)
            yield recording.window(slice(first, stop))
            first = stop

    def finish(self) -> Motion | None:
        """The motion of the frames still waiting."""
        smoothed = self.smoother.finish()
        return None if smoothed is None else self.motion(smoothed)

    def motion(self, smoothed: Smoothed) -> Motion:
        """Read the angles of a posterior."""
        return self._reading.motion(smoothed)


def _kind_of_view(image: ImagePoints, views: tuple[ImagePoints, ...], detector: DetectorSpec) -> str:
    """The row of one camera, or that of several where another looks at the person from elsewhere."""
    axes = np.array([view.camera.rotation_room_to_camera[2] for view in views])
    across = np.linalg.norm(np.cross(image.camera.rotation_room_to_camera[2], axes), axis=1).max()
    apart = across >= np.sin(np.radians(detector.several_min_angle_deg))
    return detector.several_kind if apart and detector.several_kind else detector.kind


def kinds_of(recording: Recording, estimator: Estimator) -> tuple[str, ...]:
    """Rows of the observability table that a recording's sources obey."""
    images = zip(recording.image_points, estimator.image_detectors, strict=True)
    kinds = [_kind_of_view(image, recording.image_points, detector) for image, detector in images]
    kinds += [detector.kind for detector in estimator.space_detectors]
    worn = [
        segment
        for channel in recording.orientations
        if not (channel.posture and kinds)
        for segment in channel.segments
    ]
    phones = [one.segments for one in recording.orientations if one.posture]
    alone = [board.segment for channel in recording.boards for board in channel.boards if not kinds]
    beside = [f"{name}_phone_in_film" for names in phones for name in names] if kinds else []
    if kinds and recording.boards:
        kinds.insert(0, LOOKED_FOR)
    kinds += sensor_kinds([*worn, *alone], with_points=bool(kinds))
    kinds += beside
    kinds += [BACK for _ in recording.backs] + [TURN for _ in recording.turns]
    return tuple(dict.fromkeys(kinds))
