"""Accounts: who signs in, and how one comes to have one. The :class:`Accounts` port keeps them."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from coxa.app.record import Person, clean_name, new_id, now
from coxa.app.roles import Role, Tie
from coxa.model.errors import SourceError
from coxa.specs.access import AccessSpec, PasswordSpec

_LONGEST_LOGIN = 100


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in.

    Attributes:
        id: a UUID.
        login: as typed to sign in, case folded.
        name: as shown.
        role: of it.
        locale: language; None: the browser's.
        created_at: UTC.
        disabled_at: UTC; None: it may sign in.
    """

    id: str
    login: str
    name: str
    role: Role
    locale: str | None = None
    created_at: str = ""
    disabled_at: str | None = None


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key of somebody's device; the public half.

    Attributes:
        credential_id: base64url.
        account: id.
        public_key: COSE, base64url.
        sign_count: told by the device last; a smaller one later means a copy.
        label: by which its owner knows it.
        created_at: UTC.
        used_at: UTC; None: never.
    """

    credential_id: str
    account: str
    public_key: str
    sign_count: int
    label: str
    created_at: str
    used_at: str | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who is signed in, in one browser.

    Attributes:
        token_sha256: of the token that the browser holds.
        account: id.
        csrf: token that its pages bring along with every change.
        created_at: UTC.
        used_at: UTC.
        expires_at: UTC, whatever happens.
        kiosk: id of the person in whose hands the browser is, and who alone is shown; None: nobody's.
    """

    token_sha256: str
    account: str
    csrf: str
    created_at: str
    used_at: str
    expires_at: str
    kiosk: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """Leave to make one account.

    Attributes:
        token_sha256: of the token in the link.
        role: of the account.
        person: id of whose record it is tied to; None: nobody's yet.
        tie: as what.
        made_by: account; None: on the command line.
        created_at: UTC.
        expires_at: UTC.
    """

    token_sha256: str
    role: Role
    person: str | None
    tie: Tie | None
    made_by: str | None
    created_at: str
    expires_at: str


