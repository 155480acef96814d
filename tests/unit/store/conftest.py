from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coxa.adapters.store.records import SqlRecords
from tests.support import stores


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a cluster of our own."""
    why = stores.why_no_server()
    if why:
        pytest.skip(why)
    pytest.importorskip("pg8000")
    with stores.cluster() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Of an empty database; None: SQLite in the data folder."""
    if request.param == "sqlite":
        yield None
        return
    with stores.fresh_database(request.getfixturevalue("postgresql")) as made:
        yield made


@pytest.fixture
def records(tmp_path: Path, url: str | None) -> Iterator[SqlRecords]:
    with stores.opened(tmp_path / "data", url) as made:
        yield made
