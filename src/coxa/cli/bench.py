"""Tables of ``coxa bench``."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from coxa.app.calibration import Calibration
from coxa.report.coverage import HEAD, line

if TYPE_CHECKING:
    from coxa.app.bench_assess import Row


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


_ASSESS_HEAD = (
    f"{'test':<30}{'source':<34}{'counted':>9}{'joint part':>13}{'left':>6}{'told':>12}{'kept':>12}"
    f"{'unsure near/far':>17}{'onset':>9}{'silent':>8}{'claims':>8}"
)


def show_assess(rows: Sequence[Row], n_runs: int, as_json: bool) -> None:
    """What assessments say of cheating that is known."""
    if as_json:
        held = {"schema": "coxa.bench.assess", "schema_version": 1, "runs": n_runs}
        typer.echo(json.dumps({**held, "rows": [_as_json(row) for row in rows]}, indent=2))
        return
    typer.echo("\n".join(_assess_lines(rows, n_runs)))


def _assess_lines(rows: Sequence[Row], n_runs: int) -> Iterator[str]:
    yield f"{n_runs} simulated performances; angles in degrees"
    yield "joint part: median/p95 error; left: of the apparent motion beyond its parts, median"
    yield "told: cheating of 10 or more, 4 beyond its limit, called so"
    yield "kept: 4 within the limit, not called cheating; claims: said where the source cannot tell"
    yield _ASSESS_HEAD
    for row in rows:
        one = row.judged
        joint = f"{one.joint_median_deg:.1f}/{one.joint_p95_deg:.1f}" if one.joint_deg else "-"
        left = f"{one.left_over_median_deg:.1f}" if one.left_over_deg else "-"
        told = f"{one.sensitivity:.2f} of {len(one.broken)}" if one.broken else "-"
        kept = f"{one.specificity:.2f} of {len(one.kept)}" if one.kept else "-"
        near = f"{one.uncertain_near:.0%}" if one.near else "-"
        far = f"{one.uncertain_far:.0%}" if one.broken or one.kept else "-"
        onset = f"{1000 * one.onset_median_s:.0f} ms" if one.onset_s else "-"
        silent = f"{one.silent / one.asked:.0%}" if one.asked else "-"
        line_ = (
            f"{row.protocol or 'ALL':<30}{row.source.value:<34}"
            f"{f'{one.counted}/{one.of}':>9}{joint:>13}{left:>6}"
            f"{told:>12}{kept:>12}{f'{near} / {far}':>17}{onset:>9}{silent:>8}{one.claims:>8}"
        )
        short = one.shortcomings()
        yield f"{line_}  {'DOES NOT HOLD: ' + ', '.join(short) if short else 'holds'}"


def _as_json(row: Row) -> dict[str, Any]:
    one = row.judged
    figures: dict[str, Any] = {
        "series": one.of,
        "counted_exactly": one.counted,
        "joint_median_deg": one.joint_median_deg,
        "joint_p95_deg": one.joint_p95_deg,
        "left_over_median_deg": one.left_over_median_deg,
        "plainly_broken": len(one.broken),
        "sensitivity": one.sensitivity,
        "plainly_kept": len(one.kept),
        "specificity": one.specificity,
        "near_the_limit": len(one.near),
        "uncertain_near": one.uncertain_near,
        "uncertain_far": one.uncertain_far,
        "onset_median_s": one.onset_median_s,
        "silent": one.silent,
        "asked": one.asked,
        "claims": one.claims,
    }
    known = {name: None if math.isnan(value) else value for name, value in figures.items()}
    return {
        "protocol": row.protocol,
        "source": row.source.value,
        **known,
        "does_not_hold": one.shortcomings(),
    }
