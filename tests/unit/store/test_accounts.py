"""Accounts, sign-ins, ties and invitations, in a database."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from coxa.adapters.passwords import Argon2Passwords
from coxa.adapters.store import app_schema
from coxa.adapters.store.accounts import SqlAccounts
from coxa.adapters.store.records import SqlRecords
from coxa.adapters.store.schema import audit
from coxa.app.accounts import (
    Passkey,
    accept,
    add_account,
    check_password,
    clean_login,
    digest,
    invite,
    new_account,
    sign_in,
    with_password,
)
from coxa.app.record import Person, now
from coxa.app.roles import Role, Tie
from coxa.catalog.access import access
from coxa.model.errors import SourceError
from coxa.specs.access import HashingSpec
from tests.support import stores

GOOD = "seven quiet herons wade"
SPEC = access()
CHEAP = HashingSpec(time_cost=1, memory_kib=8, parallelism=1, at_once=2, source="tests", trust="DESIGN")
PASSWORDS = Argon2Passwords(CHEAP)


@pytest.fixture
def url() -> None:
    """SQLite: what differs from PostgreSQL is in one test."""


@pytest.fixture
def accounts(records: SqlRecords) -> SqlAccounts:
    return SqlAccounts(records.engine)


def added(accounts: SqlAccounts, login: str = "Zoë@Example.org", role: Role = Role.PERSON) -> str:
    return add_account(accounts, PASSWORDS, SPEC, new_account(login, "Zoë", role), GOOD).id


def test_a_login_is_found_however_it_is_written(accounts: SqlAccounts) -> None:
    key = added(accounts)
    found = accounts.by_login("  ZOË@example.ORG ")
    assert found is not None
    assert (found.id, found.login, found.role) == (key, "zoë@example.org", Role.PERSON)
    with pytest.raises(SourceError, match="taken"):
        added(accounts, "ZOË@EXAMPLE.ORG")


@pytest.mark.parametrize("login", ["", "a b", "a\0b", "a\u202eb", "x" * 101, "\ud800"])
def test_what_cannot_be_a_login_is_refused_and_finds_nobody(accounts: SqlAccounts, login: str) -> None:
    with pytest.raises(SourceError):
        clean_login(login)
    assert accounts.by_login(login) is None


@pytest.mark.parametrize(
    "password",
    ["", "2small", "password1234", "Password!2345", "123456789012", "aaaaaaaaaaaaaaa", "zoë@example.org1",
     "qwertyuiop12", "coxacoxacoxa", "x" * 201],
)  # fmt: skip
def test_guessable_passwords_are_refused_and_never_repeated(password: str) -> None:
    with pytest.raises(SourceError) as refused:
        check_password(SPEC.passwords, password, "zoë@example.org", "Zoë")
    assert not password or password not in str(refused.value)


@pytest.mark.parametrize("password", [GOOD, "my dragon eats plums", "Ω≈ç√∫µ≤≥÷åß-ß", "kq8f-02hs-xp1d"])
def test_long_ones_of_any_kind_are_taken(password: str) -> None:
    check_password(SPEC.passwords, password, "zoë@example.org", "Zoë")


def test_only_the_right_password_of_an_account_that_is_enabled_signs_in(accounts: SqlAccounts) -> None:
    key = added(accounts)
    found = with_password(accounts, PASSWORDS, "zoë@example.org", GOOD)
    assert found is not None
    assert found.id == key
    assert with_password(accounts, PASSWORDS, "zoë@example.org", GOOD + "!") is None
    assert with_password(accounts, PASSWORDS, "nobody", GOOD) is None
    accounts.set_disabled(key, True)
    assert with_password(accounts, PASSWORDS, "zoë@example.org", GOOD) is None


def test_a_password_of_an_older_cost_is_hashed_anew(accounts: SqlAccounts) -> None:
    key = added(accounts)
    dearer = Argon2Passwords(CHEAP.model_copy(update={"time_cost": 2}))
    before = accounts.password_hash(key)
    assert with_password(accounts, dearer, "zoë@example.org", GOOD) is not None
    assert accounts.password_hash(key) != before
    assert "t=2" in str(accounts.password_hash(key))


def test_the_table_holds_no_token_and_no_password(accounts: SqlAccounts, records: SqlRecords) -> None:
    key = added(accounts)
    found = accounts.by_id(key)
    assert found is not None
    token, login = sign_in(accounts, SPEC, found)
    letter = invite(accounts, SPEC, Role.CLINICIAN)
    with records.engine.connect() as connection:
        rows = "".join(
            str(connection.execute(select(table)).all())
            for table in (app_schema.accounts, app_schema.logins, app_schema.invitations, audit)
        )
    assert login.token_sha256 in rows
    assert all(secret not in rows for secret in (token, letter, GOOD))


def test_signing_in_ends_the_sign_in_before_it(accounts: SqlAccounts) -> None:
    account = accounts.by_id(added(accounts))
    assert account is not None
    first, _ = sign_in(accounts, SPEC, account)
    second, _ = sign_in(accounts, SPEC, account, before=first)
    assert accounts.signed_in(digest(first)) is None
    assert accounts.signed_in(digest(second)) is not None
    assert accounts.end_all(account.id) == 1
    assert accounts.signed_in(digest(second)) is None


def test_a_disabled_account_is_signed_out_and_the_last_administrator_stays(accounts: SqlAccounts) -> None:
    admin = added(accounts, "admin", Role.ADMIN)
    account = accounts.by_id(added(accounts))
    assert account is not None
    token, _ = sign_in(accounts, SPEC, account)
    accounts.set_disabled(account.id, True)
    assert accounts.signed_in(digest(token)) is None
    for refused in (lambda: accounts.set_disabled(admin, True), lambda: accounts.remove(admin)):
        with pytest.raises(SourceError, match="only administrator"):
            refused()
    found = accounts.by_id(admin)
    assert found is not None
    assert found.disabled_at is None


def test_an_invitation_makes_one_account_tied_to_its_person(
    accounts: SqlAccounts, records: SqlRecords
) -> None:
    person = records.add_person(Person("", "Anna"))
    token = invite(accounts, SPEC, Role.PERSON, person=person.id)
    made = accept(accounts, PASSWORDS, SPEC, token, "anna", "Anna", GOOD)
    assert made is not None
    assert accounts.ties_of(made.id) == {person.id: Tie.SELF}
    assert accept(accounts, PASSWORDS, SPEC, token, "anna2", "Anna", GOOD) is None
    assert accounts.by_login("anna2") is None
    assert accounts.open_invitations() == []


def test_who_is_invited_to_nobodys_record_gets_one_of_their_own(
    accounts: SqlAccounts, records: SqlRecords
) -> None:
    made = accept(accounts, PASSWORDS, SPEC, invite(accounts, SPEC, Role.PERSON), "bo", "Bo", GOOD)
    assert made is not None
    (person,) = records.people()
    assert accounts.ties_of(made.id) == {person.id: Tie.SELF}
    clinician = accept(accounts, PASSWORDS, SPEC, invite(accounts, SPEC, Role.CLINICIAN), "c", "C", GOOD)
    assert clinician is not None
    assert accounts.ties_of(clinician.id) == {}
    assert len(records.people()) == 1


def test_a_refused_account_leaves_the_invitation_good(accounts: SqlAccounts, records: SqlRecords) -> None:
    added(accounts, "taken")
    token = invite(accounts, SPEC, Role.PERSON)
    with pytest.raises(SourceError, match="taken"):
        accept(accounts, PASSWORDS, SPEC, token, "taken", "Bo", GOOD)
    with pytest.raises(SourceError, match="short"):
        accept(accounts, PASSWORDS, SPEC, token, "bo", "Bo", "short")
    assert records.people() == []
    assert accept(accounts, PASSWORDS, SPEC, token, "bo", "Bo", GOOD) is not None


def test_an_old_invitation_is_good_no_more(accounts: SqlAccounts) -> None:
    short = SPEC.invitations.model_copy(update={"valid_s": 1e-6})
    token = invite(accounts, SPEC.model_copy(update={"invitations": short}), Role.ADMIN)
    assert accept(accounts, PASSWORDS, SPEC, token, "late", "Late", GOOD) is None


def test_passkeys_are_their_accounts(accounts: SqlAccounts) -> None:
    mine, other = added(accounts, "mine"), added(accounts, "other")
    accounts.add_passkey(Passkey("abc", mine, "key", 0, "phone", now()))
    with pytest.raises(SourceError, match="known"):
        accounts.add_passkey(Passkey("abc", other, "key", 0, "phone", now()))
    accounts.used_passkey("abc", 7)
    assert [(one.sign_count, one.used_at is None) for one in accounts.passkeys_of(mine)] == [(7, False)]
    assert not accounts.remove_passkey(other, "abc")
    assert accounts.remove_passkey(mine, "abc")
    assert accounts.passkey("abc") is None


def test_erasing_a_person_leaves_no_tie(accounts: SqlAccounts, records: SqlRecords) -> None:
    person = records.add_person(Person("", "Anna"))
    key = added(accounts)
    accounts.tie(key, person.id, Tie.SELF)
    accounts.note("seen", key, person.id)
    erasure = records.erase(person.id)
    assert (erasure.left, erasure.traces) in ((0, 0), (0, None))
    assert accounts.ties_of(key) == {}


def test_postgresql_keeps_them_too(postgresql: str, tmp_path: Path) -> None:
    with stores.fresh_database(postgresql) as url, stores.opened(tmp_path / "data", url) as records:
        accounts = SqlAccounts(records.engine)
        token = invite(accounts, SPEC, Role.PERSON)
        made = accept(accounts, PASSWORDS, SPEC, token, "bo", "Bo", GOOD)
        assert made is not None
        (person,) = records.people()
        assert accounts.ties_of(made.id) == {person.id: Tie.SELF}
        signed, _ = sign_in(accounts, SPEC, made)
        accounts.used(digest(signed))
        assert accounts.signed_in(digest(signed)) is not None
        with pytest.raises(SourceError, match="taken"):
            added(accounts, "bo")
        assert records.erase(person.id).left == 0
        assert accounts.ties_of(made.id) == {}
        accounts.remove(made.id)
        assert accounts.signed_in(digest(signed)) is None


def test_erasing_takes_the_account_that_was_there_for_it_alone(
    accounts: SqlAccounts, records: SqlRecords, tmp_path: Path
) -> None:
    anna, child = (records.add_person(Person("", name)) for name in ("Anna", "Child"))
    own, parent, doctor, admin = (
        accounts.by_id(added(accounts, login, role))
        for login, role in (
            ("own", Role.PERSON),
            ("parent", Role.PERSON),
            ("doctor", Role.CLINICIAN),
            ("admin", Role.ADMIN),
        )
    )
    assert own and parent and doctor and admin
    for account, person, tie in (
        (own, anna, Tie.SELF),
        (parent, anna, Tie.SELF),
        (parent, child, Tie.SELF),
        (doctor, anna, Tie.CLINICIAN),
        (admin, anna, Tie.SELF),
    ):
        accounts.tie(account.id, person.id, tie)
        sign_in(accounts, SPEC, account)
    accounts.add_passkey(Passkey("key", own.id, "public", 0, "phone", now()))
    erased = records.erase(anna.id)
    assert {one.login for one in accounts.everybody()} == {"admin", "doctor", "parent"}
    assert [erased.rows[name] for name in ("accounts", "passkeys", "logins")] == [1, 1, 1]
    assert (erased.left, erased.traces) == (0, 0)
    with records.engine.connect() as connection:
        named = connection.execute(select(audit.c.entry_id).where(audit.c.action == "signed_in")).scalars()
        assert set(named) == {parent.id, doctor.id, admin.id}
