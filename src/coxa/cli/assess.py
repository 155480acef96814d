"""``coxa assess`` and ``coxa protocols``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coxa.cli import options
from coxa.cli.exits import EPILOG, exit_codes

_PROTOCOLS = typer.Option(
    "--protocols", metavar="DIR", help="Folder of protocols of your own.", show_default=False
)


def assess(
    recordings: Annotated[
        list[str],
        typer.Argument(
            metavar="RECORDING...",
            help="Videos or files that Coxa measures, sides apart or together; PART=RECORDING for a battery.",
            show_default=False,
        ),
    ],
    protocol: Annotated[str, typer.Option(metavar="ID", help="Which test; see `coxa protocols`.")],
    side: options.OnlySide = None,
    person_file: Annotated[
        Path | None,
        typer.Option("--person", metavar="FILE", help="YAML: age_y, sex, height_m.", show_default=False),
    ] = None,
    helped: Annotated[
        Path | None,
        typer.Option(metavar="RECORDING", help="The same test, the other segment held.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the report. [default: coxa-out/NAME-ID]", show_default=False),
    ] = None,
    protocols: Annotated[Path | None, _PROTOCOLS] = None,
    from_s: options.FromS = 0.0,
    to_s: options.ToS = None,
    calibration: options.Calibration = None,
    static: options.Static = None,
    reliability: options.Reliability = None,
    no_pictures: Annotated[
        bool,
        typer.Option("--no-pictures", help="No frames of the film, which show the person."),
    ] = False,
    overwrite: options.Overwrite = False,
    quiet: options.Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON on stdout.")] = False,
) -> None:
    """Run a test on recordings: who did the moving, against norms and the other side."""
    with exit_codes():
        from coxa import bootstrap
        from coxa.app.request import MeasureOptions, ReadOptions
        from coxa.cli import assessed, foretold, render

        wanted = MeasureOptions(from_s, to_s, ReadOptions(calibration=calibration), static=static)
        target = out or Path("coxa-out") / f"{Path(recordings[0].rpartition('=')[2]).stem}-{protocol}"
        if not quiet:
            foretold.show(bootstrap.foretell(recordings, protocol, wanted.reading, protocols))
        with render.progress(quiet) as on_progress:
            found = bootstrap.assess(
                recordings,
                protocol,
                sides=() if side is None else (side.value,),
                person_file=person_file,
                helped=helped,
                out=target,
                protocols=protocols,
                options=wanted,
                overwrite=overwrite,
                pictures=not no_pictures,
                reliability=reliability,
                on_progress=on_progress,
            )
        if as_json or not quiet:
            assessed.show(found, target, as_json=as_json)


catalogue = typer.Typer(
    help="The tests Coxa knows.",
    invoke_without_command=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@catalogue.callback()
def _list(context: typer.Context, protocols: Annotated[Path | None, _PROTOCOLS] = None) -> None:
    if context.invoked_subcommand is not None:
        return
    with exit_codes():
        from coxa.catalog.protocols import library
        from coxa.cli import assessed

        assessed.show_list(library(protocols))


@catalogue.command(epilog=EPILOG)
def show(
    name: Annotated[str, typer.Argument(metavar="ID")], protocols: Annotated[Path | None, _PROTOCOLS] = None
) -> None:
    """One test: how it is done, what is read, what counts as cheating."""
    with exit_codes():
        from coxa.catalog.protocols import library
        from coxa.cli import assessed

        assessed.show_protocol(library(protocols).protocol(name))
