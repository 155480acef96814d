"""``overlay.mp4``: the film with what was seen and inferred drawn on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from coxa.adapters.sinks.film_behind import FilmBehind
from coxa.adapters.sinks.mp4 import Mp4Writer
from coxa.app.ports import VideoReader
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.report.overlay import draw
from coxa.report.panel import emptiest_corner


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
        self._film = FilmBehind(film, start_s, end_s)
        self._corner: tuple[int, int] | None = None
        self._video = Mp4Writer(path, self._film.size_px, film.info.frame_rate_hz)

    def write(self, recording: Recording, motion: Motion) -> None:
        """Draw and encode some frames; the recording's first camera is the film's."""
        points, scale = recording.image_points[0], self._film.scale
        if self._corner is None and np.isfinite(points.position_px).any():
            position_px = points.position_px * scale
            self._corner = emptiest_corner(self._film.size_px, motion.coordinates, position_px)
        for index, time_s in enumerate(recording.time_s):
            frame = self._film.at(float(time_s))
            if frame is not None:
                draw(frame.rgb, points, motion, index, scale, self._corner or (-1, -1))
                self._video.write(frame.time_s, frame.rgb)

    def commit(self) -> None:
        """Finish the file."""
        self._film.close()
        self._video.close()

    def abort(self) -> None:
        """Remove the file."""
        self._film.close()
        self._video.discard()
