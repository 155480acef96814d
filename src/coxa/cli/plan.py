"""``coxa screen`` and ``coxa plan``: from files of one's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from coxa.cli.exits import exit_codes

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="YAML: age_y, screen, availability, goals, programme.")
]
Json = Annotated[bool, typer.Option("--json", help="Print it as one JSON on stdout.")]


def screen(file: File, as_json: Json = False) -> None:
    """Whether exercise is safe now, whom to see if not, and what is still to be answered."""
    with exit_codes():
        from datetime import date

        from coxa.bootstrap.planning import screen_file
        from coxa.model.plain import to_plain
        from coxa.report.plan import screen_lines

        outcome, questions, prompts = screen_file(file, date.today())
        if as_json:
            typer.echo(json.dumps(to_plain(outcome), ensure_ascii=False, indent=2))
            return
        typer.echo("\n".join(screen_lines(outcome, questions)))
        for one in prompts:
            typer.echo(f"Your notes say \u201c{one.because}\u201d: is your answer right? {one.words}")


def plan(
    file: File,
    assessment: Annotated[
        list[Path] | None,
        typer.Option(metavar="JSON", help="Of coxa assess; several, oldest first.", show_default=False),
    ] = None,
    begins: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="First day, as 2026-11-23; else today.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Four weeks that answer what was found; no exercise where the screen does not allow it."""
    with exit_codes():
        from datetime import date

        from coxa.app.record_documents import day
        from coxa.bootstrap.planning import plan_file
        from coxa.model.plain import to_plain
        from coxa.report.plan import plan_lines

        made = plan_file(file, assessment or [], date.today() if begins is None else day(begins))
        if as_json:
            typer.echo(json.dumps(to_plain(made), ensure_ascii=False, indent=2))
            return
        typer.echo("\n".join(plan_lines(made)))
