"""Videos through PyAV: upright pictures with their true times, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from coxa.adapters.sources.orientation import Image, Orientation
from coxa.app.ports import VideoFrame, VideoInfo
from coxa.model.errors import SourceError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame as StoredFrame
    from av.video.stream import VideoStream

#: Containers that may be opened. Playlists and the like, which name other addresses, are not among them.
CONTAINERS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,flv,ogg,asf"
OPTIONS = {"protocol_whitelist": "file", "format_whitelist": CONTAINERS}
#: FFmpeg's name for how the picture is to be turned.
DISPLAY_MATRIX = "DISPLAYMATRIX"
#: A gap at the end of up to so many frames is rounding of the container's claim, not loss.
SLACK_FRAMES = 2
FILM_AGAIN = "copy or export the video again; mp4, mov, webm and avi can be read"


@dataclass(frozen=True, slots=True)
class DecodeReport:
    """What the newest reading of a video gave, against what the container claims.

    Attributes:
        frames: pictures handed out.
        last_s: time of the last of them; NaN when there was none.
        missing_s: how much the container claims beyond the last picture, within the window asked for.
        damaged: packets that could not be decoded.
        out_of_order: pictures left out because time did not increase.
    """

    frames: int = 0
    last_s: float = float("nan")
    missing_s: float = 0.0
    damaged: int = 0
    out_of_order: int = 0

    @property
    def complete(self) -> bool:
        """Whether everything the container claims was decoded."""
        return self.missing_s == 0 and self.damaged == 0


def claimed(path: Path) -> tuple[int, int, float]:
    """Width and height (pixels) and length (s) by the container's claim; no picture is decoded.

    Raises:
        SourceError: not a video that can be opened.
    """
    import av

    try:
        with av.open(str(path.resolve()), options=OPTIONS) as container:
            sizes = [(one.codec_context.width, one.codec_context.height) for one in container.streams.video]
            length_s = (container.duration or 0) / av.time_base
    except (av.error.FFmpegError, OSError) as error:
        raise SourceError(f"{path} {_why_unreadable(path, error)}", FILM_AGAIN) from error
    width, height = max(sizes, key=lambda one: one[0] * one[1], default=(0, 0))
    return width, height, length_s


class PyAvVideo:
    """The ``VideoReader`` port on PyAV. Times count from the first picture of the container.

    Args:
        path: the file.
        n_threads: threads the decoder may use.

    Raises:
        SourceError: not a video that can be decoded.
    """

    def __init__(self, path: Path | str, n_threads: int = 1) -> None:
        self._path = Path(path)
        self._n_threads = n_threads
        _require_file(self._path)
        with self._opened() as (container, stream):
            first = _first_picture(container, stream, self._path)
            self._orientation = _orientation(first)
            self._info = self._describe(container, stream, first)
        #: Of the newest reading; final when its frames are used up.
        self.report = DecodeReport()

    @property
    def info(self) -> VideoInfo:
        """What the container says."""
        return self._info

    def frames(self, start_s: float = 0.0, end_s: float | None = None) -> Iterator[VideoFrame]:
        """Frames with start_s <= time_s < end_s, in order, one at a time."""
        end = float("inf") if end_s is None else end_s
        self.report = DecodeReport()
        count, out_of_order, last = 0, 0, -float("inf")
        damage = _Damage()
        with self._opened() as (container, stream):
            _seek(container, stream, start_s)
            for stored, time_s in _timed(container, stream, damage, self._info.frame_rate_hz):
                if time_s >= end:
                    break
                if time_s < start_s:
                    continue
                if time_s <= last:
                    out_of_order += 1
                    continue
                last = time_s
                yield VideoFrame(count, time_s, self._upright(stored))
                count += 1
        missing = self._missing_s(last, start_s, end)
        self.report = DecodeReport(
            count, last if count else float("nan"), missing, damage.packets, out_of_order
        )

    @contextmanager
    def _opened(self) -> Iterator[tuple[InputContainer, VideoStream]]:
        import av

        try:
            container = av.open(str(self._path.resolve()), options=OPTIONS)
        except (av.error.FFmpegError, OSError) as error:
            raise SourceError(f"{self._path} {_why_unreadable(self._path, error)}", FILM_AGAIN) from error
        with container:
            yield container, self._video_stream(container)

    def _video_stream(self, container: InputContainer) -> VideoStream:
        from av.stream import Disposition

        # A cover picture of a song is a video stream too, by the letter.
        films = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
        if not films:
            what = "holds sound but no pictures" if container.streams.audio else "holds no pictures"
            raise SourceError(f"{self._path} {what}", "choose a video, filmed with the camera on")
        stream = films[0]
        stream.thread_type = "AUTO" if self._n_threads > 1 else "NONE"
        stream.codec_context.thread_count = self._n_threads
        return stream

    def _describe(self, container: InputContainer, stream: VideoStream, first: StoredFrame) -> VideoInfo:
        width, height = first.width, first.height
        if self._orientation.transposed:
            width, height = height, width
        rate = stream.average_rate or stream.guessed_rate or Fraction(30)
        return VideoInfo(
            path=self._path,
            width_px=width,
            height_px=height,
            frame_rate_hz=float(rate),
            duration_s=_claimed_duration_s(container, stream),
            n_frames=stream.frames or None,
            rotation_deg=self._orientation.rotation_deg,
            codec=stream.codec_context.name,
        )

    def _upright(self, stored: StoredFrame) -> Image:
        rgb = stored.to_ndarray(format="rgb24", threads=self._n_threads)
        return self._orientation.apply(rgb.astype(np.uint8, copy=False))

    def _missing_s(self, last_s: float, start_s: float, end_s: float) -> float:
        claimed = self._info.duration_s
        if claimed is None:
            return 0.0
        frame_s = 1 / self._info.frame_rate_hz
        missing = min(claimed, end_s) - max(last_s + frame_s, start_s)
        return missing if missing > SLACK_FRAMES * frame_s else 0.0


@dataclass(slots=True)
class _Damage:
    packets: int = 0


def _require_file(path: Path) -> None:
    if not path.exists():
        raise SourceError(f"{path} does not exist", "check the spelling of the path")
    if path.is_dir():
        raise SourceError(f"{path} is a folder, not a video", "name one video file in it")
    if path.stat().st_size == 0:
        raise SourceError(f"{path} is empty (0 bytes)", "copy the video again: the transfer was cut off")


def _why_unreadable(path: Path, error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "may not be read (permission denied)"
    with path.open("rb") as handle:
        start = handle.read(12)
    if start[4:8] == b"ftyp":
        return "was cut off before its index was written (no moov box), so nothing in it can be decoded"
    return "is not a video, whatever its name says"


def _first_picture(container: InputContainer, stream: VideoStream, path: Path) -> StoredFrame:
    for stored in _decoded(container, stream, _Damage()):
        return stored
    raise SourceError(f"{path} has a video stream, but not one picture of it can be decoded", FILM_AGAIN)


def _orientation(stored: StoredFrame) -> Orientation:
    # PyAV's types know only one kind of side data.
    side_data: Any = stored.side_data
    for data in side_data:
        if data.type.name == DISPLAY_MATRIX:
            return Orientation.from_display_matrix(bytes(data))
    return Orientation()


def _claimed_duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    import av

    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _seek(container: InputContainer, stream: VideoStream, start_s: float) -> None:
    """Go to the key picture before ``start_s``; where the container cannot, read from its beginning."""
    import av

    if start_s <= 0 or not stream.time_base:
        return
    try:
        container.seek(int(start_s / stream.time_base) + (stream.start_time or 0), stream=stream)
    except av.error.FFmpegError:
        container.seek(0)


def _decoded(container: InputContainer, stream: VideoStream, damage: _Damage) -> Iterator[StoredFrame]:
    """Pictures that decode; packets that do not are counted and passed over."""
    import av

    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
            pictures = packet.decode()
        except StopIteration:
            return
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            damage.packets += 1
            continue
        yield from pictures


def _timed(
    container: InputContainer, stream: VideoStream, damage: _Damage, rate_hz: float
) -> Iterator[tuple[StoredFrame, float]]:
    """Pictures with their time from the container's beginning; without a time, one frame after the last."""
    offset = float((stream.start_time or 0) * (stream.time_base or 0))
    time_s = -1 / rate_hz
    for stored in _decoded(container, stream, damage):
        time_s = stored.time - offset if stored.pts is not None else time_s + 1 / rate_hz
        yield stored, time_s
