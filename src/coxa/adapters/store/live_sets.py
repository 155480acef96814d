"""Live sets in the database: the newest state of each, so that a restarted server goes on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict

from sqlalchemy import Engine, bindparam, delete, insert, select, update

from coxa.adapters.store import database
from coxa.adapters.store.app_schema import live_sets
from coxa.app.live_sets import KeptSet

_FOLLOWING = (
    update(live_sets)
    .where(live_sets.c.id == bindparam("key"), live_sets.c.updated_at == bindparam("since"))
    .values(document=bindparam("state"), updated_at=bindparam("at"), ended_at=bindparam("end"))
)


class SqlLiveSets:
    """The :class:`coxa.app.live_sets.LiveSetStore` of a database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, kept: KeptSet) -> None:
        """Keep a set that is new.

        Raises:
            OutputError: it cannot be written, or its person is gone.
        """
        row = {"person_id": kept.person, **asdict(kept)}
        del row["person"], row["since"]
        with database.writing(self._engine) as connection:
            connection.execute(insert(live_sets), [row])

    def put(self, kept: Sequence[KeptSet]) -> Collection[str]:
        """Keep states that follow what is there, in one transaction.

        Returns:
            Ids of those that do not, or whose row is gone: they stay as they are.

        Raises:
            OutputError: they cannot be written.
        """
        refused: set[str] = set()
        if not kept:
            return refused
        # In one order, so that two servers never wait for each other.
        rows = sorted(kept, key=lambda one: one.id)
        with database.writing(self._engine) as connection:
            for one in rows:
                told = {
                    "key": one.id,
                    "since": one.since,
                    "state": one.document,
                    "at": one.updated_at,
                    "end": one.ended_at,
                }
                if not connection.execute(_FOLLOWING, told).rowcount:
                    refused.add(one.id)
        return refused

    def get(self, person: str, key: str) -> KeptSet | None:
        """One of a person; None: there is none."""
        query = select(live_sets).where(live_sets.c.id == key, live_sets.c.person_id == person)
        with database.reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        return KeptSet(
            row["id"], row["person_id"], row["kind"], row["document"], row["updated_at"], row["ended_at"]
        )

    def forget(self, before: str) -> None:
        """Remove those not written since a time."""
        with database.writing(self._engine) as connection:
            connection.execute(delete(live_sets).where(live_sets.c.updated_at < before))
