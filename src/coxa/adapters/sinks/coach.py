"""``session.json``, ``cues.jsonl`` and, of a film, ``coached.mp4`` and two stills of it."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from coxa.adapters.sinks.film_behind import FilmBehind
from coxa.adapters.sinks.guard import writing
from coxa.adapters.sinks.mp4 import Mp4Writer
from coxa.adapters.sinks.parquet import MotionParquetSink
from coxa.app.coach import Scene, Session
from coxa.app.session_review import Review
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.report.coaching.document import cue_lines, session_document
from coxa.report.coaching.picture import CoachedPicture

if TYPE_CHECKING:
    from coxa.app.ports import VideoReader

BEST, WORST = "best.jpg", "worst.jpg"
SESSION, CUES, FILM, MOTION = "session.json", "cues.jsonl", "coached.mp4", "motion.parquet"
_EARLY_S = 1e-3
_QUALITY = (cv2.IMWRITE_JPEG_QUALITY, 88)


class CoachSink:
    """Coaches the frames as they come.

    Args:
        session: is driven by what is written.
        folder: for the film and the angles; None: neither is written.
        film: a reader of its own; None: there is no film, or none is wanted.
        span: from when to when the film is coached.
        silent: no words in the film but the count.
    """

    def __init__(
        self,
        session: Session,
        folder: Path | None = None,
        film: VideoReader | None = None,
        span: tuple[float, float | None] = (0.0, None),
        silent: bool = False,
    ) -> None:
        self._session = session
        self._motion = None if folder is None else MotionParquetSink(folder / MOTION)
        drawn = folder is not None and film is not None
        self._film = _CoachedFilm(session, folder / FILM, film, span, silent) if drawn else None  # type: ignore[operator, arg-type]

    def write(self, recording: Recording, motion: Motion) -> None:
        """Coach some frames, and show it."""
        scenes = self._session.push(motion, recording)
        if self._motion is not None:
            self._motion.write(recording, motion)
        if self._film is not None:
            self._film.write(recording, scenes)

    def commit(self) -> None:
        """Finish the files."""
        if self._motion is not None:
            self._motion.commit()
        if self._film is not None:
            self._film.commit()

    def abort(self) -> None:
        """Remove them."""
        if self._motion is not None:
            self._motion.abort()
        if self._film is not None:
            self._film.abort()


class _CoachedFilm:
    def __init__(
        self,
        session: Session,
        path: Path,
        film: VideoReader,
        span: tuple[float, float | None],
        silent: bool,
    ) -> None:
        self._film = FilmBehind(film, *span)
        self._picture = CoachedPicture(session, self._film.size_px, silent)
        self._looked = False
        self._video = Mp4Writer(path, self._film.size_px, film.info.frame_rate_hz)

    def write(self, recording: Recording, scenes: list[Scene]) -> None:
        """Draw and encode some frames; the recording's first camera is the film's."""
        points, scale = recording.image_points[0], self._film.scale
        if not self._looked and np.isfinite(points.position_px).any():
            self._picture.look(points.position_px * scale)
            self._looked = True
        for index, scene in enumerate(scenes):
            frame = self._film.at(scene.time_s)
            if frame is not None:
                self._picture.draw(frame.rgb, points, index, scale, scene)
                self._video.write(frame.time_s, frame.rgb)

    def commit(self) -> None:
        """Finish the file."""
        self._film.close()
        self._video.close()

    def abort(self) -> None:
        """Remove the file."""
        self._film.close()
        self._video.discard()


def write_session(review: Review, folder: Path) -> None:
    """Write summary and cue log into a folder that exists.

    Raises:
        OutputError: they cannot be written.
    """
    document = json.dumps(session_document(review), indent=2, ensure_ascii=False) + "\n"
    for name, content in ((SESSION, document), (CUES, cue_lines(review.cues))):
        path = folder / name
        with writing(path):
            path.write_text(content, encoding="utf-8", errors="replace")


def write_stills(review: Review, folder: Path) -> None:
    """Write the best and the worst frame of a finished coached film, if there is one.

    Raises:
        OutputError: they cannot be written.
    """
    from coxa.adapters.sources.video import PyAvVideo

    if not (folder / FILM).exists():
        return
    film = PyAvVideo(folder / FILM)
    for name, one in ((BEST, review.best), (WORST, review.worst)):
        if one is None:
            continue
        from_s = max(one.time_s - review.start_s - _EARLY_S, 0.0)
        with closing(film.frames(from_s, None)) as frames:  # type: ignore[type-var]
            frame = next(frames, None)
        if frame is not None:
            _, data = cv2.imencode(".jpg", cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2BGR), _QUALITY)
            with writing(folder / name):
                (folder / name).write_bytes(data.tobytes())
