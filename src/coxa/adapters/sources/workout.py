"""A person's own week of training from a file: text, CSV with named columns, or YAML."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import yaml

from coxa.model.errors import SourceError
from coxa.plan.workout_text import Item, items_of_plain, read_items
from coxa.specs.workout import WorkoutSpec

_MOST_BYTES = 1_000_000


def read_workout(path: Path, spec: WorkoutSpec) -> tuple[Item, ...]:
    """The week, item by item; what is not understood is among them by its text.

    Raises:
        SourceError: the file is missing, no text, too large, or holds nothing.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SourceError(f"{path}: larger than a week of training", "name the file of one week")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read ({error})", "save it as UTF-8 text") from error
    items = _items(text, path, spec)
    if not items:
        raise SourceError(
            f"{path}: there is no exercise in it", "write what you do: squat 3x5, bench, run 30 min"
        )
    return items


def _items(text: str, path: Path, spec: WorkoutSpec) -> tuple[Item, ...]:
    if path.suffix.lower() in (".yaml", ".yml"):
        try:
            return items_of_plain(yaml.safe_load(text), spec)
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise SourceError(f"{path}: no valid YAML", "mend it, or save it as plain text") from error
    if path.suffix.lower() == ".csv":
        separator = ";" if text.partition("\n")[0].count(";") else ","
        rows = list(csv.DictReader(io.StringIO(text), delimiter=separator))
        if rows and "exercise" in {str(name).casefold().strip() for name in rows[0]}:
            return items_of_plain([{str(k): v for k, v in row.items()} for row in rows], spec)
    return read_items(text, spec)
