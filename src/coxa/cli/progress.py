"""``coxa progress``: how somebody is getting on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from coxa.cli import options
from coxa.cli.exits import exit_codes
from coxa.cli.person import Data, Database, On, Who


def progress(
    who: Who,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page.", show_default=False)
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it for print.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON on stdout.")] = False,
    reliability: options.Reliability = None,
    on: On = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Measures with what of their change is real, sessions done, pain, milestones, what is next."""
    with exit_codes():
        from coxa.app.record_documents import day
        from coxa.bootstrap import recording
        from coxa.model.plain import to_plain
        from coxa.report.progress.words import lines

        with recording.record(data, database) as records:
            person = recording.person_of(records, who)
            found = recording.progress(records, person, None if on is None else day(on), reliability)
        recording.write_progress(found, html, pdf)
        if as_json:
            typer.echo(json.dumps(to_plain(found), ensure_ascii=False, indent=2))
            return
        typer.echo("\n".join(lines(found)))
