"""MOT and STO: OpenSim's tables of coordinates over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.opensim_table import REMEDY, Line, Rows, cells_of, clock_of, header_until, lines_of
from coxa.app.ports import RecordingReader, SourceHeader
from coxa.app.request import ReadOptions
from coxa.catalog.loader import angle_conventions, observability
from coxa.model.channels import JointAngles
from coxa.model.errors import SourceError
from coxa.model.motion import Observability
from coxa.model.recording import Recording, Subject

Floats = NDArray[np.float64]

#: What Coxa writes beside each of its own coordinates.
MARK = "_observability"
_KNEES = ("opensim_knee_bent", "opensim_knee_straight")
_ORIENTATIONS = "coxa.adapters.sources.imu"


def open_mot(path: Path, options: ReadOptions) -> RecordingReader:
    """Read a MOT or STO file of joint angles; orientations of sensors go to their own reader.

    Raises:
        SourceError: not such a file, damaged, or without joint angles that are known.
    """
    lines = lines_of(path)
    told = _told(header_until(path, lines, "endheader"))
    kind = told.get("datatype", "double").lower()
    if kind == "quaternion":
        reader: RecordingReader = import_module(_ORIENTATIONS).open_orientations_sto(path, options)
        return reader
    if kind != "double":
        raise SourceError(
            f"{path}: it holds values of the kind {kind[:40]!r}",
            "name a file of coordinates, or markers as TRC",
        )
    return _angles(path, told, lines, options)


def _angles(path: Path, told: dict[str, str], lines: Iterator[Line], options: ReadOptions) -> HeldRecording:
    names = _names(path, lines)
    rows = Rows(path, len(names))
    table = rows.read(lines)
    clock = clock_of(path, table[:, 0], options.rate_hz)
    table = table[clock.kept]
    notes = [*rows.notes, *clock.notes, *_counts(told, names, len(clock.kept))]
    unique, doubles = _unique(names)
    if doubles:
        notes.append(f"several columns have the same name and are left out: {', '.join(doubles)}")
    stored = {name: table[:, column] for name, column in unique.items()}
    convention, known = _convention(path, stored)
    degrees = _degrees(told, stored, known, notes)
    if convention in _KNEES:
        convention = _knees(stored, degrees, notes)
    channel = _channel(stored, convention, degrees, notes)
    if not np.isfinite(channel.value).any():
        raise SourceError(f"{path}: it holds no values", REMEDY)
    recording = Recording(
        time_s=clock.time_s,
        angles=(channel,),
        subject=Subject(height_m=options.height_m),
        source=path.name,
    )
    title = angle_conventions().conventions[convention].title
    header = SourceHeader(
        path=path,
        format=f"OpenSim table, coordinates of {title}",
        n_frames=recording.n_frames,
        rate_hz=clock.rate_hz,
        notes=tuple(notes),
    )
    return HeldRecording(header, recording)


def _told(header: Sequence[Line]) -> dict[str, str]:
    """Key in small letters -> value, of the lines ``key=value``."""
    pairs = [line.text.partition("=") for line in header]
    return {key.strip().lower(): value.strip() for key, equals, value in pairs if equals}


def _names(path: Path, lines: Iterator[Line]) -> list[str]:
    line = next(lines, None)
    names = [cell for cell in cells_of(line.text) if cell] if line else []
    if len(names) < 2 or names[0].lower() != "time":
        raise SourceError(f"{path}: no line names its columns after 'endheader', time first", REMEDY)
    return names


def _counts(told: dict[str, str], names: Sequence[str], n_rows: int) -> list[str]:
    notes = []
    for keys, there, what in (
        (("nrows", "datarows"), n_rows, "rows"),
        (("ncolumns", "datacolumns"), len(names), "columns"),
    ):
        said = next((told[key] for key in keys if key in told), str(there))
        if said != str(there):
            notes.append(f"it says that it holds {said[:20]} {what}, there are {there}")
    return notes


def _unique(names: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Name -> column, of names that stand once, but for the time; and the others."""
    counts = Counter(names)
    once = {name: i for i, name in enumerate(names) if i and counts[name] == 1}
    return once, [name for name, count in counts.items() if count > 1]


