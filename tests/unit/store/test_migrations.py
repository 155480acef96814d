from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from coxa.adapters.store import database
from coxa.adapters.store.records import SqlRecords
from coxa.adapters.store.schema import HEAD, metadata
from coxa.app.record import Kind
from tests.support import stores

SCRIPTS = ScriptDirectory(str(Path(database.__file__).parent / "migrations"))
RELEASED = [script.revision for script in SCRIPTS.walk_revisions()][::-1]
FILLED = Path(__file__).parent / "released"


def test_the_newest_migration_is_the_one_that_is_asked_for() -> None:
    assert SCRIPTS.get_heads() == [HEAD]
    assert {path.stem for path in FILLED.glob("*.sql")} == set(RELEASED)


def test_migrations_make_what_the_tables_say(records: SqlRecords) -> None:
    with records.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.parametrize("revision", RELEASED)
def test_what_an_older_coxa_kept_is_read(tmp_path: Path, url: str | None, revision: str) -> None:
    """``released/REVISION.sql`` fills a record as the Coxa of that schema did; it is never changed."""
    folder = tmp_path / "data"
    engine = database._sqlite(folder / "record.sqlite") if url is None else database._postgresql(url)
    database.migrate(engine, revision)
    with database.writing(engine) as connection:
        for statement in (FILLED / f"{revision}.sql").read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                connection.execute(text(statement.replace(":", "\\:")))
    engine.dispose()
    with stores.opened(folder, url) as records:
        (person,) = records.people()
        assert person.name == "Zoë Ώρα"
        assert {kind: len(records.entries(person.id, kind)) for kind in Kind} == dict.fromkeys(Kind, 1)
        assert len(records.audit(person.id)) == 1


def test_two_who_open_a_new_record_at_once_both_get_it(tmp_path: Path, url: str | None) -> None:
    made, faults = [], []

    def run() -> None:
        try:
            made.append(SqlRecords.open(tmp_path / "data", url))
        except Exception as error:  # noqa: BLE001
            faults.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    for one in made:
        assert one.people() == []
        one.close()
