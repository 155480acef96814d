"""What TRC, MOT and STO files share: lines of text, rows of numbers, a column of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.model.errors import SourceError

Floats = NDArray[np.float64]

_CHUNK = 2000  # rows turned into numbers at a time
_MAX_HEADER_LINES = 10_000
_RATE_TOLERANCE = 0.02  # by which the rate that a file says may differ from that of its times
REMEDY = "export it again, and check that it was copied whole"


class Line(NamedTuple):
    """One line of a file, without its end; whether it has one."""

    number: int
    text: str
    whole: bool


def lines_of(path: Path) -> Iterator[Line]:
    """The lines of a text file that are not empty.

    Raises:
        SourceError: it cannot be read, or is not text.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline=None) as file:
            for number, text in enumerate(file, 1):
                if "\0" in text:
                    raise SourceError(f"{path}: line {number} is not text", REMEDY)
                if text.strip():
                    yield Line(number, text.rstrip("\n"), text.endswith("\n"))
    except OSError as error:
        raise SourceError(
            f"{path}: {error.strerror or error}", "check that it is a file you may read"
        ) from error


def cells_of(line: str) -> list[str]:
    """Cells between tabs, or between blanks where there are no tabs."""
    return [cell.strip() for cell in line.split("\t")] if "\t" in line.strip() else line.split()


@dataclass(slots=True)
class Rows:
    """Rows of numbers as they come in.

    Attributes:
        path: for the errors.
        width: numbers in a row; what is missing at the end is NaN.
        notes: what a person should know of them.
        n_short: rows with fewer cells.
    """

    path: Path
    width: int
    notes: list[str] = field(default_factory=list)
    n_short: int = 0

    def read(self, lines: Iterable[Line]) -> Floats:
        """(n_rows, width); empty cells and what is not finite are NaN.

        Raises:
            SourceError: a cell that is no number, a row too long, or no rows.
        """
        rows = iter(lines)
        chunks = []
        while chunk := list(islice(rows, _CHUNK)):
            chunks.append(self._numbers(chunk))
        if not chunks or not sum(map(len, chunks)):
            raise SourceError(f"{self.path}: it holds no frames", REMEDY)
        table = np.concatenate(chunks)
        if self.n_short:
            self.notes.append(f"{self.n_short} rows are shorter than the line of names: the rest is missing")
        if infinite := int(np.isinf(table).sum()):
            self.notes.append(f"{infinite} numbers are infinite: taken as missing")
        return np.where(np.isfinite(table), table, np.nan)

    def _numbers(self, lines: Sequence[Line]) -> Floats:
        cells = [cells_of(line.text) for line in lines]
        try:
            if all(len(row) == self.width for row in cells):
                return np.array(cells, float)
        except ValueError:
            pass
        rows = [self._row(line, row) for line, row in zip(lines, cells, strict=True)]
        return np.array([row for row in rows if row is not None]).reshape(-1, self.width)

    def _row(self, line: Line, cells: list[str]) -> list[float] | None:
        """One row with gaps; None where the file was cut off within it."""
        while len(cells) > self.width and not cells[-1]:
            cells = cells[:-1]
        if len(cells) > self.width:
            raise SourceError(
                f"{self.path}: line {line.number} has {len(cells)} cells, its columns are {self.width}",
                REMEDY,
            )
        if len(cells) < self.width and not line.whole:
            self.notes.append(f"the file is cut off in line {line.number}, which is left out")
            return None
        self.n_short += len(cells) < self.width
        return [*(self._number(line, cell) for cell in cells), *[np.nan] * (self.width - len(cells))]

    def _number(self, line: Line, cell: str) -> float:
        try:
            return float(cell) if cell else np.nan
        except ValueError:
            raise SourceError(
                f"{self.path}: line {line.number} has {cell[:40]!r} where a number belongs", REMEDY
            ) from None


class Clock(NamedTuple):
    """Which rows are kept, and when they were."""

    kept: NDArray[np.bool_]
    time_s: Floats
    rate_hz: float | None
    notes: tuple[str, ...]


def clock_of(path: Path, time_s: Floats, told_hz: float | None) -> Clock:
    """The times of the rows: increasing, with doubles left out.

    Args:
        path: for the errors.
        time_s: (n_rows,) as the file has it; NaN = missing.
        told_hz: the rate that the file or the person says; None: nobody does.

    Raises:
        SourceError: time goes back, or there is none.
    """
    notes = []
    if told_hz is not None and not 0.01 <= told_hz <= 1e6:
        notes.append(f"the rate it says ({told_hz:g} Hz) is left aside")
        told_hz = None
    if np.isnan(time_s).all() and told_hz is not None:
        notes.append("it has no times: counted from its rate")
        return Clock(np.ones(len(time_s), bool), np.arange(len(time_s)) / told_hz, told_hz, tuple(notes))
    if np.isnan(time_s).any():
        lost = int(np.isnan(time_s).sum())
        raise SourceError(f"{path}: {lost} of {len(time_s)} rows have no time", REMEDY)
    step = np.diff(time_s)
    if (step < 0).any():
        row = int(np.argmax(step < 0))
        raise SourceError(
            f"{path}: time goes back from {time_s[row]:g} s to {time_s[row + 1]:g} s", "sort its rows by time"
        )
    kept = np.concatenate([[True], step > 0])
    if not kept.all():
        notes.append(f"{int((~kept).sum())} rows have the time of the row before and are left out")
    time_s = time_s[kept]
    seen_hz = _rate_of(time_s) if len(time_s) > 1 else told_hz
    if told_hz and seen_hz and abs(seen_hz / told_hz - 1.0) > _RATE_TOLERANCE:
        notes.append(f"it says {told_hz:g} Hz, its times are {seen_hz:.4g} Hz apart: the times count")
        told_hz = None
    return Clock(kept, time_s, told_hz or seen_hz, tuple(notes))


def _rate_of(time_s: Floats) -> float:
    """Over the whole, where times may be rounded; of the usual step, where rows are missing."""
    usual_s = float(np.median(np.diff(time_s)))
    whole_s = float(time_s[-1] - time_s[0]) / (len(time_s) - 1)
    return 1.0 / (whole_s if abs(whole_s / usual_s - 1.0) < _RATE_TOLERANCE else usual_s)


def header_until(path: Path, lines: Iterator[Line], end: str) -> list[Line]:
    """The lines before the one that begins with ``end``, and that one.

    Raises:
        SourceError: there is none.
    """
    header = []
    for line in islice(lines, _MAX_HEADER_LINES):
        header.append(line)
        if line.text.strip().lower().startswith(end):
            return header
    raise SourceError(f"{path}: no line begins with {end!r}: this is not such a file, or cut off", REMEDY)
