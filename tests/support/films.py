"""Films made for tests: rendered people cut, turned, slowed, crossed; and things that are no films."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def pictures(film: Path) -> Iterator[Picture]:
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24")


def write(film: Path, frames: Iterable[Picture], rate_hz: int = 30, index_first: bool = True) -> Path:
    """An H.264 film; ``index_first``: what of it is there can be decoded when it is cut off."""
    options = {"movflags": "faststart"} if index_first else {}
    with av.open(str(film), "w", container_options=options) as container:
        stream = None
        for index, rgb in enumerate(frames):
            if stream is None:
                stream = container.add_stream(
                    "libx264", rate=rate_hz, options={"preset": "ultrafast", "g": "10"}
                )
                stream.height, stream.width = rgb.shape[:2]
                stream.pix_fmt = "yuv420p"
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, rate_hz)
            container.mux(stream.encode(frame))
        assert stream is not None
        container.mux(stream.encode())
    return film


def cut_off(film: Path, share: float) -> Path:
    """Only the first part of the file's bytes."""
    film.write_bytes(film.read_bytes()[: int(share * film.stat().st_size)])
    return film


def sound_only(film: Path) -> Path:
    with av.open(str(film), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 44100), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return film


def empty_room(n_frames: int, size_px: tuple[int, int] = (640, 480)) -> Iterator[Picture]:
    """A wall and a floor, with the noise of a camera."""
    noise = np.random.default_rng(0)
    width, height = size_px
    room = np.full((height, width, 3), (196, 194, 184), float)
    room[int(0.68 * height) :] = (120, 85, 55)
    for _ in range(n_frames):
        yield np.clip(room + noise.normal(0, 2, room.shape), 0, 255).astype(np.uint8)


def there_and_back(frames: list[Picture], rounds: int) -> Iterator[Picture]:
    """The frames forwards and backwards, without a jump."""
    for _ in range(rounds):
        yield from frames
        yield from frames[-2:0:-1]


def crossing(stays: list[Picture], walks: list[Picture]) -> Iterator[Picture]:
    """The second person, in another shirt, walks from left to right through the first one's film."""
    n, width = min(len(stays), len(walks)), stays[0].shape[1]
    strip = slice(int(0.41 * width), int(0.62 * width))
    strip_width = strip.stop - strip.start
    for index in range(n):
        picture = stays[index].copy()
        left = int(index / (n - 1) * (width - strip_width))
        picture[:, left : left + strip_width] = _other_shirt(walks[index][:, strip])
        yield picture


def _other_shirt(rgb: Picture) -> Picture:
    blue = (rgb[..., 2] > 100) & (rgb[..., 2].astype(int) > rgb[..., 0].astype(int) + 60)
    other = rgb.copy()
    other[blue] = other[blue][:, ::-1]
    return other
