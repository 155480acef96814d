"""Tables of the record as CSV, Parquet or Excel. No text of anybody's becomes a formula."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coxa.adapters.sinks.guard import whole_file
from coxa.app.record_tables import Table, Type
from coxa.model.errors import OutputError
from coxa.report.assessment.canvas import clean

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: Endings of files, without what each table's is called.
ENDINGS = (".csv", ".parquet", ".xlsx")
#: What makes a spreadsheet take a text for a formula, also in the wide forms of East Asia.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BLANKS = " \u00a0\ufeff\u200b"  # before which a formula may hide
_LONGEST_CELL = 32_767  # of Excel, in UTF-16 units
_CUT = " [cut]"
_FIRST_YEAR = 1901  # Excel knows no day before 1900, and one too many in it
_WIDEST = 48


def paths(tables: Sequence[Table], path: Path) -> list[Path]:
    """The files that ``write_tables`` makes: one a table, or one workbook."""
    if path.suffix.lower() == ".xlsx":
        return [path]
    return [path.with_name(f"{path.stem}-{one.name}{path.suffix}") for one in tables]


def write_tables(tables: Sequence[Table], path: Path) -> None:
    """Write them: ``.csv`` and ``.parquet`` one file a table, ``.xlsx`` one sheet.

    Raises:
        OutputError: it cannot be written, or openpyxl is not installed.
    """
    if path.suffix.lower() == ".xlsx":
        _write_workbook(tables, path)
        return
    write = _write_csv if path.suffix.lower() == ".csv" else _write_parquet
    with ExitStack() as stack:
        # Each takes its name only when all of them are written.
        for table, name in zip(tables, paths(tables, path), strict=True):
            write(table, stack.enter_context(whole_file(name)))


def harmless(text: str) -> str:
    """A text that no spreadsheet computes: an apostrophe before what would be a formula."""
    begins = text.startswith(_FORMULA) or text.lstrip(_BLANKS).startswith(_FORMULA)
    return f"'{text}" if begins else text


def _write_csv(table: Table, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(table.columns)
        for row in table.rows:
            writer.writerow(
                harmless(_text(value)) if isinstance(value, str) else _finite(value) for value in row
            )


def _write_parquet(table: Table, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {Type.DAY: pa.date32(), Type.NUMBER: pa.float64(), Type.TEXT: pa.string()}
    schema = pa.schema([pa.field(name, types[kind]) for name, kind in table.columns.items()])
    rows = [dict(zip(table.columns, map(_finite, row), strict=True)) for row in table.rows]
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, compression="zstd")


def _write_workbook(tables: Sequence[Table], path: Path) -> None:
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise OutputError(f"{path}: Excel needs the package openpyxl", "pip install 'coxa[excel]'") from error
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        _fill(book.create_sheet(table.name), table)
    with whole_file(path) as aside, aside.open("wb") as out:
        book.save(out)


def _fill(sheet: Worksheet, table: Table) -> None:
    from openpyxl.styles import Font

    for column, name in enumerate(table.columns, 1):
        sheet.cell(1, column, name).font = Font(bold=True)
        longest = max((len(str(row[column - 1] or "")) for row in table.rows), default=0)
        letter = sheet.cell(1, column).column_letter
        sheet.column_dimensions[letter].width = 2 + min(_WIDEST, max(len(name), longest))
    sheet.freeze_panes = "A2"
    for at, row in enumerate(table.rows, 2):
        for column, value in enumerate(row, 1):
            _put(sheet.cell(at, column), _finite(value))


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, date) and value.year >= _FIRST_YEAR:
        cell.value = value
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, str | date):
        text = _cut(_text(str(value)))
        cell.value = text
        # A text stays one, whatever it begins with, also when somebody edits it.
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(_FORMULA)
    elif value is not None:
        cell.value = value


def _text(text: str) -> str:
    """What a document may hold; a lone carriage return would end the row of a CSV file."""
    return clean(text).replace("\r\n", "\n").replace("\r", "\n")


def _cut(text: str) -> str:
    """As much as a cell holds; what is cut says so."""
    if len(text.encode("utf-16-le")) <= 2 * _LONGEST_CELL:
        return text
    room = 2 * (_LONGEST_CELL - len(_CUT))
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + _CUT


def _finite(value: Any) -> Any:
    """Missing is missing, not a word for it."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
