"""Accounts in the record's database. Values are parameters, never part of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, Row, Table, delete, insert, select, update

from coxa.adapters.store import database
from coxa.adapters.store.app_schema import AUDITED, accounts, invitations, logins, passkeys, ties
from coxa.adapters.store.records import audit_row, person_row
from coxa.adapters.store.schema import audit, people
from coxa.app.accounts import (
    Account,
    Invitation,
    Login,
    Passkey,
    clean_login,
)
from coxa.app.record import Happened, Person, now
from coxa.app.roles import Role, Tie
from coxa.model.errors import SourceError


class SqlAccounts:
    """The :class:`coxa.app.accounts.Accounts` of a database.

    Args:
        engine: of a database with the newest schema.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, account: Account, password_hash: str | None) -> Account:
        """Keep a new one.

        Raises:
            SourceError: the login is taken.
        """
        with database.writing(self._engine) as connection:
            _insert(connection, account, password_hash)
        return account

    def everybody(self) -> list[Account]:
        """All, by login."""
        with database.reading(self._engine) as connection:
            return [_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.login))]

    def by_id(self, key: str) -> Account | None:
        """The one of this id."""
        return self._one(accounts.c.id == key)

    def by_login(self, login: str) -> Account | None:
        """The one of this login, however it is written."""
        try:
            return self._one(accounts.c.login == clean_login(login))
        except SourceError:
            return None

    def _one(self, which: Any) -> Account | None:
        with database.reading(self._engine) as connection:
            row = connection.execute(select(accounts).where(which)).first()
        return None if row is None else _account(row)

    def password_hash(self, key: str) -> str | None:
        """What is kept of its password; None: it has none."""
        with database.reading(self._engine) as connection:
            found = connection.execute(select(accounts.c.password_hash).where(accounts.c.id == key)).scalar()
        return None if found is None else str(found)

    def set_password(self, key: str, password_hash: str | None) -> None:
        """Replace it."""
        self._set(accounts, accounts.c.id == key, password_hash=password_hash)

    def set_shown(self, key: str, name: str, locale: str | None) -> None:
        """Replace name and language."""
        self._set(accounts, accounts.c.id == key, name=name, locale=locale)

    def set_disabled(self, key: str, disabled: bool) -> None:
        """Let an account sign in no more, or again; who is signed in is signed out.

        Raises:
            SourceError: no administrator would be left.
        """
        with database.writing(self._engine) as connection:
            connection.execute(
                update(accounts).where(accounts.c.id == key).values(disabled_at=now() if disabled else None)
            )
            if disabled:
                connection.execute(delete(logins).where(logins.c.account_id == key))
                self._require_admin(connection, key)

    def remove(self, key: str) -> None:
        """Remove an account with its keys, sign-ins and ties; records of people stay.

        Raises:
            SourceError: no administrator would be left.
        """
        with database.writing(self._engine) as connection:
            self._require_admin(connection, key)
            connection.execute(delete(accounts).where(accounts.c.id == key))

    def _require_admin(self, connection: Connection, without: str) -> None:
        role = connection.execute(select(accounts.c.role).where(accounts.c.id == without)).scalar()
        others = select(accounts.c.id).where(
            accounts.c.role == Role.ADMIN.value, accounts.c.disabled_at.is_(None), accounts.c.id != without
        )
        if role == Role.ADMIN.value and connection.execute(others).first() is None:
            raise SourceError("this is the only administrator", "invite another one first")

    def begin(self, login: Login) -> None:
        """Somebody signed in; what is over is cleared away."""
        row = asdict(login)
        row["account_id"], row["kiosk_person_id"] = row.pop("account"), row.pop("kiosk")
        with database.writing(self._engine) as connection:
            connection.execute(delete(logins).where(logins.c.expires_at <= login.created_at))
            connection.execute(insert(logins), [row])

    def signed_in(self, token_sha256: str) -> tuple[Login, Account, Mapping[str, Tie]] | None:
        """Who holds a token: the sign-in, the account, its ties; None: nobody, or one that is disabled."""
        with database.reading(self._engine) as connection:
            login = connection.execute(select(logins).where(logins.c.token_sha256 == token_sha256)).first()
            if login is None:
                return None
            which = accounts.c.id == login.account_id, accounts.c.disabled_at.is_(None)
            account = connection.execute(select(accounts).where(*which)).first()
            if account is None:
                return None
            return _login(login), _account(account), _ties(connection, account.id)

    def used(self, token_sha256: str) -> None:
        """A sign-in was used now."""
        self._set(logins, logins.c.token_sha256 == token_sha256, used_at=now())

    def logins_of(self, account: str) -> list[Login]:
        """Where somebody is signed in, newest first."""
        query = select(logins).where(logins.c.account_id == account, logins.c.expires_at > now())
        with database.reading(self._engine) as connection:
            return [_login(row) for row in connection.execute(query.order_by(logins.c.used_at.desc()))]

    def end(self, token_sha256: str) -> None:
        """They signed out."""
        self._delete(logins, logins.c.token_sha256 == token_sha256)

    def hand_over(self, token_sha256: str, person: str | None) -> None:
        """The browser goes into a person's hands and shows that person only; None: back again."""
        self._set(logins, logins.c.token_sha256 == token_sha256, kiosk_person_id=person)

    def end_all(self, account: str, but: str | None = None) -> int:
        """Signed out everywhere (but in one browser); returns from how many."""
        return self._delete(logins, logins.c.account_id == account, logins.c.token_sha256 != (but or ""))

    def add_passkey(self, passkey: Passkey) -> None:
        """Keep one.

        Raises:
            SourceError: it is known already.
        """
        row = asdict(passkey)
        row["account_id"] = row.pop("account")
        same = select(passkeys.c.account_id).where(passkeys.c.credential_id == passkey.credential_id)
        with database.writing(self._engine) as connection:
            if connection.execute(same).first() is not None:
                raise SourceError("this passkey is known already", "sign in with it")
            connection.execute(insert(passkeys), [row])

    def passkeys_of(self, account: str) -> list[Passkey]:
        """Of one account, oldest first."""
        query = select(passkeys).where(passkeys.c.account_id == account).order_by(passkeys.c.created_at)
        with database.reading(self._engine) as connection:
            return [_passkey(row) for row in connection.execute(query)]

    def passkey(self, credential_id: str) -> Passkey | None:
        """The one of this id."""
        query = select(passkeys).where(passkeys.c.credential_id == credential_id)
        with database.reading(self._engine) as connection:
            row = connection.execute(query).first()
        return None if row is None else _passkey(row)

    def used_passkey(self, credential_id: str, sign_count: int) -> None:
        """It signed somebody in now."""
        which = passkeys.c.credential_id == credential_id
        self._set(passkeys, which, sign_count=sign_count, used_at=now())

    def remove_passkey(self, account: str, credential_id: str) -> bool:
        """Remove one of an account; False: it has none of this id."""
        gone = self._delete(
            passkeys, passkeys.c.account_id == account, passkeys.c.credential_id == credential_id
        )
        return gone > 0

    def ties_of(self, account: str) -> Mapping[str, Tie]:
        """Whose records it may see, as what."""
        with database.reading(self._engine) as connection:
            return _ties(connection, account)

    def tie(self, account: str, person: str, tie: Tie) -> None:
        """Let an account see a person's record, as what; another tie of the two is replaced."""
        with database.writing(self._engine) as connection:
            _untie(connection, account, person)
            _tie(connection, account, person, tie)

    def untie(self, account: str, person: str) -> None:
        """Let it see the record no more."""
        with database.writing(self._engine) as connection:
            _untie(connection, account, person)

    def clinicians_of(self, person: str) -> list[Account]:
        """Whom the person, or an invitation, lets see the record as a clinician; by name."""
        query = select(accounts).join(ties, ties.c.account_id == accounts.c.id)
        query = query.where(ties.c.person_id == person, ties.c.tie == Tie.CLINICIAN.value)
        with database.reading(self._engine) as connection:
            found = [_account(row) for row in connection.execute(query)]
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))

    def invite(self, invitation: Invitation) -> None:
        """Keep an invitation."""
        row = {**asdict(invitation), "person_id": invitation.person, "used_at": None}
        del row["person"]
        row["role"] = invitation.role.value
        row["tie"] = None if invitation.tie is None else invitation.tie.value
        with database.writing(self._engine) as connection:
            connection.execute(insert(invitations), [row])

    def invitation(self, token_sha256: str) -> Invitation | None:
        """One that is still good."""
        query = select(invitations).where(invitations.c.token_sha256 == token_sha256, *_good())
        with database.reading(self._engine) as connection:
            row = connection.execute(query).first()
        return None if row is None else _invitation(row)

    def open_invitations(self, made_by: str | None = None) -> Sequence[Invitation]:
        """Those that are still good, newest first; of one account, if named."""
        query = select(invitations).where(*_good()).order_by(invitations.c.created_at.desc())
        if made_by is not None:
            query = query.where(invitations.c.made_by == made_by)
        with database.reading(self._engine) as connection:
            return [_invitation(row) for row in connection.execute(query)]

    def withdraw(self, token_sha256: str) -> None:
        """An invitation is good no more."""
        self._delete(invitations, invitations.c.token_sha256 == token_sha256)

    def accept(
        self, token_sha256: str, account: Account, password_hash: str | None, fresh: Person | None
    ) -> Account | None:
        """Make the account of an invitation, once, with its tie; None: it is not good any more.

        Args:
            token_sha256: of the invitation.
            account: to make.
            password_hash: of it.
            fresh: a person to keep with it, where the invitation names none.

        Raises:
            SourceError: the login is taken.
        """
        good = invitations.c.token_sha256 == token_sha256, *_good()
        with database.writing(self._engine) as connection:
            row = connection.execute(select(invitations).where(*good)).first()
            if (
                row is None
                or not connection.execute(update(invitations).where(*good).values(used_at=now())).rowcount
            ):
                return None
            _insert(connection, account, password_hash)
            found = _invitation(row)
            person = found.person or _add_person(connection, fresh)
            if person is not None and found.tie is not None:
                _tie(connection, account.id, person, found.tie)
        return account

    def note(self, action: str, account: str, person: str = "") -> None:
        """A row of the audit trail: which account did what, without words."""
        with database.writing(self._engine) as connection:
            happened = Happened(now(), action, person, AUDITED, account)
            connection.execute(insert(audit), [audit_row(happened)])

    def _set(self, table: Table, which: Any, **values: Any) -> None:
        with database.writing(self._engine) as connection:
            connection.execute(update(table).where(which).values(**values))

    def _delete(self, table: Table, *which: Any) -> int:
        with database.writing(self._engine) as connection:
            return connection.execute(delete(table).where(*which)).rowcount


