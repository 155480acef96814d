"""The segment that should move against the one that should stay: one path a repetition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coxa.assess.reading import Reading, resolved
from coxa.model.assessment import SideResult
from coxa.model.motion import Motion, Observability
from coxa.report.assessment.canvas import Canvas, Figure, Floats, Scale, faint
from coxa.report.assessment.case import Case
from coxa.report.assessment.words import figure_of
from coxa.report.labels import GROUPS
from coxa.report.palette import INK_ON_WHITE, MUTED_ON_WHITE, on_white
from coxa.report.svg import degree_ticks
from coxa.report.wording import number

_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 440.0, 30.0, 190.0
_MOST_POINTS = 60


@dataclass(frozen=True, slots=True)
class Path:
    """One repetition from its start to its end range, deg, both counted in the direction they went."""

    side: str
    mover: Floats
    other: Floats


def rhythms(case: Case) -> list[Figure]:
    """One figure a quantity of a protocol that asks for it, where both segments were observed."""
    if case.motion is None or case.protocol.dissociation is None:
        return []
    together: dict[str, list[SideResult]] = {}
    for one in case.told():
        together.setdefault(one.quantity, []).append(one)
    found = []
    for quantity, same in together.items():
        paths = [path for one in same for path in _paths(case.motion, case.protocol.dissociation, one)]
        if paths:
            found.append(_rhythm(case, quantity, paths))
    return found


def _paths(motion: Motion, names: tuple[str, str], result: SideResult) -> Iterator[Path]:
    other, mover = (Reading.of(motion, resolved(name, result.side)) for name in names)
    for one in result.repetitions:
        if one.cut:
            continue
        start, peak = (int(at) for at in np.searchsorted(motion.time_s, [one.start_s, one.peak_s]))
        span = slice(start, peak + 1)
        both = min(mover.worst_level(span), other.worst_level(span))
        if both is not Observability.OBSERVED or peak - start < 2:
            continue
        step = max(1, (peak - start) // _MOST_POINTS)
        yield Path(result.side, _outward(mover.value[span])[::step], _outward(other.value[span])[::step])


def _outward(value: Floats) -> Floats:
    """From the start, positive towards where it went furthest, deg."""
    change = np.degrees(value - value[0])
    outward: Floats = change * (float(np.sign(change[np.abs(change).argmax()])) or 1.0)
    return outward


def _rhythm(case: Case, quantity: str, paths: Sequence[Path]) -> Figure:
    other_name, mover_name = case.protocol.dissociation or ("", "")
    other_words, mover_words = coordinate_words(other_name), coordinate_words(mover_name)
    reach = max(10.0, *(float(np.max(path.mover)) for path in paths))
    low = min(0.0, *(float(np.min(path.other)) for path in paths))
    high = max(10.0, *(float(np.max(path.other)) for path in paths))
    across = Scale(min(0.0, *(float(np.min(path.mover)) for path in paths)), 1.04 * reach, _LEFT, _RIGHT)
    up = Scale(low - 0.05 * (high - low), high + 0.05 * (high - low), _BOTTOM, _TOP)
    canvas = Canvas(_BOTTOM + 42)
    for tick in degree_ticks(up.low, up.high, 5):
        faint(canvas, _LEFT, up(tick), _RIGHT, up(tick))
        canvas.text(_LEFT - 6, up(tick) + 3.5, f"{number(tick)}°", 10, MUTED_ON_WHITE, "end")
    for tick in degree_ticks(across.low, across.high, 7):
        canvas.text(across(tick), _BOTTOM + 15, f"{number(tick)}°", 10, MUTED_ON_WHITE, "middle")
    canvas.line(_LEFT, up(0.0), _RIGHT, up(0.0), MUTED_ON_WHITE, 1.2)
    most = min(across.high, up.high)
    canvas.line(across(0.0), up(0.0), across(most), up(most), MUTED_ON_WHITE, 1.0, "5 4")
    canvas.text(_LEFT, 16, other_words, 11, bold=True)
    canvas.text(_RIGHT, _BOTTOM + 33, mover_words, 11, anchor="end", bold=True)
    for path in paths:
        dash = "6 3" if path.side == "right" else ""
        canvas.polyline(across.many(path.mover), up.many(path.other), on_white(path.side), 1.7, dash, 0.85)
        canvas.circle(across(path.mover[-1]), up(path.other[-1]), 3, on_white(path.side))
    _key(canvas, case, quantity, paths)
    said = _said(case, quantity, paths)
    alt = f"{mover_words} against {other_words}, {case.title_of(quantity)}. {said}"
    return Figure(
        f"rhythm-{quantity}",
        f"What should move against what should stay: {case.title_of(quantity)}",
        "One line a repetition, from the start to the end range. Flat: the other segment stayed. "
        "Steep: it came along. Independence is a score of ours: 100 is a segment that never moved.",
        canvas.svg(alt),
        alt,
    )


def coordinate_words(coordinate: str) -> str:
    """A coordinate of a protocol for people."""
    key = coordinate.replace("_SIDE", "").replace("_OTHER", "")
    titles = {family.key: family.title for group in GROUPS for family in group.families}
    return titles.get(key, key.replace("_", " ").capitalize())


def _key(canvas: Canvas, case: Case, quantity: str, paths: Sequence[Path]) -> None:
    x, y = _RIGHT + 24, _TOP + 12.0
    for side in dict.fromkeys(path.side for path in paths):
        dash = "6 3" if side == "right" else ""
        canvas.line(x, y - 4, x + 30, y - 4, on_white(side), 2, dash)
        canvas.text(x + 38, y, side.capitalize() if side else "each repetition", 11.5, INK_ON_WHITE)
        score = _score(case, quantity, side)
        if score:
            canvas.text(x + 38, y + 14, f"independence {score}", 10.5, MUTED_ON_WHITE)
        y += 34 if score else 20
    canvas.line(x, y - 4, x + 30, y - 4, MUTED_ON_WHITE, 1, "5 4")
    canvas.text(x + 38, y, "both go equally far", 11.5, MUTED_ON_WHITE)


def _score(case: Case, quantity: str, side: str) -> str:
    """How independently the two moved; empty where it is not known."""
    figure = case.assessment.measures.get(f"{quantity}.{side}.score" if side else f"{quantity}.score")
    return figure_of(figure) if figure is not None and figure.known else ""


def _said(case: Case, quantity: str, paths: Sequence[Path]) -> str:
    """The scores in words."""
    scores = {side: _score(case, quantity, side) for side in dict.fromkeys(path.side for path in paths)}
    return " ".join(
        f"{side.capitalize() + ': ' if side else ''}independence {score}."
        for side, score in scores.items()
        if score
    )
