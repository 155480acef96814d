"""The movement over time: which stretch was which repetition, its verdict, and when cheating began."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coxa.assess.reading import Reading, resolved, sign_of
from coxa.model.assessment import Repetition, SideResult, Verdict
from coxa.model.motion import Motion, Observability
from coxa.report.assessment.canvas import WIDTH, Canvas, Figure, Floats, Scale, faint
from coxa.report.assessment.case import Case
from coxa.report.assessment.words import seconds, side_word, state
from coxa.report.palette import FAINT_ON_WHITE, INK_ON_WHITE, LIMIT_ON_WHITE, MUTED_ON_WHITE, on_white
from coxa.report.svg import degree_ticks, runs, time_ticks
from coxa.report.wording import number

_TOP, _PLOT, _LEFT, _RIGHT = 26.0, 110.0, 34.0, WIDTH - 8.0
_LANE = 13.0
_MOST_POINTS = 1200
_SHOWN = (Verdict.COMPENSATED, Verdict.UNCERTAIN)  # whose beginnings are worth a mark


def timelines(case: Case) -> list[Figure]:
    """One figure a side and coordinate; quantities read from the same one share it."""
    if case.motion is None or len(case.motion.time_s) < 2:
        return []
    together: dict[tuple[str, str], list[SideResult]] = {}
    for one in case.told():
        together.setdefault((one.side, one.coordinate), []).append(one)
    found = [_timeline(case, case.motion, same) for same in together.values()]
    return [one for one in found if one is not None]


def _timeline(case: Case, motion: Motion, same: Sequence[SideResult]) -> Figure | None:
    result = same[0]
    quantity = case.quantity(result)
    sign = 1 if quantity is None else sign_of(quantity.sign, quantity.mirrored, result.side)
    reading = Reading.of(motion, resolved(result.coordinate, result.side), sign)
    seen = np.where(reading.level > Observability.NOT_OBSERVABLE, reading.value, np.nan)
    if not np.isfinite(seen).any():
        return None
    time_s, degrees = _thinned(motion.time_s, np.degrees(seen))
    start_s, end_s = float(motion.time_s[0]), float(motion.time_s[-1])
    across = Scale(start_s, end_s, _LEFT, _RIGHT)
    low, high = float(np.nanmin(degrees)), float(np.nanmax(degrees))
    margin = max(0.06 * (high - low), 2.0)
    up = Scale(low - margin, high + margin, _TOP + _PLOT, _TOP)
    letters = _letters(case, same)
    canvas = Canvas(_TOP + _PLOT + _LANE * len(letters) + (38.0 if letters else 20.0))
    _axes(canvas, across, up, _LANE * len(letters))
    repetitions = sorted((r for one in same for r in one.repetitions), key=lambda r: r.start_s)
    for one in repetitions:
        _shade(canvas, across, one)
    for rows in runs(np.isfinite(degrees)):
        canvas.polyline(across.many(time_s[rows]), up.many(degrees[rows]), on_white(result.side), 1.8)
    for one in repetitions:
        _marks(canvas, across, up, one, letters, (time_s, degrees))
    _legend(canvas, case, letters)
    title = f"Over time: {side_word(result.side, ' and '.join(case.title_of(one.quantity) for one in same))}"
    alt = f"{title}. " + " ".join(_spoken(one, case) for one in repetitions)
    return Figure(
        f"time-{result.quantity}-{result.side}",
        title,
        "Grey stretches are repetitions, their verdicts above"
        + ("; triangles below: when something began that went too far, or nearly so." if letters else "."),
        canvas.svg(alt),
        alt,
    )


def _thinned(time_s: Floats, degrees: Floats) -> tuple[Floats, Floats]:
    step = max(1, int(np.ceil(len(time_s) / _MOST_POINTS)))
    return time_s[::step], degrees[::step]


def _axes(canvas: Canvas, across: Scale, up: Scale, lanes: float) -> None:
    for tick in degree_ticks(up.low, up.high, 4):
        faint(canvas, _LEFT, up(tick), _RIGHT, up(tick))
        canvas.text(_LEFT - 5, up(tick) + 3.5, f"{number(tick)}°", 10, MUTED_ON_WHITE, "end")
    for tick, words in time_ticks(across.low, across.high):
        anchor = "end" if across(tick) > _RIGHT - 16 else "middle"
        canvas.text(across(tick), _TOP + _PLOT + lanes + 14, words, 10, MUTED_ON_WHITE, anchor)


def _shade(canvas: Canvas, across: Scale, one: Repetition) -> None:
    if not np.isfinite([one.start_s, one.end_s]).all():
        return
    x1, x2 = across(one.start_s), across(one.end_s)
    canvas.rect(x1 + 0.5, _TOP, max(x2 - x1 - 1.0, 1.0), _PLOT, FAINT_ON_WHITE, 0.45)


def _marks(
    canvas: Canvas,
    across: Scale,
    up: Scale,
    one: Repetition,
    letters: dict[str, str],
    curve: tuple[Floats, Floats],
) -> None:
    if not np.isfinite(one.peak_s):
        return
    x = across(one.peak_s)
    if one.cut or one.partial:
        canvas.text(x, 14, "cut" if one.cut else "partial", 9.5, MUTED_ON_WHITE, "middle")
    else:
        canvas.verdict(x, 10, one.verdict)
    value = float(np.interp(one.peak_s, *curve))
    if np.isfinite(value):
        canvas.circle(x, up(value), 3, INK_ON_WHITE, "#fff")
    for held in one.compensations:
        if held.verdict in _SHOWN and held.rule in letters and np.isfinite(held.onset_s or np.nan):
            at, lane = across(held.onset_s or 0.0), list(letters).index(held.rule)
            y = _TOP + _PLOT + _LANE * lane + 3.0
            canvas.path(f"M{at:.1f} {y:.1f}l4 8h-8z", fill=LIMIT_ON_WHITE)


def _letters(case: Case, same: Sequence[SideResult]) -> dict[str, str]:
    """A letter a rule that something began under."""
    begun = {
        held.rule
        for result in same
        for one in result.repetitions
        for held in one.compensations
        if held.onset_s is not None and held.verdict in _SHOWN
    }
    return {
        rule.id: "abcdefghijklmnopqrstuvwxyz"[i % 26] for i, rule in enumerate(case.rules) if rule.id in begun
    }


def _legend(canvas: Canvas, case: Case, letters: dict[str, str]) -> None:
    x = _LEFT
    for lane, (rule, letter) in enumerate(letters.items()):
        y = _TOP + _PLOT + _LANE * lane + 11.0
        canvas.text(_LEFT - 5, y, letter, 10.5, LIMIT_ON_WHITE, "end", bold=True)
        words = f"{letter}: {_title(case, rule)}"
        canvas.text(x, canvas.height - 5, words, 10.5, LIMIT_ON_WHITE)
        x += 26 + 5.4 * len(words)


def _spoken(one: Repetition, case: Case) -> str:
    begun = [
        f"{_title(case, held.rule)} began at {seconds(held.onset_s)}"
        for held in one.compensations
        if held.onset_s is not None and held.level is not Observability.NOT_OBSERVABLE
    ]
    after = f"; {', '.join(begun)}" if begun else ""
    return f"Repetition {one.number}, {seconds(one.start_s)} to {seconds(one.end_s)}: {state(one)}{after}."


def _title(case: Case, rule: str) -> str:
    return next((one.title for one in case.rules if one.id == rule), rule)
