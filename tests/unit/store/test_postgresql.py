from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from coxa.adapters.store import database, postgresql
from coxa.adapters.store.records import SqlRecords
from coxa.model.errors import CoxaError, OutputError, SourceError
from tests.support import stores


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An account that has set nothing, on a machine without a server."""
    for name in ("PGUSER", "PGHOST", "PGPASSWORD", "PGSSLMODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    monkeypatch.setattr(postgresql, "_LOCAL", (tmp_path,))
    monkeypatch.setattr("getpass.getuser", lambda: "zoe")


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """The port of something that listens, says a word at most, and hangs up."""

    def serve() -> None:
        there, _ = server.accept()
        with there:
            there.recv(8)
            there.sendall(answer)
            there.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                while there.recv(4096):
                    pass

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            thread.join(0.2)  # who was refused may hold the line until it is collected


def told(url: str) -> dict[str, Any]:
    return postgresql.arguments(make_url(url))


def password(url: str) -> Any:
    return told(url).get("password")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://me@/d?host=/x", {"user": "me", "database": "d", "unix_sock": "/x/.s.PGSQL.5432"}),
        ("postgresql:///d?host=/run/x&port=5433", {"user": "zoe", "unix_sock": "/run/x/.s.PGSQL.5433"}),
        ("postgresql://me:ge@h:5434/d", {"host": "h", "port": 5434, "password": "ge", "ssl_context": None}),
        ("postgresql://h", {"user": "zoe", "database": "zoe", "host": "h", "port": 5432}),
        ("postgresql://me@/d?host=h&sslmode=disable", {"host": "h", "ssl_context": False}),
        ("postgresql://me@h/d?sslmode=require", {"ssl_context": True}),
        ("postgresql://", {"user": "zoe", "database": "zoe", "host": "localhost"}),
    ],
)  # fmt: skip
def test_urls_mean_what_they_mean_to_postgresql(url: str, expected: dict[str, Any]) -> None:
    found = told(url)
    assert {name: found[name] for name in expected} == expected


def test_the_local_socket_is_found(tmp_path: Path) -> None:
    (tmp_path / ".s.PGSQL.5432").touch()
    assert told("postgresql:///d")["unix_sock"] == f"{tmp_path}/.s.PGSQL.5432"


def test_certificates_are_checked_where_asked() -> None:
    full = told("postgresql://h/d?sslmode=verify-full")["ssl_context"]
    assert (full.check_hostname, full.verify_mode) == (True, ssl.CERT_REQUIRED)
    ours = told("postgresql://h/d?sslmode=verify-ca")["ssl_context"]
    assert (ours.check_hostname, ours.verify_mode) == (False, ssl.CERT_REQUIRED)


def test_passwords_of_the_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept = tmp_path / "pgpass"
    kept.write_text("# ours\nother:*:*:*:no\nh:*:d\\:d:me:ge\\:heim\\\\\nlocalhost:5432:*:*:here\n")
    kept.chmod(0o600)
    assert password("postgresql://me@h/d%3Ad") == "ge:heim\\"
    assert password("postgresql://me@/d?host=/run/x") == "here"
    assert password("postgresql://you@h/d") is None
    assert password("postgresql://me:said@h/d") == "said"
    kept.chmod(0o644)
    assert password("postgresql://me@/d?host=/run/x") is None
    monkeypatch.setenv("PGPASSWORD", "set")
    assert password("postgresql://me@h/d") == "set"


@pytest.mark.parametrize(
    "bad",
    [
        "?password=geheim",
        "?host=a&host=b",
        "?sslmode=x",
        "?port=0",
        "?port=x",
        "?sslmode=verify-ca&sslrootcert=no",
    ],
)
def test_options_that_are_not_known_are_refused(tmp_path: Path, bad: str) -> None:
    pytest.importorskip("pg8000")
    with pytest.raises(SourceError) as refused:
        SqlRecords.open(tmp_path, f"postgresql://me@/d{bad}")
    assert "geheim" not in str(refused.value)


def test_a_server_that_refuses_is_quoted(tmp_path: Path, postgresql: str) -> None:
    with pytest.raises(OutputError, match='database "nowhere" does not exist') as refused:
        SqlRecords.open(tmp_path, postgresql.format(database="nowhere"))
    assert "{" not in str(refused.value)


def test_a_connection_that_was_lost_is_made_again(tmp_path: Path, capfd: Any, postgresql: str) -> None:
    hang_up = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                   " AND pid <> pg_backend_pid()")  # fmt: skip
    with (
        stores.fresh_database(postgresql) as url,
        stores.opened(tmp_path, url) as records,
        stores.opened(tmp_path, url) as other,
    ):
        assert records.people() == []
        with database.writing(other.engine) as connection:
            connection.execute(hang_up)
        assert records.people() == []
        with pytest.raises(OutputError), database.writing(records.engine) as used:
            used.execute(text("SELECT 1"))
            with database.writing(other.engine) as connection:
                connection.execute(hang_up)
            used.execute(text("SELECT 1"))
        assert records.people() == []
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("method", "more"), [(3, b""), (5, b"salt"), (10, b"SCRAM-SHA-256\0\0")])
def test_a_password_that_is_wanted_is_asked_for(tmp_path: Path, method: int, more: bytes) -> None:
    pytest.importorskip("pg8000")
    wanted = b"R" + struct.pack("!ii", 8 + len(more), method) + more
    with pytest.raises(CoxaError, match="password"), answering(b"N" + wanted) as port:
        SqlRecords.open(tmp_path, f"postgresql://me@127.0.0.1:{port}/d")


def test_a_socket_that_is_not_there_is_named(tmp_path: Path) -> None:
    pytest.importorskip("pg8000")
    with pytest.raises(OutputError, match="No such file"):
        SqlRecords.open(tmp_path, f"postgresql://me@/d?host={tmp_path}")


@pytest.mark.parametrize("answer", [b"", b"N", b"S", b"HTTP/1.1 400 no\r\n\r\n", b"N?\0\0\0\4"])
def test_what_is_no_server_is_refused(tmp_path: Path, answer: bytes) -> None:
    pytest.importorskip("pg8000")
    with pytest.raises(CoxaError), answering(answer) as port:
        SqlRecords.open(tmp_path, f"postgresql://me:geheim@127.0.0.1:{port}/d")
