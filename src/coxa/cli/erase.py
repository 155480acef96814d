"""``coxa erase``: a person is removed, and it is shown that nothing is left."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from coxa.cli.exits import exit_codes
from coxa.cli.person import Data, Database, Who


def erase(
    who: Who,
    yes: Annotated[bool, typer.Option("--yes", help="Really. There is no way back but an archive.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the proof as one JSON on stdout.")] = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """Remove everything of a person, and look whether anything is left."""
    with exit_codes():
        from coxa.bootstrap import recording
        from coxa.model.errors import OutputError

        with recording.record(data, database) as records:
            person = recording.person_of(records, who)
            if not yes:
                raise OutputError(f"this would remove everything of {person.name}", "say so with --yes")
            erased = records.erase(person.id)
        if as_json:
            typer.echo(json.dumps(recording.told_of(erased), ensure_ascii=False, indent=2))
            return
        rows = ", ".join(f"{n} of {table}" for table, n in erased.rows.items() if n)
        typer.echo(f"Removed: {rows}; {len(erased.files)} files.")
        seen = (
            ""
            if erased.traces is None
            else f"; its id is found {erased.traces} times in the database's files"
        )
        typer.echo(f"Left: {erased.left}{seen}.")
        typer.echo(f"SHA-256 of the id, for whom it concerns: {erased.subject_sha256}")
        typer.echo("Backups and exports that were made before still have the person.")
