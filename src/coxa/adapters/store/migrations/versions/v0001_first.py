"""The first schema: people, entries, files, the audit trail, erasures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ENTRIES = (
    "consents",
    "screens",
    "recordings",
    "motions",
    "assessments",
    "programmes",
    "sessions",
    "retests",
    "pain",
    "notes",
)
_SQLITE = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit WHEN NOT EXISTS "
    "(SELECT 1 FROM erasures WHERE subject = OLD.person_id AND done_at IS NULL) "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'DELETE' AND EXISTS "
    "(SELECT 1 FROM erasures WHERE subject = OLD.person_id AND done_at IS NULL) "
    "THEN RETURN OLD; END IF; RAISE EXCEPTION 'the audit trail is append only'; END $$",
    "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit "
    "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
)


def upgrade() -> None:
    """Make it from nothing."""
    op.create_table(
        "people",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "files",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_files"),
    )
    for name in _ENTRIES:
        _entries(name)
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("entry_id", sa.String(36), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )
    op.create_index("ix_audit_person_id", "audit", ["person_id"])
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("done_at", sa.String(27)),
        sa.Column("report", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def _entries(name: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("on_day", sa.String(10), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("provenance", sa.Text, nullable=False),
        sa.Column("replaces", sa.String(36)),
        sa.Column("file_sha256", sa.String(64)),
        sa.Column("recorded_at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("replaces", name=f"uq_{name}_replaces"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=f"fk_{name}_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_sha256"], ["files.sha256"], name=f"fk_{name}_file_sha256_files"),
    )
    op.create_index(f"ix_{name}_person_id_on_day", name, ["person_id", "on_day"])
    op.create_index(f"ix_{name}_file_sha256", name, ["file_sha256"])
