"""Progress as a page that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coxa import __version__
from coxa.app.progress import Measure, Progress
from coxa.model.normal import Z95
from coxa.report import palette
from coxa.report.progress import words
from coxa.report.templates import template

_WIDTH, _HEIGHT = 600.0, 150.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 16.0, 10.0, 24.0


@dataclass(frozen=True, slots=True)
class Chart:
    """Places in a drawing of 600 by 150.

    Attributes:
        title: of it.
        side: of the person, for its colour.
        said: value and change in words.
        band: outline of the 95 % bands.
        line: through the values.
        dots: places of the values with their words.
        ticks: places and words at the left.
        days: places and words below.
    """

    title: str
    side: str
    said: str
    band: str
    line: str
    dots: tuple[tuple[float, float, str], ...]
    ticks: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str, str], ...]


def page(of: Progress) -> str:
    """The whole page."""
    return template("progress/page.html.j2").render(
        of=of,
        charts=[_chart(one) for one in of.measures],
        pain=_pain(of),
        adherence=words.adherence(of),
        palette=palette,
        version=__version__,
    )


def _chart(one: Measure) -> Chart:
    low = min(point.value_deg - Z95 * point.sd_deg for point in one.points)
    high = max(point.value_deg + Z95 * point.sd_deg for point in one.points)
    first, last = one.points[0].on, one.points[-1].on
    places = [
        (_x(point.on, first, last), point.value_deg, Z95 * point.sd_deg, point.on) for point in one.points
    ]
    above = [f"{x:.1f},{_y(value + half, low, high):.1f}" for x, value, half, _ in places]
    below = [f"{x:.1f},{_y(value - half, low, high):.1f}" for x, value, half, _ in places]
    if len(places) == 1:
        x = places[0][0]
        above = [
            f"{x + by:.1f},{_y(places[0][1] + sign * places[0][2], low, high):.1f}"
            for by, sign in ((-4, 1), (4, 1), (4, -1), (-4, -1))
        ]
        below = []
    return Chart(
        words.title(one),
        one.side or "single",
        f"{words.value(one)}; {words.change(one.since_first)}.",
        " ".join([*above, *below[::-1]]),
        " ".join(f"{x:.1f},{_y(value, low, high):.1f}" for x, value, _, _ in places),
        tuple(
            (round(x, 1), round(_y(value, low, high), 1), f"{on}: {value:.1f}° ± {half:.1f}°")
            for x, value, half, on in places
        ),
        tuple((round(_y(at, low, high), 1), f"{at:.0f}°") for at in (low, (low + high) / 2, high)),
        _days(first, last),
    )


def _days(first: date, last: date) -> tuple[tuple[float, str, str], ...]:
    if first == last:
        return ((_x(first, first, last), str(first), "middle"),)
    return ((_LEFT, str(first), "start"), (_WIDTH - _RIGHT, str(last), "end"))


def _x(on: date, first: date, last: date) -> float:
    if first == last:
        return (_LEFT + _WIDTH - _RIGHT) / 2
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (on - first).days / (last - first).days


def _y(value: float, low: float, high: float) -> float:
    if high <= low:
        return (_TOP + _HEIGHT - _BOTTOM) / 2
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * (value - low) / (high - low)


def _pain(of: Progress) -> list[tuple[float, float, str]]:
    """Places of bars of up to ten, and their words."""
    if not of.pain:
        return []
    first, last = of.pain[0][0], of.pain[-1][0]
    return [
        (round(_x(day, first, last), 1), round(_y(score, 0, 10), 1), f"{day}: {score:g} of 10")
        for day, score in of.pain
    ]
