"""``coxa backup``: the whole record into one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coxa.cli.exits import exit_codes
from coxa.cli.person import Data, Database


def backup(
    path: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    restore: Annotated[bool, typer.Option("--restore", help="Bring it back, into an empty record.")] = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """Write the whole record, as it is at one moment, into one file; others may go on using it."""
    with exit_codes():
        from coxa.bootstrap import recording

        with recording.record(data, database) as records:
            if restore:
                typer.echo(f"{recording.restore(records, path)} people came back from {path}")
                return
            recording.back_up(records, path)
        typer.echo(f"{path}")
