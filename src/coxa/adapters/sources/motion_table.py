"""``motion.parquet`` as the motion it was written from: values, errors and what was observed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from coxa.model.errors import SourceError
from coxa.model.motion import Motion, Observability

Floats = NDArray[np.float64]

NAME = "motion.parquet"
_COLUMNS = ("time_s", "coordinate", "value_deg", "sd_deg", "observability")
_DAMAGED = "the file is damaged or was edited: measure again"


def motion_table_of(source: Path) -> Path | None:
    """The table of a folder of results, or the file itself if it is one; None: it is something else."""
    if source.is_dir():
        return source / NAME if (source / NAME).is_file() else None
    if source.suffix.lower() != ".parquet" or not source.is_file():
        return None
    try:
        metadata = pq.read_schema(source, memory_map=False).metadata or {}
    except (pa.ArrowException, OSError):
        return None  # whoever reads recordings says what is wrong with it
    return source if metadata.get(b"table") == b"motion" else None


def read_motion(path: Path) -> Motion:
    """What a measurement found, the same as it was but for the last digit.

    Raises:
        SourceError: damaged, or not one row for each frame and coordinate.
    """
    try:
        table = pq.read_table(path, columns=list(_COLUMNS), use_threads=False, memory_map=False)
        return _motion(table, path.name)
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError) as error:
        why = (str(error) or type(error).__name__).partition("\n")[0][:300]
        raise SourceError(f"{path}: not a motion of Coxa: {why}", _DAMAGED) from error


def _motion(table: pa.Table, source: str) -> Motion:
    time_s, coordinates = _plain(table["time_s"]), table["coordinate"].cast(pa.string()).to_pylist()
    frames = np.unique(time_s)
    names = tuple(dict.fromkeys(coordinates[: len(set(coordinates))]))
    shape = (len(frames), len(names))
    if not len(time_s) or not np.isfinite(time_s).all():
        raise ValueError("a row without a time, or no row at all")
    if len(time_s) != shape[0] * shape[1] or coordinates != list(names) * shape[0]:
        raise ValueError("not one row for each frame and coordinate, in order")
    if not np.array_equal(time_s, np.repeat(frames, shape[1])):
        raise ValueError("its rows are not in the order of time")
    words = {level.label: int(level) for level in Observability}
    levels = [words[str(word)] for word in table["observability"].cast(pa.string()).to_pylist()]
    value, sd = (np.radians(_plain(table[name])).reshape(shape) for name in ("value_deg", "sd_deg"))
    level = np.array(levels, np.uint8).reshape(shape)
    if not np.isfinite(np.where(level == Observability.OBSERVED, value + sd, 0.0)).all():
        raise ValueError("something observed has no value")
    return Motion(frames, names, value, sd, level, source=source)


def _plain(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.to_numpy(zero_copy_only=False), float)
