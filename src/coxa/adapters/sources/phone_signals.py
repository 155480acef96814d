"""From a phone's columns to its orientations in a world with Y up, whichever way they are told.

Device axes are those of all phones: x to the right across the screen, y to its top edge, z out of it.
DeviceOrientation: R = Rz(alpha) Rx(beta) Ry(gamma), device to east-north-up (W3C Device Orientation).
Orientation sensors: a quaternion x, y, z, w of the same turn (W3C Orientation Sensor).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.imu_fusion import Signals, check_units, fuse
from coxa.adapters.sources.opensim_table import clock_of
from coxa.adapters.sources.phone_table import PhoneTable
from coxa.adapters.sources.room_axes import Vertical
from coxa.catalog.loader import inertial_rules, phone_rules
from coxa.kinematics.rotations import rotation_about, rotation_between, rotation_from_quaternion
from coxa.model.errors import SourceError
from coxa.specs.phone import PhoneWorn

Floats = NDArray[np.float64]

_UP = Vertical("+Z", "gravity")
_QUATERNIONS = (("qw", "qx", "qy", "qz"), ("quaternion_w", "quaternion_x", "quaternion_y", "quaternion_z"),
                ("w", "x", "y", "z"))  # fmt: skip
_TIMES = (
    "seconds_elapsed",
    "time",
    "timestamp",
    "time_stamp",
    "t",
    "elapsed",
    "time_s",
    "time_ms",
    "time_ns",
    "time_us",
)
_SECONDS = {"s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
#: Seconds a unit, and the steps between readings that only this unit gives (5 to 1000 a second).
_STEPS = ((1.0, 5e-4, 0.5), (1e-3, 0.5, 500.0), (1e-6, 500.0, 5e5), (1e-9, 5e5, 5e8))
_EPOCH_S = 1e8  # later than 1973: a clock of the world


@dataclass(frozen=True, slots=True)
class Oriented:
    """One phone.

    Attributes:
        time_s: (n_frames,), increasing; of the world's clock where ``epoch``.
        rotation: (n_frames, 3, 3) phone to world, Y up; NaN = missing.
        rate_hz: readings a second.
        absolute: whether its heading is a compass's.
        epoch: whether its times are the world's.
        how: what it was read from, for people to read.
        notes: what a person should know.
    """

    time_s: Floats
    rotation: Floats
    rate_hz: float
    absolute: bool
    epoch: bool
    how: str
    notes: tuple[str, ...]


def oriented(path: Path, table: PhoneTable, worn: PhoneWorn, rate_hz: float | None) -> Oriented:
    """The orientations of one phone.

    Raises:
        SourceError: no time, no orientation, or one that cannot be.
    """
    notes = list(table.notes)
    time_s, kept, rate, epoch = _times(path, table, rate_hz, notes)
    columns = {name: values[kept] for name, values in table.columns.items()}
    how, rotation, absolute = _rotation(path, columns, table.units, worn, (time_s, rate), notes)
    known = np.isfinite(rotation).all(axis=(1, 2))
    if not known.any():
        raise SourceError(f"{path}: every orientation in it is missing", "record it again")
    if not known.all():
        notes.append(f"{int((~known).sum())} of {known.size} readings have no orientation")
    rotation[~known] = np.nan
    return Oriented(time_s + worn.offset_s, rotation, rate, absolute, epoch, how, tuple(notes))


def _times(
    path: Path, table: PhoneTable, told_hz: float | None, notes: list[str]
) -> tuple[Floats, NDArray[np.bool_], float, bool]:
    rules = phone_rules()
    name = next((one for one in _TIMES if one in table.columns), None)
    n = max((len(values) for values in table.columns.values()), default=0)
    if name is None:
        if told_hz is None:
            raise SourceError(
                f"{path}: no column is the time", "say how many readings a second it has (--rate)"
            )
        raw, scale = np.full(n, np.nan), 1.0
    else:
        raw = table.columns[name]
        unit = table.units[name] or name.rpartition("_")[2]
        scale = 1.0 if name == "seconds_elapsed" else _SECONDS.get(unit) or _told_by_steps(path, raw)
    first = float(raw[0]) if n and np.isfinite(raw[0]) else 0.0
    clock = clock_of(path, (raw - first) * scale, told_hz)
    notes += clock.notes
    rate = clock.rate_hz or told_hz or 0.0
    if len(clock.time_s) > 1 and not rules.min_rate_hz <= rate <= rules.max_rate_hz:
        raise SourceError(
            f"{path}: it has {rate:.4g} readings a second, which no phone has",
            "check the unit of its time: name the column time_s, time_ms or time_ns",
        )
    if len(clock.time_s) < 2:
        raise SourceError(f"{path}: {len(clock.time_s)} reading is no movement", "record longer")
    return clock.time_s + first * scale, clock.kept, rate, bool(first * scale > _EPOCH_S)


def _told_by_steps(path: Path, raw: Floats) -> float:
    """Seconds a unit of a time whose unit nobody says: no two units fit how often phones read."""
    step = np.diff(raw[np.isfinite(raw)])
    usual = float(np.median(step[step > 0])) if (step > 0).any() else np.nan
    for scale, low, high in _STEPS:
        if low <= usual < high:
            return scale
    raise SourceError(
        f"{path}: its times are {usual:.3g} apart, in no unit that phones count in",
        "name the column time_s, time_ms or time_ns",
    )


def _rotation(
    path: Path,
    columns: Mapping[str, Floats],
    units: Mapping[str, str],
    worn: PhoneWorn,
    clock: tuple[Floats, float],
    notes: list[str],
) -> tuple[str, Floats, bool]:
    """What it was read from, (n_frames, 3, 3), and whether the heading is a compass's."""
    absolute = bool(np.nanmax(np.append(columns.get("absolute", np.zeros(1)), 0.0)) > 0)
    if {"alpha", "beta", "gamma"} <= set(columns):
        return "DeviceOrientation", _from_angles(path, columns), absolute
    four = next((names for names in _QUATERNIONS if set(names) <= set(columns)), None)
    if four is not None:
        return "quaternions", _from_quaternions(path, columns, four, notes), absolute
    gyroscope, acceleration = _triple(columns, "gyroscope", "gyro", "rotation_rate"), _total(columns)
    if gyroscope is not None and acceleration is not None:
        parts = [np.stack([columns[name] for name in names], axis=1) for names in (gyroscope, acceleration)]
        told = (units[gyroscope[0]], units[acceleration[0]])
        return "gyroscope and accelerometer", _fused(path, parts, told, worn, clock, notes), False
    if {"pitch", "roll", "yaw"} <= set(columns):
        return "pitch, roll and yaw", _from_pitch(path, columns, units, worn), False
    gravity = _triple(columns, "gravity")
    if gravity is not None:
        values = np.stack([columns[name] for name in gravity], axis=1)
        return "gravity alone", _from_gravity(path, values, worn, notes), False
    raise SourceError(
        f"{path}: no orientation in it: its columns are {', '.join(list(columns)[:8])}",
        "record alpha, beta and gamma; or qx, qy, qz and qw; or gyroscope and accelerometer together",
    )


