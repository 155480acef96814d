"""``overlay.mp4``: the film with what was seen and inferred drawn on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from coxa.adapters.sinks.mp4 import Mp4Writer
from coxa.app.overlap import overlapped
from coxa.app.ports import VideoFrame, VideoReader
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.report.lettering import Picture
from coxa.report.overlay import draw
from coxa.report.panel import emptiest_corner

_LONGEST_PX, _SHORTEST_LONG_PX = 1280, 640
_FRAMES_AHEAD = 4
_SAME_FRAME_S = 1e-4


class OverlaySink:
    """Reads the film once more, a little behind the measurement, and encodes as it goes.

    Args:
        path: the file to write.
        film: a reader of its own.
        start_s: where measuring started.
        end_s: where it was told to end.
    """

    def __init__(
        self, path: Path, film: VideoReader, start_s: float = 0.0, end_s: float | None = None
    ) -> None:
        info = film.info
        self._size_px = overlay_size(info.width_px, info.height_px)
        self._scale = self._size_px[0] / info.width_px
        self._frames = overlapped(_resized(film.frames(start_s, end_s), self._size_px), _FRAMES_AHEAD)
        self._ahead: VideoFrame | None = None
        self._corner: tuple[int, int] | None = None
        self._video = Mp4Writer(path, self._size_px, info.frame_rate_hz)

    def write(self, recording: Recording, motion: Motion) -> None:
        """Draw and encode some frames; the recording's first camera is the film's."""
        points = recording.image_points[0]
        if self._corner is None and np.isfinite(points.position_px).any():
            position_px = points.position_px * self._scale
            self._corner = emptiest_corner(self._size_px, motion.coordinates, position_px)
        for index, time_s in enumerate(recording.time_s):
            frame = self._frame_at(float(time_s))
            if frame is not None:
                draw(frame.rgb, points, motion, index, self._scale, self._corner or (-1, -1))
                self._video.write(frame.time_s, frame.rgb)

    def commit(self) -> None:
        """Finish the file."""
        self._frames.close()
        self._video.close()

    def abort(self) -> None:
        """Remove the file."""
        self._frames.close()
        self._video.discard()

    def _frame_at(self, time_s: float) -> VideoFrame | None:
        """The film's frame at a time; None if it has none there."""
        while self._ahead is None or self._ahead.time_s < time_s - _SAME_FRAME_S:
            self._ahead = next(self._frames, None)
            if self._ahead is None:
                return None
        return self._ahead if self._ahead.time_s <= time_s + _SAME_FRAME_S else None


def overlay_size(width_px: int, height_px: int) -> tuple[int, int]:
    """Width and height: the long side at most 1280 px and, to be legible, at least 640; both even."""
    longest = max(width_px, height_px)
    factor = min(max(longest, _SHORTEST_LONG_PX), _LONGEST_PX) / longest
    return max(2 * round(factor * width_px / 2), 2), max(2 * round(factor * height_px / 2), 2)


def _resized(frames: Iterator[VideoFrame], size_px: tuple[int, int]) -> Iterator[VideoFrame]:
    """The frames in the overlay's size, each free to be drawn upon."""
    for frame in frames:
        width = frame.rgb.shape[1]
        how = cv2.INTER_AREA if width > size_px[0] else cv2.INTER_LINEAR
        rgb: Picture = np.array(cv2.resize(frame.rgb, size_px, interpolation=how), np.uint8, copy=None)
        yield VideoFrame(frame.index, frame.time_s, rgb)
