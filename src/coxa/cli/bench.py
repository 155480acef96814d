"""Tables of ``coxa bench``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import typer

from coxa.app.calibration import Calibration
from coxa.report.coverage import HEAD, line


def show_calibration(found: Calibration, as_json: bool) -> None:
    """How often the stated intervals held the truth."""
    if as_json:
        typer.echo(json.dumps({"schema": "coxa.calibration", "schema_version": 1, **asdict(found)}, indent=2))
        return
    typer.echo("\n".join(_lines(found)))


def _lines(found: Calibration) -> Iterator[str]:
    yield f"{found.n_runs} simulated runs; angles in degrees, shares of frames in per cent"
    yield HEAD
    for row in found.rows:
        verdict = ("holds" if row.holds else "DOES NOT HOLD") if row.required else ""
        yield f"{line(row)}  {verdict}".rstrip()
    for sources, shares in found.told.items():
        for coordinate, (observed, silent) in shares.items():
            yield f"{coordinate} from {sources}: observed {observed:.1%}, not observable {silent:.1%}"
    yield f"wrong basins: {len(found.wrong_basins)}"
    for run, script, sources in found.wrong_basins:
        yield f"  run {run}: {script}, {sources}"
