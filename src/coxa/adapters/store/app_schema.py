"""Tables of the app: who signs in, what runs in the background, sets that are under way.

They are of this server, not of a person's record: exports and backups leave them out. Secrets are kept as
hashes only.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Integer, String, Table, Text

from coxa.adapters.store.schema import metadata


def _of_person() -> Column[str]:
    return Column(
        "person_id", String(36), ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True
    )


def _of_account(**more: bool) -> Column[str]:
    return Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), **more)  # type: ignore[arg-type]


accounts = Table(
    "accounts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("login", Text, nullable=False, unique=True),  # as typed to sign in, case folded
    Column("name", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("password_hash", Text),  # argon2id; null: passkeys only
    Column("locale", String(10)),
    Column("created_at", String(27), nullable=False),
    Column("disabled_at", String(27)),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("credential_id", String(400), primary_key=True),  # base64url
    _of_account(nullable=False, index=True),
    Column("public_key", Text, nullable=False),
    Column("sign_count", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("used_at", String(27)),
)

#: Who is signed in: browsers hold the token, the table its SHA-256.
logins = Table(
    "logins",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    _of_account(nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    # While set, this browser is in a person's hands and shows that person only.
    Column("kiosk_person_id", String(36), ForeignKey("people.id", ondelete="CASCADE")),
    Column("created_at", String(27), nullable=False),
    Column("used_at", String(27), nullable=False),
    Column("expires_at", String(27), nullable=False),
)

#: Which account may see which person's record, and as what.
ties = Table(
    "ties",
    metadata,
    Column("account_id", String(36), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "person_id", String(36), ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
    Column("tie", String(20), nullable=False),
    Column("created_at", String(27), nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("person_id", String(36), ForeignKey("people.id", ondelete="CASCADE"), index=True),
    Column("role", String(20), nullable=False),
    Column("tie", String(20)),
    Column("made_by", String(36)),
    Column("created_at", String(27), nullable=False),
    Column("expires_at", String(27), nullable=False),
    Column("used_at", String(27)),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(36), primary_key=True),
    _of_person(),
    Column("account_id", String(36)),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("request", Text, nullable=False),
    Column("progress", Float, nullable=False),
    Column("message", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("started_at", String(27)),
    Column("heartbeat_at", String(27)),
    Column("finished_at", String(27)),
)

#: Sets that are under way, so that a lost connection or server loses none of them.
live_sets = Table(
    "live_sets",
    metadata,
    Column("id", String(36), primary_key=True),
    _of_person(),
    Column("kind", String(20), nullable=False),
    Column("document", Text, nullable=False),
    Column("updated_at", String(27), nullable=False),
    Column("ended_at", String(27)),
)

APP_TABLES = (accounts, passkeys, logins, ties, invitations, jobs, live_sets)
#: Those that tell of a person; the database removes their rows with the person's.
OF_PERSON = (ties, invitations, jobs, live_sets)

#: What rows of the audit trail about accounts have as their kind; their entry is the account's id.
AUDITED = "accounts"
