"""Curves over the stride, left and right beside each other, against the published shape."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coxa.model.assessment import Curve
from coxa.model.normal import Z95
from coxa.report.assessment.canvas import WIDTH, Canvas, Figure, Floats, Scale, faint
from coxa.report.assessment.case import Case
from coxa.report.assessment.untold import tells
from coxa.report.assessment.words import plain_angle
from coxa.report.palette import MUTED_ON_WHITE, NORM_ON_WHITE, on_white
from coxa.report.svg import degree_ticks
from coxa.report.wording import number

_TOP, _PLOT, _GAP = 20.0, 96.0, 40.0
_BAND = (
    " Grey: published curve, one standard deviation either way, moved to this person's level: only its shape "
    "counts."
)
_PANEL = (WIDTH - 46.0 - _GAP) / 2


def gait(case: Case) -> list[Figure]:
    """One figure a quantity that has a curve which its error does not drown."""
    found = []
    for quantity in case.protocol.quantities:
        curves = [
            one
            for one in case.assessment.curves
            if one.quantity == quantity.coordinate.replace("SIDE", one.side) and np.isfinite(one.mean).any()
        ]
        if any(tells(case, one) for one in curves):
            found.append(_figure(quantity.id, quantity.title, curves))
    return found


def _figure(key: str, title: str, curves: Sequence[Curve]) -> Figure:
    canvas = Canvas(_TOP + _PLOT + 32)
    up = _scale(curves)
    for index, side in enumerate(("left", "right")):
        own = next((one for one in curves if one.side == side), None)
        other = next((one for one in curves if one.side != side), None)
        _panel(canvas, up, side, own, other, 34.0 + index * (_PANEL + _GAP))
    spoken = " ".join(_spoken(one) for one in curves)
    band = any(one.band is not None for one in curves)
    caption = (
        "Strong line: this side, with the 95 % interval of its shape (above it, that of its level). "
        "Thin dashes: the other side."
    )
    if band:
        caption += _BAND
    alt = f"{title} over the stride. {spoken}"
    return Figure(f"gait-{key}", f"{title} over the stride", caption, canvas.svg(alt), alt)


def _spoken(one: Curve) -> str:
    low, high = int(np.nanargmin(one.mean)), int(np.nanargmax(one.mean))
    side = one.side.capitalize() if one.side else "Both"
    return (
        f"{side}: from {plain_angle(float(one.mean[low]))} at {number(float(one.percent[low]))} % to "
        f"{plain_angle(float(one.mean[high]))} at {number(float(one.percent[high]))} %, "
        f"{one.n_cycles} stride{'' if one.n_cycles == 1 else 's'}."
    )


def _scale(curves: Sequence[Curve]) -> Scale:
    edges = [
        np.degrees(np.concatenate([one.mean - Z95 * _sd(one), one.mean + Z95 * _sd(one)])) for one in curves
    ]
    edges += [np.degrees(one.band).ravel() for one in curves if one.band is not None]
    every = np.concatenate(edges)
    low, high = float(np.nanmin(every)), float(np.nanmax(every))
    margin = max(0.05 * (high - low), 1.0)
    return Scale(low - margin, high + margin, _TOP + _PLOT, _TOP)


def _sd(one: Curve) -> Floats:
    """Of the curve's shape: without what all of it shares."""
    shape = np.sqrt(np.maximum(one.sd**2 - one.constant_sd**2, 0.0))
    return np.where(np.isfinite(shape), shape, 0.0)


def _panel(canvas: Canvas, up: Scale, side: str, own: Curve | None, other: Curve | None, x: float) -> None:
    across = Scale(0.0, 100.0, x, x + _PANEL)
    canvas.text(x, 13, side.capitalize(), 12, on_white(side), bold=True)
    for tick in degree_ticks(up.low, up.high, 4):
        faint(canvas, x, up(tick), x + _PANEL, up(tick))
        canvas.text(x - 5, up(tick) + 3.5, f"{number(tick)}°", 10, MUTED_ON_WHITE, "end")
    for tick in (0, 20, 40, 60, 80, 100):
        canvas.text(across(tick), _TOP + _PLOT + 14, f"{tick}", 10, MUTED_ON_WHITE, "middle")
    canvas.text(
        x + _PANEL / 2, _TOP + _PLOT + 28, "% of the stride, from foot strike", 10, MUTED_ON_WHITE, "middle"
    )
    if own is None:
        canvas.text(
            x + _PANEL / 2, _TOP + _PLOT / 2, "no whole stride was observed", 11, MUTED_ON_WHITE, "middle"
        )
        return
    places = across.many(own.percent)
    count = f"{own.n_cycles} stride{'s' if own.n_cycles != 1 else ''}"
    if own.constant_sd > 0:
        count += f", level ± {plain_angle(Z95 * own.constant_sd)}"
    canvas.text(x + _PANEL, 13, count, 10.5, MUTED_ON_WHITE, "end")
    if own.band is not None:
        low, high = np.degrees(own.band).T
        canvas.ribbon(places, up.many(low), up.many(high), NORM_ON_WHITE, 0.6)
    mean, error = np.degrees(own.mean), Z95 * np.degrees(_sd(own))
    canvas.ribbon(places, up.many(mean - error), up.many(mean + error), on_white(side), 0.22)
    if own.band is not None:  # its edges stay in sight under a wide interval
        for edge in np.degrees(own.band).T:
            canvas.polyline(places, up.many(edge), MUTED_ON_WHITE, 0.7, opacity=0.7)
    if other is not None:
        canvas.polyline(
            across.many(other.percent), up.many(np.degrees(other.mean)), on_white(other.side), 1.1, "4 3", 0.8
        )
    canvas.polyline(places, up.many(mean), on_white(side), 2.2)
