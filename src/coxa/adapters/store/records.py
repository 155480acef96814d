"""The record in a database: people, entries, audit trail. Values are parameters, never part of statements."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, insert, select, update

from coxa import __version__
from coxa.adapters.store import database, erasing
from coxa.adapters.store.blobs import Blobs
from coxa.adapters.store.schema import ENTRIES, HEAD, audit, files, people
from coxa.adapters.store.waiting import Waiting
from coxa.app.record import (
    Entry,
    Erasure,
    Happened,
    Kind,
    Person,
    StoredFile,
    canonical,
    clean_name,
    new_id,
    now,
)
from coxa.model.errors import SourceError

_RELOAD = "reload the record and look again"


class SqlRecords:
    """The :class:`coxa.app.record.Records` of a database.

    Args:
        engine: of a database with the newest schema.
        blobs: the files beside it.
    """

    def __init__(self, engine: Engine, blobs: Blobs) -> None:
        self.engine = engine
        self.blobs = blobs
        self.waiting = Waiting(blobs.folder.parent / "uploads")

    @property
    def folder(self) -> Path:
        """Of the data that is not in the database."""
        return self.blobs.folder.parent

    @classmethod
    def open(cls, folder: Path, url: str | None = None) -> SqlRecords:
        """Open or make the record of a data folder; what a crash left behind is cleared up.

        Raises:
            SourceError: it is none, or a newer Coxa's.
            OutputError: it cannot be made.
        """
        database.private_folder(folder)
        made = cls(database.connect(folder, url), Blobs(folder / "files"))
        if made.blobs.leftovers():
            made.collect(wait=False)
        return made

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def collect(self, wait: bool = True) -> list[Path]:
        """Remove files that no entry names."""
        return self.blobs.collect(self._forget_unnamed, wait)

    def _forget_unnamed(self) -> set[str]:
        with database.writing(self.engine) as connection:
            erasing.forget_unnamed_files(connection)
            return set(connection.execute(select(files.c.sha256)).scalars())

    def add_person(self, person: Person) -> Person:
        """Keep a new person; returned with id and time."""
        kept = replace(person, id=person.id or str(uuid4()), name=clean_name(person.name), recorded_at=now())
        with database.writing(self.engine) as connection:
            connection.execute(insert(people), [person_row(kept)])
            _happened(connection, [Happened(kept.recorded_at, "added", kept.id, "people")])
        return kept

    def change_person(self, person: Person) -> None:
        """Replace what the person told of themselves."""
        row = person_row(replace(person, name=clean_name(person.name)))
        with database.writing(self.engine) as connection:
            done = connection.execute(update(people).where(people.c.id == person.id).values(**row))
            if not done.rowcount:
                raise SourceError("this person is not in the record any more", _RELOAD)
            _happened(connection, [Happened(now(), "changed", person.id, "people")])

    def people(self) -> list[Person]:
        """Everybody, by name."""
        with database.reading(self.engine) as connection:
            found = [person_of(row) for row in connection.execute(select(people)).mappings()]
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))

    def person(self, key: str) -> Person | None:
        """The one of this id; None: nobody."""
        with database.reading(self.engine) as connection:
            row = connection.execute(select(people).where(people.c.id == key)).mappings().first()
        return None if row is None else person_of(row)

    def add(
        self,
        entries: Sequence[Entry],
        sources: Mapping[int, Path] | None = None,
        alongside: Callable[[Connection, Sequence[Entry]], None] | None = None,
    ) -> list[Entry]:
        """Keep entries, all or none; when this returns, they are kept.

        Args:
            entries: in order.
            sources: files that belong to them, by place in ``entries``.
            alongside: what else is to be written if and only if they are kept; may refuse by raising.

        Raises:
            SourceError: a person or a replaced entry is not there, or a document cannot be kept.
            OutputError: it cannot be written.
        """
        if not sources:
            return self._add(entries, alongside)
        with self.blobs.keeping():
            with_files = list(entries)
            for place, source in sources.items():
                with_files[place] = replace(entries[place], file=self._put(source))
            return self._add(with_files, alongside)

    def _put(self, source: Path) -> StoredFile:
        try:
            with source.open("rb") as content:
                return self.blobs.put(content)
        except OSError as error:
            raise SourceError(f"{source}: cannot be read ({error.strerror})", "name a file") from error

    def _add(
        self, entries: Sequence[Entry], alongside: Callable[[Connection, Sequence[Entry]], None] | None
    ) -> list[Entry]:
        at = now()
        made_by = {"coxa": __version__, "record": HEAD}
        kept = [
            replace(one, id=new_id(), recorded_at=at, provenance={**made_by, **one.provenance})
            for one in entries
        ]
        rows = [(one, entry_row(one)) for one in kept]
        with database.writing(self.engine) as connection:
            self._require_known(connection, kept)
            if alongside is not None:
                alongside(connection, kept)
            insert_files(connection, [one.file for one in kept if one.file is not None])
            for kind in dict.fromkeys(one.kind for one in kept):
                connection.execute(insert(ENTRIES[kind]), [row for one, row in rows if one.kind is kind])
            _happened(
                connection,
                [
                    Happened(at, "added", one.person, one.kind.value, one.id, sha256(row["document"]))
                    for one, row in rows
                ],
            )
        return kept

    def _require_known(self, connection: Connection, entries: Iterable[Entry]) -> None:
        wanted = {one.person for one in entries}
        there = set(connection.execute(select(people.c.id).where(people.c.id.in_(wanted))).scalars())
        if wanted - there:
            raise SourceError("this person is not in the record", "see `coxa person list`")
        for one in entries:
            if one.replaces is None:
                continue
            table = ENTRIES[one.kind]
            same = select(table.c.id).where(table.c.id == one.replaces, table.c.person_id == one.person)
            taken = select(table.c.id).where(table.c.replaces == one.replaces)
            if connection.execute(same).first() is None or connection.execute(taken).first() is not None:
                raise SourceError("what this replaces is not there, or was replaced before", _RELOAD)

    def entries(
        self, person: str, kind: Kind, since: date | None = None, replaced: bool = False
    ) -> list[Entry]:
        """Of one person, oldest first; those that were replaced only if asked for."""
        table = ENTRIES[kind]
        query = select(table, files.c.size_bytes).join(
            files, files.c.sha256 == table.c.file_sha256, isouter=True
        )
        query = query.where(table.c.person_id == person)
        if since is not None:
            query = query.where(table.c.on_day >= since.isoformat())
        if not replaced:
            gone = (
                select(table.c.replaces).where(table.c.person_id == person, table.c.replaces.is_not(None))
            ).scalar_subquery()
            query = query.where(table.c.id.not_in(gone))
        with database.reading(self.engine) as connection:
            found = [entry_of(kind, row) for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda one: (one.on, one.id))

    def entry(self, person: str, kind: Kind, key: str) -> Entry | None:
        """One entry of a person, also one that was replaced; None: there is none of this id."""
        table = ENTRIES[kind]
        query = select(table, files.c.size_bytes).join(
            files, files.c.sha256 == table.c.file_sha256, isouter=True
        )
        query = query.where(table.c.person_id == person, table.c.id == key)
        with database.reading(self.engine) as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else entry_of(kind, row)

    def path_of(self, file: StoredFile) -> Path:
        """Where the content is."""
        return self.blobs.path_of(file.sha256)

    def audit(self, person: str) -> list[Happened]:
        """What happened, oldest first."""
        query = select(audit).where(audit.c.person_id == person).order_by(audit.c.seq)
        with database.reading(self.engine) as connection:
            return [happened_of(row) for row in connection.execute(query).mappings()]

    def note_action(self, action: str, person: str) -> None:
        """A row of the audit trail."""
        with database.writing(self.engine) as connection:
            _happened(connection, [Happened(now(), action, person)])

    def erase(self, person: str) -> Erasure:
        """Remove everything of a person, and look whether anything is left."""
        return erasing.erase(self.engine, self.blobs, self.waiting, person)


def person_row(person: Person) -> dict[str, Any]:
    """As the table has it."""
    told = {
        "born": None if person.born is None else person.born.isoformat(),
        "height_m": person.height_m,
        "sex": person.sex,
    }
    return {
        "id": person.id,
        "name": person.name,
        "document": canonical(told, "the person"),
        "recorded_at": person.recorded_at,
    }


def person_of(row: Mapping[Any, Any]) -> Person:
    """From a row."""
    told = json.loads(row["document"])
    born = told.get("born")
    return Person(
        id=row["id"],
        name=row["name"],
        born=None if born is None else date.fromisoformat(born),
        sex=told.get("sex"),
        height_m=told.get("height_m"),
        recorded_at=row["recorded_at"],
    )


def entry_row(entry: Entry) -> dict[str, Any]:
    """As its table has it."""
    return {
        "id": entry.id,
        "person_id": entry.person,
        "on_day": entry.on.isoformat(),
        "label": json.loads(canonical(entry.label, "the label")).replace("\0", ""),
        "document": canonical(entry.document),
        "provenance": canonical(entry.provenance, "the provenance"),
        "replaces": entry.replaces,
        "file_sha256": None if entry.file is None else entry.file.sha256,
        "recorded_at": entry.recorded_at,
    }


def entry_of(kind: Kind, row: Mapping[Any, Any]) -> Entry:
    """From a row of its table, joined with the size of its file."""
    named = row["file_sha256"]
    return Entry(
        person=row["person_id"],
        kind=kind,
        on=date.fromisoformat(row["on_day"]),
        document=json.loads(row["document"]),
        label=row["label"],
        provenance=json.loads(row["provenance"]),
        replaces=row["replaces"],
        file=None if named is None else StoredFile(named, row["size_bytes"]),
        id=row["id"],
        recorded_at=row["recorded_at"],
    )


def happened_of(row: Mapping[Any, Any]) -> Happened:
    """From a row of the audit trail."""
    return Happened(row["at"], row["action"], row["person_id"], row["kind"], row["entry_id"], row["sha256"])


def insert_files(connection: Connection, stored: Iterable[StoredFile]) -> None:
    """Rows of files that are there on the disk; those known before stay."""
    by_hash = {one.sha256: one for one in stored}
    if not by_hash:
        return
    known = set(
        connection.execute(select(files.c.sha256).where(files.c.sha256.in_(by_hash.keys()))).scalars()
    )
    fresh = [
        {"sha256": one.sha256, "size_bytes": one.size_bytes}
        for one in by_hash.values()
        if one.sha256 not in known
    ]
    if fresh:
        connection.execute(_insert_anyway(connection), fresh)


def _insert_anyway(connection: Connection) -> Any:
    """Somebody else may keep the same file at the same moment."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as upsert
    else:
        from sqlalchemy.dialects.sqlite import insert as upsert  # type: ignore[assignment]
    return upsert(files).on_conflict_do_nothing()


def _happened(connection: Connection, rows: Sequence[Happened]) -> None:
    connection.execute(insert(audit), [audit_row(one) for one in rows])


def audit_row(one: Happened) -> dict[str, str]:
    """As the table has it."""
    return {
        "at": one.at,
        "action": one.action,
        "person_id": one.person,
        "kind": one.kind,
        "entry_id": one.entry,
        "sha256": one.sha256,
    }


def sha256(text: str) -> str:
    """Of a document."""
    return hashlib.sha256(text.encode()).hexdigest()
