"""A server of its own for each test, asked without a network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Person
from coxa.web.app import create_app
from coxa.web.settings import ServeSettings
from coxa.web.static import Assets

HOST = "http://127.0.0.1"
PAGE = {"accept": "text/html"}


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    """An empty record."""
    opened = SqlRecords.open(tmp_path / "record")
    yield opened
    opened.close()


@pytest.fixture
def person(records: SqlRecords) -> Person:
    """Somebody of the record."""
    return records.add_person(Person("", "Anna Beispiel", date(1980, 5, 17), "female", 1.68))


@pytest.fixture
def stranger(records: SqlRecords) -> Person:
    """Somebody else of it."""
    return records.add_person(Person("", "Somebody Else"))


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    """Scripts need not be built for tests that run none."""
    folder = tmp_path / "static"
    folder.mkdir()
    return Assets(folder, "build")


@pytest.fixture
def settings(tmp_path: Path) -> ServeSettings:
    """As on one's own machine."""
    return ServeSettings(data=tmp_path / "record")


@pytest.fixture
def app(settings: ServeSettings, records: SqlRecords, assets: Assets) -> FastAPI:
    """The server."""
    return create_app(settings, records, assets)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser that follows nothing by itself; ``client.get(path, headers=PAGE)`` asks for a page."""
    with TestClient(app, base_url=HOST, follow_redirects=False) as asked:
        # Brings along what our own pages do; a test of forged requests takes it away.
        asked.headers["x-csrf-token"] = asked.get("/api/csrf").json()["csrf"]
        yield asked
