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
    from coxa.app.held_against_truth import Judged


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
    f"{'source':<34}{'sensitivity':>13}{'specificity':>13}{'unsure near/far':>17}{'joint part':>12}"
    f"{'in 95%':>8}{'left':>6}{'onset':>9}{'counted':>9}{'silent':>8}{'claims':>8}"
)


def show_assess(rows: Sequence[Row], n_runs: int, as_json: bool) -> None:
    """What assessments say of cheating that is known."""
    if as_json:
        held = {"schema": "coxa.bench.assess", "schema_version": 1, "runs": n_runs}
        typer.echo(json.dumps({**held, "rows": [_as_json(row) for row in rows]}, indent=2))
        return
    typer.echo("\n".join(_assess_lines(rows, n_runs)))


def _assess_lines(rows: Sequence[Row], n_runs: int) -> Iterator[str]:
    yield f"{n_runs} simulated performances, repetitions done well and cheated; angles in degrees"
    yield "sensitivity: of cheating by 10 or more, and 4 beyond its limit, called so"
    yield "specificity: of what stayed 4 within its limit, not called cheating"
    yield "unsure: called too close to call, near the limit and far from it; joint part: median/p95 error;"
    yield "in 95%: changes whose 95 % interval held what was done;"
    yield "left: of the apparent motion beyond its parts, median; silent: rules said not to be observable;"
    yield "claims: verdicts and figures where the source has not been shown to tell"
    yield _ASSESS_HEAD
    for row in rows:
        if not row.protocol:
            yield f"{row.source.value:<34}{_figures(row.judged)}"
    short = [row for row in rows if row.judged.shortcomings()]
    yield ""
    yield f"{len(short)} of {len(rows)} rows fall short (rows: each test from each source, each source)"
    for row in short:
        what = ", ".join(row.judged.shortcomings())
        yield f"{row.protocol or 'ALL TESTS'}, {row.source.value}: {what}"
        yield f"{'':<34}{_figures(row.judged)}"


def _figures(one: Judged) -> str:
    """One line of figures, in the columns of the head."""
    joint = f"{one.joint_median_deg:.1f}/{one.joint_p95_deg:.1f}" if one.joint_deg else "-"
    left = f"{one.left_over_median_deg:.1f}" if one.left_over_deg else "-"
    told = f"{one.sensitivity:.2f} of {len(one.broken)}" if one.broken else "-"
    kept = f"{one.specificity:.2f} of {len(one.kept)}" if one.kept else "-"
    near = f"{one.uncertain_near:.0%}" if one.near else "-"
    far = f"{one.uncertain_far:.0%}" if one.broken or one.kept else "-"
    onset = f"{1000 * one.onset_median_s:.0f} ms" if one.onset_s else "-"
    silent = f"{one.silent / one.asked:.0%}" if one.asked else "-"
    held = f"{one.held_95:.0%}" if one.in_95 else "-"
    counted = f"{one.counted}/{one.of}"
    return (
        f"{told:>13}{kept:>13}{f'{near} / {far}':>17}{joint:>12}{held:>8}{left:>6}"
        f"{onset:>9}{counted:>9}{silent:>8}{one.claims:>8}"
    )


def _as_json(row: Row) -> dict[str, Any]:
    one = row.judged
    figures: dict[str, Any] = {
        "series": one.of,
        "counted_exactly": one.counted,
        "joint_median_deg": one.joint_median_deg,
        "joint_p95_deg": one.joint_p95_deg,
        "changes_in_95": one.held_95,
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
