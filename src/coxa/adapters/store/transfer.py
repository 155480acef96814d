"""A person, or the whole record, into an archive and out of one again: bit for bit, all or nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from coxa.adapters.store import database
from coxa.adapters.store.archive import ArchiveReader, ArchiveWriter, Row, written
from coxa.adapters.store.records import SqlRecords, audit_row, insert_files
from coxa.adapters.store.schema import ENTRIES, audit, erasures, people
from coxa.app.record import Happened, Kind, StoredFile, canonical, clean_name, now
from coxa.model.errors import SourceError

#: Says by an error that a document is not of its kind.
Check = Callable[[Kind, Mapping[str, Any], str], Any]

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_WORD = re.compile(r"[a-z ]{0,20}")
_BATCH = 2000
_REMEDY = "export it again; it was altered, or is no archive of Coxa"


def export_person(records: SqlRecords, person: str, path: Path) -> None:
    """Everything of one person into one archive.

    Raises:
        SourceError: no such person.
        OutputError: it cannot be written.
    """

    def fill(writer: ArchiveWriter) -> None:
        with records.blobs.holding(), database.reading(records.engine) as connection:
            if connection.execute(select(people.c.id).where(people.c.id == person)).first() is None:
                raise SourceError("this person is not in the record", "see `coxa person list`")
            _fill(records, connection, writer, person)

    written(path, "person", fill)
    records.note_action("exported", person)


def back_up(records: SqlRecords, path: Path) -> None:
    """The whole record into one archive, as it is at one moment; others may go on writing.

    Raises:
        OutputError: it cannot be written.
    """

    def fill(writer: ArchiveWriter) -> None:
        with records.blobs.holding(), database.reading(records.engine) as connection:
            _fill(records, connection, writer, None)
            writer.rows("erasures", _rows(connection, erasures, erasures.c.id, None))

    written(path, "record", fill)


def import_person(records: SqlRecords, path: Path, check: Check) -> str:
    """Everything of an archive of one person, or nothing.

    Returns:
        The person's id.

    Raises:
        SourceError: the archive is not what it should be, or the person is here already.
        OutputError: it cannot be kept.
    """
    with closing(ArchiveReader(path, "person")) as archive:
        read = _read(archive, check)
        if len(read.people) != 1:
            raise SourceError(f"{path}: it has {len(read.people)} people", _REMEDY)
        (person,) = (row["id"] for row in read.people)
        read.audit.append(audit_row(Happened(now(), "imported", person)))
        _keep(records, archive, read, _require_unknown)
    return str(person)


def restore(records: SqlRecords, path: Path, check: Check) -> int:
    """A backup into an empty record, or nothing.

    Returns:
        How many people came back.

    Raises:
        SourceError: the archive is not what it should be, or there are people in the record.
        OutputError: it cannot be kept.
    """
    with closing(ArchiveReader(path, "record")) as archive:
        read = _read(archive, check)
        _keep(records, archive, read, _require_empty)
    return len(read.people)


def _fill(records: SqlRecords, connection: Connection, writer: ArchiveWriter, person: str | None) -> None:
    writer.rows("people", _rows(connection, people, people.c.id, person))
    named: set[str] = set()
    for kind, table in ENTRIES.items():
        writer.rows(kind.value, _rows(connection, table, table.c.person_id, person))
        files_of = select(table.c.file_sha256).where(table.c.file_sha256.is_not(None))
        files_of = files_of if person is None else files_of.where(table.c.person_id == person)
        named.update(connection.execute(files_of).scalars())
    writer.rows("audit", _rows(connection, audit, audit.c.person_id, person))
    for sha256 in sorted(named):
        path = records.blobs.path_of(sha256)
        try:
            with path.open("rb") as content:
                writer.file(sha256, content)
        except FileNotFoundError as error:
            raise SourceError(f"{path}: this file of the record is gone", "restore a backup") from error


def _rows(connection: Connection, table: Table, owner: Any, person: str | None) -> Iterator[Row]:
    query = select(*(column for column in table.columns if column.name != "seq"))
    query = query.order_by(table.c.seq if "seq" in table.c else table.c.id)
    query = query if person is None else query.where(owner == person)
    for row in connection.execution_options(yield_per=_BATCH).execute(query).mappings():
        yield dict(row)


@dataclass(slots=True)
class _Read:
    """Rows of an archive, checked."""

    people: list[Row] = field(default_factory=list)
    entries: dict[Kind, list[Row]] = field(default_factory=dict)
    audit: list[Row] = field(default_factory=list)
    erasures: list[Row] = field(default_factory=list)


def _read(archive: ArchiveReader, check: Check) -> _Read:
    """Every row, held against what it should be."""
    read = _Read()
    files = set(archive.files())
    for told in archive.rows("people"):
        _require(_is_person(told), archive, "people", told)
        read.people.append(told)
    known = {row["id"] for row in read.people}
    for kind in Kind:
        rows: list[Row] = list(archive.rows(kind.value))
        owners: dict[str, str] = {}
        for row in rows:
            _require(_is_entry(row, known, files), archive, kind.value, row)
            _require(row["replaces"] is None or owners.get(row["replaces"]) == row["person_id"],
                     archive, kind.value, row)  # fmt: skip
            owners[row["id"]] = row["person_id"]
            check(kind, _document(row["document"]) or {}, f"{archive.path}: {kind.value} {row['id']}")
        read.entries[kind] = rows
    for told in archive.rows("audit"):
        _require(_is_happened(told) and told["person_id"] in known, archive, "audit", told)
        read.audit.append(told)
    for told in archive.rows("erasures"):
        _require(_is_erasure(told), archive, "erasures", told)
        read.erasures.append(told)
    return read


def _require(holds: bool, archive: ArchiveReader, table: str, row: Row) -> None:
    if not holds:
        where = str(row.get("id", ""))[:40]
        raise SourceError(f"{archive.path}: a row of {table} is not what it should be: {where!r}", _REMEDY)


def _is_person(row: Row) -> bool:
    told = _document(row["document"])
    name = row["name"]
    return (
        _fits(_UUID, row["id"])
        and _fits(_TIME, row["recorded_at"])
        and isinstance(name, str)
        and _clean(name)
        and told is not None
        and set(told) == {"born", "height_m", "sex"}
        and (told["born"] is None or _is_day(told["born"]))
        and told["sex"] in (None, "female", "male")
        and (told["height_m"] is None or isinstance(told["height_m"], int | float))
    )


def _is_entry(row: Row, people_known: set[str], files: set[str]) -> bool:
    return (
        _fits(_UUID, row["id"])
        and row["person_id"] in people_known
        and _is_day(row["on_day"])
        and isinstance(row["label"], str)
        and "\0" not in row["label"]
        and _document(row["document"]) is not None
        and _document(row["provenance"]) is not None
        and (row["replaces"] is None or _fits(_UUID, row["replaces"]))
        and (row["file_sha256"] is None or row["file_sha256"] in files)
        and _fits(_TIME, row["recorded_at"])
    )


def _is_happened(row: Row) -> bool:
    return (
        _fits(_TIME, row["at"])
        and _fits(_WORD, row["action"])
        and _fits(_UUID, row["person_id"])
        and _fits(_WORD, row["kind"])
        and (row["entry_id"] == "" or _fits(_UUID, row["entry_id"]))
        and (row["sha256"] == "" or _fits(_SHA256, row["sha256"]))
    )


def _is_erasure(row: Row) -> bool:
    return (
        _fits(_UUID, row["id"])
        and _fits(_SHA256, row["subject"])
        and _fits(_TIME, row["at"])
        and _fits(_TIME, row["done_at"])
        and _document(row["report"]) is not None
    )


def _fits(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _clean(name: str) -> bool:
    try:
        return clean_name(name) == name
    except SourceError:
        return False


def _document(text: Any) -> dict[str, Any] | None:
    """A document that is written as Coxa writes it; None: it is not."""
    try:
        value = json.loads(text) if isinstance(text, str) else None
        return value if isinstance(value, dict) and canonical(value) == text else None
    except (ValueError, RecursionError, SourceError):
        return None


def _keep(
    records: SqlRecords,
    archive: ArchiveReader,
    read: _Read,
    require: Callable[[Connection, Iterable[Row]], None],
) -> None:
    with database.reading(records.engine) as connection:
        require(connection, read.people)
    with records.blobs.keeping():
        stored: list[StoredFile] = []
        for sha256 in archive.files():
            with archive.open_file(sha256) as content:
                stored.append(records.blobs.put(content))
        with database.writing(records.engine) as connection:
            require(connection, read.people)
            insert_files(connection, stored)
            pairs: list[tuple[Table, list[Row]]] = [
                (people, read.people),
                *((ENTRIES[kind], rows) for kind, rows in read.entries.items()),
                (audit, read.audit),
                (erasures, read.erasures),
            ]
            for table, rows in pairs:
                if rows:
                    connection.execute(insert(table), [dict(row) for row in rows])


def _require_unknown(connection: Connection, rows: Iterable[Row]) -> None:
    ids = [row["id"] for row in rows]
    if connection.execute(select(people.c.id).where(people.c.id.in_(ids))).first() is not None:
        raise SourceError("this person is in the record already", "erase the person first: `coxa erase`")


def _require_empty(connection: Connection, _: Iterable[Row]) -> None:
    if connection.execute(select(people.c.id).limit(1)).first() is not None:
        raise SourceError("the record has people in it", "restore into an empty data folder: --data DIR")
