"""Who did the moving, repetition by repetition, and what else moved against what is let pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coxa.model.assessment import Compensation, LedgerEntry, Repetition, SideResult, Verdict
from coxa.model.motion import Observability
from coxa.model.normal import Z95
from coxa.report.assessment.canvas import WIDTH, Canvas, Figure, Scale, faint, whisker
from coxa.report.assessment.case import Case
from coxa.report.assessment.words import DASH, PARTS, angle, plain_angle, state
from coxa.report.palette import (
    FAINT_ON_WHITE,
    INK_ON_WHITE,
    LIMIT_ON_WHITE,
    MUTED_ON_WHITE,
    PARTS_ON_WHITE,
    on_white,
)
from coxa.report.svg import degree_ticks
from coxa.report.wording import number
from coxa.specs.protocol import CompensationRule

_ROW, _HEADING, _TOP, _LEFT, _RIGHT, _MOST_RULES = 22.0, 20.0, 46.0, 78.0, 380.0, 4
_TOGETHER, _MOST_ROWS = 16, 30  # repetitions of one figure
_CLOSE_DEG = 2.0  # closer is not seen in the figure
_ON_PART = {"joint": "#fff"}


def ledgers(case: Case) -> list[Figure]:
    """One figure a quantity that has repetitions, its sides below each other; long ones a figure a side."""
    together: dict[str, list[_Shown]] = {}
    for result in case.told():
        kept = tuple(one for one in result.repetitions if one.motion.known and not one.cut)
        if kept:
            together.setdefault(result.quantity, []).append(_Shown(result, kept))
    found = []
    for quantity, sides in together.items():
        few = sum(len(side.repetitions) for side in sides) <= _TOGETHER
        found += [_ledger(case, quantity, part) for part in ([sides] if few else [[side] for side in sides])]
    return found


@dataclass(frozen=True, slots=True)
class _Shown:
    """A side and those of its repetitions that were measured."""

    result: SideResult
    repetitions: tuple[Repetition, ...]

    @property
    def drawn(self) -> tuple[Repetition, ...]:
        """Those that one page has room for."""
        return self.repetitions[:_MOST_ROWS]


def _ledger(case: Case, quantity: str, sides: Sequence[_Shown]) -> Figure:
    shown = [one for side in sides for one in side.drawn]
    rules = [
        rule
        for rule in case.rules
        if any(held.rule == rule.id and _told(held) for one in shown for held in one.compensations)
    ][:_MOST_RULES]
    rows = list(_rows(sides))
    bottom = rows[-1][2] + _ROW / 2
    canvas = Canvas(bottom + 26)
    scale = _bars_scale(shown, _RIGHT if rules else WIDTH - 20)
    _head(canvas, scale, shown, bottom)
    for side in sides:
        y = next(at for result, _, at in rows if result is side.result) - _ROW / 2 - 6
        if side.result.side:
            canvas.text(0, y, side.result.side.capitalize(), 11.5, on_white(side.result.side), bold=True)
    for result, one, y in rows:
        canvas.verdict(7, y, one.verdict)
        canvas.text(20, y + 4, str(one.number), 11, MUTED_ON_WHITE)
        canvas.text(_LEFT - 8, y + 4, plain_angle(one.motion.value), 11, anchor="end", bold=True)
        _bars(canvas, scale, one, result, y)
    for index, rule in enumerate(rules):
        _column(canvas, rule, [(one, y) for _, one, y in rows], _place(index, len(rules)), bottom)
    title = f"Who did the moving: {case.title_of(quantity)}"
    alt = f"{title}. " + " ".join(_spoken(result, one) for result, one, _ in rows)
    more = sum(len(side.repetitions) for side in sides) - len(shown)
    caption = _caption(shown, rules) + (f" {more} more are in the table of repetitions." if more else "")
    key = "-".join(["ledger", quantity, *(side.result.side for side in sides if len(sides) == 1)])
    return Figure(key, title, caption, canvas.svg(alt), alt)


def _rows(sides: Sequence[_Shown]) -> Iterator[tuple[SideResult, Repetition, float]]:
    """Every repetition with the height of its row."""
    y = _TOP
    for side in sides:
        y += _HEADING if side.result.side else 0.0
        for one in side.drawn:
            yield side.result, one, y + _ROW / 2
            y += _ROW


def _caption(shown: Sequence[Repetition], rules: Sequence[CompensationRule]) -> str:
    words = (
        "One row a repetition: its parts, and the motion that was seen (bold; black mark with its 95 % "
        "interval). Tick: clean; triangle: compensated; diamond: too close to call; cross: does not count; "
        "dash: not told."
    )
    if not all(_adds_up(one) for one in shown):
        words += (
            " Bars that miss the mark do not add up exactly: the parts turn about other axes than the whole, "
            "and a chest that rounds turns further than the line from hips to shoulders."
        )
    if rules:
        words += " To the right, what else moved: beyond the red line is more than the test lets pass."
    return words


def _added(one: Repetition) -> list[LedgerEntry]:
    """The parts that are known and make the whole."""
    return [part for part in one.ledger if part.motion.known and not part.within]


def _adds_up(one: Repetition) -> bool:
    """Whether the parts, where all are known, make the motion within its error."""
    off, sd = abs(one.left_over), one.motion.sd
    return not (np.isfinite(off) and np.isfinite(sd)) or bool(off <= max(Z95 * sd, np.radians(_CLOSE_DEG)))


def _told(held: Compensation) -> bool:
    return held.level is not Observability.NOT_OBSERVABLE and held.excursion.known


def _spoken(result: SideResult, one: Repetition) -> str:
    parts = ", ".join(f"{PARTS.get(part.part, part.part)} {angle(part.motion)}" for part in _added(one))
    made = f", made of {parts}" if parts else ""
    side = f"{result.side.capitalize()}, r" if result.side else "R"
    return f"{side}epetition {one.number}: {angle(one.motion)}{made}; {state(one)}."


def _bars_scale(shown: Sequence[Repetition], right: float) -> Scale:
    low, high = 0.0, 5.0
    for one in shown:
        parts = np.degrees([part.motion.value for part in _added(one)])
        whole, sd = np.degrees(one.motion.value), np.degrees(one.motion.sd)
        error = Z95 * sd if np.isfinite(sd) else 0.0
        low = min(low, float(parts[parts < 0].sum()), float(whole - error))
        high = max(high, float(parts[parts > 0].sum()), float(whole + error))
    margin = 0.03 * (high - low)
    return Scale(low - 3 * margin if low < 0 else 0.0, high + margin, _LEFT, right)


def _head(canvas: Canvas, scale: Scale, shown: Sequence[Repetition], bottom: float) -> None:
    x = _LEFT
    parts = {part.part: None for one in shown for part in _added(one)}
    for part in parts:
        canvas.rect(x, 8, 11, 11, PARTS_ON_WHITE.get(part, MUTED_ON_WHITE))
        canvas.text(x + 16, 18, PARTS.get(part, part), 11)
        x += 34 + 6.2 * len(PARTS.get(part, part))
    if not parts:
        canvas.rect(x, 8, 11, 11, MUTED_ON_WHITE, 0.35)
        canvas.text(x + 16, 18, "seen motion; this recording cannot tell its parts", 11)
    for tick in degree_ticks(scale.low, scale.high):
        faint(canvas, scale(tick), _TOP - 4, scale(tick), bottom)
        canvas.text(scale(tick), bottom + 15, f"{number(tick)}°", 10, MUTED_ON_WHITE, "middle")
    canvas.line(scale(0.0), _TOP - 4, scale(0.0), bottom, MUTED_ON_WHITE)


def _bars(canvas: Canvas, scale: Scale, one: Repetition, result: SideResult, y: float) -> None:
    ends = {True: 0.0, False: 0.0}
    for part in _added(one):
        value = float(np.degrees(part.motion.value))
        start, ends[value >= 0] = ends[value >= 0], ends[value >= 0] + value
        x1, x2 = sorted((scale(start), scale(ends[value >= 0])))
        weak = part.level is Observability.WEAK
        canvas.rect(
            x1, y - 7, x2 - x1, 14, PARTS_ON_WHITE.get(part.part, MUTED_ON_WHITE), 0.45 if weak else 1.0
        )
        if value < 0 and 4 < x2 - x1 <= 30:
            canvas.text(x1 - 3, y + 3.8, f"{number(value)}°", 9.5, MUTED_ON_WHITE, "end")
        if x2 - x1 > 30:
            ink = INK_ON_WHITE if weak else _ON_PART.get(part.part, INK_ON_WHITE)
            canvas.text((x1 + x2) / 2, y + 3.8, f"{number(value)}°", 10.5, ink, "middle")
    whole, sd = float(np.degrees(one.motion.value)), float(np.degrees(one.motion.sd))
    if not _added(one):
        x1, x2 = sorted((scale(0.0), scale(whole)))
        canvas.rect(x1, y - 7, x2 - x1, 14, on_white(result.side), 0.35)
        canvas.text(x1 + 6, y + 3.8, angle(one.motion), 10.5)
    if np.isfinite(sd):
        whisker(canvas, scale, whole - Z95 * sd, whole + Z95 * sd, y + 9)
    canvas.line(scale(whole), y - 9, scale(whole), y + 10, INK_ON_WHITE, 2)


def _place(index: int, n: int) -> tuple[float, float]:
    width = (WIDTH - _RIGHT - 26) / n
    start = _RIGHT + 26 + width * index
    return start, start + width - 12


def _column(
    canvas: Canvas,
    rule: CompensationRule,
    rows: Sequence[tuple[Repetition, float]],
    place: tuple[float, float],
    bottom: float,
) -> None:
    """Excursions of one rule against its limit."""
    start, end = place
    held = [(next((c for c in one.compensations if c.rule == rule.id), None), y) for one, y in rows]
    sizes = [float(np.degrees(c.excursion.value)) for c, _ in held if c is not None and _told(c)]
    scale = Scale(0.0, max(2.0 * rule.limit_deg, 1.1 * max(sizes, default=0.0)), start, end)
    for line, words in enumerate(_folded(rule.title, int((end - start) / 5.4))):
        canvas.text(start, 12 + 12 * line, words, 10.5)
    limit = scale(rule.limit_deg)
    canvas.rect(limit, _TOP - 2, end - limit, bottom - _TOP + 2, LIMIT_ON_WHITE, 0.08)
    canvas.line(start, _TOP - 2, start, bottom, FAINT_ON_WHITE)
    canvas.line(limit, _TOP - 2, limit, bottom, LIMIT_ON_WHITE, 1.2, "4 3")
    canvas.text(start, bottom + 15, "0°", 10, MUTED_ON_WHITE, "middle")
    canvas.text(limit, bottom + 15, f"{number(rule.limit_deg)}°", 10, LIMIT_ON_WHITE, "middle")
    for found, y in held:
        if found is None or not _told(found):
            canvas.text(start + 4, y + 4, "not told", 10, MUTED_ON_WHITE)
        else:
            _excursion(canvas, scale, found, y)


def _excursion(canvas: Canvas, scale: Scale, held: Compensation, y: float) -> None:
    value, sd = float(np.degrees(held.excursion.value)), float(np.degrees(held.excursion.sd))
    if np.isfinite(sd):
        whisker(canvas, scale, value - Z95 * sd, value + Z95 * sd, y, MUTED_ON_WHITE)
    verdict = held.verdict
    if verdict is Verdict.CLEAN:
        canvas.circle(scale(value), y, 4, INK_ON_WHITE)
    else:
        canvas.verdict(scale(value), y, verdict, 5)


def _folded(words: str, length: int) -> list[str]:
    """At most three lines of about so many letters."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + len(word) >= length:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines[:3]


