"""Both sides of the body at a glance: what each reached, and how that compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from coxa.model.assessment import Estimate, NormComparison, Verdict
from coxa.model.motion import Observability
from coxa.model.normal import Z95
from coxa.report.assessment.canvas import WIDTH, Canvas, Figure, Scale, whisker
from coxa.report.assessment.case import Case
from coxa.report.assessment.words import VERDICTS, angle
from coxa.report.palette import FAINT_ON_WHITE, INK_ON_WHITE, MUTED_ON_WHITE, NORM_ON_WHITE, on_white

_TOP, _COLUMN = 62.0, 240.0
_ROOMY, _DENSE, _MANY = 76.0, 64.0, 4  # height of a row; of more than so many
_BODY = 300.0  # the drawn person is as tall


@dataclass(frozen=True, slots=True)
class Callout:
    """One figure of one side.

    Attributes:
        title: what was measured.
        side: ``left``, ``right`` or empty.
        figure: the result.
        note: under it.
        verdict: None: none was asked for.
        norm: None: none applies.
    """

    title: str
    side: str
    figure: Estimate
    note: str
    verdict: Verdict | None = None
    norm: NormComparison | None = None


def callouts(cases: Sequence[Case]) -> tuple[Callout, ...]:
    """Every result that was observed, in the protocols' order; of walking, the ranges of the legs."""
    found = []
    for case in cases:
        found += [
            Callout(
                case.title_of(one.quantity),
                one.side,
                one.result,
                "weak: do not rely on it" if one.level is Observability.WEAK else VERDICTS[one.verdict],
                one.verdict,
                one.norm,
            )
            for one in case.told()
        ]
        found += _ranges(case)
    return tuple(found)


def _ranges(case: Case) -> list[Callout]:
    """Ranges over the stride of joints that each leg has one of; none that drowns in its error."""
    found = []
    for quantity in case.protocol.quantities:
        if "SIDE" not in quantity.coordinate:
            continue
        for side in ("left", "right"):
            name = f"range.{quantity.coordinate.replace('SIDE', side)}.{side}"
            figure = case.assessment.measures.get(name)
            if figure is not None and figure.known and figure.value > Z95 * figure.sd:
                found.append(Callout(quantity.title, side, figure, "range over the stride"))
    return found


def body(found: Sequence[Callout]) -> Figure | None:
    """The drawn person with its callouts; None where nothing was observed."""
    if not found:
        return None
    rows = _rows([one for one in found if one.side])
    middle = [one for one in found if not one.side]
    high = _ROOMY if len(rows) <= _MANY else _DENSE
    tall = max(_BODY + 24.0, _TOP + high * (len(rows) - 1) + 40.0) if rows else _BODY + 24.0
    beside = not rows
    canvas = Canvas(tall if beside else tall + high * len(middle) + (14.0 if middle else 0.0))
    _person(canvas, WIDTH / 2 - (130.0 if beside else 0.0), 8.0 + max(0.0, (tall - _BODY - 24.0) / 2))
    if rows:
        for side, x in (("right", 0.0), ("left", WIDTH - _COLUMN)):
            canvas.text(x, 20, f"{side.capitalize()} side", 13, on_white(side), bold=True)
            canvas.line(x, 28, x + _COLUMN, 28, on_white(side), 2)
            if not any(one.side == side for one in found):
                canvas.text(x, _TOP - 8, "nothing that counts was seen", 11, MUTED_ON_WHITE)
    for row, sides in enumerate(rows):
        for one in sides:
            _callout(canvas, one, 0.0 if one.side == "right" else WIDTH - _COLUMN, _TOP + high * row)
    for row, one in enumerate(middle):
        y = tall / 2 - high * (len(middle) - 1) / 2 if beside else tall + 24.0
        _callout(canvas, one, WIDTH / 2 if beside else (WIDTH - _COLUMN) / 2, y + high * row)
    alt = "Body seen from the front. " + " ".join(_spoken(one) for one in found)
    return Figure(
        "body", "Both sides at a glance" if rows else "At a glance", _caption(found), canvas.svg(alt), alt
    )


