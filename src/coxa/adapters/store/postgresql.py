"""URLs of PostgreSQL as PostgreSQL's own programs read them, for the driver ``pg8000``."""

from __future__ import annotations

import getpass
import os
import re
import ssl
import struct
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.pg8000 import PGDialect_pg8000
from sqlalchemy.engine import URL

from coxa.model.errors import SourceError

_PORT = 5432
_LOCAL = (Path("/var/run/postgresql"), Path("/tmp"))  # noqa: S108 - where servers put their sockets
_OPTIONS = ("host", "port", "user", "dbname", "application_name", "sslmode", "sslrootcert")
#: Of one process: requests wait here, not at the database, whose own limit all processes share.
_POOL: dict[str, Any] = {"pool_size": 5, "max_overflow": 10, "pool_timeout": 10.0}
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


class Dialect(PGDialect_pg8000):
    """SQLAlchemy's own for ``pg8000``, with URLs as above, and quiet where the server is gone."""

    supports_statement_cache = True

    def create_connect_args(self, url: URL) -> Any:
        """What the driver is told."""
        return [], arguments(url)

    def connect(self, *_: Any, **told: Any) -> Any:
        """A connection.

        Raises:
            SourceError: something else answers, or a password is wanted.
        """
        try:
            return super().connect(**told)
        except ssl.SSLError:
            raise
        except AttributeError as error:
            if "password" in told:
                raise
            raise SourceError(
                "the server asks for a password", "set PGPASSWORD, or keep it in ~/.pgpass"
            ) from error
        except (LookupError, ValueError, struct.error) as error:
            raise SourceError("what answers at the URL is no PostgreSQL", "see to host and port") from error

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Whether the server is still there; the transaction that asking begins is ended."""
        try:
            super().do_ping(dbapi_connection)
            dbapi_connection.rollback()
        except OSError as error:
            raise self.loaded_dbapi.InterfaceError("network error") from error
        return True

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """Send a statement whole: the driver would stop within it at a text that is none, and mix answers."""
        _require_text(parameters)
        super().do_execute(cursor, statement, parameters, context)  # type: ignore[no-untyped-call]

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """The same of many."""
        for one in parameters:
            _require_text(one)
        super().do_executemany(cursor, statement, parameters, context)  # type: ignore[no-untyped-call]

    def do_close(self, dbapi_connection: Any) -> None:
        """Let go; a server that has hung up is not told so."""
        with suppress(self.loaded_dbapi.Error, OSError):
            super().do_close(dbapi_connection)  # type: ignore[no-untyped-call]


def _require_text(parameters: Any) -> None:
    """UnicodeEncodeError: a lone surrogate is in one."""
    for one in parameters.values() if isinstance(parameters, Mapping) else parameters or ():
        if isinstance(one, str):
            one.encode()


registry.register("postgresql.coxa", __name__, "Dialect")


def engine_of(url: URL) -> Engine:
    """An engine that connects as the URL says.

    Raises:
        SourceError: it has an option that Coxa does not know.
        ImportError: the driver is not installed.
    """
    return create_engine(url.set(drivername="postgresql+coxa"), pool_pre_ping=True, **_POOL)


def arguments(url: URL) -> dict[str, Any]:
    """What the driver is to be told.

    Args:
        url: of the database; what it leaves out is as PostgreSQL's own programs have it: the user of this
            account, its name as the database, the server's local socket, a password from ``PGPASSWORD`` or
            from ``~/.pgpass``.

    Raises:
        SourceError: it has an option that Coxa does not know, or a value that cannot be.
    """
    options = _options(url)
    user = url.username or options.get("user") or os.environ.get("PGUSER") or getpass.getuser()
    database = url.database or options.get("dbname") or user
    port = _port(url.port or options.get("port") or _PORT)
    host = url.host or options.get("host") or _local(port)
    told: dict[str, Any] = {"user": user, "database": database}
    if host.startswith("/"):
        told |= {"unix_sock": f"{host}/.s.PGSQL.{port}", "ssl_context": False}
    else:
        told |= {"host": host, "port": port, "ssl_context": _ssl(options)}
    password = url.password or os.environ.get("PGPASSWORD") or _kept_password(host, port, database, user)
    if password:
        told["password"] = str(password)
    if options.get("application_name"):
        told["application_name"] = options["application_name"]
    return told


def _options(url: URL) -> dict[str, str]:
    found = {}
    for name, value in url.query.items():
        if name not in _OPTIONS or not isinstance(value, str):
            raise SourceError(
                f"the URL of the database has {name!r:.40}, which Coxa does not know or has twice",
                f"leave it out; Coxa knows {', '.join(_OPTIONS)}",
            )
        found[name] = value
    return found


def _port(told: int | str) -> int:
    if not re.fullmatch("[0-9]{1,5}", str(told)) or not 0 < int(told) < 65536:
        raise SourceError("the URL of the database has a port that cannot be", "name one of 1 to 65535")
    return int(told)


def _local(port: int) -> str:
    there = (str(folder) for folder in _LOCAL if (folder / f".s.PGSQL.{port}").exists())
    return os.environ.get("PGHOST") or next(there, "localhost")


def _ssl(options: dict[str, str]) -> ssl.SSLContext | bool | None:
    """False: never; None: where the server has it; True: always, whoever answers; or who may answer."""
    mode = options.get("sslmode") or os.environ.get("PGSSLMODE") or "prefer"
    if mode not in _SSL_MODES:
        raise SourceError(f"sslmode {mode!r:.40} is not known", f"say one of {', '.join(_SSL_MODES)}")
    if not mode.startswith("verify"):
        return {"disable": False, "require": True}.get(mode)
    try:
        context = ssl.create_default_context(cafile=options.get("sslrootcert"))
    except OSError as error:
        raise SourceError("sslrootcert of the URL cannot be read", "name a file of certificates") from error
    context.check_hostname = mode == "verify-full"
    return context


def _kept_password(host: str, port: int, database: str, user: str) -> str | None:
    """From the password file of the account, which only its owner may read."""
    path = Path(os.environ.get("PGPASSFILE") or Path.home() / ".pgpass")
    try:
        if path.stat().st_mode & 0o077:
            return None
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    wanted = ("localhost" if host.startswith("/") else host, str(port), database, user)
    for line in lines:
        parts = [re.sub(r"\\(.)", r"\1", part) for part in re.findall(r"((?:\\.|[^:\\])*)(?::|$)", line)][:5]
        if len(parts) == 5 and all(a in ("*", b) for a, b in zip(parts, wanted, strict=False)):
            return parts[4]
    return None