def _up(rotation: Floats) -> Floats:
    return np.array(_UP.turn @ rotation)


def _from_angles(path: Path, columns: Mapping[str, Floats]) -> Floats:
    """DeviceOrientation, degrees."""
    alpha, beta, gamma = (np.radians(columns[name]) for name in ("alpha", "beta", "gamma"))
    most = [float(np.nanmax(np.append(np.abs(angle), 0.0))) for angle in (alpha, beta, gamma)]
    if most[0] > 2.01 * np.pi or most[1] > 1.01 * np.pi or most[2] > 0.51 * np.pi:
        raise SourceError(
            f"{path}: its angles go to {np.degrees(most[0]):.4g}, {np.degrees(most[1]):.4g} and "
            f"{np.degrees(most[2]):.4g}: no alpha, beta and gamma in degrees",
            "export them as the browser gives them: alpha 0 to 360, beta -180 to 180, gamma -90 to 90",
        )
    if max(most) <= np.radians(2.01 * np.pi) and max(most) > np.radians(0.5):
        raise SourceError(
            f"{path}: its angles never exceed {np.degrees(max(most)):.2g} degrees: they look like radians",
            "export them in degrees, as the browser gives them",
        )
    alpha = np.where(np.isnan(alpha) & np.isfinite(beta), 0.0, alpha)  # phones without a compass leave it out
    return _up(rotation_about(2, alpha) @ rotation_about(0, beta) @ rotation_about(1, gamma))


def _from_quaternions(
    path: Path, columns: Mapping[str, Floats], names: Sequence[str], notes: list[str]
) -> Floats:
    quaternion = np.stack([columns[name] for name in names], axis=1)
    length = np.linalg.norm(quaternion, axis=1)
    known = np.isfinite(length)
    with np.errstate(invalid="ignore"):
        wrong = np.abs(length - 1.0) > phone_rules().quaternion_tolerance
    if known.any() and wrong.sum() > 0.5 * known.sum():
        raise SourceError(
            f"{path}: its quaternions are {np.nanmedian(length):.3g} long, not 1",
            "export orientations as unit quaternions",
        )
    if wrong.any():
        notes.append(f"{int(wrong.sum())} quaternions are not of length 1: taken as missing")
    return _up(rotation_from_quaternion(np.where((wrong | ~known)[:, None], np.nan, quaternion)))