def row_of(one: Repetition, rules: Sequence[CompensationRule], parts: Iterable[str]) -> tuple[str, ...]:
    """A repetition as a row of a table; columns as :func:`head_of`."""
    by_part = {entry.part: entry for entry in one.ledger}
    by_rule = {held.rule: held for held in one.compensations}
    return (
        str(one.number),
        state(one),
        angle(one.motion),
        *(angle(by_part[part].motion) if part in by_part else DASH for part in parts),
        *(_rule_cell(by_rule.get(rule.id)) for rule in rules),
        f"{plain_angle(one.peak_speed)}/s" if np.isfinite(one.peak_speed) else DASH,
        number(one.smoothness, 1) if np.isfinite(one.smoothness) else DASH,
        f"{number(one.hold_s, 1)}\u202fs" if np.isfinite(one.hold_s) else DASH,
    )


def head_of(rules: Sequence[CompensationRule], parts: Mapping[str, bool]) -> tuple[str, ...]:
    """Columns of the table of repetitions; parts with whether they are within others."""
    return (
        "Rep.",
        "Verdict",
        "Motion",
        *(PARTS.get(part, part).capitalize() + " (within these)" * inside for part, inside in parts.items()),
        *(f"{rule.title} (limit {number(rule.limit_deg)}°)" for rule in rules),
        "Peak speed",
        "Smoothness",
        "Hold",
    )


def _rule_cell(held: Compensation | None) -> str:
    if held is None or not _told(held):
        return "not told"
    chance = f", p {number(held.probability, 2)}" if np.isfinite(held.probability) else ""
    begun = f", from {number(100 * held.onset_share)}\u202f%" if held.onset_share is not None else ""
    return f"{angle(held.excursion)}{chance}{begun}"