def _insert(connection: Connection, account: Account, password_hash: str | None) -> None:
    same = select(accounts.c.id).where(accounts.c.login == account.login)
    if connection.execute(same).first() is not None:
        raise SourceError("this login is taken", "choose another one")
    row = {**asdict(account), "role": account.role.value, "password_hash": password_hash}
    connection.execute(insert(accounts), [row])


def _add_person(connection: Connection, fresh: Person | None) -> str | None:
    if fresh is None:
        return None
    kept = replace(fresh, id=str(uuid4()), recorded_at=now())
    connection.execute(insert(people), [person_row(kept)])
    happened = Happened(kept.recorded_at, "added", kept.id, "people")
    connection.execute(insert(audit), [audit_row(happened)])
    return kept.id


def _tie(connection: Connection, account: str, person: str, tie: Tie) -> None:
    row = {"account_id": account, "person_id": person, "tie": tie.value, "created_at": now()}
    connection.execute(insert(ties), [row])


def _untie(connection: Connection, account: str, person: str) -> None:
    connection.execute(delete(ties).where(ties.c.account_id == account, ties.c.person_id == person))


def _ties(connection: Connection, account: str) -> Mapping[str, Tie]:
    query = select(ties.c.person_id, ties.c.tie).where(ties.c.account_id == account)
    return {row.person_id: Tie(row.tie) for row in connection.execute(query)}


def _good() -> tuple[Any, Any]:
    return invitations.c.used_at.is_(None), invitations.c.expires_at > now()


def _account(row: Row[Any]) -> Account:
    return Account(row.id, row.login, row.name, Role(row.role), row.locale, row.created_at, row.disabled_at)


def _login(row: Row[Any]) -> Login:
    return Login(
        row.token_sha256,
        row.account_id,
        row.csrf,
        row.created_at,
        row.used_at,
        row.expires_at,
        row.kiosk_person_id,
    )


def _passkey(row: Row[Any]) -> Passkey:
    return Passkey(
        row.credential_id,
        row.account_id,
        row.public_key,
        row.sign_count,
        row.label,
        row.created_at,
        row.used_at,
    )


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(
        row.token_sha256,
        Role(row.role),
        row.person_id,
        None if row.tie is None else Tie(row.tie),
        row.made_by,
        row.created_at,
        row.expires_at,
    )
