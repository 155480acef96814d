"""What is said between a phone, the server and the main screen."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from coxa.app.phone_live import Reading

CHANNEL, VERSION = 3, 1
_HEAD = struct.Struct("<BBH")
_READING = struct.Struct("<dffff")
MOST_READINGS = 64
#: How far a quaternion may be from length 1.
_UNIT = 0.02


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class PhoneAsked(_Told):
    """What the phone is for; no quantity: it is worn for the whole test."""

    protocol: str = Field(pattern=r"^[a-z][a-z0-9_]{0,79}$")
    quantity: str = Field(default="", pattern=r"^([a-z][a-z0-9_]{0,79})?$")
    side: Literal["left", "right"]


class PhoneMade(BaseModel):
    """A code for a phone: its address, the same as a picture, and the socket of the main screen."""

    code: str
    address: str
    picture_svg: str
    socket: str


class Tap(_Told):
    """Zero, or a reading."""

    type: Literal["tap"]


class Again(_Told):
    """Forget the zero."""

    type: Literal["again"]


class Begin(_Told):
    """The test begins: readings are gathered."""

    type: Literal["begin"]


class Finish(_Told):
    """Keep what was tapped, or assess what was gathered."""

    type: Literal["finish"]


class Ping(_Told):
    """Answered at once."""

    type: Literal["ping"]
    t: float


Spoken: TypeAdapter[Tap | Again | Begin | Finish | Ping] = TypeAdapter(
    Annotated[Tap | Again | Begin | Finish | Ping, Field(discriminator="type")]
)


def readings(frame: bytes) -> Iterator[Reading]:
    """Those of a binary frame: channel, version, count, then time in s and unit quaternion w, x, y, z each.

    Raises:
        ValueError: it is none, or a figure is no orientation.
    """
    if len(frame) < _HEAD.size:
        raise ValueError("too short")
    channel, version, count = _HEAD.unpack_from(frame)
    whole = len(frame) == _HEAD.size + count * _READING.size
    if (channel, version) != (CHANNEL, VERSION) or not 0 < count <= MOST_READINGS or not whole:
        raise ValueError("not a frame of a phone")
    for told in _READING.iter_unpack(frame[_HEAD.size :]):
        length = math.sqrt(sum(part * part for part in told[1:]))
        if not math.isfinite(told[0]) or not abs(length - 1.0) < _UNIT:
            raise ValueError("not an orientation")
        yield Reading(told[0], *(part / length for part in told[1:]))
