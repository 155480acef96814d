"""What the columns of a file of worn sensors are: whose, which quantity, which component, in which unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from coxa.catalog.loader import body_model, inertial_rules
from coxa.specs.inertial import InertialRules

QUATERNION, GYROSCOPE, ACCELEROMETER, MAGNETOMETER = (
    "quaternion",
    "gyroscope",
    "accelerometer",
    "magnetometer",
)

_KINDS = {
    QUATERNION: "quaternion|quat|q",
    GYROSCOPE: "gyroscope|gyro|gyr|angularvelocity|angvel|omega|g|w",
    ACCELEROMETER: "accelerometer|acceleration|accel|acc|a",
    MAGNETOMETER: "magnetometer|magnetic|magn|mag|m",
}
_UNITS = {
    "deg/s": r"deg_s|dps|degs|degrees_s|deg_sec",
    "rad/s": r"rad_s|rads|rad_sec|radians_s",
    "g": r"g",
    "m/s2": r"m_s2|m_s_2|ms2|m_s_s|mps2",
    "": r"ut|gauss|mgauss|au|uT|a_u|nt|t",
}
_COLUMN = re.compile(
    r"^(?P<sensor>.*?)(?:^|_)(?:(?P<kind>"
    + "|".join(_KINDS.values())
    + r")_?)?(?P<axis>[xyzw0-3])(?:_(?P<unit>"
    + "|".join(_UNITS.values())
    + r"))?$"
)
_TIME = re.compile(r"^(?:time|t|timestamp|sampletimefine|seconds|elapsed)(?:_(?P<unit>s|sec|ms|us|ns))?$")
_TIME_UNITS = {None: 1.0, "s": 1.0, "sec": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}


class Column(NamedTuple):
    """One column of numbers: a quantity's component; ``unit`` empty: not told."""

    sensor: str
    kind: str
    axis: str
    unit: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's columns.

    Attributes:
        time: column of the time, and seconds per unit of it; None: there is none.
        channels: sensor -> quantity -> component -> column.
        units: sensor -> quantity -> unit, empty: not told.
    """

    time: tuple[int, float] | None
    channels: Mapping[str, Mapping[str, Mapping[str, int]]]
    units: Mapping[str, Mapping[str, str]]


def looks_like_imu(columns: Sequence[str]) -> bool:
    """Whether a file with these headings is one of worn sensors.

    It is if it has whole quaternions, or gyroscopes with accelerometers.
    """
    return any(
        QUATERNION in kinds or {GYROSCOPE, ACCELEROMETER} <= set(kinds)
        for kinds in layout_of(columns).channels.values()
    )


def layout_of(columns: Sequence[str]) -> Layout:
    """Sort out the columns; what is no whole quantity of a sensor is left aside."""
    time: tuple[int, float] | None = None
    channels: dict[str, dict[str, dict[str, int]]] = {}
    units: dict[str, dict[str, str]] = {}
    for index, heading in enumerate(columns):
        plain = _plain(heading)
        if found := _TIME.match(plain):
            time = time or (index, _TIME_UNITS[found["unit"]])
        elif column := _column(plain):
            axes = channels.setdefault(column.sensor, {}).setdefault(column.kind, {})
            axes.setdefault(column.axis, index)
            units.setdefault(column.sensor, {}).setdefault(column.kind, column.unit)
    whole = {
        sensor: {kind: axes for kind, axes in kinds.items() if _is_whole(kind, axes)}
        for sensor, kinds in channels.items()
    }
    return Layout(time, {sensor: kinds for sensor, kinds in whole.items() if kinds}, units)


def _plain(heading: str) -> str:
    """Small letters, words between single underscores: ``Pelvis Gyr X [deg/s]`` is ``pelvis_gyr_x_deg_s``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", heading.strip())
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def _column(plain: str) -> Column | None:
    found = _COLUMN.match(plain)
    if not found:
        return None
    kind = next((k for k, words in _KINDS.items() if found["kind"] in words.split("|")), QUATERNION)
    unit = next((u for u, words in _UNITS.items() if found["unit"] in words.split("|")), "")
    return Column(found["sensor"].strip("_"), kind, found["axis"], unit)


def _is_whole(kind: str, axes: Mapping[str, int]) -> bool:
    if kind == QUATERNION:
        return set("wxyz") <= set(axes) or set("0123") <= set(axes)
    return set("xyz") <= set(axes)


def segment_of(sensor: str, told: Mapping[str, str], rules: InertialRules | None = None) -> str | None:
    """The body segment that bears a sensor of this name; None: the name does not say.

    Args:
        sensor: as the file has it.
        told: sensor -> segment, as a person says.
        rules: the catalogue's.
    """
    plain = _plain(sensor)
    if found := next((segment for name, segment in told.items() if _plain(name) == plain), None):
        return found
    rules = rules or inertial_rules()
    words = [word for word in plain.split("_") if word and word not in rules.ignored_words]
    side = next((s for word in words for s in ("left", "right") if word in (s, s[0])), "")
    name = "".join(word for word in words if word not in ("left", "right", "l", "r"))
    for segment, worn in rules.worn_on.items():
        for alias in worn.names:
            if name == alias:
                return _sided(segment, side)
            if not side and name in (alias + "l", "l" + alias, "left" + alias, alias + "left"):
                return _sided(segment, "left")
            if not side and name in (alias + "r", "r" + alias, "right" + alias, alias + "right"):
                return _sided(segment, "right")
    return None


def _sided(segment: str, side: str) -> str | None:
    bodies = body_model().bodies
    if segment in bodies:
        return segment
    return f"{segment}_{side}" if f"{segment}_{side}" in bodies else None
