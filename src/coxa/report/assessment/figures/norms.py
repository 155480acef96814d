"""Each result on the band of reference people, with its error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coxa.model.assessment import NormComparison, SideResult
from coxa.model.normal import Z95
from coxa.report.assessment.canvas import Canvas, Figure, Scale, Table, faint, whisker
from coxa.report.assessment.case import Case
from coxa.report.assessment.words import angle, side_word, source_of
from coxa.report.palette import FAINT_ON_WHITE, INK_ON_WHITE, MUTED_ON_WHITE, NORM_ON_WHITE, on_white
from coxa.report.svg import degree_ticks
from coxa.report.wording import number

_ROW, _TOP, _LEFT, _RIGHT = 34.0, 8.0, 216.0, 556.0


def norms(case: Case) -> Figure | None:
    """All results that have a norm; None where none has."""
    held = [(one, one.norm) for one in case.told() if one.norm is not None and np.isfinite(one.norm.mean)]
    if not held:
        return None
    canvas = Canvas(_TOP + _ROW * len(held) + 24)
    scale = _scale(held)
    bottom = _TOP + _ROW * len(held)
    for tick in degree_ticks(scale.low, scale.high):
        faint(canvas, scale(tick), _TOP, scale(tick), bottom)
        canvas.text(scale(tick), bottom + 15, f"{number(tick)}°", 10.5, MUTED_ON_WHITE, "middle")
    for row, (result, norm) in enumerate(held):
        _draw(canvas, scale, result, norm, case, _TOP + _ROW * (row + 0.5))
    alt = "Against reference people. " + " ".join(
        f"{side_word(one.side, case.title_of(one.quantity))}: {norm.words}." for one, norm in held
    )
    doubt = (
        "" if all(norm.verified for _, norm in held) else " Some references are not verified: see the table."
    )
    return Figure(
        "norms",
        "Against reference people",
        "Grey: reference people, dark from one standard deviation below their mean (the upright line) to one "
        "above, pale to two. Dot and bar: this person with the 95 % interval." + doubt,
        canvas.svg(alt),
        alt,
        _table(case, held),
    )


def _scale(held: Sequence[tuple[SideResult, NormComparison]]) -> Scale:
    low, high = [], []
    for one, norm in held:
        spread = Z95 * one.result.sd if np.isfinite(one.result.sd) else 0.0
        low += [norm.mean - 2 * norm.sd, one.result.value - spread]
        high += [norm.mean + 2 * norm.sd, one.result.value + spread]
    bottom, top = float(np.degrees(np.nanmin(low))), float(np.degrees(np.nanmax(high)))
    margin = max(0.03 * (top - bottom), 1.0)
    return Scale(bottom - margin, top + margin, _LEFT, _RIGHT)


def _draw(
    canvas: Canvas, scale: Scale, result: SideResult, norm: NormComparison, case: Case, y: float
) -> None:
    mean, sd = np.degrees(norm.mean), np.degrees(norm.sd)
    value, error = np.degrees(result.result.value), Z95 * np.degrees(result.result.sd)
    colour = on_white(result.side)
    if result.side:
        canvas.text(0, y - 2, result.side.capitalize(), 12, colour, bold=True)
        canvas.text(0, y + 12, case.title_of(result.quantity), 10.5, MUTED_ON_WHITE)
    else:
        canvas.text(0, y + 4, case.title_of(result.quantity), 12, colour, bold=True)
    for n, fill in ((2, FAINT_ON_WHITE), (1, NORM_ON_WHITE)):
        low, high = scale(mean - n * sd), scale(mean + n * sd)
        canvas.rect(low, y - 8, high - low, 16, fill)
    canvas.line(scale(mean), y - 8, scale(mean), y + 8, MUTED_ON_WHITE, 1.4)
    if np.isfinite(error):
        whisker(canvas, scale, value - error, value + error, y, colour)
    canvas.circle(scale(value), y, 4.5, colour, "#fff")
    canvas.text(_RIGHT + 14, y - 2, angle(result.result), 12, INK_ON_WHITE, bold=True)
    canvas.text(_RIGHT + 14, y + 12, percentile(norm), 10.5, MUTED_ON_WHITE)


def percentile(norm: NormComparison) -> str:
    """``percentile 12 ± 6``."""
    if not norm.percentile.known:
        return ""
    spread = Z95 * norm.percentile.sd
    error = f" ±\u202f{number(spread)}" if np.isfinite(spread) and spread >= 0.5 else ""
    return f"percentile {number(norm.percentile.value)}{error}"


def _table(case: Case, held: Sequence[tuple[SideResult, NormComparison]]) -> Table:
    return Table(
        ("", "This person", "Reference people (mean, sd)", "Percentile", "Band", "Source"),
        tuple(
            (
                side_word(one.side, case.title_of(one.quantity)),
                angle(one.result),
                f"{number(float(np.degrees(norm.mean)))}° ({number(float(np.degrees(norm.sd)))}°)",
                percentile(norm).removeprefix("percentile "),
                norm.band,
                source_of(norm.source, norm.trust if norm.verified else "M-M"),
            )
            for one, norm in held
        ),
        "Against reference people",
    )
