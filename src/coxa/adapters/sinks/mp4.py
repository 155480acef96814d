"""Encodes pictures at their true times, cheaply: the pose network needs the cores."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from coxa.adapters.sinks.guard import writing
from coxa.report.lettering import Picture

if TYPE_CHECKING:
    from av.video.stream import VideoStream

_TICK = Fraction(1, 60_000)  # fine enough for any frame rate, fixed or not; the most MPEG-4 takes
_BT601 = 6  # the colours OpenCV's conversion gives
#: Encoders in order of preference. CPU ms a frame of 720p: ultrafast 3, superfast and veryfast 9 to 11.
_ENCODERS = (
    ("libx264", {"preset": "ultrafast", "crf": "23"}),
    ("mpeg4", {"qmin": "2", "qmax": "6"}),
)


class Mp4Writer:
    """An mp4 file of RGB pictures.

    Args:
        path: the file to write.
        size_px: width and height, even.
        frame_rate_hz: nominal; every picture keeps its own time.
    """

    def __init__(self, path: Path, size_px: tuple[int, int], frame_rate_hz: float) -> None:
        import av

        self._path = path
        self._first_s: float | None = None
        self._last_tick = -1
        name, options = next(one for one in _ENCODERS if one[0] in av.codecs_available)
        with writing(path):
            self._container = av.open(str(path), "w", container_options={"movflags": "faststart"})
        rate = Fraction(frame_rate_hz).limit_denominator(1001)
        self._stream: VideoStream = self._container.add_stream(name, rate=rate, options={**options})  # type: ignore[assignment]
        self._stream.width, self._stream.height = size_px
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.thread_count = 1
        self._stream.codec_context.time_base = _TICK
        self._stream.codec_context.colorspace = _BT601

    def write(self, time_s: float, rgb: Picture) -> None:
        """Encode one picture (height, width, 3); times must increase."""
        import av

        if self._first_s is None:
            self._first_s = time_s
        yuv = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420), np.uint8)
        picture = av.VideoFrame.from_ndarray(yuv, format="yuv420p")
        picture.colorspace = _BT601
        self._last_tick = max(round((time_s - self._first_s) / _TICK), self._last_tick + 1)
        picture.pts, picture.time_base = self._last_tick, _TICK
        with writing(self._path):
            self._container.mux(self._stream.encode(picture))

    def close(self) -> None:
        """Finish the file."""
        with writing(self._path):
            self._container.mux(self._stream.encode())
            self._container.close()

    def discard(self) -> None:
        """Remove the file."""
        try:
            self._container.close()
        except OSError:  # the disk is full: the file goes away anyway
            pass
        finally:
            self._path.unlink(missing_ok=True)
