"""``coxa screen`` and ``coxa plan``: from files of one's own, or for people of the record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from coxa.cli.exits import exit_codes
from coxa.cli.person import Data, Database, Person

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="YAML: age_y, screen, availability, goals, programme.")
]
Json = Annotated[bool, typer.Option("--json", help="Print it as one JSON on stdout.")]


def screen(
    file: File,
    person: Person = None,
    as_json: Json = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """Whether exercise is safe now, whom to see if not, and what is still to be answered."""
    with exit_codes():
        from datetime import date

        from coxa.bootstrap import planning, recording, training
        from coxa.model.plain import to_plain
        from coxa.report.plan import screen_lines

        closed = False
        if person is None:
            outcome, questions, prompts = planning.screen_file(file, date.today())
        else:
            with recording.record(data, database) as records:
                who = recording.person_of(records, person)
                outcome, questions, prompts = training.screen_person_file(records, who, file, date.today())
                closed = outcome.allows_exercise and training.still_closed(records, who, date.today())
        if as_json:
            typer.echo(json.dumps(to_plain(outcome), ensure_ascii=False, indent=2))
            return
        typer.echo("\n".join(screen_lines(outcome, questions)))
        if closed:
            typer.echo(
                "But no exercise yet: this screen is too old, or a symptom was logged on its day or since; "
                "screen again on a later day."
            )
        for one in prompts:
            typer.echo(f"Your notes say \u201c{one.because}\u201d: is your answer right? {one.words}")


def plan(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="YAML: age_y, screen, availability, goals, programme."),
    ] = None,
    assessment: Annotated[
        list[Path] | None,
        typer.Option(metavar="JSON", help="Of coxa assess; several, oldest first.", show_default=False),
    ] = None,
    begins: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="First day, as 2026-11-23; else today.", show_default=False),
    ] = None,
    person: Person = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="From the assessments, not from where the log left.")
    ] = False,
    as_json: Json = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """Four weeks that answer what was found; no exercise where the screen does not allow it."""
    with exit_codes():
        from datetime import date

        from coxa.app.record_documents import day
        from coxa.bootstrap import planning, recording, training
        from coxa.model.errors import SourceError
        from coxa.model.plain import to_plain
        from coxa.report.plan import plan_lines

        today, first = date.today(), None if begins is None else day(begins)
        if person is not None and assessment:
            raise SourceError("--assessment with --person", "keep it first: coxa log assessment")
        if person is not None:
            with recording.record(data, database) as records:
                who = recording.person_of(records, person)
                made = training.plan_person(records, who, today, first, file, anew)
        elif file is not None:
            made = planning.plan_file(file, assessment or [], first or today)
        else:
            raise SourceError("there is nothing to plan from", "name a file, or --person WHO")
        if as_json:
            typer.echo(json.dumps(to_plain(made), ensure_ascii=False, indent=2))
            return
        typer.echo("\n".join(plan_lines(made)))


def workout(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Your week: text, CSV or YAML.")],
    wishes: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="YAML with screen and equipment.", show_default=False),
    ] = None,
    person: Person = None,
    as_json: Json = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """Your own week: what it lacks at the hip, a short block for that, swaps with reasons."""
    with exit_codes():
        from datetime import date

        from coxa.bootstrap import recording, training
        from coxa.model.errors import SourceError
        from coxa.model.plain import to_plain
        from coxa.report.plan import workout_lines

        if person is not None and wishes is not None:
            raise SourceError("--wishes with --person", "name one of them: the record has screen and wishes")
        if person is None:
            seen = training.workout_file(file, wishes, date.today())
        else:
            with recording.record(data, database) as records:
                who = recording.person_of(records, person)
                seen = training.workout_person(records, who, file, date.today())
        if as_json:
            typer.echo(json.dumps(to_plain(seen), ensure_ascii=False, indent=2))
            return
        typer.echo("\n".join(workout_lines(seen, training.gap_words())))
