"""MediaPipe's landmarks in tables: one row a frame (wide), or one row a landmark (long)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd

from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.keypoints.columns import (
    Ints,
    Keys,
    column,
    first_key,
    index_of,
    keys_of,
    long_frames,
    numbers_in,
    times_in,
)
from coxa.adapters.sources.keypoints.layouts import plain
from coxa.adapters.sources.keypoints.mediapipe import NO_DEPTH, layout_with
from coxa.adapters.sources.keypoints.picture import Film, open_film
from coxa.adapters.sources.keypoints.seen import Floats, Seen
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.model.errors import SourceError

#: Numbers of the frames, their times where there are any, and x, y, z, visibility (n_frames, 33, 4).
_Read: TypeAlias = tuple[Ints, Floats | None, Floats]

_COMPONENTS = {"x": 0, "y": 1, "z": 2, "v": 3, "visibility": 3, "score": 3, "confidence": 3}
_LONG_NAME = ("landmark", "landmarkname", "name", "landmarkindex", "landmarkid", "id", "joint")
_WIDE_AFTER = re.compile(
    r"^(?:landmark|point|kp|pose)?[_ .]*(.*?)[_ .]*(x|y|z|v|visibility|score|confidence)$"
)
_WIDE_BEFORE = re.compile(r"^(x|y|z|v|visibility)[_ .]*(\d{1,2})$")


def is_mediapipe_csv(header: Sequence[str]) -> bool:
    """Whether the columns are MediaPipe's landmarks, wide or long."""
    return _is_long(header) or len({index for index, _ in _wide(header).values()}) >= 12


def open_mediapipe_csv(path: Path, table: pd.DataFrame, options: ReadOptions) -> HeldRecording:
    """Landmarks from a table with named columns.

    Raises:
        SourceError: what the file says makes no sense, or something is not told.
    """
    header = [str(name) for name in table.columns]
    keys = keys_of(header)
    try:
        number, time_s, rows = _long(table, keys) if _is_long(header) else _wide_rows(table, header, keys)
    except (ValueError, TypeError) as error:
        raise SourceError(f"{path}: {error}", "write the table again") from error
    frames: dict[int, list[Seen]] = {}
    for index, one in zip(number.tolist(), rows, strict=True):
        seen = Seen.of(one[:, :2], np.where(np.isnan(one[:, 3]), 1.0, one[:, 3]))
        frames[index] = [seen] if seen.seen.any() else []
    times = None if time_s is None else dict(zip(number.tolist(), time_s.tolist(), strict=True))
    film = Film(path, layout_with(False), frames, time_s=times, notes=(NO_DEPTH,))
    return open_film(film, replace(options, detector=None))


def _is_long(header: Sequence[str]) -> bool:
    keys = {plain(name) for name in header}
    return {"x", "y"} <= keys and bool(keys & set(_LONG_NAME))


def _wide(header: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Column -> landmark and component."""
    names = _indices()
    found: dict[str, tuple[int, int]] = {}
    for name in header:
        lower = name.strip().lower()
        before, after = _WIDE_BEFORE.match(lower), _WIDE_AFTER.match(lower)
        if before:
            found[name] = int(before[2]), _COMPONENTS[before[1]]
        elif after and plain(after[1]) in names:
            found[name] = names[plain(after[1])], _COMPONENTS[after[2]]
        elif after and after[1].isdigit():
            found[name] = int(after[1]), _COMPONENTS[after[2]]
    indices = [index for index, _ in found.values()]
    if indices and min(indices) == 1 and max(indices) == len(names):  # counted from 1
        found = {name: (index - 1, component) for name, (index, component) in found.items()}
    return found if not indices or max(index for index, _ in found.values()) < len(names) else {}


def _wide_rows(table: pd.DataFrame, header: Sequence[str], keys: Keys) -> _Read:
    number = numbers_in(table, keys)
    if number is None:
        number = np.arange(len(table), dtype=np.int64)
    rows = np.full((len(table), 33, 4), np.nan)
    for name, (index, component) in _wide(header).items():
        rows[:, index, component] = column(table, name)
    if len(np.unique(number)) < len(number):
        raise ValueError("a frame twice")
    return number, times_in(table, keys), rows


def _long(table: pd.DataFrame, keys: Keys) -> _Read:
    by = first_key(keys, _LONG_NAME)
    landmark = np.array([index_of(value, _indices()) for value in table[by]], np.int64)
    frame, number, time_s, first = long_frames(table, keys, landmark, 33)
    rows = np.full((len(first), 33, 4), np.nan)
    for key, component in _COMPONENTS.items():
        if key in keys:
            rows[frame, landmark, component] = column(table, keys[key])
    return number, time_s, rows


@cache
def _indices() -> dict[str, int]:
    """Plain name of a landmark -> its number."""
    points = loader.keypoint_formats()["mediapipe_33"].points
    return {plain(name): index for index, name in enumerate(points)}
