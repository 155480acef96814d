"""Tables of ``coxa bench``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import typer

from coxa.app.calibration import Calibration

_HEAD = (
    f"{'coordinate':<32} {'frames':>8} {'RMSE':>6} {'sd':>6} {'bias':>6}  in 68%  in 95%  observed  weak  "
)


def show_calibration(found: Calibration, as_json: bool) -> None:
    """How often the stated intervals held the truth."""
    if as_json:
        typer.echo(json.dumps({"schema": "coxa.calibration", "schema_version": 1, **asdict(found)}, indent=2))
        return
    typer.echo("\n".join(_lines(found)))


def _lines(found: Calibration) -> Iterator[str]:
    yield f"{found.n_runs} simulated runs; angles in degrees, shares of frames in per cent"
    yield _HEAD
    for row in found.rows:
        verdict = ("holds" if row.holds else "DOES NOT HOLD") if row.required else ""
        yield (
            f"{row.coordinate:<32} {row.n_frames:>8} {row.rmse_deg:>6.1f} {row.median_sd_deg:>6.1f} "
            f"{row.bias_deg:>6.1f} {100 * row.within_68:>7.1f} {100 * row.within_95:>7.1f} "
            f"{100 * row.observed:>9.1f} {100 * row.weak:>5.1f}  {verdict}"
        )
    for sources, shares in found.told.items():
        for coordinate, (observed, silent) in shares.items():
            yield f"{coordinate} from {sources}: observed {observed:.1%}, not observable {silent:.1%}"
    yield f"wrong basins: {len(found.wrong_basins)}"
    for run, script, sources in found.wrong_basins:
        yield f"  run {run}: {script}, {sources}"
