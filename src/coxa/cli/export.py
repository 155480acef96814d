"""``coxa export`` and ``coxa import``: a person goes out of the record, and into another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coxa.cli.exits import exit_codes
from coxa.cli.person import Data, Database, Who


def export(
    who: Who,
    out: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Ends in .zip, .json (FHIR), .ics, .csv, .parquet or .xlsx.",
            show_default=False,
        ),
    ],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an older one.")] = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """Write what is kept of a person; .zip has everything, and can be imported."""
    with exit_codes():
        from coxa.bootstrap import recording

        with recording.record(data, database) as records:
            person = recording.person_of(records, who)
            written = recording.export(records, person, out, overwrite)
        typer.echo(f"{person.name}: {', '.join(map(str, written))}")


def import_(
    path: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    data: Data = None,
    database: Database = None,
) -> None:
    """Bring in a person that was exported: all of it, or nothing."""
    with exit_codes():
        from coxa.bootstrap import recording

        with recording.record(data, database) as records:
            person = recording.person_of(records, recording.import_(records, path))
        typer.echo(f"{person.name}: {person.id}")