def _convention(path: Path, stored: dict[str, Floats]) -> tuple[str, set[str]]:
    """Whose coordinates these are, and which of them are known."""
    table = angle_conventions()
    shared = {name: one.names() & stored.keys() for name, one in table.conventions.items()}
    best = max(shared, key=lambda name: len(shared[name]))
    if not shared[best]:
        raise SourceError(
            f"{path}: none of its columns is a known joint angle: {', '.join(list(stored)[:6])[:200]}",
            "name a file of joint angles with the coordinates of OpenSim, Plug-in Gait or Coxa",
        )
    return best, shared[best]


def _knees(stored: dict[str, Floats], degrees: bool, notes: list[str]) -> str:
    """Two families of models have the same names, and opposite signs at the knee; a bent knee tells."""
    table = angle_conventions()
    bent, straight = _KNEES
    marked = bent if set(table.conventions[bent].marks) & stored.keys() else straight
    knees = [stored[name] for name in ("knee_angle_r", "knee_angle_l") if name in stored]
    seen = np.concatenate(knees) if knees else np.zeros(0)
    seen = seen[np.isfinite(seen)]
    if not len(seen):
        return marked
    up, down = float(np.percentile(seen, 98)), -float(np.percentile(seen, 2))
    if max(up, down) < (table.knee_tells_deg if degrees else np.radians(table.knee_tells_deg)):
        notes.append(
            f"no knee bends enough to tell its sign: {table.conventions[marked].title}, by its columns"
        )
        return marked
    found = bent if up > down else straight
    if found != marked:
        notes.append(f"by how the knees bend: {table.conventions[found].title}")
    return found


def _degrees(told: dict[str, str], stored: dict[str, Floats], known: set[str], notes: list[str]) -> bool:
    """Whether angles are in degrees; where the file does not say, large numbers must be."""
    said = told.get("indegrees", "").lower()
    if said in ("yes", "no", "true", "false"):
        return said in ("yes", "true")
    largest = max((float(np.nanmax(np.abs(stored[name]), initial=0.0)) for name in known), default=0.0)
    degrees = largest > angle_conventions().degrees_from_deg
    notes.append(f"it does not say its unit of angles: taken as {'degrees' if degrees else 'radians'}")
    return degrees


def _channel(stored: dict[str, Floats], convention: str, degrees: bool, notes: list[str]) -> JointAngles:
    """All columns but Coxa's own marks, which become gaps and doubt."""
    table = angle_conventions()
    names = [name for name in stored if not _is_mark(name, stored)]
    value = np.stack([stored[name] for name in names], axis=1)
    lengths = table.conventions[convention].lengths
    is_angle = np.array([name not in lengths and not name.endswith(("_tx", "_ty", "_tz")) for name in names])
    value[:, is_angle] *= np.pi / 180.0 if degrees else 1.0
    absurd = is_angle & (np.abs(value) > np.radians(table.furthest_deg))
    if absurd.any():
        notes.append(f"{int(absurd.sum())} angles are beyond {table.furthest_deg:g} deg: taken as missing")
        value[absurd] = np.nan
    sd = np.full(value.shape, np.nan)
    for column, name in enumerate(names):
        if (mark := stored.get(name + MARK)) is not None:
            value[mark == Observability.NOT_OBSERVABLE, column] = np.nan
            sd[mark == Observability.WEAK, column] = np.radians(observability().weak_max_sd_deg)
    return JointAngles(tuple(names), value, sd, is_angle, convention)


def _is_mark(name: str, stored: dict[str, Floats]) -> bool:
    return name.endswith(MARK) and name.removesuffix(MARK) in stored
