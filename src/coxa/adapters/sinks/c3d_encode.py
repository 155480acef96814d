"""The header and parameters of a C3D file as bytes (Intel order, floats)."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

BLOCK = 512
_MOST_WORDS = 255  # a dimension is one byte
_MOST_BYTES = 30_000  # of one parameter: where the next one starts is a 16-bit number
_MOST_BLOCKS = 255
INTEL = 84
COUNTER = 65535


@dataclass(frozen=True, slots=True)
class Integers:
    """Stored as 16-bit integers; the first dimension runs fastest."""

    values: Sequence[int]
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reals:
    """Stored as 32-bit floats; the first dimension runs fastest."""

    values: NDArray[np.float64] | Sequence[float]
    shape: tuple[int, ...] = ()


Value: TypeAlias = Integers | Reals | Sequence[str]
Groups: TypeAlias = Mapping[str, Mapping[str, Value]]


class TooLongError(ValueError):
    """The parameters do not fit into what the format has for them."""


def parameter_section(groups: Groups, n_blocks: int = 0) -> bytes:
    """All groups, filled up to whole blocks.

    Raises:
        TooLongError: too many or too long names.
    """
    body = bytearray()
    for number, (group, parameters) in enumerate(groups.items(), 1):
        body += _entry(group, -number, b"\0")
        for name, value in parameters.items():
            for part, words in enumerate(_portions(value), 1):
                body += _entry(name if part == 1 else f"{name}{part}", number, _encoded(words) + b"\0")
    body += b"\0\0"
    needed = -(-(len(body) + 4) // BLOCK)
    if needed > _MOST_BLOCKS:
        raise TooLongError(f"its names fill {needed} blocks, the format has {_MOST_BLOCKS}")
    blocks = max(needed, n_blocks)
    return (bytes([1, 80, blocks, INTEL]) + bytes(body)).ljust(blocks * BLOCK, b"\0")


def header(
    *,
    n_points: int,
    n_analog: int,
    first_frame: int,
    last_frame: int,
    data_block: int,
    samples_per_frame: int,
    rate_hz: float,
) -> bytes:
    """The first block; counters that do not fit stop at their largest."""
    words = struct.pack(
        "<BB5HfHHf",
        2,
        80,
        n_points,
        n_analog,
        min(first_frame, COUNTER),
        min(last_frame, COUNTER),
        0,
        -1.0,
        data_block,
        samples_per_frame,
        rate_hz,
    )
    return words.ljust(BLOCK, b"\0")


def _portions(value: Value) -> list[Value]:
    """Long lists of words overflow into further parameters."""
    if isinstance(value, Integers | Reals):
        return [value]
    width = max((len(word.encode()) for word in value), default=1)
    step = max(1, min(_MOST_WORDS, _MOST_BYTES // max(width, 1)))
    return [value[i : i + step] for i in range(0, len(value), step)] or [value]


def _entry(name: str, group: int, body: bytes) -> bytes:
    raw = name.encode("ascii")
    return struct.pack("bb", len(raw), group) + raw + struct.pack("<H", 2 + len(body)) + body


def _encoded(value: Value) -> bytes:
    """Type, dimensions and data of a parameter."""
    if isinstance(value, Integers):
        raw = np.asarray(value.values, np.int64).astype("<u2").tobytes()
        return bytes([2, len(value.shape), *value.shape]) + raw
    if isinstance(value, Reals):
        raw = np.asarray(value.values, float).astype("<f4").tobytes()
        return bytes([4, len(value.shape), *value.shape]) + raw
    words = [word.encode() for word in value]
    width = max((len(word) for word in words), default=1) or 1
    if width > _MOST_WORDS:
        raise TooLongError(f"a name is {width} bytes long, the format has {_MOST_WORDS}")
    return struct.pack("bBBB", -1, 2, width, len(words)) + b"".join(word.ljust(width) for word in words)
