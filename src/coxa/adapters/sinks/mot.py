"""``motion.mot``: the storage format OpenSim reads.

OpenSim's ``Storage`` stops reading at the first ``nan``, so a gap cannot be left open here as it
is in the tables. What takes its place is marked: beside every coordinate stands a column
``<coordinate>_observability`` (0 not observable, 1 weak, 2 observed).

- A coordinate that was never observable has no column; the header names it.
- A frame without any estimate (nobody in view) has no row.
- In any other gap the last observable value is held (the first one, before it), marked 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, TextIO

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sinks.guard import warn_left_out, whole_file, writing
from coxa.model.errors import OutputError
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording

_HEADER = """Coordinates
version=1
nRows={n_rows}
nColumns={n_columns}
inDegrees=yes

Units are S.I. units (second, meters, Newtons, ...)
Angles are in degrees. The name of a coordinate says its positive direction.
Columns ending in _observability: 0 not observable (value held), 1 weak, 2 observed.
Never observable from this source: {missing}

endheader
"""


class MotSink:
    """Writes the rows as they come and the header, which counts them, at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._body_path = path.with_name(f".{path.name}.body")
        self._coordinates: tuple[str, ...] = ()
        self._first = np.zeros(0)  # (n_coordinates,) deg, first observable value
        self._last = np.zeros(0)  # (n_coordinates,) deg, last observable value
        self._n_rows = 0
        with writing(path):
            self._body: TextIO = self._body_path.open("w", encoding="ascii", newline="\n")

    def write(self, recording: Recording, motion: Motion) -> None:
        """Append some frames."""
        if not self._coordinates:
            self._coordinates = motion.coordinates
            self._first = np.full(len(motion.coordinates), np.nan)
            self._last = self._first.copy()
        kept = np.isfinite(motion.value).any(axis=1)
        value_deg, level = self._held(motion)
        row = "%.6f" + "\t%.5f\t%d" * len(self._coordinates) + "\n"
        pairs = np.stack([value_deg, level], axis=2).reshape(len(value_deg), -1)
        with writing(self._path):
            self._body.writelines(
                row % (time_s, *values)
                for time_s, values in zip(motion.time_s[kept], pairs[kept], strict=True)
            )
        self._n_rows += int(kept.sum())

    def _held(self, motion: Motion) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
        """Values in deg with gaps held, and their marks; (n_frames, n_coordinates) each."""
        known = (motion.observability != Observability.NOT_OBSERVABLE) & np.isfinite(motion.value)
        value_deg = np.concatenate([self._last[None], np.degrees(np.where(known, motion.value, np.nan))])
        frame = np.arange(len(value_deg))[:, None]
        latest = np.maximum.accumulate(np.where(np.isfinite(value_deg), frame, 0), axis=0)
        value_deg = np.take_along_axis(value_deg, latest, axis=0)
        self._last = value_deg[-1]
        begun = np.isfinite(value_deg).argmax(axis=0)
        self._first = np.where(np.isfinite(self._first), self._first, value_deg[begun, range(len(begun))])
        return value_deg[1:], np.where(known, motion.observability, np.uint8(0))

    def commit(self) -> None:
        """Write the header, then the rows after it."""
        columns = np.flatnonzero(np.isfinite(self._first))
        names = [self._coordinates[column] for column in columns]
        missing = [name for name in self._coordinates if name not in names]
        header = _HEADER.format(
            n_rows=self._n_rows, n_columns=1 + 2 * len(names), missing=", ".join(missing) or "none"
        )
        labels = ["time", *(label for name in names for label in (name, f"{name}_observability"))]
        with writing(self._path):
            self._body.close()
            with self._path.open("wb") as out, self._body_path.open("rb") as body:
                out.write((header + "\t".join(labels) + "\n").encode("ascii"))
                _copy_columns(body, out, columns.tolist(), [b"%.5f" % value for value in self._first])
            self._body_path.unlink()

    def abort(self) -> None:
        """Remove both files."""
        try:
            self._body.close()
        except OSError:  # the disk is full: the file goes away anyway
            pass
        finally:
            self._body_path.unlink(missing_ok=True)
            self._path.unlink(missing_ok=True)


def write_mot(recording: Recording, path: Path) -> None:
    """Write joint angles that were read from elsewhere, with their own names.

    A gap holds the value before it (the first one, after it); a column ``<name>_observability`` marks it.

    Raises:
        OutputError: no joint angles in it, or a name twice.
    """
    names = [name for one in recording.angles for name in one.names]
    if not names:
        raise OutputError(
            f"{path}: the recording holds no joint angles", "write .trc, .parquet or .nc instead"
        )
    if len(set(names)) < len(names) or any(not name or len(name.split()) != 1 for name in names):
        raise OutputError(
            f"{path}: a name stands twice, or has a blank in it", "write .parquet or .nc instead"
        )
    warn_left_out(path, _left_out(recording))
    value = np.concatenate(
        [np.where(one.is_angle, np.degrees(one.value), one.value) for one in recording.angles], 1
    )
    known = np.isfinite(value)
    columns, labels = [recording.time_s], ["time"]
    for name, column, seen in zip(names, value.T, known.T, strict=True):
        columns.append(_without_gaps(column))
        labels.append(name)
        if not seen.all():
            columns.append(np.where(seen, Observability.OBSERVED, Observability.NOT_OBSERVABLE))
            labels.append(f"{name}_observability")
    header = _HEADER.format(n_rows=recording.n_frames, n_columns=len(labels), missing="does not apply")
    row = "\t".join(["%.9f"] * len(labels)) + "\n"
    with whole_file(path) as beside, beside.open("wb") as file:
        file.write((header + "\t".join(labels) + "\n").encode())
        for values in np.stack(columns, axis=1):
            file.write((row % tuple(values)).encode())


def _without_gaps(column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each gap filled with the value before it, or the first one; 0 where there is none."""
    seen = np.flatnonzero(np.isfinite(column))
    if not len(seen):
        return np.zeros(len(column))
    latest = np.searchsorted(seen, np.arange(len(column)), side="right") - 1
    return column[seen[np.maximum(latest, 0)]]


def _left_out(recording: Recording) -> list[str]:
    held = (
        ("keypoints of cameras", bool(recording.image_points)),
        ("points in the room", bool(recording.space_points)),
        ("orientations", bool(recording.orientations)),
        ("signals", bool(recording.analog)),
        ("forces", bool(recording.forces)),
        ("events", bool(recording.events)),
        ("standard deviations", any(np.isfinite(one.sd).any() for one in recording.angles)),
    )
    return [name for name, there in held if there]


def _copy_columns(body: BinaryIO, out: BinaryIO, columns: Sequence[int], first: Sequence[bytes]) -> None:
    """Copy the rows with the coordinates of ``columns`` only; an early gap takes the first value."""
    for line in body:
        cells = line.rstrip(b"\n").split(b"\t")
        row = [cells[0]]
        for column in columns:
            value, mark = cells[1 + 2 * column : 3 + 2 * column]
            row += [first[column] if value == b"nan" else value, mark]
        out.write(b"\t".join(row) + b"\n")
