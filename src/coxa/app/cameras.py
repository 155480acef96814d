"""Measure one movement filmed by several cameras: find the person in each, bring them together, fit once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.app.film import Film, FilmLog
from coxa.app.overlap import overlapped
from coxa.app.ports import Lens, MotionEstimator, MotionSink, PoseTracker, VideoReader
from coxa.app.request import Request
from coxa.app.stream import Part, Progress, Stream, deliver, fitted
from coxa.catalog import loader
from coxa.estimate.cameras import Joined, join
from coxa.estimate.views import View
from coxa.model.channels import ImagePoints
from coxa.model.errors import NothingToMeasureError
from coxa.model.keypoints import Keypoints
from coxa.model.recording import Recording, Subject
from coxa.specs.measure import VideoRules

Floats = NDArray[np.float64]


class CameraSource(NamedTuple):
    """One video, a tracker of its own, and the camera that took it."""

    reader: VideoReader
    tracker: PoseTracker
    lens: Lens


@dataclass(frozen=True, slots=True)
class CamerasMeasurement:
    """The use case. Memory holds the keypoints of all cameras, but one picture at a time.

    Attributes:
        sources: at least two.
        new_estimator: infers the motion of recordings with the channels of this one.
        sinks: take the results; all are committed, or all aborted.
        rules: limits and habits.
        up_told: whether the calibration's format says which way is up.
        notes: of the calibration, for people.
        on_progress: called after every frame; times go through all cameras as if through one film.
    """

    sources: Sequence[CameraSource]
    new_estimator: Callable[[Recording], MotionEstimator]
    sinks: Sequence[MotionSink]
    rules: VideoRules
    up_told: bool = True
    notes: tuple[str, ...] = ()
    on_progress: Callable[[Progress], None] = lambda _: None

    def run(self, request: Request) -> None:
        """Measure; the result is complete in every sink, or in none.

        Raises:
            NothingToMeasureError: fewer than two cameras see the person, or they do not agree.
            CoxaError: what a reader, a tracker or a sink refuse.
        """
        figures: dict[str, Any] = {}
        deliver(self._parts(request, figures), self.sinks, lambda: figures)

    def _parts(self, request: Request, figures: dict[str, Any]) -> Stream[Part]:
        views: list[View] = []
        films: list[Film] = []
        refused: list[NothingToMeasureError] = []
        for number, source in enumerate(self.sources):
            try:
                view, film = self._watched(number, source, request)
            except NothingToMeasureError as error:
                refused.append(error)  # one camera may have missed the person; the others tell
                continue
            views.append(view)
            films.append(film)
        if len(views) < 2:
            raise refused[0]
        correlation_s = max(loader.detectors()[view.points.detector].correlation_time_s for view in views)
        joined = join(
            views,
            loader.camera_rules(),
            correlation_s,
            Subject(height_m=request.height_m),
            up_told=self.up_told,
        )
        figures.update(self._figures(joined, films, [error.fault for error in refused]))
        recording = joined.recording
        estimator = self.new_estimator(recording.window(slice(0, 0)))
        yield from fitted(_in_parts(recording, self.rules.chunk_s), estimator)

    def _watched(self, number: int, source: CameraSource, request: Request) -> tuple[View, Film]:
        """The keypoints of one camera, and the figures of its film."""
        log = FilmLog(source.reader.info, self.rules)
        log.require_measurable_size()
        time_s: list[float] = []
        seen: list[Keypoints | None] = []
        frames = overlapped(source.reader.frames(request.start_s, request.end_s), self.rules.frames_ahead)
        with closing(frames):
            for frame in frames:
                keypoints = source.tracker.track(frame)
                log.add(frame, keypoints, source.tracker.names)
                time_s.append(frame.time_s)
                seen.append(keypoints)
                self._tell(number, len(time_s), frame.time_s, source, request)
        film = log.conclude(request, source.tracker.summary)
        return View(source.lens.name, np.array(time_s), _points(source, seen)), film

    def _tell(self, number: int, count: int, time_s: float, source: CameraSource, request: Request) -> None:
        duration = source.reader.info.duration_s
        end_s = request.end_s if request.end_s is not None else duration
        if end_s is None:
            self.on_progress(Progress(count, time_s, request.start_s, None))
            return
        share = (number + (time_s - request.start_s) / max(end_s - request.start_s, 1e-9)) / len(self.sources)
        overall = request.start_s + share * (end_s - request.start_s)
        self.on_progress(Progress(count, overall, request.start_s, end_s))

    def _figures(self, joined: Joined, films: Sequence[Film], refused: Sequence[str]) -> dict[str, Any]:
        """For ``motion.diagnostics["film"]``: the first used camera's film, and each camera."""
        first = next(k for k, one in enumerate(joined.cameras) if one.used)
        untold = "field of view was not told"
        notes = list(dict.fromkeys(n for film in films for n in film.notes if untold not in n))
        used = sum(one.used for one in joined.cameras)
        figures = films[first].to_dict()
        for unknown in ("camera_fov_deg", "camera_fov_told", "camera_roll_deg"):
            figures.pop(unknown)
        return {
            **figures,
            "cameras": "; ".join(one.words for one in joined.cameras),
            "cameras_used": used,
            "cameras_detail": [one.to_dict() for one in joined.cameras],
            "notes": [*self.notes, *joined.notes, *(f"Left out: {fault}." for fault in refused), *notes],
        }


def _points(source: CameraSource, seen: Sequence[Keypoints | None]) -> ImagePoints:
    info, n_points = source.reader.info, len(source.tracker.names)
    size = info.width_px, info.height_px
    nan = np.full((n_points, 3), np.nan)
    position = np.stack([nan[:, :2] if one is None else one.position_px for one in seen])
    return ImagePoints(
        names=source.tracker.names,
        position_px=source.lens.ideal(position, *size),
        visibility=np.stack([np.zeros(n_points) if one is None else one.visibility for one in seen]),
        depth_m=np.stack([nan[:, 2] if one is None else one.world_m[:, 2] for one in seen]),
        camera=source.lens.pinhole(*size),
        detector=source.tracker.detector,
    )


def _in_parts(recording: Recording, length_s: float) -> Stream[Recording]:
    """Consecutive windows of about ``length_s``."""
    number = ((recording.time_s - recording.time_s[0]) / length_s).astype(int)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(number)) + 1, [recording.n_frames]])
    for first, stop in pairwise(edges):
        yield recording.window(slice(int(first), int(stop)))
