"""The app: accounts, passkeys, sign-ins, ties, invitations, jobs, live sets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Tables of their own; nothing that was there changes."""
    _make(
        "accounts",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("locale", sa.String(10)),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("disabled_at", sa.String(27)),
        sa.UniqueConstraint("login", name="uq_accounts_login"),
        key=("id",),
    )
    _make(
        "passkeys",
        sa.Column("credential_id", sa.String(400), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("sign_count", sa.Integer, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("used_at", sa.String(27)),
        _to("passkeys", "account_id", "accounts"),
        key=("credential_id",),
        indexed=("account_id",),
    )
    _make(
        "logins",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("kiosk_person_id", sa.String(36)),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("used_at", sa.String(27), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=False),
        _to("logins", "account_id", "accounts"),
        _to("logins", "kiosk_person_id", "people"),
        key=("token_sha256",),
        indexed=("account_id",),
    )
    _make(
        "ties",
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("tie", sa.String(20), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        _to("ties", "account_id", "accounts"),
        _to("ties", "person_id", "people"),
        key=("account_id", "person_id"),
        indexed=("person_id",),
    )
    _make(
        "invitations",
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(36)),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("tie", sa.String(20)),
        sa.Column("made_by", sa.String(36)),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=False),
        sa.Column("used_at", sa.String(27)),
        _to("invitations", "person_id", "people"),
        key=("token_sha256",),
        indexed=("person_id",),
    )
    _make(
        "jobs",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(36)),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("progress", sa.Float, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("started_at", sa.String(27)),
        sa.Column("heartbeat_at", sa.String(27)),
        sa.Column("finished_at", sa.String(27)),
        _to("jobs", "person_id", "people"),
        key=("id",),
        indexed=("person_id", "state"),
    )
    _make(
        "live_sets",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("person_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("updated_at", sa.String(27), nullable=False),
        sa.Column("ended_at", sa.String(27)),
        _to("live_sets", "person_id", "people"),
        key=("id",),
        indexed=("person_id",),
    )


def _make(
    name: str,
    *parts: sa.Column[object] | sa.Constraint,
    key: tuple[str, ...],
    indexed: tuple[str, ...] = (),
) -> None:
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))
    for column in indexed:
        op.create_index(f"ix_{name}_{column}", name, [column])


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", ondelete="CASCADE"
    )
