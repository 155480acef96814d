"""``coxa person``: whom the record is about."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from coxa.cli.exits import EPILOG, exit_codes

Data = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder of it. [default: COXA_DATA, or yours]", show_default=False),
]
Database = Annotated[
    str | None,
    typer.Option(metavar="URL", help="PostgreSQL. [default: COXA_DATABASE, or SQLite]", show_default=False),
]
Who = Annotated[
    str, typer.Argument(metavar="WHO", help="Name, or the beginning of the id.", show_default=False)
]
On = Annotated[
    str | None,
    typer.Option("--on", metavar="DAY", help="Such as 2026-03-01. [default: today]", show_default=False),
]

Person = Annotated[
    str | None,
    typer.Option(metavar="WHO", help="Of the record: name, or the beginning of the id.", show_default=False),
]

app = typer.Typer(help="People in the record.", no_args_is_help=True, rich_markup_mode=None)


class Sex(StrEnum):
    """Chooses among norms."""

    FEMALE = "female"
    MALE = "male"


@app.callback()
def _person() -> None:
    pass


@app.command(epilog=EPILOG)
def add(
    name: Annotated[str, typer.Argument(help="In any script.", show_default=False)],
    born: Annotated[str | None, typer.Option(metavar="DAY", help="Birthday.", show_default=False)] = None,
    sex: Annotated[Sex | None, typer.Option(help="Chooses among norms.", show_default=False)] = None,
    height_m: Annotated[
        str | None, typer.Option(metavar="M", help="Height in metres.", show_default=False)
    ] = None,
    consent: Annotated[
        str | None, typer.Option(metavar="WORDS", help="What the person agreed to.", show_default=False)
    ] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Keep a new person."""
    with exit_codes():
        from coxa.app import record
        from coxa.app.record_documents import Consent, birthday, stature_m
        from coxa.bootstrap import recording

        told = record.Person(
            id="",
            name=name,
            born=None if born is None else birthday(born),
            sex=None if sex is None else sex.value,
            height_m=None if height_m is None else stature_m(height_m),
        )
        with recording.record(data, database) as records:
            kept = records.add_person(told)
            if consent is not None:
                recording.keep(records, kept, record.Kind.CONSENT, Consent(consent))
        typer.echo(f"{kept.name}: {kept.id}")


@app.command("list", epilog=EPILOG)
def list_people(
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON.")] = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """Everybody, by name."""
    with exit_codes():
        from coxa.bootstrap import recording

        with recording.record(data, database) as records:
            people = records.people()
        if as_json:
            typer.echo(json.dumps([{"id": one.id, "name": one.name} for one in people], ensure_ascii=False))
            return
        for one in people:
            typer.echo(f"{one.id[:8]}  {one.name}")


@app.command(epilog=EPILOG)
def show(who: Who, data: Data = None, database: Database = None) -> None:
    """What is kept of one, and what happened to it."""
    with exit_codes():
        from coxa.app.record import Kind
        from coxa.bootstrap import recording

        with recording.record(data, database) as records:
            person = recording.person_of(records, who)
            counts = {kind.value: len(records.entries(person.id, kind)) for kind in Kind}
            trail = records.audit(person.id)
        typer.echo(f"{person.name}: {person.id}")
        for kind, n in counts.items():
            typer.echo(f"  {n:5}  {kind}")
        for one in trail[-10:]:
            typer.echo(f"  {one.at}  {one.action} {one.kind}".rstrip())
