"""A database that is there, of the newest schema, and writes nothing half."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, SQLAlchemyError

from coxa.adapters.store.postgresql import engine_of
from coxa.adapters.store.schema import HEAD
from coxa.model.errors import OutputError, SourceError

_NAME = "record.sqlite"
_WAIT_MS = 30_000
_ADVISORY_LOCK = 0x636F7861  # "coxa"
_URL = "give a URL such as postgresql://USER@HOST/DATABASE, or none for SQLite in the data folder"


def data_folder(told: Path | None = None) -> Path:
    """Where the record is: as told, by ``COXA_DATA``, or in the user's own data folder."""
    if told is not None:
        return told
    if os.environ.get("COXA_DATA"):
        return Path(os.environ["COXA_DATA"])
    from platformdirs import user_data_path

    return user_data_path("coxa")


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner may look into.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise OutputError(
            f"cannot make the data folder {folder}: {error.strerror}", "set COXA_DATA to a folder of yours"
        ) from error


def connect(folder: Path, database: str | None = None) -> Engine:
    """The database, with the newest schema.

    Args:
        folder: of the data; SQLite's file is in it.
        database: URL of PostgreSQL; None: SQLite.

    Raises:
        SourceError: no such database, no answer, or one that a newer Coxa made.
        OutputError: it cannot be written.
    """
    engine = _sqlite(folder / _NAME) if not database else _postgresql(database)
    with told_plainly(engine):
        migrate(engine)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database throughout."""
    level: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if _is_postgresql(engine) else {}
    with (
        told_plainly(engine),
        engine.connect().execution_options(**level) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction: all of it is kept when the block ends, or nothing."""
    with (
        told_plainly(engine),
        engine.connect().execution_options(coxa_writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def told_plainly(engine: Engine) -> Iterator[None]:
    """What the database refuses, as a refusal of Coxa's, without passwords."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise SourceError("the record holds text; this is none", "leave lone surrogates out") from error
    except (SQLAlchemyError, ConnectionError, TimeoutError, ssl.SSLError) as error:
        where = engine.url.set(drivername=engine.dialect.name).render_as_string(hide_password=True)
        why = _why(error)
        if isinstance(error, DatabaseError) and "not a database" in why:
            raise SourceError(f"{where}: this is no SQLite database", "restore a backup of it") from error
        raise OutputError(
            f"the record {where} refuses: {why:.200}", "see that it is there, with room"
        ) from error


def _why(error: Exception) -> str:
    """In one line; pg8000 gives the server's words by letters, and may hide them behind the hanging up."""
    fault: BaseException = getattr(error, "orig", None) or error
    said = (str(fault).strip() or type(fault).__name__) + (f" ({fault.__cause__})" if fault.__cause__ else "")
    behind: BaseException | None = fault
    while behind is not None:
        if behind.args and isinstance(behind.args[0], dict) and "M" in behind.args[0]:
            said = str(behind.args[0]["M"])
            break
        behind = behind.__cause__ or behind.__context__
    return said.strip().splitlines()[0]


def migrate(engine: Engine, revision: str = HEAD) -> None:
    """Bring the schema up to a revision, in one transaction; others wait.

    Raises:
        SourceError: a newer Coxa made it.
    """
    with engine.connect() as connection:
        if _revision(connection) == revision:
            return
    with engine.connect().execution_options(coxa_writes=True) as connection, connection.begin():
        if _is_postgresql(engine):
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        found = _revision(connection)
        if found is not None and found > HEAD:
            raise SourceError(
                f"the record is of version {found}, this Coxa knows up to {HEAD}", "use a newer Coxa"
            )
        if found != revision:
            _upgrade(connection, revision)


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _revision(connection: Connection) -> str | None:
    """Of the schema that is there; None: none is."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _sqlite(path: Path) -> Engine:
    private_folder(path.parent)
    if not path.exists():
        # Made before SQLite does, so that nobody else may read it.
        path.touch(mode=0o600)
    engine = create_engine(URL.create("sqlite", database=str(path)))
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    """SQLite's own habits: durable at every commit, freed pages overwritten, nobody refused at once."""
    connection.isolation_level = None  # transactions begin where _begin says so
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_WAIT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Who means to write takes the lock first: it cannot be refused half-way."""
    options = connection.get_execution_options()
    if not options.get("coxa_alone"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("coxa_writes") else "BEGIN")


def _postgresql(database: str) -> Engine:
    try:
        url = make_url(database)
        if url.get_backend_name() != "postgresql":
            raise SourceError(f"{url.drivername!r:.40} is no database Coxa knows", _URL)
        return engine_of(url)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise SourceError("the URL of the database cannot be read", _URL) from error
    except ImportError as error:
        raise SourceError("PostgreSQL needs the package pg8000", "pip install 'coxa[postgresql]'") from error


def _is_postgresql(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"