def _rows(found: Sequence[Callout]) -> list[list[Callout]]:
    """Left and right of one quantity share a row."""
    order = {one.title: None for one in found}
    place = list(order).index
    ordered = sorted(found, key=lambda one: place(one.title))
    rows: list[list[Callout]] = []
    for _, same in groupby(ordered, key=lambda one: one.title):
        sides = list(same)
        left = [one for one in sides if one.side == "left"]
        right = [one for one in sides if one.side != "left"]
        for index in range(max(len(left), len(right))):
            rows.append(left[index : index + 1] + right[index : index + 1])
    return rows


def _caption(found: Sequence[Callout]) -> str:
    words = "± is the 95 % interval."
    if any(one.side for one in found):
        words = f"You face the person: their right side is on your left. {words}"
    if any(one.norm is not None for one in found):
        words += " Grey bars: reference people, dark the middle two thirds; the dot is this person."
    return words


def _spoken(one: Callout) -> str:
    side = f"{one.side} " if one.side else ""
    norm = f" {one.norm.words}." if one.norm is not None else ""
    return f"{one.title} {side}{angle(one.figure)}, {one.note}.{norm}"


def _callout(canvas: Canvas, one: Callout, x: float, y: float) -> None:
    canvas.text(x, y - 8, one.title, 11, MUTED_ON_WHITE)
    canvas.text(x, y + 15, angle(one.figure), 17, INK_ON_WHITE, bold=True)
    if one.verdict is not None:
        canvas.verdict(x + 6, y + 28.5, one.verdict, 4.5)
        canvas.text(x + 17, y + 32, one.note, 10.5, MUTED_ON_WHITE)
    else:
        canvas.text(x, y + 32, one.note, 10.5, MUTED_ON_WHITE)
    if one.norm is not None:
        _mini_norm(canvas, one, x + 150.0, y + 9.0)


def _mini_norm(canvas: Canvas, one: Callout, x: float, y: float) -> None:
    norm = one.norm
    if norm is None or not (np.isfinite(norm.sd) and norm.sd > 0 and np.isfinite(norm.mean)):
        return
    width = _COLUMN - 152.0
    scale = Scale(norm.mean - 3 * norm.sd, norm.mean + 3 * norm.sd, x, x + width)
    canvas.rect(x, y - 4, width, 8, FAINT_ON_WHITE, 0.6)
    low, high = scale(norm.mean - norm.sd), scale(norm.mean + norm.sd)
    canvas.rect(low, y - 4, high - low, 8, NORM_ON_WHITE)
    spread = Z95 * one.figure.sd if np.isfinite(one.figure.sd) else 0.0
    colour = on_white(one.side)
    whisker(canvas, scale, one.figure.value - spread, one.figure.value + spread, y, colour)
    canvas.circle(scale(one.figure.value), y, 4, colour, "#fff")


def _person(canvas: Canvas, x: float, y: float) -> None:
    """Somebody standing, seen from the front; the hips in the colours of their sides."""
    skin = "#dfe5ea"
    canvas.circle(x, y + 22, 19, skin)
    canvas.rect(x - 7, y + 36, 14, 22, skin)
    torso = (f"M{x - 30:.0f} {y + 62:.0f}H{x + 30:.0f}L{x + 18:.0f} {y + 118:.0f}L{x + 22:.0f} {y + 152:.0f}"
              f"H{x - 22:.0f}L{x - 18:.0f} {y + 118:.0f}z")  # fmt: skip
    canvas.path(torso, fill=skin, stroke=skin, width=16)
    for sign in (-1, 1):
        arm = f"M{x + sign * 33:.0f} {y + 63:.0f}l{sign * 15} 48 {sign * 7} 46"
        canvas.path(arm, stroke=skin, width=13)
        thigh = f"M{x + sign * 18:.0f} {y + 152:.0f}L{x + sign * 19:.0f} {y + 214:.0f}"
        canvas.path(thigh, stroke=skin, width=22)
        shin = f"M{x + sign * 19:.0f} {y + 210:.0f}L{x + sign * 20:.0f} {y + 276:.0f}"
        canvas.path(shin, stroke=skin, width=16)
        canvas.path(f"M{x + sign * 19:.0f} {y + 284:.0f}h{sign * 12}", stroke=skin, width=11)
    for sign, side in ((-1, "right"), (1, "left")):
        canvas.circle(x + sign * 18, y + 152, 8.5, on_white(side), "#fff")
