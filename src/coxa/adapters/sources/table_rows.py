"""Rows of a tidy table back into the arrays they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from coxa.adapters.described import FRAMES, Promise, promised, recording_of
from coxa.model.recording import Recording

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Columns of a table of ours.
COLUMNS = ("channel", "time_s", "point", "component", "value")


def recording_from_rows(description: Mapping[str, Any], table: pa.Table) -> Recording:
    """The recording that a table holds, whatever the order of its rows.

    Raises:
        ValueError: a column is missing, or the rows are not what the description promises.
    """
    if lacking := [name for name in COLUMNS if name not in table.column_names]:
        raise ValueError(f"there is no column {', '.join(lacking)}")
    promises = promised(description)
    channels = _words(table, "channel")
    if strange := sorted({*channels[1]} - set(promises)):
        raise ValueError(f"rows of {strange[0]!r}, which the description does not have")
    point, component = _words(table, "point"), _words(table, "component")
    time_s, value = _numbers(table, "time_s"), _numbers(table, "value")
    arrays: dict[str, tuple[Floats, Floats]] = {}
    clock = np.zeros(0)
    for name, promise in promises.items():
        rows = np.flatnonzero(channels[0] == _index(channels[1], name))
        cell = _cells(promise, (point[0][rows], point[1]), (component[0][rows], component[1]), name)
        own = None if promise.own_clock else clock
        arrays[name] = _array(promise, name, cell, (time_s[rows], value[rows]), own)
        if name == FRAMES:
            order = np.argsort(arrays[name][1][:, 0, 0], kind="stable")
            clock = arrays[name][0][order]
    return recording_of(description, clock, arrays)


def _words(table: pa.Table, name: str) -> tuple[Ints, Sequence[str]]:
    """Codes (n_rows,) and the words they stand for."""
    column = table.column(name).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks else pa.array([], pa.string())
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column.cast(pa.string()))
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, [str(word) for word in column.dictionary.to_pylist()]


def _numbers(table: pa.Table, name: str) -> Floats:
    column = table.column(name)
    if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):
        raise ValueError(f"column {name} is not of numbers")
    return np.array(column.cast(pa.float64()).to_numpy(), float)


def _index(words: Sequence[str], word: str) -> int:
    return words.index(word) if word in words else -2


def _cells(
    promise: Promise, point: tuple[Ints, Sequence[str]], component: tuple[Ints, Sequence[str]], name: str
) -> Ints:
    """(n_rows,) which number of a frame each row is."""
    at = []
    for (codes, words), known in ((point, promise.points), (component, promise.components)):
        place = {word: index for index, word in enumerate(known)}
        translate = np.array([place.get(word, -1) for word in words] + [-1], np.int64)
        found = translate[codes]
        if (found < 0).any():
            raise ValueError(f"{name} has rows of a point or component that it should not have")
        at.append(found)
    return np.asarray(at[0] * len(promise.components) + at[1])


def _array(
    promise: Promise, name: str, cell: Ints, rows: tuple[Floats, Floats], clock: Floats | None
) -> tuple[Floats, Floats]:
    """Times (n_times,) and values (n_times, n_points, n_components); without a row a value is missing."""
    time_s, value = rows
    shape = (len(promise.points), len(promise.components))
    width = shape[0] * shape[1]
    if not np.isfinite(time_s).all():
        raise ValueError(f"{name} has a row without a time")
    in_order = width and len(cell) % width == 0 and bool((cell.reshape(-1, width) == np.arange(width)).all())
    if in_order:
        frame_time = time_s.reshape(-1, width)
        in_order = bool((frame_time == frame_time[:, :1]).all() and (np.diff(frame_time[:, 0]) >= 0).all())
        if in_order and (clock is None or np.array_equal(frame_time[:, 0], clock)):
            return frame_time[:, 0], value.reshape(-1, *shape)
    return _pivoted(name, cell, rows, clock, shape)


def _pivoted(
    name: str, cell: Ints, rows: tuple[Floats, Floats], clock: Floats | None, shape: tuple[int, int]
) -> tuple[Floats, Floats]:
    time_s, value = rows
    width = shape[0] * shape[1]
    times = np.unique(time_s) if clock is None else clock
    frame = np.searchsorted(times, time_s)
    if len(frame) and (frame.max() >= len(times) or (times[frame] != time_s).any()):
        raise ValueError(f"{name} has a row at a time that no frame has")
    flat = frame * max(1, width) + cell
    if len(np.unique(flat)) < len(flat):
        raise ValueError(f"{name} has a number twice")
    filled = np.full(len(times) * width, np.nan)
    filled[flat] = value
    return times, filled.reshape(len(times), *shape)
