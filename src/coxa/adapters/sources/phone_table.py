"""Recordings of phones as columns of numbers: CSV of logging apps, JSON of browsers' events and sensors.

Names are brought to small letters with words between single underscores, units cut off and kept.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.opensim_table import lines_of
from coxa.catalog.loader import inertial_rules
from coxa.model.errors import SourceError

Floats = NDArray[np.float64]

_REMEDY = "export the phone's recording again, one row a reading, its columns named"
_UNIT = re.compile(r"[\[(]([^\])]*)[\])]\s*$")
_LISTS = ("readings", "samples", "events", "data", "records", "orientation", "frames")
_WORDS = {"": np.nan, "true": 1.0, "false": 0.0, "null": np.nan, "none": np.nan, "nan": np.nan, "na": np.nan}
#: What a phone's own words about itself may be called in a JSON file.
_TOLD = ("segment", "screen", "top", "posture")


@dataclass(frozen=True, slots=True)
class PhoneTable:
    """What one file holds.

    Attributes:
        columns: plain name -> (n_rows,), NaN = missing.
        units: plain name -> unit as the file has it, empty: not told.
        told: what the file says of how the phone was worn.
        notes: what a person should know.
    """

    columns: Mapping[str, Floats]
    units: Mapping[str, str]
    told: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def plain_name(heading: str) -> tuple[str, str]:
    """Small letters and the unit: ``Gyroscope x (rad/s)`` is ``gyroscope_x`` and ``rad/s``."""
    unit = _UNIT.search(heading.strip())
    bare = heading[: unit.start()] if unit else heading
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", bare.strip())
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_"), unit[1].strip() if unit else ""


def looks_like_phone(columns: Sequence[str]) -> bool:
    """Whether only a phone's recording has such columns: an IMU's are read elsewhere."""
    names = {plain_name(one)[0] for one in columns}
    if {"alpha", "beta", "gamma"} <= names or "seconds_elapsed" in names:
        return True
    if {"pitch", "roll", "yaw"} <= names or {"gravity_x", "gravity_y", "gravity_z"} <= names:
        return True
    return {"gyroscope_x", "acceleration_x"} <= names or {"w", "x", "y", "z"} <= names


def read_phone_csv(path: Path) -> PhoneTable:
    """A table whose first line names its columns.

    Raises:
        SourceError: not text, no names, no rows, or a cell that is no number.
    """
    lines = (line for line in lines_of(path) if not line.text.lstrip().startswith("#"))
    first = next(lines, None)
    if first is None:
        raise SourceError(f"{path}: the file is empty", _REMEDY)
    delimiter = max((",", ";", "\t"), key=first.text.count)
    names = next(csv.reader([first.text], delimiter=delimiter))
    comma = delimiter == ";"
    most = inertial_rules().max_frames
    rows: list[list[float]] = []
    notes: list[str] = []
    for line in lines:
        cells = next(csv.reader([line.text], delimiter=delimiter), [])
        if len(cells) < len(names) and not line.whole:
            notes.append(f"the file is cut off in line {line.number}, which is left out")
            continue
        if len(cells) != len(names):
            raise SourceError(
                f"{path}: line {line.number} has {len(cells)} cells, its columns ask for {len(names)}",
                _REMEDY,
            )
        rows.append([_number(path, cell.replace(",", ".") if comma else cell, line.number) for cell in cells])
        if len(rows) > most:
            raise SourceError(f"{path}: it has more than {most} rows", "cut it into shorter recordings")
    if not rows:
        raise SourceError(f"{path}: a header, but no rows", _REMEDY)
    return _table(path, names, np.array(rows, float), {}, notes)


def _number(path: Path, cell: str, line: int) -> float:
    word = cell.strip().strip('"').lower()
    if word in _WORDS:
        return _WORDS[word]
    try:
        return float(word)
    except ValueError:
        raise SourceError(f"{path}: line {line} has {cell[:40]!r} where a number belongs", _REMEDY) from None


def _table(
    path: Path, names: Sequence[str], values: Floats, told: Mapping[str, str], notes: Iterable[str]
) -> PhoneTable:
    found: dict[str, Floats] = {}
    units: dict[str, str] = {}
    for k, heading in enumerate(names):
        name, unit = plain_name(heading)
        if name in found:
            raise SourceError(
                f"{path}: column {heading[:40]!r} is there twice", "give every column its own name"
            )
        column = values[:, k]
        found[name], units[name] = np.where(np.isfinite(column), column, np.nan), unit
    return PhoneTable(found, units, told, tuple(notes))


def phone_records(content: Any) -> list[Any] | None:
    """The readings of a JSON file of a phone; None: it is none."""
    if isinstance(content, dict):
        lists = [content[name] for name in _LISTS if isinstance(content.get(name), list)]
        content = lists[0] if lists else None
    if not isinstance(content, list) or not content:
        return None
    first = next((one for one in content if isinstance(one, dict)), None)
    return content if first is not None and _is_reading(first) else None


def _is_reading(one: Mapping[str, Any]) -> bool:
    names = {plain_name(str(key))[0] for key in one}
    quaternion = one.get("quaternion")
    return (
        (isinstance(quaternion, list) and len(quaternion) == 4)
        or {"alpha", "beta", "gamma"} <= names
        or {"qx", "qy", "qz", "qw"} <= names
        or "seconds_elapsed" in names
    )


def read_phone_json(path: Path, content: Any) -> PhoneTable:
    """Readings of DeviceOrientation, of an orientation sensor, or of a logging app.

    Raises:
        SourceError: no such readings, or one that is no number.
    """
    records = phone_records(content)
    if records is None:
        raise SourceError(f"{path}: JSON, but no readings of a phone", _REMEDY)
    told: dict[str, str] = {}
    if isinstance(content, dict):
        told = {name: content[name] for name in _TOLD if isinstance(content.get(name), str)}
    rows = [_flat(one) for one in records if isinstance(one, dict)]
    wanted = [row for row in rows if str(row.get("sensor", "orientation")).lower() == "orientation"]
    rows = wanted or rows
    names = [name for name in dict.fromkeys(key for row in rows for key in row) if name not in _NOT_NUMBERS]
    if len(names) > 64:
        raise SourceError(f"{path}: its readings have {len(names)} different names", _REMEDY)
    values = np.array(
        [[_json_number(path, row.get(name), k) for name in names] for k, row in enumerate(rows)]
    )
    return _table(path, names, values.reshape(len(rows), len(names)), told, ())


_NOT_NUMBERS = ("sensor", "type", "accuracy", "name", "platform")


def _flat(one: Mapping[str, Any]) -> dict[str, Any]:
    """One reading without lists or objects in it; a quaternion is x, y, z, w (Generic Sensor API)."""
    flat: dict[str, Any] = {}
    for key, value in one.items():
        if key == "quaternion" and isinstance(value, list) and len(value) == 4:
            flat |= dict(zip(("qx", "qy", "qz", "qw"), value, strict=True))
        elif isinstance(value, dict):
            flat |= {
                f"{key}_{inner}": part for inner, part in value.items() if not isinstance(part, dict | list)
            }
        elif not isinstance(value, list):
            flat[str(key)] = value
    return flat


def _json_number(path: Path, value: Any, row: int) -> float:
    if value is None:
        return np.nan
    if isinstance(value, bool):
        return float(value)
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise SourceError(
            f"{path}: reading {row + 1} has {value!r:.40} where a number belongs", _REMEDY
        ) from None
