"""A recording as plain values and numbered rows: what tables and netCDF files have in common.

Everything but the long arrays goes into one description, plain JSON values named as in ``coxa.model``: read
back by the types that are declared there. The long arrays are laid
out as :class:`Block`: named points with named components over time, each component with its unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.plain_values import plain_fields, read_fields
from coxa.model.channels import (
    AnalogChannels,
    BoardCorners,
    Channel,
    ForcePlate,
    ImagePoints,
    JointAngles,
    SegmentOrientations,
    SpacePoints,
)
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

VERSION = 1
#: The channel of every file: the recording's own clock.
FRAMES = "frames"
#: Attribute of a recording -> type of its channels.
CHANNELS: Mapping[str, type[Channel]] = {
    "image_points": ImagePoints,
    "space_points": SpacePoints,
    "orientations": SegmentOrientations,
    "angles": JointAngles,
    "analog": AnalogChannels,
    "forces": ForcePlate,
    "boards": BoardCorners,
}
_MATRIX = tuple(f"r{row}{column}" for row in (1, 2, 3) for column in (1, 2, 3))
_XYZ = ("x", "y", "z")
#: Type of a channel -> its arrays over time: attribute, components, their unit.
_ARRAYS: Mapping[type[Channel], tuple[tuple[str, tuple[str, ...], str], ...]] = {
    ImagePoints: (
        ("position_px", ("x", "y"), "px"),
        ("visibility", ("visibility",), ""),
        ("depth_m", ("depth",), "m"),
    ),
    SpacePoints: (("position_m", _XYZ, "m"),),
    SegmentOrientations: (("rotation", _MATRIX, ""),),
    JointAngles: (("value", ("value",), "deg"), ("sd", ("sd",), "deg")),
    AnalogChannels: (("value", ("value",), ""),),
    ForcePlate: (
        ("force_n", tuple(f"force_{axis}" for axis in _XYZ), "N"),
        ("moment_nm", tuple(f"moment_{axis}" for axis in _XYZ), "N m"),
    ),
    # The same for all corners of a frame: the last column.
    BoardCorners: (
        ("position_px", ("x", "y"), "px"),
        ("sd_px", ("sd",), "px"),
        ("standing", ("standing",), ""),
    ),
}


@dataclass(frozen=True, slots=True)
class Block:
    """The long arrays of one channel.

    Attributes:
        name: of the channel: ``image_points_0``.
        points: names, (n_points,).
        components: names, (n_components,).
        units: (n_points, n_components).
        time_s: (n_times,).
        value: (n_times, n_points, n_components), in these units.
    """

    name: str
    points: tuple[str, ...]
    components: tuple[str, ...]
    units: tuple[tuple[str, ...], ...]
    time_s: Floats
    value: Floats


@dataclass(frozen=True, slots=True)
class Promise:
    """What a channel of a file has.

    Attributes:
        points: names, (n_points,).
        components: names, (n_components,).
        own_clock: whether its times are not the recording's.
    """

    points: tuple[str, ...]
    components: tuple[str, ...]
    own_clock: bool


def described(recording: Recording) -> dict[str, Any]:
    """Everything of a recording but its long arrays, as plain JSON values."""
    channels = {
        name: [plain_fields(channel, channel.timed) for channel in getattr(recording, name)]
        for name in CHANNELS
    }
    rest = plain_fields(recording, ("time_s", "brightness", *CHANNELS))
    return {"version": VERSION, **rest, **channels}


def blocks(recording: Recording) -> list[Block]:
    """The numbers of the frames, then the long arrays of all channels, in order."""
    frames = np.arange(recording.n_frames, dtype=float).reshape(-1, 1, 1)
    clock = Block(FRAMES, ("frame",), ("number",), (("",),), recording.time_s, frames)
    return [clock] + [
        _block(f"{name}_{index}", channel, recording.time_s)
        for name in CHANNELS
        for index, channel in enumerate(getattr(recording, name))
    ]


def promised(description: Mapping[str, Any]) -> dict[str, Promise]:
    """What a description promises of its channels, by name.

    Raises:
        ValueError: it is not a description of a recording.
    """
    found = {FRAMES: Promise(("frame",), ("number",), True)}
    for name, kind in CHANNELS.items():
        for index, attributes in enumerate(_list(description, name)):
            if not isinstance(attributes, dict):
                raise ValueError(f"{name} is not described")
            components = tuple(part for _, parts, _ in _ARRAYS[kind] for part in parts)
            points = _points_of(kind, attributes)
            found[f"{name}_{index}"] = Promise(points, components, "time_s" in kind.timed)
    return found


def recording_of(
    description: Mapping[str, Any], time_s: Floats, arrays: Mapping[str, tuple[Floats, Floats]]
) -> Recording:
    """The recording back.

    Args:
        description: of :func:`described`.
        time_s: (n_frames,).
        arrays: channel -> its times, and its values as in :class:`Block`.

    Raises:
        ValueError: something is missing, or is not what it should be.
    """
    if description.get("version") != VERSION:
        raise ValueError(f"version {description.get('version')!r} of the description; known is {VERSION}")
    channels = {
        name: tuple(
            _channel(kind, attributes, *arrays[f"{name}_{index}"])
            for index, attributes in enumerate(_list(description, name))
        )
        for name, kind in CHANNELS.items()
    }
    return read_fields(Recording, description, {"time_s": time_s, **channels})


def _list(description: Mapping[str, Any], name: str) -> list[Any]:
    value = description.get(name)
    if not isinstance(value, list):
        raise ValueError(f"{name} is not described")
    return value


def _points_of(kind: type[Channel], attributes: Mapping[str, Any]) -> tuple[str, ...]:
    if kind is ForcePlate:
        return ("plate",)
    if kind is BoardCorners:
        return _corners_of(attributes)
    names = attributes.get("segments" if kind is SegmentOrientations else "names")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("a channel without names")
    if len(set(names)) < len(names):
        raise ValueError("a name twice in one channel")
    return tuple(names)


def _corners_of(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    boards = attributes.get("boards")
    if not isinstance(boards, list) or not all(isinstance(one, dict) for one in boards):
        raise ValueError("boards are not described")
    tags = [(one.get("name"), tag) for one in boards for tag in _list(one, "tags")]
    names = tuple(f"{board}_{tag}_{corner}" for board, tag in tags for corner in range(4))
    if len(set(names)) < len(names):
        raise ValueError("a board twice in one channel")
    return names


def _block(name: str, channel: Channel, time_s: Floats) -> Block:
    kind = type(channel)
    attributes = plain_fields(channel, channel.timed)
    points = _points_of(kind, attributes)
    values: list[Floats] = []
    components: list[str] = []
    own = np.asarray(getattr(channel, "time_s", time_s), float)
    for attribute, parts, _ in _ARRAYS[kind]:
        value = getattr(channel, attribute)
        if isinstance(channel, BoardCorners) and attribute == "standing":
            value = np.repeat(value[:, None], len(points), axis=1)
        values.append(value.reshape(len(own), len(points), len(parts)))
        components += parts
    value = np.concatenate(values, axis=2).astype(float)
    return Block(name, points, tuple(components), _units(channel, points), own, value * _file_scale(channel))


def _units(channel: Channel, points: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    usual = tuple(unit for _, parts, unit in _ARRAYS[type(channel)] for _ in parts)
    if isinstance(channel, AnalogChannels):
        return tuple((unit,) for unit in channel.units)
    if isinstance(channel, JointAngles):
        return tuple(usual if angle else ("m", "m") for angle in channel.is_angle)
    return (usual,) * len(points)


def _file_scale(channel: Channel) -> Floats:
    """(n_points or 1, 1) from the model's unit to the file's: angles are degrees there."""
    if isinstance(channel, JointAngles):
        return np.where(channel.is_angle, np.degrees(1.0), 1.0)[:, None]
    return np.ones((1, 1))


def _channel(kind: type[Channel], attributes: Mapping[str, Any], time_s: Floats, value: Floats) -> Channel:
    columns = np.cumsum([0, *(len(parts) for _, parts, _ in _ARRAYS[kind])])
    timed: dict[str, Floats] = {"time_s": time_s} if "time_s" in kind.timed else {}
    for (attribute, parts, _), first in zip(_ARRAYS[kind], columns[:-1], strict=True):
        array = value[:, :, first : first + len(parts)]
        if len(parts) == 1:
            array = array[..., 0]
        timed[attribute] = array
    if kind is SegmentOrientations:
        timed["rotation"] = timed["rotation"].reshape(*value.shape[:2], 3, 3)
    if kind is ForcePlate:
        timed |= {name: timed[name][:, 0] for name in ("force_n", "moment_nm")}
    if kind is BoardCorners:
        timed["standing"] = timed["standing"].max(axis=1, initial=0.0)
    channel: Channel = read_fields(kind, attributes, timed)
    if isinstance(channel, JointAngles):
        scale = _file_scale(channel)[:, 0]
        timed |= {name: timed[name] / scale for name in ("value", "sd")}
        return read_fields(kind, attributes, timed)
    return channel
