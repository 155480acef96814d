"""Binary frames of the live socket, as ``docs/live.md`` has them: little endian, one frame a message."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from math import isfinite
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

VERSION = 1
N_LANDMARKS = 33
#: channel, version, flags, seq, time_s, brightness.
HEADER = struct.Struct("<BBHIdf")
NOBODY = 1
_LANDMARKS_BYTES = N_LANDMARKS * 16
_TAGS_HEAD = struct.Struct("<H")
_TAG = np.dtype([("id", "<u2"), ("spread", "<u2"), ("corners", "<f4", (4, 2))])
_MOST_TAGS = 256
#: Spreads are told in thousandths of a pixel.
_SPREAD_PX = 1e-3
_PHONE = struct.Struct("<4f")
#: Nobody can be further out of the picture than this and still be seen.
_FAR_PX = 1e5
_FAR_M = 1e3
#: A clock that counts from 1970 in seconds stays below.
_LATEST_S = 1e11
_UNIT = (0.9, 1.1)


class Channel(IntEnum):
    """What a frame holds."""

    LANDMARKS = 1
    TAGS = 2
    PHONE = 3


class FrameError(Exception):
    """It is no frame of ours.

    Args:
        reason: for whoever wrote the page.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Landmarks:
    """One picture.

    Attributes:
        seq: counted by the page.
        time_s: on the page's clock.
        brightness: 0..1; NaN: not known.
        points: (33, 4) x_px, y_px, depth_m, visibility; None: nobody is seen.
    """

    seq: int
    time_s: float
    brightness: float
    points: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class Tags:
    """Printed tags in one picture; ``corners_px`` (n, 4, 2), ``spread_px`` (n,) of their edges."""

    seq: int
    time_s: float
    ids: NDArray[np.uint16]
    corners_px: NDArray[np.float32]
    spread_px: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone on the body: a unit quaternion w, x, y, z, its axes to the world's."""

    seq: int
    time_s: float
    quaternion: tuple[float, float, float, float]


Frame: TypeAlias = Landmarks | Tags | Phone


def decode(data: bytes) -> Frame:
    """The frame of a message.

    Raises:
        FrameError: it is none, or holds what cannot be.
    """
    if len(data) < HEADER.size:
        raise FrameError(f"a frame has {HEADER.size} bytes at least, this one {len(data)}")
    channel, version, flags, seq, time_s, brightness = HEADER.unpack_from(data)
    if version != VERSION:
        raise FrameError(f"version {version} of frames is not known")
    if not (isfinite(time_s) and abs(time_s) < _LATEST_S):
        raise FrameError("the time of a frame is no time")
    if flags & ~NOBODY:
        raise FrameError("unknown flags")
    payload = memoryview(data)[HEADER.size :]
    if channel == Channel.LANDMARKS:
        if brightness < 0 or brightness > 1:  # NaN: not known
            raise FrameError("the brightness is not from 0 to 1")
        return Landmarks(seq, time_s, brightness, _points(payload, bool(flags & NOBODY)))
    if channel == Channel.TAGS:
        return _tags(seq, time_s, payload)
    if channel == Channel.PHONE:
        return _phone(seq, time_s, payload)
    raise FrameError(f"there is no channel {channel}")


def _points(payload: memoryview, nobody: bool) -> NDArray[np.float32] | None:
    if nobody and not payload:
        return None
    if nobody or len(payload) != _LANDMARKS_BYTES:
        raise FrameError(f"landmarks have {_LANDMARKS_BYTES} bytes, these {len(payload)}")
    points = np.frombuffer(payload, "<f4").reshape(N_LANDMARKS, 4)
    # What is not known is NaN: every comparison with it is false.
    if (np.abs(points) > _BOUNDS).any() or (points[:, 3] < 0).any():
        raise FrameError("a landmark is where none can be")
    return points


_BOUNDS = np.array([_FAR_PX, _FAR_PX, _FAR_M, 1.0], np.float32)


def _tags(seq: int, time_s: float, payload: memoryview) -> Tags:
    if len(payload) < _TAGS_HEAD.size:
        raise FrameError("tags lack their number")
    (n,) = _TAGS_HEAD.unpack_from(payload)
    if n > _MOST_TAGS or len(payload) != _TAGS_HEAD.size + n * _TAG.itemsize:
        raise FrameError(f"{n} tags do not have {len(payload)} bytes")
    rows = np.frombuffer(payload, _TAG, n, _TAGS_HEAD.size)
    corners = rows["corners"]
    if not (np.abs(corners) <= _FAR_PX).all():
        raise FrameError("a tag is where none can be")
    return Tags(seq, time_s, rows["id"], corners, rows["spread"] * _SPREAD_PX)


def _phone(seq: int, time_s: float, payload: memoryview) -> Phone:
    if len(payload) != _PHONE.size:
        raise FrameError(f"a quaternion has {_PHONE.size} bytes, this one {len(payload)}")
    w, x, y, z = _PHONE.unpack(payload)
    low, high = _UNIT
    if not low <= w * w + x * x + y * y + z * z <= high:
        raise FrameError("a quaternion has length 1")
    return Phone(seq, time_s, (w, x, y, z))


def encode(frame: Frame) -> bytes:
    """The message of a frame: for tests, and for clients in Python."""
    if isinstance(frame, Landmarks):
        nobody = frame.points is None
        head = HEADER.pack(
            Channel.LANDMARKS, VERSION, NOBODY if nobody else 0, frame.seq, frame.time_s, frame.brightness
        )
        return head if frame.points is None else head + frame.points.astype("<f4").tobytes()
    nan = float("nan")
    if isinstance(frame, Tags):
        rows = np.zeros(len(frame.ids), _TAG)
        rows["id"], rows["corners"] = frame.ids, frame.corners_px
        if frame.spread_px is not None:
            rows["spread"] = np.round(frame.spread_px / _SPREAD_PX)
        head = HEADER.pack(Channel.TAGS, VERSION, 0, frame.seq, frame.time_s, nan)
        return head + _TAGS_HEAD.pack(len(rows)) + rows.tobytes()
    head = HEADER.pack(Channel.PHONE, VERSION, 0, frame.seq, frame.time_s, nan)
    return head + _PHONE.pack(*frame.quaternion)
