"""``coxa tags``: printed boards."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from coxa.cli.exits import EPILOG, exit_codes

app = typer.Typer(help="Coded boards to print, fold and wear.", no_args_is_help=True, rich_markup_mode=None)


class Paper(StrEnum):
    """Sizes of paper."""

    A4 = "a4"
    LETTER = "letter"


@app.callback()
def _tags() -> None:
    pass


@app.command("print", epilog=EPILOG)
def print_boards(
    segments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SEGMENT]...",
            show_default=False,
            help="sacrum, t12, upper_back, sternum, left_thigh, right_thigh, left_shank, right_shank, or "
            "calibration: the page that cameras are calibrated with. [default: sacrum t12]",
        ),
    ] = None,
    paper: Annotated[Paper, typer.Option(help="Size of the paper.")] = Paper.A4,
    out: Annotated[Path, typer.Option(help="PDF to write.")] = Path("coxa-tags.pdf"),
) -> None:
    """Write the boards as a PDF, a page each, true to size."""
    with exit_codes():
        from coxa import bootstrap

        n_pages = bootstrap.print_boards(out, tuple(segments or ("sacrum", "t12")), paper.value)
        pages = "1 page" if n_pages == 1 else f"{n_pages} pages"
        typer.echo(f"{out}: {pages}. Print at 100 % (actual size); the ruler must measure 100 mm.")
