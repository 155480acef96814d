"""The frames of a C3D file: where they are, how many there are, and some of them at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import SEEK_END
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.c3d_parameters import BLOCK, DEC, INTEL, REMEDY, Parameters, swapped_dec
from coxa.model.errors import SourceError

Floats = NDArray[np.float64]

_COUNTER = 65536  # what the 16-bit counters of frames wrap at
_CHUNK_BYTES = 1 << 22  # read at a time
_FAR = 1e30  # what no scaled coordinate exceeds; the square of it would not fit into a float


class Frames(NamedTuple):
    """Some frames, in the file's units.

    Attributes:
        position: (n_frames, n_points, 3); NaN where the stored number is no position.
        told_seen: (n_frames, n_points), whether the residual says that the point was seen.
        analog: (n_frames * samples_per_frame, n_channels).
    """

    position: Floats
    told_seen: NDArray[np.bool_]
    analog: Floats

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(n_frames, n_points), whether there is a position."""
        return np.asarray(self.told_seen & np.isfinite(self.position).all(axis=2))


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the frames are.

    Attributes:
        path: the file.
        start: of the first frame, in bytes.
        n_frames: that the file really holds.
        n_lost: that it says it holds beyond those.
        n_spare: bytes that follow its frames and belong to none.
        first_frame: its number, counted from 1.
        n_points: in each frame.
        n_channels: analog ones.
        samples_per_frame: of each analog channel.
        scale: of integer coordinates; negative: the file stores floats.
        processor: whose numbers these are.
        offset: (n_channels,) taken off the stored analog values.
        gain: (n_channels,) by which they are then multiplied.
        unsigned: whether stored analog integers have no sign.
    """

    path: Path
    start: int
    n_frames: int
    n_lost: int
    n_spare: int
    first_frame: int
    n_points: int
    n_channels: int
    samples_per_frame: int
    scale: float
    processor: int
    offset: Floats
    gain: Floats
    unsigned: bool

    @property
    def stored_as_floats(self) -> bool:
        """Else as 16-bit integers."""
        return self.scale < 0

    @property
    def values_per_frame(self) -> int:
        """Numbers in a frame."""
        return 4 * self.n_points + self.n_channels * self.samples_per_frame

    @property
    def bytes_per_frame(self) -> int:
        """Of one frame."""
        return self.values_per_frame * (4 if self.stored_as_floats else 2)

    def frames(self, first: int, count: int) -> Frames:
        """Some consecutive frames."""
        wanted = count * self.bytes_per_frame
        with self.path.open("rb") as file:
            file.seek(self.start + first * self.bytes_per_frame)
            raw = file.read(wanted)
        if len(raw) < wanted:
            raise SourceError(f"{self.path}: the file became shorter while it was read", REMEDY)
        return self._decoded(raw, count)

    def every(self, step: int) -> Frames:
        """Every ``step``-th frame from the first."""
        picked = [self.frames(number, 1) for number in range(0, self.n_frames, step)]
        return Frames(*(np.concatenate(parts) for parts in zip(*picked, strict=True)))

    def chunks(self) -> Iterator[Frames]:
        """All frames, some megabytes at a time."""
        count = max(1, _CHUNK_BYTES // self.bytes_per_frame)
        for first in range(0, self.n_frames, count):
            yield self.frames(first, min(count, self.n_frames - first))

    def _decoded(self, raw: bytes, count: int) -> Frames:
        order = "<" if self.processor in (INTEL, DEC) else ">"
        if not self.stored_as_floats:
            value = np.frombuffer(raw, f"{order}i2").astype(float)
        elif self.processor == DEC:
            value = swapped_dec(np.frombuffer(raw, "<u2").reshape(-1, 2))
        else:
            value = np.frombuffer(raw, f"{order}f4").astype(float)
        value = value.reshape(count, self.values_per_frame)
        points = value[:, : 4 * self.n_points].reshape(count, self.n_points, 4)
        position = points[..., :3] if self.stored_as_floats else points[..., :3] * self.scale
        position = np.where(np.abs(position) < _FAR, position, np.nan)
        return Frames(position, points[..., 3] >= 0, self._analog(value[:, 4 * self.n_points :]))

    def _analog(self, stored: Floats) -> Floats:
        if self.unsigned and not self.stored_as_floats:
            stored = np.where(stored < 0, stored + _COUNTER, stored)
        stored = stored.reshape(len(stored) * self.samples_per_frame, self.n_channels)
        with np.errstate(over="ignore", invalid="ignore"):
            value = (stored - self.offset) * self.gain
        return np.where(np.abs(value) < _FAR, value, np.nan)


def find_layout(path: Path, known: Parameters) -> Layout:
    """Where the frames are, from the header, the parameters and the length of the file.

    Raises:
        SourceError: no frames, or what the file says of them contradicts itself.
    """
    header = known.header
    scale = known.number("POINT", "SCALE", header.scale) or header.scale
    if not np.isfinite(scale) or scale == 0:
        raise SourceError(f"{path}: its scale of coordinates is {scale}", REMEDY)
    start = (_block(known) - 1) * BLOCK
    length = path.stat().st_size - start
    width = 4 if scale < 0 else 2
    n_points, n_channels, samples = _counts(path, known, length // width)
    per_frame = width * (4 * n_points + n_channels * samples)
    if start < BLOCK or per_frame == 0 or length < per_frame:
        raise SourceError(f"{path}: it holds no frames", "record again, or export the trial with its markers")
    held = length // per_frame
    declared = _declared_frames(known, held - _filling(path, per_frame), per_frame)
    return Layout(
        path=path,
        start=start,
        n_frames=min(held, declared),
        n_lost=max(0, declared - held),
        n_spare=length - min(held, declared) * per_frame,
        first_frame=_first_frame(known),
        n_points=n_points,
        n_channels=n_channels,
        samples_per_frame=samples,
        scale=scale,
        processor=known.processor,
        offset=_spread(known.numbers("ANALOG", "OFFSET"), n_channels, 0.0),
        gain=_spread(known.numbers("ANALOG", "SCALE"), n_channels, 1.0)
        * known.number("ANALOG", "GEN_SCALE", 1.0),
        unsigned=known.word("ANALOG", "FORMAT").upper().startswith("UNSIGNED"),
    )


def _block(known: Parameters) -> int:
    return int(known.header.data_block or _unsigned(known.number("POINT", "DATA_START", 0)))


def _unsigned(value: float) -> int:
    """A 16-bit counter, which parameters store with a sign."""
    return int(value) + _COUNTER if -_COUNTER / 2 <= value < 0 else int(value) if np.isfinite(value) else 0


def _counts(path: Path, known: Parameters, n_values: int) -> tuple[int, int, int]:
    """Points, analog channels, and samples of each in a frame.

    Header and parameters both tell; where they differ, the answer that fits the length of the file counts.
    """
    header = known.header
    rate = known.number("POINT", "RATE", header.rate_hz)
    analog_rate = known.number("ANALOG", "RATE", 0.0)
    samples = round(analog_rate / rate) if 0 < rate < 1e6 and 0 <= analog_rate < 1e7 else 0
    told = (
        _unsigned(known.number("POINT", "USED", header.n_points)),
        _unsigned(known.number("ANALOG", "USED", 0)),
        max(1, samples or header.samples_per_frame),
    )
    per_frame = max(1, header.samples_per_frame)
    first = (header.n_points, header.n_analog // per_frame, per_frame)
    if header.n_analog % per_frame:
        first = told
    if told[0] == first[0] and told[1] * told[2] == first[1] * first[2]:
        return told
    n_frames = _declared_frames(known, 0, BLOCK)
    for counts in (told, first):
        size = 4 * counts[0] + counts[1] * counts[2]
        if size and 0 <= n_values - n_frames * size < max(size, BLOCK):
            return counts
    raise SourceError(
        f"{path}: its header tells of {first[0]} points and {first[1]} analog channels, "
        f"its parameters of {told[0]} and {told[1]}",
        REMEDY,
    )


def _declared_frames(known: Parameters, held: int, per_frame: int) -> int:
    """How many frames the file says it holds; the 16-bit counters wrap or stop in long recordings."""
    ends = [known.numbers("TRIAL", f"ACTUAL_{end}_FIELD") for end in ("START", "END")]
    if all(len(end) >= 2 for end in ends):
        first, last = (_unsigned(end[0]) + _COUNTER * _unsigned(end[1]) for end in ends)
        if 0 < first <= last:
            return last - first + 1
    long = known.number("POINT", "LONG_FRAMES", 0)
    if 1 <= long < 1e9:
        return int(long)
    header = known.header.last_frame - known.header.first_frame + 1
    short = _unsigned(known.number("POINT", "FRAMES", header)) or header
    if held > short and (short >= _COUNTER - 2 or (held - short) % _COUNTER == 0):
        return held
    # the last block is filled up, which may look like some more (small) frames
    if held > short and header > short and abs(held - header) * per_frame < BLOCK:
        return header
    return short if short > 0 else held


def _filling(path: Path, per_frame: int) -> int:
    """How many frames of nothing but zeros end the last block: it is filled up with them."""
    with path.open("rb") as file:
        file.seek(-BLOCK, SEEK_END)
        tail = file.read()
    return (len(tail) - len(tail.rstrip(b"\0"))) // per_frame


def _first_frame(known: Parameters) -> int:
    start = known.numbers("TRIAL", "ACTUAL_START_FIELD")
    if len(start) >= 2:
        return _unsigned(start[0]) + _COUNTER * _unsigned(start[1])
    return known.header.first_frame


def _spread(values: Floats, count: int, otherwise: float) -> Floats:
    """One value for each channel."""
    filled = np.full(count, otherwise)
    filled[: len(values)] = values[:count]
    return filled
