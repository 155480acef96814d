"""``coxa camera``: what a lens does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coxa.cli.exits import EPILOG, exit_codes

app = typer.Typer(help="Calibrate cameras.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _camera() -> None:
    pass


@app.command(epilog=EPILOG)
def calibrate(
    source: Annotated[
        Path, typer.Argument(metavar="VIDEO|FOLDER", help="Film or folder of pictures of the page.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="TOML to write. [default: beside the source, NAME.toml]", show_default=False),
    ] = None,
    square_mm: Annotated[
        float | None,
        typer.Option(
            min=1, help="Side of a square, where the print is not true to size.", show_default=False
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an older calibration.")] = False,
) -> None:
    """Focal length, principal point and distortion from a film of the page of tags print calibration."""
    with exit_codes():
        from coxa import bootstrap

        target = out or source.with_name(f"{source.stem}.toml")
        for line in bootstrap.calibrate_camera(source, target, square_mm, overwrite):
            typer.echo(line)
