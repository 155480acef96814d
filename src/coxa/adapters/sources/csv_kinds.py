"""CSV files of others: what they hold is told by their columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from coxa.adapters.sources.imu import open_imu_csv
from coxa.adapters.sources.imu_columns import looks_like_imu
from coxa.adapters.sources.keypoints.kinect import (
    is_kinect_csv,
    open_kinect_csv,
    open_kinect_numbers,
    open_skeleton,
)
from coxa.adapters.sources.keypoints.mediapipe_csv import is_mediapipe_csv, open_mediapipe_csv
from coxa.adapters.sources.phone import open_phone_csv, says_phones
from coxa.adapters.sources.phone_table import looks_like_phone
from coxa.app.ports import RecordingReader
from coxa.app.request import ReadOptions
from coxa.model.errors import SourceError

_DELIMITERS = (",", ";", "\t")
_HEAD_BYTES = 1 << 20
_EXPECTED = (
    "expected is a table that Coxa wrote, MediaPipe landmarks (left_hip_x, ... or frame, landmark, x, y, z), "
    "Kinect v2 joints (SpineBase_x, ... or 75 bare numbers a row), an IMU's (time, quaternion, gyroscope, "
    "accelerometer) or a phone's (time, alpha, beta, gamma)"
)


def open_foreign_csv(path: Path, options: ReadOptions) -> RecordingReader:
    """Keypoints or sensors in a table that somebody else wrote.

    Raises:
        SourceError: damaged, of no known kind, or something is not told.
    """
    first, second = _first_lines(path)
    if re.fullmatch(r"\s*\d+\s*", first) and re.fullmatch(r"\s*\d+\s*", second):
        return open_skeleton(path, options)
    delimiter = next((one for one in _DELIMITERS if one in first), None)
    header = next(csv.reader([first], delimiter=delimiter)) if delimiter else first.split()
    header = [name.strip() for name in header]
    if all(_is_number(name) for name in header if name):
        return open_kinect_numbers(path, _numbers(path, delimiter), options)
    _refuse_twice(path, header)
    if is_kinect_csv(header):
        return open_kinect_csv(path, _table(path, delimiter, header), options)
    if is_mediapipe_csv(header):
        return open_mediapipe_csv(path, _table(path, delimiter, header), options)
    if looks_like_phone(header) or says_phones(options.mapping):
        return open_phone_csv(path, options)
    if looks_like_imu(header):
        return open_imu_csv(path, options)
    raise SourceError(f"{path}: a table with columns {', '.join(header[:8])}", _EXPECTED)


def _first_lines(path: Path) -> tuple[str, str]:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES).decode("utf-8-sig", errors="strict" if _small(path) else "ignore")
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}", "check its permissions") from error
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path}: this is not text ({error.reason})", "check what wrote the file"
        ) from error
    lines = [line for line in head.splitlines() if line.strip()]
    if not lines:
        raise SourceError(f"{path}: the file is empty", "check what wrote it")
    return lines[0], lines[1] if len(lines) > 1 else ""


def _small(path: Path) -> bool:
    """Whether the first bytes are the whole file, so that no letter is cut in two."""
    return path.stat().st_size <= _HEAD_BYTES


def _refuse_twice(path: Path, header: Sequence[str]) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise SourceError(f"{path}: column {twice[0]} is there twice", "give every column a name of its own")


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _table(path: Path, delimiter: str | None, header: Sequence[str]) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, sep=delimiter or r"\s+", encoding="utf-8-sig", index_col=False)
    except (ValueError, OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: {_short(error)}", "the file is damaged: write it again") from error
    table.columns = table.columns.str.strip()
    table = table.dropna(how="all")
    if not len(table):
        raise SourceError(f"{path}: a header, but no rows", "check what wrote the file")
    return table.reset_index(drop=True)


def _numbers(path: Path, delimiter: str | None) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    try:
        table = pd.read_csv(path, sep=delimiter or r"\s+", header=None, encoding="utf-8-sig")
        rows = np.array(table.dropna(how="all").apply(pd.to_numeric), float)
    except (ValueError, TypeError, OSError) as error:
        raise SourceError(f"{path}: {_short(error)}", "the file is damaged: write it again") from error
    rows[~np.isfinite(rows)] = np.nan
    return rows


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__).split("\n")[0][:300]