class Passwords(Protocol):
    """What turns passwords into what may be kept."""

    def hashed(self, password: str) -> str:
        """What is kept."""
        ...

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether it is this one; takes as long where nothing is kept."""
        ...

    def outdated(self, kept: str) -> bool:
        """Whether it should be hashed anew."""
        ...


class Accounts(Protocol):
    """Accounts, and who is signed in."""

    def add(self, account: Account, password_hash: str | None) -> Account:
        """Keep a new one."""
        ...

    def everybody(self) -> list[Account]:
        """All, by login."""
        ...

    def by_id(self, key: str) -> Account | None:
        """The one of this id."""
        ...

    def by_login(self, login: str) -> Account | None:
        """The one of this login, however it is written."""
        ...

    def password_hash(self, key: str) -> str | None:
        """What is kept of its password; None: it has none."""
        ...

    def set_password(self, key: str, password_hash: str | None) -> None:
        """Replace it."""
        ...

    def begin(self, login: Login) -> None:
        """Somebody signed in."""
        ...

    def end(self, token_sha256: str) -> None:
        """They signed out."""
        ...

    def end_all(self, account: str, but: str | None = None) -> int:
        """Signed out everywhere; returns from how many browsers."""
        ...

    def ties_of(self, account: str) -> Mapping[str, Tie]:
        """Whose records it may see, as what."""
        ...

    def invite(self, invitation: Invitation) -> None:
        """Keep an invitation."""
        ...

    def invitation(self, token_sha256: str) -> Invitation | None:
        """One that is still good."""
        ...

    def accept(
        self, token_sha256: str, account: Account, password_hash: str | None, fresh: Person | None
    ) -> Account | None:
        """Make the account of an invitation, once; None: it is not good any more."""
        ...

    def open_invitations(self, made_by: str | None = None) -> Sequence[Invitation]:
        """Those that are still good."""
        ...

    def note(self, action: str, account: str, person: str = "") -> None:
        """A row of the audit trail."""
        ...


def digest(token: str) -> str:
    """Under which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def in_future(seconds: float) -> str:
    """A time from now, as :func:`coxa.app.record.now` writes it."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def seconds_since(at: str) -> float:
    """How long ago it was."""
    return (datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()


def clean_login(login: str) -> str:
    """A login as it is kept.

    Raises:
        SourceError: it is empty, too long, or has spaces or characters that cannot be seen.
    """
    text = unicodedata.normalize("NFKC", login.strip()).casefold()
    seen = all(unicodedata.category(letter)[0] in "LNPS" for letter in text)
    if not text or len(text) > _LONGEST_LOGIN or not seen:
        raise SourceError("this cannot be a login", "use 1 to 100 letters, digits and signs without spaces")
    return text


def check_password(spec: PasswordSpec, password: str, login: str = "", name: str = "") -> None:
    """Refuse what others would guess.

    Raises:
        SourceError: it is too short, too long, or one that many people have. It is not repeated.
    """
    if len(password) < spec.shortest:
        raise SourceError(
            "the password is too short", f"use {spec.shortest} characters or more, such as some words"
        )
    if len(password) > spec.longest:
        raise SourceError("the password is too long", f"use {spec.longest} characters or less")
    text = unicodedata.normalize("NFKC", password).casefold()
    left = text
    for word in sorted({*spec.common, login.casefold(), *name.casefold().split()}, key=len, reverse=True):
        left = left.replace(word, "") if len(word) > 2 else left
    letters = {letter for letter in left if letter.isalpha()}
    if len(set(text)) < spec.different or (left != text and len(letters) < spec.different):
        raise SourceError(
            "this password is easily guessed", "use some words that have nothing to do with you"
        )


def new_account(login: str, name: str, role: Role) -> Account:
    """An account that is not kept yet.

    Raises:
        SourceError: login or name cannot be.
    """
    return Account(new_id(), clean_login(login), clean_name(name), role, created_at=now())


def add_account(
    accounts: Accounts, passwords: Passwords, spec: AccessSpec, account: Account, password: str | None
) -> Account:
    """Keep an account with its password; None: it signs in by other means.

    Raises:
        SourceError: the password is weak, or the login is taken.
    """
    if password is not None:
        check_password(spec.passwords, password, account.login, account.name)
    return accounts.add(account, None if password is None else passwords.hashed(password))


def sign_in(
    accounts: Accounts, spec: AccessSpec, account: Account, before: str | None = None
) -> tuple[str, Login]:
    """Sign somebody in whose account is known to be theirs.

    Args:
        accounts: where it is kept.
        spec: how long it lasts.
        account: whose.
        before: token that the browser had; it is good no more.

    Returns:
        The token for the browser, never used before, and what is kept.
    """
    if before is not None:
        accounts.end(digest(before))
    token = secrets.token_urlsafe(32)
    lasts = lasting(spec, account.role)
    at = now()
    made = Login(digest(token), account.id, secrets.token_hex(32), at, at, in_future(lasts[1]))
    accounts.begin(made)
    accounts.note("signed_in", account.id)
    return token, made


def lasting(spec: AccessSpec, role: Role) -> tuple[float, float]:
    """How long a sign-in lasts without use, and at most, in seconds."""
    of_role = {
        Role.PERSON: spec.signed_in.person,
        Role.CLINICIAN: spec.signed_in.clinician,
        Role.ADMIN: spec.signed_in.admin,
    }[role]
    return of_role.idle_s, of_role.longest_s


def with_password(accounts: Accounts, passwords: Passwords, login: str, password: str) -> Account | None:
    """Whose login and password these are; None: nobody's, or an account that is disabled.

    Takes as long for a login that there is not.
    """
    account = accounts.by_login(login)
    kept = None if account is None else accounts.password_hash(account.id)
    if not passwords.matches(kept, password) or account is None or account.disabled_at is not None:
        return None
    if kept is not None and passwords.outdated(kept):
        accounts.set_password(account.id, passwords.hashed(password))
    return account


def invite(
    accounts: Accounts,
    spec: AccessSpec,
    role: Role,
    by: str | None = None,
    person: str | None = None,
) -> str:
    """A token that makes one account; ``person``: of whose own record."""
    token = secrets.token_urlsafe(32)
    tie = Tie.SELF if role is Role.PERSON else None
    accounts.invite(
        Invitation(digest(token), role, person, tie, by, now(), in_future(spec.invitations.valid_s))
    )
    return token


def accept(
    accounts: Accounts,
    passwords: Passwords,
    spec: AccessSpec,
    token: str,
    login: str,
    name: str,
    password: str,
) -> Account | None:
    """Make the account of an invitation; a person is tied to the record it names, else to a new one.

    Returns:
        None: the invitation is not good any more.

    Raises:
        SourceError: login, name or password cannot be, or the login is taken.
    """
    found = accounts.invitation(digest(token))
    if found is None:
        return None
    made = new_account(login, name, found.role)
    check_password(spec.passwords, password, made.login, made.name)
    fresh = Person("", made.name) if found.role is Role.PERSON and found.person is None else None
    return accounts.accept(found.token_sha256, made, passwords.hashed(password), fresh)
