"""Progress for print: one page, and another where there is more than fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from html import escape
from importlib.resources import files

from coxa import __version__
from coxa.app.progress import Measure, Progress
from coxa.catalog.planning import planning
from coxa.model.normal import Z95
from coxa.report import palette
from coxa.report.assessment.canvas import FONTS, clean
from coxa.report.assessment.typeset import typeset
from coxa.report.progress import words

_WIDTH, _HEIGHT = 340.0, 100.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 30.0, 8.0, 6.0, 18.0
_STEPS = (1, 2, 5, 10, 20, 30, 45, 60, 90, 180)
_MOST_TICKS = 4
#: What fits on the first page beside the rest.
_CHARTS, _MILESTONES, _WEEKS = 6, 5, 8


def pdf(of: Progress) -> bytes:
    """The whole document."""
    # What changed for certain comes first, so that it is on the first page.
    measures = sorted(of.measures, key=lambda one: one.since_first is None or not one.since_first.real)
    pictures = {f"chart-{place}.svg": _chart(one).encode() for place, one in enumerate(measures)}
    charts = [
        {
            "title": clean(words.title(one)),
            "said": f"{words.value(one)}; {words.change(one.since_first)}.",
            "file": f"chart-{place}.svg",
        }
        for place, one in enumerate(measures)
    ]
    if of.pain:
        pictures["pain.svg"] = _pain(of.pain).encode()
    data = {
        "title": f"Progress of {of.person.name}",
        "brand": f"Coxa {__version__} · as of {of.as_of}",
        "next": list(of.next),
        "charts": charts[:_CHARTS],
        "more": charts[_CHARTS:],
        "adherence": words.adherence(of),
        "weeks": [[str(monday), str(planned), str(done)] for monday, planned, done in of.adherence.weeks][
            -_WEEKS:
        ],
        "pain": _pain_words(of.pain),
        "milestones": [[str(one.on), one.words] for one in of.milestones[-_MILESTONES:]],
        "earlier": max(0, len(of.milestones) - _MILESTONES),
    }
    return typeset(_source(), data, pictures)


@cache
def _source() -> bytes:
    return (files("coxa.report.progress") / "print.typ").read_bytes()


def _chart(one: Measure) -> str:
    """Values with their 95 % bands; dotted: from where on a change from the first is more than the error."""
    halves = [Z95 * point.sd_deg for point in one.points]
    values = [point.value_deg for point in one.points]
    change = one.since_first
    limits = () if change is None else (values[0] - change.detectable_deg, values[0] + change.detectable_deg)
    edges = [value + sign * half for value, half in zip(values, halves, strict=True) for sign in (-1, 1)]
    low, high = _padded([*edges, *limits])
    days = [point.on for point in one.points]
    places = [_x(day, days[0], days[-1]) for day in days]
    colour = palette.on_white(one.side)

    def at(x: float, value: float) -> str:
        return f"{x:.1f},{_y(value, low, high):.1f}"

    parts = [_ruled(_ticks(low, high), low, high, "°")]
    if len(places) == 1:
        band = f"M{at(places[0], edges[0])}L{at(places[0], edges[1])}"
        parts.append(f'<path d="{band}" stroke="{colour}" stroke-width="7" stroke-opacity="0.2"/>')
    else:
        outline = [at(x, v + h) for x, v, h in zip(places, values, halves, strict=True)]
        outline += [at(x, v - h) for x, v, h in zip(places, values, halves, strict=True)][::-1]
        parts.append(f'<polygon points="{" ".join(outline)}" fill="{colour}" fill-opacity="0.18"/>')
        line = " ".join(at(x, v) for x, v in zip(places, values, strict=True))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
    parts += [
        f'<path d="M{_LEFT} {_y(limit, low, high):.1f}H{_WIDTH - _RIGHT}" '
        f'stroke="{palette.MUTED_ON_WHITE}" stroke-width="0.9" stroke-dasharray="1.5 2.5"/>'
        for limit in limits
    ]
    parts += [
        f'<circle cx="{x:.1f}" cy="{_y(v, low, high):.1f}" r="2.8" fill="{colour}"/>'
        for x, v in zip(places, values, strict=True)
    ]
    return _svg([*parts, _days(days[0], days[-1])])


def _pain(pain: Sequence[tuple[date, float]]) -> str:
    first, last = pain[0][0], pain[-1][0]
    go_on = planning().rules.pain.go_most
    bars = [
        f'<path d="M{_x(day, first, last):.1f} {_y(0, 0, 10):.1f}V{_y(score, 0, 10):.1f}" '
        f'stroke="{palette.INK_ON_WHITE}" stroke-width="2.4"/>'
        for day, score in pain
    ]
    return _svg([_ruled((0, go_on, 10), 0, 10, ""), *bars, _days(first, last)])


def _pain_words(pain: Sequence[tuple[date, float]]) -> str:
    if not pain:
        return ""
    day, score = pain[-1]
    worst = max(pain, key=lambda told: told[1])
    return f"{score:g} of 10 on {day}; the most {worst[1]:g} on {worst[0]}."


def _svg(parts: Iterable[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" '
        f'font-family="{escape(FONTS)}" font-size="9" fill="{palette.MUTED_ON_WHITE}">{"".join(parts)}</svg>'
    )


def _ruled(ticks: Iterable[float], low: float, high: float, unit: str) -> str:
    return "".join(
        f'<path d="M{_LEFT} {_y(at, low, high):.1f}H{_WIDTH - _RIGHT}" stroke="{palette.FAINT_ON_WHITE}"/>'
        f'<text x="{_LEFT - 4}" y="{_y(at, low, high) + 3:.1f}" text-anchor="end">{at:g}{unit}</text>'
        for at in ticks
    )


def _days(first: date, last: date) -> str:
    if first == last:
        return f'<text x="{_x(first, first, last)}" y="{_HEIGHT - 4}" text-anchor="middle">{first}</text>'
    return (
        f'<text x="{_LEFT}" y="{_HEIGHT - 4}">{first}</text>'
        f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 4}" text-anchor="end">{last}</text>'
    )


def _padded(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low, high) if high - low >= 1.0 else (low - 0.5, high + 0.5)


def _ticks(low: float, high: float) -> list[float]:
    """Round figures within the bounds."""
    step = next((one for one in _STEPS if (high - low) / one <= _MOST_TICKS), _STEPS[-1])
    first = -int(-low // step) * step
    return [at for n in range(_MOST_TICKS + 1) if (at := first + n * step) <= high]


def _x(on: date, first: date, last: date) -> float:
    if first == last:
        return (_LEFT + _WIDTH - _RIGHT) / 2
    # Not at the very edge: marks have a width.
    room = _WIDTH - _LEFT - _RIGHT - 12
    return _LEFT + 6 + room * (on - first).days / (last - first).days


def _y(value: float, low: float, high: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * (value - low) / (high - low)
