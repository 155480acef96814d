"""Columns of a table that somebody else wrote: found by their plain names, read as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coxa.adapters.sources.keypoints.layouts import plain

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Plain name -> the table's own.
Keys: TypeAlias = Mapping[str, str]

#: What writers call the number of a frame.
NUMBER_KEYS = ("frame", "frameindex", "framenumber", "frameid", "index")
#: What they call its time -> seconds in its unit.
TIME_KEYS = {"times": 1.0, "time": 1.0, "timestamps": 1.0, "timestampms": 1e-3, "timems": 1e-3}
#: Numbers that a float still counts exactly.
_COUNTABLE = 1e15


def keys_of(names: Iterable[object]) -> dict[str, str]:
    """Plain name -> name."""
    return {plain(str(name)): str(name) for name in names}


def first_key(keys: Keys, wanted: Iterable[str]) -> str | None:
    """The table's name of the first of these that it has."""
    return next((keys[key] for key in wanted if key in keys), None)


def column(table: pd.DataFrame, name: str) -> Floats:
    """Numbers of a column (n_rows,); what is not finite is missing.

    Raises:
        ValueError: something is not a number.
    """
    try:
        values = np.array(pd.to_numeric(table[name], errors="raise"), float)
    except (ValueError, TypeError) as error:
        raise ValueError(f"column {name}: {error}") from error
    return np.where(np.isfinite(values), values, np.nan)


def times_in(table: pd.DataFrame, keys: Keys) -> Floats | None:
    """(n_rows,) s; None without such a column."""
    for key, unit_s in TIME_KEYS.items():
        if key in keys:
            return unit_s * column(table, keys[key])
    return None


def numbers_in(table: pd.DataFrame, keys: Keys) -> Ints | None:
    """(n_rows,) number of the frame; None without such a column.

    Raises:
        ValueError: a frame has no number.
    """
    name = first_key(keys, NUMBER_KEYS)
    if name is None:
        return None
    values = column(table, name)
    with np.errstate(invalid="ignore"):
        if not (np.abs(values) < _COUNTABLE).all():
            raise ValueError(f"column {name} has a frame without a number")
    return values.astype(np.int64)


def long_frames(
    table: pd.DataFrame, keys: Keys, which: Ints, count: int
) -> tuple[Ints, Ints, Floats | None, Ints]:
    """Which frame every row of a long table belongs to.

    Args:
        table: one row a point.
        keys: of its columns.
        which: (n_rows,) number of the point.
        count: how many points there are.

    Returns:
        Frame (n_rows,), number of the frame (n_frames,), its time (n_frames,) or None, first row of it
        (n_frames,).

    Raises:
        ValueError: neither numbers nor times, an unknown point, or a point twice in a frame.
    """
    if not ((which >= 0) & (which < count)).all():
        raise ValueError("a point that this kind of file does not have")
    number, time_s = numbers_in(table, keys), times_in(table, keys)
    per_row = number if number is not None else time_s
    if per_row is None:
        raise ValueError("no column of frames or times")
    if np.isnan(per_row).any():
        raise ValueError("a row without a time")
    _, first, frame = np.unique(np.asarray(per_row, float), return_index=True, return_inverse=True)
    if len(np.unique(frame * count + which)) < len(which):
        raise ValueError("a point twice in one frame")
    numbered = np.arange(len(first), dtype=np.int64) if number is None else number[first]
    return frame.astype(np.int64), numbered, None if time_s is None else time_s[first], first.astype(np.int64)


def index_of(value: object, known: Mapping[str, int]) -> int:
    """Number of a point, by name or by number; -1: neither."""
    name = plain(str(value))
    if name in known:
        return known[name]
    try:
        return int(str(value))
    except ValueError:
        return -1
