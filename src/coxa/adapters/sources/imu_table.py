"""Files of worn sensors as arrays: OpenSense's ``.sto`` of quaternions, and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.opensim_table import REMEDY, Line, header_until, lines_of
from coxa.catalog.loader import inertial_rules
from coxa.model.errors import SourceError

Floats = NDArray[np.float64]

_CHUNK = 2000
_MOST_COLUMNS = 2000
_DELIMITERS = ("\t", ";", ",")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns (n_rows, n_columns), NaN = missing; and what a person should know of them."""

    columns: tuple[str, ...]
    values: Floats
    rate_hz: float | None
    notes: tuple[str, ...]


def read_sto(path: Path) -> Table:
    """An OpenSim table whose cells are quaternions, four columns (``_w`` to ``_z``) for each.

    Raises:
        SourceError: it cannot be read, is cut off before its numbers, or holds something else.
    """
    lines = lines_of(path)
    header = header_until(path, lines, "endheader")
    facts = dict(_fact(line.text) for line in header if "=" in line.text)
    if facts.get("datatype", "").lower() != "quaternion":
        raise SourceError(
            f"{path}: it does not say DataType=Quaternion: this is no file of orientations",
            "export the sensors' orientations as OpenSense has them",
        )
    heading = next(lines, None)
    names = [] if heading is None else [cell.strip() for cell in heading.text.rstrip("\n").split("\t")]
    if len(names) < 2 or names[0].lower() != "time":
        raise SourceError(f"{path}: no line names the time and the sensors", REMEDY)
    columns = _unique(path, names)
    spread = [columns[0], *(f"{name}_{part}" for name in columns[1:] for part in "wxyz")]
    values, notes = _numbers(path, lines, len(spread), _quaternion_cells(len(names)))
    return Table(tuple(spread), values, _number_or_none(facts.get("datarate", "")), notes)


def read_csv(path: Path) -> Table:
    """A table whose first line with words names its columns; ``#`` begins a comment.

    Raises:
        SourceError: it cannot be read, names no columns, or holds something else than numbers.
    """
    lines = (line for line in lines_of(path) if not line.text.lstrip().startswith(("#", "//")))
    heading = next(lines, None)
    if heading is None:
        raise SourceError(f"{path}: it is empty", REMEDY)
    delimiter = max(_DELIMITERS, key=heading.text.count)
    names = [cell.strip().strip('"') for cell in heading.text.split(delimiter)]
    if len(names) < 2 or all(_is_number(name) for name in names):
        raise SourceError(f"{path}: its first line does not name the columns", "put their names into it")
    columns = _unique(path, names)
    comma = delimiter == ";"

    def cells(text: str) -> list[str]:
        plain = text.replace(",", ".") if comma else text
        return [cell.strip().strip('"') for cell in plain.split(delimiter)]

    values, notes = _numbers(path, lines, len(columns), cells)
    return Table(columns, values, None, notes)


def _fact(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip()


def _unique(path: Path, names: Sequence[str]) -> tuple[str, ...]:
    if len(names) > _MOST_COLUMNS:
        raise SourceError(f"{path}: it names {len(names)} columns", REMEDY)
    twice = next((name for k, name in enumerate(names) if name and name in names[:k]), None)
    if twice is not None:
        raise SourceError(
            f"{path}: two columns are named {twice[:40]!r}", "give each sensor a name of its own"
        )
    return tuple(names)


def _quaternion_cells(n_cells: int) -> Callable[[str], list[str]]:
    def cells(text: str) -> list[str]:
        row = text.split("\t")
        while len(row) > n_cells and not row[-1].strip():
            row.pop()
        out = row[:1]
        for cell in row[1:]:
            out += cell.split(",") if cell.strip() else [""] * 4
        return out

    return cells


def _numbers(
    path: Path, lines: Iterator[Line], width: int, cells: Callable[[str], list[str]]
) -> tuple[Floats, tuple[str, ...]]:
    """(n_rows, width), NaN = missing, and notes.

    Raises:
        SourceError: no rows, too many, or one that does not fit.
    """
    most = inertial_rules().max_frames
    chunks: list[Floats] = []
    notes: list[str] = []
    count = 0
    while chunk := list(islice(lines, _CHUNK)):
        read = (_row(path, line, cells(line.text), width, notes) for line in chunk)
        rows = [row for row in read if row is not None]
        count += len(rows)
        if count > most:
            raise SourceError(f"{path}: it has more than {most} rows", "cut it into shorter recordings")
        chunks.append(np.array(rows, float).reshape(-1, width))
    if not count:
        raise SourceError(f"{path}: it holds no frames", REMEDY)
    values = np.concatenate(chunks)
    if infinite := int(np.isinf(values).sum()):
        notes.append(f"{infinite} numbers are infinite: taken as missing")
    return np.where(np.isfinite(values), values, np.nan), tuple(notes)


def _row(path: Path, line: Line, cells: list[str], width: int, notes: list[str]) -> list[float] | None:
    """One row; None where the file was cut off within it."""
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != width:
        if not line.whole:
            notes.append(f"the file is cut off in line {line.number}, which is left out")
            return None
        raise SourceError(
            f"{path}: line {line.number} has {len(cells)} numbers, its columns ask for {width}", REMEDY
        )
    try:
        return [float(cell) if cell.strip() else np.nan for cell in cells]
    except ValueError:
        if not line.whole:
            notes.append(f"the file is cut off in line {line.number}, which is left out")
            return None
        bad = next(cell for cell in cells if cell.strip() and not _is_number(cell))
        raise SourceError(
            f"{path}: line {line.number} has {bad[:40]!r} where a number belongs", REMEDY
        ) from None


def _is_number(text: str) -> bool:
    return _number_or_none(text) is not None


def _number_or_none(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
