"""``coxa validate``: reference recordings measured anew, as a table, a page or one JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coxa.cli.exits import exit_codes

if TYPE_CHECKING:
    from coxa.app.validate import Step, Validation


def validate(
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            show_default=False,
            help="Folder of the reference recordings. [default: COXA_REFERENCE_DATA, or ../shared/data]",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="SOURCE", help="Measure only this one; may be repeated.", show_default=False),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out what runs a pose network.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.md", show_default=False, help="Write the page; drawings and table go beside it."
        ),
    ] = None,
    teach: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            show_default=False,
            help="Instead, learn from rendered people what each view tells, and write that table.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Measure recordings of others anew, and say how far Coxa is from their angles."""
    with exit_codes():
        from coxa import bootstrap
        from coxa.catalog import loader

        known = list(loader.validation().sources)
        for name in only or ():
            if name not in known:
                raise typer.BadParameter(f"{name!r} is not a source; there are: {', '.join(known)}")
        if teach is not None:
            n_rows = bootstrap.write_taught(teach)
            if not quiet:
                typer.echo(f"{n_rows} rows: {teach}")
            return
        with _progress(quiet) as on_progress:
            found = bootstrap.validate(data, only=only or (), quick=quick, on_progress=on_progress)
        if out is not None:
            bootstrap.write_validation(found, out)
        if as_json or not quiet:
            _show(found, out, as_json)


def _show(found: Validation, out: Path | None, as_json: bool) -> None:
    from coxa import __version__
    from coxa.report import validation, validation_data

    if as_json:
        import json

        typer.echo(json.dumps(validation_data.as_json(found, __version__), indent=1, allow_nan=False))
        return
    typer.echo("\n".join(validation.summary(found)))
    if out is not None:
        typer.echo(f"Page: {out}")


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[Step], None]]:
    """A bar with the time left, on stderr; nothing where stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task("measuring", total=None)

        def show(step: Step) -> None:
            bar.update(task, description=step.source, completed=step.done, total=step.of)

        yield show
