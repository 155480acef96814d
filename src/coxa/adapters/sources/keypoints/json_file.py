"""JSON files read within bounds: neither their size nor their depth can harm the reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coxa.catalog import loader
from coxa.model.errors import SourceError

_MB = 1 << 20


def read_json(path: Path, *, one_frame: bool = False) -> Any:
    """The content of a JSON file.

    Args:
        path: the file.
        one_frame: it holds a single frame, and is small.

    Raises:
        SourceError: unreadable, too large, too deep, or not JSON.
    """
    rules = loader.keypoint_file_rules()
    limit_mb = rules.max_frame_json_mb if one_frame else rules.max_json_mb
    try:
        size = path.stat().st_size
        if size > limit_mb * _MB:
            raise SourceError(
                f"{path}: {size / _MB:.0f} MB of JSON, more than the {limit_mb:g} MB that are read",
                "split the file, or write it as Parquet or netCDF",
            )
        raw = path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"{path}: {error.strerror or error}", "check the file and its permissions"
        ) from error
    if not raw.strip():
        raise SourceError(f"{path}: the file is empty", "write the keypoints again")
    containers = raw.count(b"[") + raw.count(b"{")
    if containers > rules.max_json_containers:
        raise SourceError(
            f"{path}: {containers} lists and objects, more than {rules.max_json_containers}",
            "split the file, or write it as Parquet or netCDF",
        )
    return _parsed(path, raw)


def _parsed(path: Path, raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except RecursionError as error:
        raise SourceError(
            f"{path}: lists and objects within each other without end", "check what wrote the file"
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path}: this is not text ({error.reason})", "check what wrote the file"
        ) from error
    except ValueError as error:
        raise SourceError(
            f"{path}: not valid JSON: {error}", "the file is damaged or cut off: write it again"
        ) from error
