"""``coxa account``: who may sign in, where the app serves several."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coxa.app.roles import Role, Tie
from coxa.cli.exits import EPILOG, exit_codes
from coxa.cli.person import Data, Database

if TYPE_CHECKING:
    from coxa.adapters.store.accounts import SqlAccounts
    from coxa.app.accounts import Account

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="As typed to sign in.", show_default=False)]
AsRole = Annotated[Role, typer.Option(help="What the account is for.")]

app = typer.Typer(help="Who may sign in to the app.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _account() -> None:
    pass


@app.command(epilog=EPILOG)
def add(
    login: Login,
    role: AsRole = Role.PERSON,
    name: Annotated[str | None, typer.Option(help="As shown. [default: LOGIN]", show_default=False)] = None,
    person: Annotated[
        str | None,
        typer.Option(metavar="WHO", help="Of the record, whose own account it is.", show_default=False),
    ] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Make an account; its password is asked for."""
    with exit_codes():
        from coxa.adapters.passwords import Argon2Passwords
        from coxa.adapters.store.accounts import SqlAccounts
        from coxa.app.accounts import add_account, check_password, new_account
        from coxa.bootstrap import recording
        from coxa.catalog.access import access

        made = new_account(login, name or login, role)
        with recording.record(data, database) as records:
            whose = None if person is None else recording.person_of(records, person)
            password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
            check_password(access().passwords, password, made.login, made.name)
            accounts = SqlAccounts(records.engine)
            add_account(accounts, Argon2Passwords(access().hashing), access(), made, password)
            if whose is not None:
                accounts.tie(made.id, whose.id, Tie.SELF)
        typer.echo(f"{made.login}: {made.role}")


@app.command(epilog=EPILOG)
def invite(
    role: AsRole = Role.PERSON,
    person: Annotated[
        str | None, typer.Option(metavar="WHO", help="Of the record, whose it is.", show_default=False)
    ] = None,
    url: Annotated[
        str, typer.Option(metavar="URL", help="Where the app is served.")
    ] = "http://127.0.0.1:8000",
    data: Data = None,
    database: Database = None,
) -> None:
    """Print a link that makes one account, once."""
    with exit_codes():
        from coxa.adapters.store.accounts import SqlAccounts
        from coxa.app.accounts import invite as made
        from coxa.bootstrap import recording
        from coxa.catalog.access import access
        from coxa.model.errors import SourceError

        if person is not None and role is not Role.PERSON:
            raise SourceError("a record of one's own goes with --role person", "leave --person or --role out")
        if not url.startswith(("http://", "https://")):
            raise SourceError(f"{url!r:.60} is no address of a server", "such as https://coxa.example.org")
        with recording.record(data, database) as records:
            whose = None if person is None else recording.person_of(records, person).id
            token = made(SqlAccounts(records.engine), access(), role, person=whose)
        typer.echo(f"{url.rstrip('/')}/invitation/{token}")


@app.command("list", epilog=EPILOG)
def list_accounts(data: Data = None, database: Database = None) -> None:
    """Every account, by login."""
    with exit_codes():
        from coxa.adapters.store.accounts import SqlAccounts
        from coxa.bootstrap import recording

        with recording.record(data, database) as records:
            found = SqlAccounts(records.engine).everybody()
        for one in found:
            typer.echo(f"{one.login}  {one.role}{'  closed' if one.disabled_at else ''}")


@app.command(epilog=EPILOG)
def password(login: Login, data: Data = None, database: Database = None) -> None:
    """Set a new password, which is asked for; the account is signed out everywhere."""
    with exit_codes():
        from coxa.adapters.passwords import Argon2Passwords
        from coxa.adapters.store.accounts import SqlAccounts
        from coxa.app.accounts import check_password
        from coxa.bootstrap import recording
        from coxa.catalog.access import access

        with recording.record(data, database) as records:
            accounts = SqlAccounts(records.engine)
            account = _known(accounts, login)
            told = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
            check_password(access().passwords, told, account.login, account.name)
            accounts.set_password(account.id, Argon2Passwords(access().hashing).hashed(told))
            accounts.end_all(account.id)
        typer.echo(f"{account.login}: the new password is kept")


@app.command(epilog=EPILOG)
def close(login: Login, data: Data = None, database: Database = None) -> None:
    """Let an account sign in no more; it is signed out everywhere."""
    _set_closed(login, True, data, database)


@app.command("open", epilog=EPILOG)
def open_again(login: Login, data: Data = None, database: Database = None) -> None:
    """Let an account sign in again."""
    _set_closed(login, False, data, database)


@app.command(epilog=EPILOG)
def tie(
    login: Login,
    person: Annotated[str, typer.Argument(metavar="WHO", help="Of the record.", show_default=False)],
    as_: Annotated[Tie, typer.Option("--as", help="Their own record, or a client's.")] = Tie.CLINICIAN,
    end: Annotated[bool, typer.Option("--end", help="They see the record no more.")] = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """Let an account see a person's record, or no more."""
    with exit_codes():
        from coxa.adapters.store.accounts import SqlAccounts
        from coxa.bootstrap import recording

        with recording.record(data, database) as records:
            accounts = SqlAccounts(records.engine)
            account = _known(accounts, login)
            whose = recording.person_of(records, person)
            if end:
                accounts.untie(account.id, whose.id)
            else:
                accounts.tie(account.id, whose.id, as_)
        typer.echo(f"{account.login}: {whose.name}, {'no more' if end else as_.value}")


def _set_closed(login: str, closed: bool, data: Path | None, database: str | None) -> None:
    with exit_codes():
        from coxa.adapters.store.accounts import SqlAccounts
        from coxa.bootstrap import recording

        with recording.record(data, database) as records:
            accounts = SqlAccounts(records.engine)
            account = _known(accounts, login)
            accounts.set_disabled(account.id, closed)
        typer.echo(f"{account.login}: {'closed' if closed else 'open'}")


def _known(accounts: SqlAccounts, login: str) -> Account:
    from coxa.model.errors import SourceError

    found = accounts.by_login(login)
    if found is None:
        raise SourceError(f"no account is called {login!r:.60}", "see `coxa account list`")
    return found
