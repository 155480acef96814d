"""Records to test with: SQLite always; PostgreSQL where it is installed, in a cluster of the tests' own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from coxa.adapters.store import database
from coxa.adapters.store.records import SqlRecords


def server_programs() -> Path | None:
    """Where ``initdb`` is: on the path, or where Debian puts it."""
    named = shutil.which("initdb")
    found = [Path(named).parent] if named else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    usable = [folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return usable[-1] if usable else None


def why_no_server() -> str:
    """Empty: PostgreSQL can be started here."""
    if server_programs() is None:
        return "PostgreSQL's server is not installed"
    if os.geteuid() == 0 and (shutil.which("runuser") is None or not _known_user("postgres")):
        return "PostgreSQL does not run as root, and there is no user postgres"
    return ""


def _known_user(name: str) -> bool:
    import pwd

    return any(one.pw_name == name for one in pwd.getpwall())


@contextmanager
def cluster() -> Iterator[str]:
    """A server that listens on a socket in a folder of its own; its URL, without a database."""
    programs = server_programs()
    assert programs is not None
    # pytest's own folders are closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="coxa-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*as_user, str(programs / program), *arguments],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, program

    settings = (
        f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=40"
    )
    try:
        run("initdb", "-D", str(data), "-U", "coxa", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "-D", str(data), "-o", settings, "-w", "-l", str(folder / "log"), "start")
        try:
            yield f"postgresql://coxa@/{{database}}?host={folder}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """An empty database on the cluster."""
    name = f"t{uuid.uuid4().hex}"
    admin = database._postgresql(url.format(database="postgres")).execution_options(
        isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield url.format(database=name)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@contextmanager
def opened(folder: Path, url: str | None) -> Iterator[SqlRecords]:
    """A record, closed afterwards."""
    records = SqlRecords.open(folder, url)
    try:
        yield records
    finally:
        records.close()
