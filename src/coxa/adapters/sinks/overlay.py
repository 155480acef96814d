"""``overlay.mp4``: the film with what was seen and inferred drawn on it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from coxa.adapters.sinks.guard import writing
from coxa.app.overlap import overlapped
from coxa.app.ports import VideoFrame, VideoReader
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.report.lettering import Picture
from coxa.report.overlay import draw

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

_TICK = Fraction(1, 90_000)
_LONG_SIDE_PX = 1280
_FRAMES_AHEAD = 4
_ENCODER = {"preset": "veryfast", "crf": "23"}
_THREADS = 2


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
        self._path = path
        self._film = film
        self._scale = min(1.0, _LONG_SIDE_PX / max(film.info.width_px, film.info.height_px))
        self._frames = overlapped(_shrunk(film.frames(start_s, end_s), self._scale), _FRAMES_AHEAD)
        self._first_s: float | None = None
        with writing(path):
            self._container, self._stream = self._opened()

    def write(self, recording: Recording, motion: Motion) -> None:
        """Draw and encode some frames."""
        points = recording.image_points[0]
        for index, time_s in enumerate(recording.time_s):
            frame = next(self._frames)
            if frame.time_s != time_s:
                raise RuntimeError(
                    f"the film read again has a frame at {frame.time_s} s instead of {time_s} s"
                )
            draw(frame.rgb, points, motion, index, self._scale)
            self._encode(frame)

    def commit(self) -> None:
        """Finish the file."""
        self._frames.close()
        with writing(self._path):
            self._container.mux(self._stream.encode())
            self._container.close()

    def abort(self) -> None:
        """Remove the file."""
        self._frames.close()
        try:
            self._container.close()
        except OSError:  # the disk is full: the file goes away anyway
            pass
        finally:
            self._path.unlink(missing_ok=True)

    def _opened(self) -> tuple[OutputContainer, VideoStream]:
        import av

        info = self._film.info
        container = av.open(str(self._path), "w", container_options={"movflags": "faststart"})
        stream = container.add_stream("libx264", rate=Fraction(info.frame_rate_hz).limit_denominator(1001))
        stream.width, stream.height = _even(info.width_px, self._scale), _even(info.height_px, self._scale)
        stream.pix_fmt = "yuv420p"
        stream.options = {**_ENCODER}
        stream.codec_context.thread_count = _THREADS
        stream.codec_context.time_base = _TICK
        return container, stream

    def _encode(self, frame: VideoFrame) -> None:
        import av

        if self._first_s is None:
            self._first_s = frame.time_s
        picture = av.VideoFrame.from_ndarray(frame.rgb, format="rgb24")
        picture.pts, picture.time_base = round((frame.time_s - self._first_s) / _TICK), _TICK
        with writing(self._path):
            self._container.mux(self._stream.encode(picture))


def _even(length_px: int, scale: float) -> int:
    """The encoder takes even sizes only."""
    return max(2, round(length_px * scale) // 2 * 2)


def _shrunk(frames: Iterator[VideoFrame], scale: float) -> Iterator[VideoFrame]:
    for frame in frames:
        height, width = frame.rgb.shape[:2]
        size = _even(width, scale), _even(height, scale)
        rgb: Picture = np.asarray(cv2.resize(frame.rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
        yield VideoFrame(frame.index, frame.time_s, rgb)
