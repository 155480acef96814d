"""``coxa inspect`` and ``coxa convert``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coxa.cli import options
from coxa.cli.exits import exit_codes


def inspect(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="Any file or folder Coxa reads.")],
    person: options.Person = None,
    rate_hz: options.RateHz = None,
    picture: options.PictureSize = None,
    calibration: options.Calibration = None,
    mapping: options.Mapping = None,
    detector: options.Detector = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON on stdout.")] = False,
) -> None:
    """What is in a file, what can be measured from it, what cannot, and what could be added."""
    picture_px = options.picture_px(picture)
    with exit_codes():
        from coxa import bootstrap
        from coxa.app.request import ReadOptions
        from coxa.cli.contents import show

        reading = ReadOptions(
            person, rate_hz, picture_px, calibration=calibration, mapping=mapping, detector=detector
        )
        show(bootstrap.inspect(source, reading), as_json=as_json)


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="Any file or folder Coxa reads.")],
    target: Annotated[
        Path, typer.Argument(metavar="OUT", help="File to write: .c3d .trc .mot .csv .parquet .nc")
    ],
    person: options.Person = None,
    rate_hz: options.RateHz = None,
    picture: options.PictureSize = None,
    mapping: options.Mapping = None,
    detector: options.Detector = None,
    overwrite: options.Overwrite = False,
    quiet: options.Quiet = False,
) -> None:
    """Write what a file holds in another format."""
    picture_px = options.picture_px(picture)
    with exit_codes():
        from coxa import bootstrap
        from coxa.app.request import ReadOptions

        reading = ReadOptions(person, rate_hz, picture_px, mapping=mapping, detector=detector)
        written = bootstrap.convert(source, target, reading, overwrite)
        if not quiet:
            typer.echo(f"{target}: {written.n_frames} frames")
            for words in written.left_out:
                typer.echo(f"Left out: {words}")
