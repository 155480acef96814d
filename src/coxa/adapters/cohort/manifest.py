"""A manifest: which recordings, of whom, in which group; CSV or Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from coxa.adapters.cohort.places import Folder, is_address
from coxa.app.cohort.tasks import BESIDE, Companion, Listed, Person, Span
from coxa.model.errors import SourceError
from coxa.specs.cohort import ManifestRow

_COLUMN = "recording"
_HEADING = 1 << 16  # bytes; a longer first line is none of a manifest
_HOW = (
    "a manifest has a column 'recording', and may have person, side, protocol, height_m, group, session, "
    "from_s, to_s, static, calibration, helped"
)
_ALSO = {"height": "height_m", "age": "age_y"}
#: Columns of the table that a manifest's own may not take.
RESERVED = frozenset(
    {
        "key", "status", "reason", "remedy", "method", "n_frames", "duration_s", "sha256", "engine",
        "catalogue", "notes", "asked_side", "companions",
    }
)  # fmt: skip


def is_manifest(place: str) -> bool:
    """Whether a file is one: recordings themselves may be CSV or Parquet too, so its columns decide.

    Raises:
        SourceError: it cannot be read.
    """
    suffix = PurePosixPath(place).suffix.lower()
    here = not is_address(place)
    if suffix not in (".csv", ".parquet") or (here and not Path(place).is_file()):
        return False
    try:
        if suffix == ".parquet":
            return _COLUMN in pq.read_schema(place if here else pa.BufferReader(_content(place))).names
        with Path(place).open("rb") if here else io.BytesIO(_content(place)) as file:
            head = file.readline(_HEADING).decode("utf-8-sig", "replace")
    except pa.ArrowException:
        return False
    except OSError as error:
        raise SourceError(f"{place}: it cannot be read: {error.strerror}", "see its permissions") from error
    return _COLUMN in next(csv.reader([head]), [])


def read_manifest(place: str, protocol: str, side: str) -> list[Listed]:
    """Its recordings, in its order.

    Args:
        place: path or address.
        protocol: for rows that name none.
        side: for rows that name none.

    Raises:
        SourceError: it cannot be read, or a row is not what it should be, by line and column.
    """
    return [_listed(row, place, protocol, side) for row in _rows(place, _content(place))]


def _content(place: str) -> bytes:
    folder, _, name = place.rpartition("/")
    content = Folder(folder or ".").get(name)
    if content is None:
        raise SourceError(f"{place}: there is no such file", "check the spelling of the path")
    return content


def _rows(place: str, content: bytes) -> Iterator[ManifestRow]:
    for line, raw in _raw(place, content):
        cells = {_ALSO.get(name, name): cell for name, cell in raw.items() if cell not in ("", None)}
        try:
            yield ManifestRow.model_validate(cells)
        except ValidationError as error:
            first = error.errors()[0]
            column = ".".join(map(str, first["loc"])) or "the row"
            fault = f"{place}: line {line}: {column}: {first['msg']}"
            raise SourceError(fault, f"correct the row; heights are in metres; {_HOW}") from error


def _raw(place: str, content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows with their lines, counted from 1, the heading included."""
    if PurePosixPath(place).suffix.lower() == ".parquet":
        table = pq.read_table(pa.BufferReader(content))
        _require_columns(place, table.column_names)
        for number, row in enumerate(table.to_pylist(), start=2):
            texts = {
                name: cell if isinstance(cell, float | None) else str(cell) for name, cell in row.items()
            }
            yield number, texts
        return
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True)
        _require_columns(place, list(reader.fieldnames or ()))
        for row in reader:
            if None in row or None in row.values():
                raise SourceError(
                    f"{place}: line {reader.line_num}: it has more or fewer cells than the heading",
                    "put cells that hold commas into quotes",
                )
            yield reader.line_num, row
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(
            f"{place}: it is no CSV in UTF-8: {error}", "save it as plain CSV, UTF-8"
        ) from error


def _require_columns(place: str, names: list[str]) -> None:
    if taken := sorted(RESERVED & set(names)):
        raise SourceError(
            f"{place}: the column {taken[0]!r} is one that the table itself has", "give it another name"
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SourceError(f"{place}: there are two columns {twice[0]!r}", "give each a name of its own")


def _listed(row: ManifestRow, place: str, protocol: str, side: str) -> Listed:
    name = protocol if not row.protocol else row.protocol
    if not name:
        raise SourceError(
            f"{place}: {row.recording} names no protocol", "fill the column, or name one with --protocol"
        )
    return Listed(
        recording=row.recording,
        url=_beside(place, row.recording),
        protocol=name,
        side=row.side or side,
        person=row.person,
        group=row.group,
        session=row.session,
        told=Person(row.height_m, row.age_y, row.sex),
        span=Span(row.from_s, row.to_s),
        companions=tuple(
            Companion(role, _beside(place, named)) for role in BESIDE if (named := getattr(row, role))
        ),
        more={name: str(value) for name, value in (row.model_extra or {}).items()},
    )


def _beside(place: str, named: str) -> str:
    """Where a file is: paths count from the manifest."""
    if is_address(named) or named.startswith(("/", "file://")) or Path(named).is_absolute():
        return named
    folder = place.rpartition("/")[0]
    return f"{folder}/{named}" if folder else named