def _from_pitch(
    path: Path, columns: Mapping[str, Floats], units: Mapping[str, str], worn: PhoneWorn
) -> Floats:
    """Android and iOS count pitch and yaw the other way round."""
    if worn.angles is None:
        raise SourceError(
            f"{path}: pitch, roll and yaw mean one thing on Android and another on iOS",
            "export quaternions (qx, qy, qz, qw), or say in the mapping file angles: ios or angles: android",
        )
    sign = 1.0 if worn.angles == "ios" else -1.0
    degrees = units["pitch"].lower() in ("deg", "degrees", "\u00b0")
    scale = np.pi / 180 if degrees else 1.0
    pitch, roll, yaw = (scale * columns[name] for name in ("pitch", "roll", "yaw"))
    if np.nanmax(np.append(np.abs(pitch), 0.0)) > 1.01 * np.pi:
        raise SourceError(
            f"{path}: pitch goes beyond half a turn: not in radians", "name the column pitch (deg)"
        )
    return _up(rotation_about(2, sign * yaw) @ rotation_about(0, sign * pitch) @ rotation_about(1, roll))


def _from_gravity(path: Path, gravity: Floats, worn: PhoneWorn, notes: list[str]) -> Floats:
    """Without a heading: each frame turns by the least that takes the one before's vertical to its own."""
    if worn.gravity is None:
        raise SourceError(
            f"{path}: gravity points up on Android and down on iOS",
            "export quaternions, or say in the mapping file which it is: {gravity: up} or {gravity: down}",
        )
    notes.append("of the orientation only gravity is known: nothing is told of turning about the vertical")
    up = (1.0 if worn.gravity == "up" else -1.0) * gravity
    known = np.flatnonzero(np.linalg.norm(np.nan_to_num(up), axis=1) > 1e-6)
    rotation = np.full((len(up), 3, 3), np.nan)
    last = rotation_between(np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.0, 1.0]))
    before = np.array([0.0, 0.0, 1.0])
    for t in known:
        last = last @ rotation_between(up[t], before)
        rotation[t], before = last, up[t]
    return _up(rotation)


def _triple(columns: Mapping[str, Floats], *kinds: str) -> tuple[str, ...] | None:
    found = [tuple(f"{kind}_{axis}" for axis in "xyz") for kind in kinds]
    return next((names for names in found if set(names) <= set(columns)), None)


def _total(columns: Mapping[str, Floats]) -> tuple[str, ...] | None:
    """Acceleration with gravity."""
    return _triple(
        columns,
        "total_acceleration",
        "acceleration_including_gravity",
        "acceleration",
        "accelerometer",
        "acc",
    )


def _fused(
    path: Path,
    parts: Sequence[Floats],
    units: tuple[str, str],
    worn: PhoneWorn,
    clock: tuple[Floats, float],
    notes: list[str],
) -> Floats:
    """By VQF, on the phone's own times."""
    time_s, rate_hz = clock
    rate, acceleration = parts
    if units[0] in ("deg/s", "dps", "\u00b0/s"):
        rate = np.radians(rate)
    if units[1] == "g":
        acceleration = acceleration * inertial_rules().gravity_m_s2
    if worn.gravity == "down":
        acceleration = -acceleration
    if not (np.isfinite(rate).all(axis=1).any() and np.isfinite(acceleration).all(axis=1).any()):
        raise SourceError(f"{path}: gyroscope or accelerometer measured nothing", "record it again")
    regular = np.linspace(time_s[0], time_s[-1], len(time_s))
    signals = Signals(path.stem, _at(regular, time_s, rate), _at(regular, time_s, acceleration), None)
    check_units(path, [signals], rate_hz)
    fused = fuse(signals, (len(regular) - 1) / (regular[-1] - regular[0]))
    notes.append(f"orientations by VQF; gyroscope bias up to {np.degrees(fused.bias_rad_s):.2f} deg/s")
    nearest = np.clip(
        np.rint((time_s - regular[0]) / (regular[1] - regular[0])).astype(int), 0, len(regular) - 1
    )
    return _up(fused.rotation[nearest])


def _at(regular: Floats, time_s: Floats, values: Floats) -> Floats:
    known = np.isfinite(values).all(axis=1)
    return np.stack([np.interp(regular, time_s[known], values[known, k]) for k in range(3)], axis=1)
