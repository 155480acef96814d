"""Measure a video: decode, find the person, infer the motion, write; all four overlap."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from coxa.app.backs import Backs
from coxa.app.boards import Boards
from coxa.app.film import FilmLog
from coxa.app.one_camera import single_camera
from coxa.app.overlap import overlapped
from coxa.app.ports import (
    EstimatorFactory,
    MotionSink,
    PoseTracker,
    VideoFrame,
    VideoReader,
)
from coxa.app.request import Request
from coxa.app.stream import Part, Progress, Stream, deliver, fitted
from coxa.app.turns import Turns
from coxa.model.boards import SeenTag
from coxa.model.camera import Camera
from coxa.model.channels import BackOutline, BoardCorners, ImagePoints
from coxa.model.keypoints import Keypoints
from coxa.model.recording import Recording, Subject
from coxa.specs.measure import VideoRules

_WHITE = 255.0
_COARSE = 8  # every so many pixels tell how bright a picture is


class Seen(NamedTuple):
    """One frame of the time line.

    Attributes:
        time_s: when.
        keypoints: None: nobody was found.
        tags: of boards, by id.
        brightness: mean of the picture, 0 black to 1 white.
    """

    time_s: float
    keypoints: Keypoints | None
    tags: Mapping[int, SeenTag]
    brightness: float


@dataclass(frozen=True, slots=True)
class VideoMeasurement:
    """The use case.

    Attributes:
        reader: the video.
        tracker: finds the person.
        new_estimator: infers the motion.
        sinks: take the results; all are committed, or all aborted.
        rules: limits and habits.
        on_progress: called after every frame, from a thread of its own.
        backs: gathers the outline of the back, where the tracker reads it.
        boards: gathers printed boards; None: they are not looked for.
        turns: reads from the knees how the pelvis turned; None: they are not looked at.
        notes: of the tracker, for people.
    """

    reader: VideoReader
    tracker: PoseTracker
    new_estimator: EstimatorFactory
    sinks: Sequence[MotionSink]
    rules: VideoRules
    on_progress: Callable[[Progress], None] = lambda _: None
    backs: Backs | None = None
    boards: Boards | None = None
    turns: Turns | None = None
    notes: tuple[str, ...] = ()

    def run(self, request: Request) -> None:
        """Measure; the result is complete in every sink, or in none.

        Raises:
            NothingToMeasureError: too small, no person, or too briefly.
            CoxaError: what the reader, the tracker or a sink refuse.
        """
        film = FilmLog(self.reader.info, self.rules)
        parts = self._parts(request, film)
        deliver(parts, self.sinks, lambda: self._figures(film, request))

    def _figures(self, film: FilmLog, request: Request) -> dict[str, Any]:
        figures, info = film.conclude(request, self.tracker.summary).to_dict(), self.reader.info
        figures["notes"] += [*request.camera.notes(info.width_px, info.height_px), *self.notes]
        if self.boards is None:
            return figures
        return figures | {"boards": self.boards.figures, "notes": [*self.boards.notes(), *figures["notes"]]}

    def _parts(self, request: Request, film: FilmLog) -> Stream[Part]:
        """Decode, pose and fit, each in a thread of its own."""
        film.require_measurable_size()
        rules, info = self.rules, self.reader.info
        camera = single_camera(info.width_px, info.height_px, request.camera, rules)
        subject = Subject(height_m=request.height_m)
        estimator = self.new_estimator(camera, self.tracker.names, self.tracker.detector, subject)
        frames = overlapped(self.reader.frames(request.start_s, request.end_s), rules.frames_ahead)
        chunks = _chunks(self._seen(frames, request, film), rules.chunk_s)
        recordings = self._recordings(chunks, camera, subject, film)
        ahead = rules.chunks_ahead
        yield from overlapped(fitted(overlapped(recordings, ahead), estimator), ahead)

    def _seen(self, frames: Stream[VideoFrame], request: Request, film: FilmLog) -> Stream[Seen]:
        end_s = request.end_s if request.end_s is not None else self.reader.info.duration_s
        with closing(frames):
            for count, frame in enumerate(frames, start=1):
                keypoints = self.tracker.track(frame)
                film.add(frame, keypoints, self.tracker.names)
                self.on_progress(Progress(count, frame.time_s, request.start_s, end_s))
                tags = {} if self.boards is None else self.boards.see(frame.rgb)
                bright = float(frame.rgb[::_COARSE, ::_COARSE].mean()) / _WHITE
                yield Seen(frame.time_s, self._straight(keypoints, request), tags, bright)

    def _straight(self, keypoints: Keypoints | None, request: Request) -> Keypoints | None:
        """As a lens without distortion would show them; boards and outlines are read so by their readers."""
        if keypoints is None or request.camera.lens is None:
            return keypoints
        info = self.reader.info
        position = request.camera.straight(keypoints.position_px, info.width_px, info.height_px)
        return replace(keypoints, position_px=position)

    def _recordings(
        self, chunks: Stream[list[Seen]], camera: Camera, subject: Subject, film: FilmLog
    ) -> Stream[Recording]:
        """Nothing is handed on, and no time spent on fitting, before there is a person to measure."""
        waiting: list[Recording] = []
        with closing(chunks):
            for chunk in chunks:
                waiting.append(self._recording(chunk, camera, subject))
                if film.person_s >= self.rules.min_person_s:
                    yield from waiting
                    waiting.clear()

    def _recording(self, chunk: list[Seen], camera: Camera, subject: Subject) -> Recording:
        missing = _missing(len(self.tracker.names))
        seen = [missing if one.keypoints is None else one.keypoints for one in chunk]
        points = ImagePoints(
            names=self.tracker.names,
            position_px=np.stack([keypoints.position_px for keypoints in seen]),
            visibility=np.stack([keypoints.visibility for keypoints in seen]),
            depth_m=np.stack([keypoints.world_m[:, 2] for keypoints in seen]),
            camera=camera,
            detector=self.tracker.detector,
        )
        time_s, people = np.array([one.time_s for one in chunk]), [one.keypoints for one in chunk]
        backs: tuple[BackOutline, ...] = () if self.backs is None else (self.backs.channel(people, time_s),)
        turns = () if self.turns is None else (self.turns.channel(people, time_s),)
        boards: tuple[BoardCorners, ...] = ()
        if self.boards is not None:
            boards = (self.boards.channel(time_s, [one.tags for one in chunk], people),)
            # How somebody stands is looked at once: with boards, they tell when.
            backs = tuple(replace(back, standing=np.zeros(len(chunk))) for back in backs)
        return Recording(
            time_s,
            image_points=(points,),
            backs=backs,
            turns=turns,
            boards=boards,
            subject=subject,
            source=self.reader.info.path.name,
            brightness=np.array([one.brightness for one in chunk]),
        )


def _missing(n_points: int) -> Keypoints:
    nan = np.full((n_points, 3), np.nan)
    return Keypoints(position_px=nan[:, :2], visibility=np.zeros(n_points), world_m=nan, presence=0.0)


def _chunks(frames: Stream[Seen], length_s: float) -> Stream[list[Seen]]:
    """Consecutive frames in lists that span about ``length_s``."""
    chunk: list[Seen] = []
    with closing(frames):
        for seen in frames:
            if chunk and seen.time_s - chunk[0].time_s >= length_s:
                yield chunk
                chunk = []
            chunk.append(seen)
    if chunk:
        yield chunk
