"""Recordings as tidy tables, one row a number: channel, time_s, point, component, unit, value.

What is not a series over time (cameras, the person, events, names) stands in a description: the first line of
a CSV file, behind ``#``, or the metadata of a Parquet file. With it a round trip loses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from coxa.adapters.described import Block, blocks, described
from coxa.adapters.sinks.guard import whole_file
from coxa.model.errors import OutputError
from coxa.model.recording import Recording

#: What the description is called.
KEY = "coxa_recording"
#: How a CSV file of ours begins.
MARK = f"# {KEY}: "
_WORD = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        pa.field("channel", _WORD, nullable=False),
        pa.field("time_s", pa.float64(), nullable=False),
        pa.field("point", _WORD, nullable=False),
        pa.field("component", _WORD, nullable=False),
        pa.field("unit", _WORD, nullable=False),
        pa.field("value", pa.float64()),
    ]
)
_TEXT_SCHEMA = pa.schema(
    [pa.field(one.name, pa.string() if one.type == _WORD else one.type) for one in SCHEMA]
)
_ROWS_AT_ONCE = 1 << 19


def write_csv(recording: Recording, path: Path) -> None:
    """Write a CSV file.

    Raises:
        OutputError: it cannot be written, or the recording names a point twice.
    """
    description = _description(recording, path)
    with whole_file(path) as temporary, temporary.open("wb") as out:
        out.write(f"{MARK}{description}\n".encode())
        with pyarrow.csv.CSVWriter(out, _TEXT_SCHEMA) as writer:
            for table in _tables(recording):
                writer.write_table(table.cast(_TEXT_SCHEMA))


def write_parquet(recording: Recording, path: Path) -> None:
    """Write a Parquet file.

    Raises:
        OutputError: it cannot be written, or the recording names a point twice.
    """
    schema = SCHEMA.with_metadata({KEY: _description(recording, path)})
    with whole_file(path) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        for table in _tables(recording):
            writer.write_table(table.cast(schema))


def description_text(recording: Recording) -> str:
    """The description, one line of JSON."""
    return json.dumps(described(recording), ensure_ascii=False, allow_nan=False)


def _description(recording: Recording, path: Path) -> str:
    try:
        blocks(recording.window(slice(0, 0)))  # names a point twice?
        return description_text(recording)
    except ValueError as error:
        raise OutputError(
            f"{path}: cannot hold this recording: {error}", "rename what is named twice"
        ) from error


def _tables(recording: Recording) -> Iterator[pa.Table]:
    for block in blocks(recording):
        per_time = max(1, len(block.points) * len(block.components))
        step = max(1, _ROWS_AT_ONCE // per_time)
        for first in range(0, len(block.time_s), step):
            yield _table(block, slice(first, first + step))


def _table(block: Block, times: slice) -> pa.Table:
    time_s, value = block.time_s[times], block.value[times]
    n_times, n_points, n_components = value.shape
    n_rows = value.size
    units = sorted({unit for row in block.units for unit in row}) or [""]
    unit = np.array([units.index(unit) for row in block.units for unit in row], np.int32)
    columns = [
        _words(np.zeros(n_rows, np.int32), (block.name,)),
        pa.array(np.repeat(time_s, n_points * n_components)),
        _words(np.tile(np.repeat(np.arange(n_points, dtype=np.int32), n_components), n_times), block.points),
        _words(np.tile(np.arange(n_components, dtype=np.int32), n_times * n_points), block.components),
        _words(np.tile(unit, n_times), tuple(units)),
        pa.array(value.ravel()),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _words(codes: NDArray[np.int32], words: tuple[str, ...]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words, pa.string()))
