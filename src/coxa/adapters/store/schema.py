"""Tables of the record. A change here needs a migration; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

from coxa.app.record import Kind

#: The newest migration in ``migrations/versions``.
HEAD = "0002"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

people = Table(
    "people",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("recorded_at", String(27), nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
)


def _entries(kind: Kind) -> Table:
    table = Table(
        kind.value,
        metadata,
        Column("id", String(36), primary_key=True),
        Column("person_id", String(36), ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
        Column("on_day", String(10), nullable=False),
        Column("label", Text, nullable=False),
        Column("document", Text, nullable=False),
        Column("provenance", Text, nullable=False),
        Column("replaces", String(36), unique=True),
        Column("file_sha256", String(64), ForeignKey("files.sha256")),
        Column("recorded_at", String(27), nullable=False),
    )
    Index(None, table.c.person_id, table.c.on_day)
    Index(None, table.c.file_sha256)
    return table


#: Tables of entries, by their kind.
ENTRIES = {kind: _entries(kind) for kind in Kind}

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", String(27), nullable=False),
    Column("action", String(20), nullable=False),
    Column("person_id", String(36), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("entry_id", String(36), nullable=False),
    Column("sha256", String(64), nullable=False),
)

#: While one runs, ``subject`` is the person's id; afterwards its SHA-256.
erasures = Table(
    "erasures",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("subject", String(64), nullable=False),
    Column("at", String(27), nullable=False),
    Column("done_at", String(27)),
    Column("report", Text, nullable=False),
)
