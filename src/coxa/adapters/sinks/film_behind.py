"""A film read once more, a little behind the measurement, in the size of what is drawn on it."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from coxa.app.overlap import overlapped
from coxa.app.ports import VideoFrame, VideoReader
from coxa.report.lettering import Picture

_LONGEST_PX, _SHORTEST_LONG_PX = 1280, 640
_FRAMES_AHEAD = 4
_SAME_FRAME_S = 1e-4


class FilmBehind:
    """Pictures by their times, which must increase.

    Args:
        film: a reader of its own.
        start_s: where measuring started.
        end_s: where it was told to end.
    """

    def __init__(self, film: VideoReader, start_s: float = 0.0, end_s: float | None = None) -> None:
        info = film.info
        self.size_px = overlay_size(info.width_px, info.height_px)
        self.scale = self.size_px[0] / info.width_px
        self._frames = overlapped(_resized(film.frames(start_s, end_s), self.size_px), _FRAMES_AHEAD)
        self._ahead: VideoFrame | None = None

    def at(self, time_s: float) -> VideoFrame | None:
        """The film's frame at a time, free to be drawn upon; None if it has none there."""
        while self._ahead is None or self._ahead.time_s < time_s - _SAME_FRAME_S:
            self._ahead = next(self._frames, None)
            if self._ahead is None:
                return None
        return self._ahead if self._ahead.time_s <= time_s + _SAME_FRAME_S else None

    def close(self) -> None:
        """Read no more."""
        self._frames.close()


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
