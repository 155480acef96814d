"""``coxa cohort``: many recordings into one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coxa.cli import options
from coxa.cli.exits import INTERRUPTED, exit_codes

if TYPE_CHECKING:
    from coxa.app.cohort.run import Tally
    from coxa.bootstrap.cohort import CohortRun


class Engine(StrEnum):
    """What does the work."""

    SERIAL = "serial"
    PROCESSES = "processes"
    DASK = "dask"


def cohort(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Folders, 'patterns', manifests (CSV or Parquet) or files, here or at s3://, gcs://, http://.",
            show_default=False,
        ),
    ],
    out: Annotated[str, typer.Option(metavar="TABLE", help="Folder or address of the table.")],
    protocol: Annotated[
        str,
        typer.Option(
            metavar="ID",
            help="Which test, where no manifest says; see `coxa protocols`.",
            show_default=False,
        ),
    ] = "",
    engine: Annotated[Engine, typer.Option(help="What does the work.")] = Engine.PROCESSES,
    scheduler: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Of a Dask scheduler, for --engine dask.", show_default=False),
    ] = "",
    workers: Annotated[
        int | None, typer.Option(min=1, help="On this machine. [default: its cores]", show_default=False)
    ] = None,
    side: options.OnlySide = None,
    protocols: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of protocols of your own.", show_default=False),
    ] = None,
    pose: options.Pose = None,
    motions: Annotated[bool, typer.Option("--motions", help="Keep every motion too.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try those again that crashed or stalled.")] = False,
    memory_gb: Annotated[
        float | None, typer.Option(min=0.1, help="Of each worker. [default: its part]", show_default=False)
    ] = None,
    patience: Annotated[
        float | None,
        typer.Option(
            min=1, metavar="S", help="Give a recording up after so long without a frame.", show_default=False
        ),
    ] = None,
    quiet: options.Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was done as one JSON.")] = False,
) -> None:
    """Assess many recordings into one table; a run that was interrupted goes on where it stopped."""
    if scheduler and engine is not Engine.DASK:
        raise typer.BadParameter("it is for --engine dask", param_hint="--scheduler")
    with exit_codes(), _goes_on(out):
        from coxa.bootstrap.cohort import CohortOptions
        from coxa.bootstrap.cohort import cohort as run

        wanted = CohortOptions(
            engine=engine.value,
            scheduler=scheduler,
            workers=workers,
            side="" if side is None else side.value,
            protocols=protocols,
            pose=pose,
            motions=motions,
            retry=retry,
            memory_mb=None if memory_gb is None else 1024.0 * memory_gb,
            patience_s=patience,
        )
        with _progress(quiet) as on_progress:
            done = run(inputs, protocol, out, wanted, on_progress, lambda words: _say(words, quiet))
        if as_json or not quiet:
            _show(done, as_json)


@contextmanager
def _goes_on(out: str) -> Iterator[None]:
    """What is said of an interruption: here, what was done is kept."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(f"coxa: interrupted; what is done is kept beside {out}: run again to go on", err=True)
        raise typer.Exit(INTERRUPTED) from None


def _say(words: str, quiet: bool) -> None:
    if not quiet:
        typer.echo(words, err=True)


def _show(done: CohortRun, as_json: bool) -> None:
    tally = done.tally
    ended, not_begun = (
        {status.value: n for status, n in sorted(told.items())} for told in (tally.by_status, done.not_begun)
    )
    if as_json:
        import json

        told = {
            "table": done.out,
            "report": done.report,
            "recordings": done.n_recordings,
            "left_out": done.left_out,
            "done_before": tally.n_before,
            "done_now": tally.n_done,
            "ended": ended,
            "not_begun": not_begun,
            "work_s": round(tally.seconds, 3),
            "waited_s": round(tally.waited_s, 3),
            "digest": done.index["digest"],
            "rows": done.index["rows"],
        }
        typer.echo(json.dumps(told, indent=2))
        return
    words = "; ".join(["", *(f"{n} {status}" for status, n in [*ended.items(), *not_begun.items()])])
    typer.echo(f"{done.n_recordings} recordings, {tally.n_before} of them done before{words}")
    typer.echo(f"Table:  {done.out}")
    if done.report:
        typer.echo(f"Report: {done.report}")


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[Tally], None]]:
    """A bar with the time left, on stderr; nothing where stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task("reading what is there", total=None)

        def show(tally: Tally) -> None:
            if not tally.n_done:  # what was done before tells nothing of the time left
                bar.reset(task, description="assessing", completed=tally.n_before, total=tally.n_tasks)
            bar.update(task, completed=tally.n_before + tally.n_done)

        yield show


def reliability(
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="What coxa cohort wrote.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(metavar="FILE.yaml", help="File to write.")],
    laboratory: Annotated[str, typer.Option(metavar="NAME", help="Whose figures they are.")],
    sessions: Annotated[
        list[str] | None,
        typer.Option(
            "--session",
            metavar="NAME",
            help="Only these, between which nobody should have changed.",
            show_default=False,
        ),
    ] = None,
    overwrite: options.Overwrite = False,
    quiet: options.Quiet = False,
) -> None:
    """A laboratory's own ICC, SEM and minimal detectable change, from repeated recordings."""
    with exit_codes():
        from coxa.bootstrap.cohort import write_reliability

        found = write_reliability(table, out, laboratory, sessions or (), overwrite)
        if quiet:
            return
        for one in found.rows:
            icc = "" if one.icc is None else f"ICC {one.icc:.2f}, "
            typer.echo(
                f"{one.protocol} {one.quantity} ({one.method}): {icc}SEM {one.sem_deg:.1f}\u00b0, minimal "
                f"detectable change {one.minimal_detectable_deg:.1f}\u00b0 ({one.people} people)"
            )
        typer.echo(f"Version {found.version}: {out}")
