"""``coxa``: the commands. What a command needs is imported inside it, so that ``--help`` is quick."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from coxa import __version__
from coxa.cli import account, camera, exercises, log, person, tags
from coxa.cli.assess import assess, catalogue
from coxa.cli.backup import backup
from coxa.cli.coach import coach
from coxa.cli.cohort import cohort, reliability
from coxa.cli.erase import erase
from coxa.cli.exits import EPILOG, INTERRUPTED, exit_codes
from coxa.cli.export import export, import_
from coxa.cli.files import convert, inspect
from coxa.cli.measure import measure
from coxa.cli.plan import plan, screen, workout
from coxa.cli.progress import progress
from coxa.cli.serve import serve
from coxa.cli.validate import validate
from coxa.cli.worker import worker

app = typer.Typer(
    help="Tell whether the hip or the spine is doing the moving, with the uncertainty of every angle.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"coxa {__version__}")
        raise typer.Exit


@app.callback()
def _coxa(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    pass


app.command(epilog=EPILOG)(measure)
app.command(epilog=EPILOG)(inspect)
app.command(epilog=EPILOG)(convert)
app.command(epilog=EPILOG)(assess)
app.add_typer(catalogue, name="protocols", epilog=EPILOG)
app.command(epilog=EPILOG)(coach)
app.add_typer(exercises.app, name="exercises", epilog=EPILOG)
app.command(epilog=EPILOG)(serve)
app.command(epilog=EPILOG)(worker)
app.command(epilog=EPILOG)(cohort)
app.command(epilog=EPILOG)(reliability)
app.command(epilog=EPILOG)(validate)
app.add_typer(account.app, name="account")
app.add_typer(person.app, name="person")
app.add_typer(log.app, name="log")
for _command, _name in (
    (screen, "screen"),
    (plan, "plan"),
    (workout, "workout"),
    (progress, "progress"),
    (export, "export"),
    (import_, "import"),
    (erase, "erase"),
    (backup, "backup"),
):
    app.command(_name, epilog=EPILOG)(_command)


@app.command(epilog=EPILOG)
def doctor(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the findings as one JSON on stdout.")
    ] = False,
) -> None:
    """Check the installation: what is wrong, and the remedy."""
    with exit_codes():
        from coxa import bootstrap
        from coxa.cli import findings

        found = bootstrap.diagnose()
        findings.show(found, as_json=as_json)
        raise typer.Exit(max(finding.exit_code for finding in found))


@app.command(epilog=EPILOG)
def licences() -> None:
    """Print whose work Coxa carries, and under which licences."""
    with exit_codes():
        from coxa import bootstrap

        typer.echo(bootstrap.licences())


app.add_typer(tags.app, name="tags")
app.add_typer(camera.app, name="camera")

bench = typer.Typer(help="Hold Coxa against what it claims.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(bench, name="bench")


@bench.callback()
def _bench() -> None:
    pass


@bench.command(epilog=EPILOG)
def calibration(
    runs: Annotated[int, typer.Option(min=1, help="Simulated people, movements and cameras.")] = 200,
    seed: Annotated[int, typer.Option(help="Of all that is drawn by chance.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as one JSON on stdout.")] = False,
) -> None:
    """How often the stated intervals hold the truth."""
    with exit_codes():
        from coxa.app.calibration import calibrate
        from coxa.cli.bench import show_calibration

        show_calibration(calibrate(runs, seed), as_json=as_json)


@bench.command("assess", epilog=EPILOG)
def bench_assess(
    runs: Annotated[int, typer.Option(min=1, help="Simulated performances; tests take turns.")] = 20,
    seed: Annotated[int, typer.Option(help="Of all that is drawn by chance.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the table as one JSON on stdout.")] = False,
) -> None:
    """Whether tests tell who did the moving: people who cheat by known amounts."""
    with exit_codes():
        from coxa.app.bench_assess import bench as run_bench
        from coxa.cli.bench import show_assess

        show_assess(run_bench(runs, seed), runs, as_json=as_json)


def main() -> None:
    """Entry point of the console script."""
    try:
        app()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            # All is cleared up, but a network may still compute in its thread: Python's own way out
            # would pull the ground from under it, and the process would end as if it had crashed.
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(INTERRUPTED)
        raise
