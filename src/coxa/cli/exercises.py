"""``coxa exercises``: the list, one in full, and the test of those that people write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coxa.cli import options
from coxa.cli.exits import EPILOG, exit_codes
from coxa.cli.options import Side

if TYPE_CHECKING:
    from coxa.app.rehearsal import Rehearsed

app = typer.Typer(
    help="The exercises Coxa coaches.",
    invoke_without_command=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback()
def _list(context: typer.Context, exercises: options.Exercises = None) -> None:
    if context.invoked_subcommand is not None:
        return
    with exit_codes():
        from coxa.catalog import exercises as catalogue
        from coxa.report.coaching.exercise import list_lines

        typer.echo("\n".join(list_lines(catalogue.exercises(exercises))))


@app.command(epilog=EPILOG)
def show(
    name: Annotated[str, typer.Argument(metavar="ID")],
    figure: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write it as a moving figure: .svg, .gif, .glb (3D) or .json (joints).",
            show_default=False,
        ),
    ] = None,
    side: Annotated[Side, typer.Option(help="The side that works in the figure.")] = Side.RIGHT,
    exercises: options.Exercises = None,
    overwrite: options.Overwrite = False,
) -> None:
    """One exercise: how it is set up and done, what is watched, how much of it."""
    with exit_codes():
        if figure is not None:
            _write_figure(name, figure, side, exercises, overwrite)
            return
        from coxa.catalog.exercises import exercise
        from coxa.catalog.exercises import exercises as catalogue
        from coxa.report.coaching.exercise import exercise_lines

        typer.echo("\n".join(exercise_lines(exercise(name, exercises), catalogue(exercises))))


@app.command(epilog=EPILOG)
def check(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="One exercise, or a folder of them.")],
    quiet: options.Quiet = False,
) -> None:
    """Test exercises that you write: the file first, then its demonstration and each of its faults."""
    with exit_codes():
        from coxa.app.rehearsal import rehearse
        from coxa.model.errors import SpecError

        good = True
        with _progress(quiet) as on_progress:
            for one in rehearse(path, on_progress):
                good = good and one.good
                if not quiet or not one.good:
                    typer.echo("\n".join(_lines(one)))
        if not good:
            raise typer.Exit(SpecError.exit_code)


def _write_figure(name: str, path: Path, side: Side, folder: Path | None, overwrite: bool) -> None:
    from coxa.bootstrap import write_figure
    from coxa.catalog.exercises import exercise

    frames = write_figure(exercise(name, folder), path, side.value, overwrite)
    typer.echo(f"{path}: {frames} frames")


class FigureKind(StrEnum):
    """How figures are written."""

    SVG = "svg"
    GIF = "gif"


@app.command(epilog=EPILOG)
def figures(
    out: Annotated[Path, typer.Option(help="Folder for the figures.", show_default=False)],
    kind: Annotated[FigureKind, typer.Option("--as", help="What they are written as.")] = FigureKind.SVG,
    exercises: options.Exercises = None,
    overwrite: options.Overwrite = False,
    quiet: options.Quiet = False,
) -> None:
    """All exercises as moving figures, and a page that shows them."""
    with exit_codes():
        from coxa.bootstrap import write_figures
        from coxa.catalog.exercises import exercises as catalogue

        known = catalogue(exercises)
        done: list[str] = []
        with _progress(quiet, "drawing") as on_progress:

            def count(name: str) -> None:
                done.append(name)
                on_progress(name, len(done), len(known))

            page = write_figures(known, out, f".{kind.value}", overwrite, count)
        if not quiet:
            typer.echo(f"{page}: {len(known)} figures")


def _lines(one: Rehearsed) -> Iterator[str]:
    if one.refusal is not None:
        yield f"{one.file}: refused"
        yield f"  {one.refusal.fault}"
        yield f"  Remedy: {one.refusal.remedy}"
        return
    yield f"{one.file}: {one.title}: {one.passed} of {one.passed + len(one.failed)} tests passed"
    for what, why in one.failed:
        yield f"  Failed: {what}"
        yield f"    {why}"


@contextmanager
def _progress(quiet: bool, doing: str = "testing") -> Iterator[Callable[[str, int, int], None]]:
    """A bar on stderr; nothing where stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task(doing, total=None)

        def show(name: str, done: int, of: int) -> None:
            bar.update(task, description=name, completed=done, total=of)

        yield show
