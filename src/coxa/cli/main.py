"""``coxa``: the commands. What a command needs is imported inside it, so that ``--help`` is quick."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from coxa import __version__
from coxa.cli.exits import EPILOG, INTERRUPTED, exit_codes

app = typer.Typer(
    help="Tell whether the hip or the spine is doing the moving, with the uncertainty of every angle.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


class PoseSize(StrEnum):
    """The landmark networks."""

    LITE = "lite"
    FULL = "full"
    HEAVY = "heavy"


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


@app.command(epilog=EPILOG)
def measure(
    source: Annotated[
        Path, typer.Argument(metavar="SOURCE", help="The video: mp4, mov, webm, avi.", show_default=False)
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results. [default: coxa-out/NAME]", show_default=False)
    ] = None,
    height_m: Annotated[
        float | None,
        typer.Option(help="The person's height in metres.", min=0.5, max=2.6, show_default=False),
    ] = None,
    pose: Annotated[
        PoseSize, typer.Option(help="Pose network: the larger, the truer and slower.")
    ] = PoseSize.HEAVY,
    camera_fov_deg: Annotated[
        float | None,
        typer.Option(help="Field of view along the longer side.", min=10, max=150, show_default=False),
    ] = None,
    from_s: Annotated[
        float, typer.Option("--from", metavar="S", help="Start here, in seconds.", min=0)
    ] = 0.0,
    to_s: Annotated[
        float | None,
        typer.Option("--to", metavar="S", help="Stop here, in seconds.", min=0, show_default=False),
    ] = None,
    person: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            show_default=False,
            help="Whom to follow, counted from the left in the first picture with people. "
            "[default: the largest and most central]",
        ),
    ] = None,
    overlay: Annotated[bool, typer.Option("--overlay/--no-overlay", help="Write overlay.mp4.")] = True,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an older result.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON on stdout.")] = False,
) -> None:
    """Measure the hip and spine angles of one person in a video."""
    with exit_codes():
        from coxa import bootstrap
        from coxa.cli import render

        target = out or Path("coxa-out") / source.stem
        with render.progress(quiet) as on_progress:
            motion = bootstrap.measure(
                source,
                out=target,
                height_m=height_m,
                pose=pose.value,
                camera_fov_deg=camera_fov_deg,
                from_s=from_s,
                to_s=to_s,
                person=person,
                overlay=overlay,
                overwrite=overwrite,
                on_progress=on_progress,
            )
        if as_json or not quiet:
            render.result(motion, target, as_json=as_json)


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
