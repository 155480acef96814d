"""Measure a recording of points, orientations or angles, of any length, whatever made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from coxa.app.ports import MotionEstimator, MotionSink, RecordingReader, SourceHeader
from coxa.app.stream import Part, Progress, Stream, deliver, fitted
from coxa.model.errors import NothingToMeasureError
from coxa.model.recording import Recording

#: Frames read at a time: a few megabytes of markers.
FRAMES_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class RecordingMeasurement:
    """The use case.

    Attributes:
        reader: the recording.
        estimator: infers the motion.
        sinks: take the results; all are committed, or all aborted.
        on_progress: called after every part.
    """

    reader: RecordingReader
    estimator: MotionEstimator
    sinks: Sequence[MotionSink]
    on_progress: Callable[[Progress], None] = lambda _: None

    def run(self, start_s: float = 0.0, end_s: float | None = None) -> None:
        """Measure the frames with start_s <= time < end_s, counted from the first frame.

        Raises:
            NothingToMeasureError: no frame in this span.
            CoxaError: what the reader, the estimator or a sink refuse.
        """
        log = RecordingLog(self.reader.header)
        parts = fitted(self._wanted(log, start_s, end_s), self.estimator)
        deliver(self._required(parts), self.sinks, log.figures)

    def _required(self, parts: Stream[Part]) -> Stream[Part]:
        """The parts; an error if there are none."""
        empty = True
        for part in parts:
            empty = False
            yield part
        if empty:
            raise NothingToMeasureError(
                f"{self.reader.header.path}: there is no frame in the wanted span",
                "choose --from and --to within the recording",
            )

    def _wanted(self, log: RecordingLog, start_s: float, end_s: float | None) -> Stream[Recording]:
        origin: float | None = None
        for part in self.reader.parts(FRAMES_AT_ONCE):
            if part.n_frames == 0:
                continue
            if origin is None:
                origin = float(part.time_s[0])
            last = np.inf if end_s is None else origin + end_s
            first, stop = np.searchsorted(part.time_s, [origin + start_s, last])
            if first < stop:
                wanted = part.window(slice(first, stop))
                log.add(wanted)
                yield wanted
                self.on_progress(Progress(log.n_frames, float(wanted.time_s[-1]), origin, self._end(origin)))
            if stop < part.n_frames:
                return

    def _end(self, origin_s: float) -> float | None:
        header = self.reader.header
        if header.n_frames is None or not header.rate_hz:
            return None
        return origin_s + header.n_frames / header.rate_hz


class RecordingLog:
    """What a person should know of the recording before believing the result; constant memory."""

    def __init__(self, header: SourceHeader) -> None:
        self._header = header
        self.n_frames = 0
        self._first_s = self._last_s = float("nan")
        self._lost: Counter[str] = Counter()
        self._n_points = 0

    def add(self, recording: Recording) -> None:
        """Count some frames."""
        if self.n_frames == 0:
            self._first_s = float(recording.time_s[0])
        self._last_s = float(recording.time_s[-1])
        self.n_frames += recording.n_frames
        self._n_points = 0
        for points in recording.space_points:
            self._count(points.names, np.isnan(points.position_m).any(axis=-1))
        for image in recording.image_points:
            self._count(image.names, np.isnan(image.position_px).any(axis=-1))
        for segments in recording.orientations:
            self._count(segments.segments, np.isnan(segments.rotation).any(axis=(-2, -1)))

    def _count(self, names: Sequence[str], missing: Any) -> None:
        self._n_points += len(names)
        for name, lost in zip(names, np.sum(missing, axis=0), strict=True):
            self._lost[name] += int(lost)

    def figures(self) -> dict[str, Any]:
        """For ``motion.diagnostics["film"]``."""
        header = self._header
        gaps = {name: lost for name, lost in self._lost.items() if lost}
        figures: dict[str, Any] = {
            "format": header.format,
            "units": header.units,
            "axes": header.axes,
            "n_frames": self.n_frames,
            "frame_rate_hz": self._rate_hz(),
            "duration_s": self._last_s - self._first_s,
            "n_points": self._n_points,
            "points_with_gaps": len(gaps),
            "notes": list(header.notes),
        }
        return {key: value for key, value in figures.items() if value not in ("", None)}

    def gaps(self) -> dict[str, int]:
        """Point or segment -> frames without it."""
        return dict(self._lost)

    def _rate_hz(self) -> float | None:
        if self.n_frames < 2:
            return self._header.rate_hz
        return (self.n_frames - 1) / (self._last_s - self._first_s)
