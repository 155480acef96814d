"""Tables: our own recordings, motions and keypoints; others' keypoints and sensors, told by their columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from coxa.adapters.sources.csv_kinds import open_foreign_csv
from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.measured import open_keypoints_table, open_motion_table
from coxa.adapters.sources.ours import header_of, told
from coxa.adapters.sources.table_rows import recording_from_rows
from coxa.app.ports import RecordingReader
from coxa.app.request import ReadOptions
from coxa.model.errors import SourceError

_KEY = "coxa_recording"
_MARK = f"# {_KEY}: ".encode()
#: A description is long where a recording has many cameras; never like this.
_MAX_DESCRIPTION = 1 << 26
_DAMAGED = "the file is damaged or was edited: write it again"
_WORD = pa.dictionary(pa.int32(), pa.string())


def open_csv(path: Path, options: ReadOptions) -> RecordingReader:
    """A CSV file: our own table, or keypoints or sensors of others.

    Raises:
        SourceError: damaged, of no known kind, or something is not told.
    """
    try:
        with path.open("rb") as file:
            ours = file.read(len(_MARK)) == _MARK
            line = file.readline(_MAX_DESCRIPTION) if ours else b""
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}", "check its permissions") from error
    if not ours:
        return open_foreign_csv(path, options)
    types = dict.fromkeys(("channel", "point", "component", "unit"), _WORD)
    try:
        table = pyarrow.csv.read_csv(
            path,
            pyarrow.csv.ReadOptions(skip_rows=1, use_threads=False),
            pyarrow.csv.ParseOptions(newlines_in_values=True),
            pyarrow.csv.ConvertOptions(
                column_types={**types, "time_s": pa.float64(), "value": pa.float64()},
                strings_can_be_null=False,
            ),
        )
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: not a table: {_short(error)}", _DAMAGED) from error
    return _ours(path, "CSV", line, table, options)


def open_parquet(path: Path, options: ReadOptions) -> RecordingReader:
    """A Parquet file that Coxa wrote: a recording, a motion, or the keypoints of a measurement.

    Raises:
        SourceError: damaged, or not of Coxa.
    """
    try:
        with pq.ParquetFile(path, memory_map=False) as file:
            metadata: Mapping[bytes, bytes] = file.metadata.metadata or {}
            table = file.read(use_threads=False)
    except (pa.ArrowException, OSError, UnicodeDecodeError, KeyError) as error:
        raise SourceError(f"{path}: not a Parquet file: {_short(error)}", _DAMAGED) from error
    kind = metadata.get(b"table", b"")
    description = metadata.get(_KEY.encode())
    try:
        if kind == b"motion":
            return open_motion_table(path, table.to_pandas())
        if kind == b"keypoints":
            return open_keypoints_table(path, table.to_pandas(), _description(description), options)
    except (ValueError, TypeError, KeyError, OverflowError, pa.ArrowException) as error:
        raise SourceError(f"{path}: {_short(error)}", _DAMAGED) from error
    if description is None:
        raise SourceError(
            f"{path}: a Parquet file with columns {', '.join(table.column_names[:8])}",
            "expected is a file that Coxa wrote: a recording, motion.parquet or keypoints.parquet",
        )
    return _ours(path, "Parquet", description, table, options)


def _ours(path: Path, kind: str, text: bytes, table: pa.Table, options: ReadOptions) -> HeldRecording:
    try:
        recording = recording_from_rows(_description(text) or {}, table)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, pa.ArrowException) as error:
        raise SourceError(f"{path}: {_short(error)}", _DAMAGED) from error
    return HeldRecording(header_of(path, f"{kind} table", recording), told(recording, options))


def _description(text: bytes | None) -> Mapping[str, Any] | None:
    if text is None:
        return None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the description is not JSON: {error}") from error
    if not isinstance(content, dict):
        raise ValueError("the description is not one")
    return content


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__).split("\n")[0][:300]
