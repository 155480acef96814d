"""A person is removed: rows, files, freed pages; then it is looked whether anything is left."""

from __future__ import annotations

import hashlib
import mmap
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine, delete, func, insert, or_, select, union, update

from coxa.adapters.store import database
from coxa.adapters.store.app_schema import APP_TABLES, AUDITED, OF_PERSON, accounts, logins, passkeys, ties
from coxa.adapters.store.blobs import Blobs
from coxa.adapters.store.schema import ENTRIES, audit, erasures, files, people
from coxa.adapters.store.waiting import Waiting
from coxa.app.record import Erasure, StoredFile, canonical, now
from coxa.app.roles import Role, Tie
from coxa.model.errors import SourceError

#: Whom rows of the audit trail are about that tell of an account, not of a record.
_NOBODY = ""


def erase(engine: Engine, blobs: Blobs, waiting: Waiting, person: str) -> Erasure:
    """Remove everything of a person, with the accounts that were there for this record alone.

    The rows go in one transaction; files follow once no row names them. What a crash in between leaves is
    collected when the record is opened next.

    Raises:
        SourceError: no such person.
        OutputError: the database refuses.
    """
    at, subject = now(), hashlib.sha256(person.encode("utf-8", "surrogatepass")).hexdigest()
    with blobs.keeping(), database.writing(engine) as connection:
        name = connection.execute(select(people.c.name).where(people.c.id == person)).scalar()
        if name is None:
            raise SourceError("this person is not in the record", "see `coxa person list`")
        key = str(uuid4())
        connection.execute(
            insert(erasures), [{"id": key, "subject": person, "at": at, "done_at": None, "report": ""}]
        )
        own = _own_accounts(connection, person)
        rows = _remove_rows(connection, person)
        # The trail gives up only rows of the person who is being erased; an account's own name nobody.
        connection.execute(update(erasures).where(erasures.c.id == key).values(subject=_NOBODY))
        rows.update(_remove_accounts(connection, own))
        gone = forget_unnamed_files(connection)
        report = {"rows": dict(rows), "files": [asdict(one) for one in gone]}
        done = {"subject": subject, "done_at": now(), "report": canonical(report)}
        connection.execute(update(erasures).where(erasures.c.id == key).values(**done))
    waiting.forget(person)
    blobs.collect(lambda: _named(engine))
    _overwrite(engine)
    left = _left(engine, person) + sum(blobs.path_of(one.sha256).exists() for one in gone)
    left += waiting.of(person).exists()
    traces = _traces(engine, [person, *own])
    return Erasure(subject, at, dict(rows), tuple(gone), left, traces)


def forget_unnamed_files(connection: Connection) -> list[StoredFile]:
    """Remove rows of files that no entry names any more."""
    used = union(*(select(table.c.file_sha256) for table in ENTRIES.values())).subquery()
    unused = files.c.sha256.not_in(select(used.c.file_sha256).where(used.c.file_sha256.is_not(None)))
    gone = [StoredFile(*row) for row in connection.execute(select(files).where(unused))]
    connection.execute(delete(files).where(unused))
    return sorted(gone, key=lambda one: one.sha256)


def _remove_rows(connection: Connection, person: str) -> Counter[str]:
    removed = {
        kind.value: connection.execute(delete(table).where(table.c.person_id == person)).rowcount
        for kind, table in ENTRIES.items()
    }
    of_app = {
        table.name: connection.execute(delete(table).where(table.c.person_id == person)).rowcount
        for table in OF_PERSON
    }
    removed |= {name: count for name, count in of_app.items() if count}
    removed["audit"] = connection.execute(delete(audit).where(audit.c.person_id == person)).rowcount
    removed["people"] = connection.execute(delete(people).where(people.c.id == person)).rowcount
    return Counter(removed)


def _own_accounts(connection: Connection, person: str) -> list[str]:
    """Ids of accounts that see this record as their own, and nothing besides."""
    more = select(ties.c.account_id).where(or_(ties.c.person_id != person, ties.c.tie != Tie.SELF.value))
    query = select(accounts.c.id).join(ties, ties.c.account_id == accounts.c.id)
    query = query.where(
        ties.c.person_id == person, accounts.c.role == Role.PERSON.value, accounts.c.id.not_in(more)
    )
    return list(connection.execute(query).scalars())


def _remove_accounts(connection: Connection, own: list[str]) -> dict[str, int]:
    """With their keys, their sign-ins, and the trail of when they signed in."""
    if not own:
        return {}
    counts = {
        table.name: connection.execute(delete(table).where(table.c.account_id.in_(own))).rowcount
        for table in (passkeys, logins)
    }
    trail = audit.c.person_id == _NOBODY, audit.c.kind == AUDITED, audit.c.entry_id.in_(own)
    counts[audit.name] = connection.execute(delete(audit).where(*trail)).rowcount
    counts[accounts.name] = connection.execute(delete(accounts).where(accounts.c.id.in_(own))).rowcount
    return {name: count for name, count in counts.items() if count}


def _named(engine: Engine) -> set[str]:
    with database.reading(engine) as connection:
        return set(connection.execute(select(files.c.sha256)).scalars())


def _left(engine: Engine, person: str) -> int:
    with database.reading(engine) as connection:
        counts = [
            connection.execute(select(func.count()).where(table.c.person_id == person)).scalar_one()
            for table in (*ENTRIES.values(), *OF_PERSON, audit)
        ]
        counts.append(connection.execute(select(func.count()).where(people.c.id == person)).scalar_one())
    return sum(counts)


def _overwrite(engine: Engine) -> None:
    """Rows that were removed are in the files of a database until they are written anew."""
    with database.told_plainly(engine), engine.connect() as connection:
        raw = connection.execution_options(isolation_level="AUTOCOMMIT", coxa_alone=True)
        if engine.dialect.name == "postgresql":
            for table in (*ENTRIES.values(), *APP_TABLES, people, files, audit, erasures):
                raw.exec_driver_sql(f"VACUUM FULL {table.name}")
        else:
            raw.exec_driver_sql("VACUUM")
            raw.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _traces(engine: Engine, wanted: Iterable[str]) -> int | None:
    """How often the id, which every row bore, is still in the database's files; None: not ours to read."""
    if engine.dialect.name == "postgresql" or engine.url.database is None:
        return None
    path = Path(engine.url.database)
    return sum(
        _count(one, word.encode())
        for one in (path, path.with_name(path.name + "-wal"))
        for word in wanted
        if one.exists() and one.stat().st_size
    )


def _count(path: Path, word: bytes) -> int:
    with path.open("rb") as content, mmap.mmap(content.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        count, at = 0, mapped.find(word)
        while at >= 0:
            count, at = count + 1, mapped.find(word, at + 1)
    return count
