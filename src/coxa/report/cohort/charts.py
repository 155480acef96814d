"""Drawings of a cohort: every value of a group beside its mean, and what was told how often."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import quantiles

from coxa.app.cohort.summary import Cell, Compared, Told
from coxa.model.normal import Z95
from coxa.report import palette
from coxa.report.svg import degree_ticks

WIDTH, _ROW, _TOP, _BOTTOM = 640, 30, 8, 26
_LEFT, _RIGHT = 150, 16
_MOST_DOTS = 400  # of a row; beyond, the eye sees no more and the page only grows
_SPREAD = 9.0
BAR = 260


@dataclass(frozen=True, slots=True)
class Row:
    """One group and session: places in the drawing.

    Attributes:
        y: of its middle.
        label: whose.
        colour: of its group.
        dots: places of values.
        box: left, middle and right of its quartiles; None: too few.
        mean: place of the mean and of the ends of its 95 % interval; None: too few.
        said: it in words.
    """

    y: float
    label: str
    colour: str
    dots: tuple[tuple[float, float], ...]
    box: tuple[float, float, float] | None
    mean: tuple[float, float, float] | None
    said: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One quantity of one side.

    Attributes:
        title: of it.
        side: of the person, for its colour.
        method: what it was measured with.
        height: of the drawing.
        rows: groups and sessions.
        ticks: places and words along its foot.
        more: values that are not drawn as dots.
    """

    title: str
    side: str
    method: str
    height: int
    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    more: int


def chart(of: Compared, title: str, groups: tuple[str, ...]) -> Chart:
    """A drawing of one quantity of one side."""
    values = [value for cell in of.cells for value in cell.values]
    low, high = min(values), max(values)
    margin = max(0.06 * (high - low), 1.0)
    low, high = low - margin, high + margin
    unit = "°" if of.unit == "deg" else f" {of.unit}"

    def x(value: float) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * (value - low) / (high - low), 1)

    rows = tuple(
        _row(cell, _TOP + _ROW * (place + 0.5), x, unit, groups) for place, cell in enumerate(of.cells)
    )
    ticks = tuple((x(at), f"{at:g}{unit}") for at in degree_ticks(low, high, 7))
    more = sum(max(len(cell.values) - _MOST_DOTS, 0) for cell in of.cells)
    height = _TOP + _ROW * len(rows) + _BOTTOM
    return Chart(title, of.side or "single", of.method, height, rows, ticks, more)


def _row(cell: Cell, y: float, x, unit: str, groups: tuple[str, ...]) -> Row:  # type: ignore[no-untyped-def]
    colours = palette.PEOPLE_ON_WHITE
    colour = (
        colours[groups.index(cell.group) % len(colours)] if cell.group in groups else palette.INK_ON_WHITE
    )
    shown = cell.values[:_MOST_DOTS]
    dots = tuple((x(value), round(y + _jitter(place), 1)) for place, value in enumerate(shown))
    n, mean, box = len(cell.values), None, None
    if n > 1:
        half = Z95 * cell.sd / n**0.5
        mean = (x(cell.mean), x(cell.mean - half), x(cell.mean + half))
        first, middle, last = quantiles(cell.values, n=4, method="inclusive")
        box = (x(first), x(middle), x(last))
    spread = f" ± {cell.sd:.1f}" if n > 1 else ""
    whose = f"{cell.people} people, " if cell.people else ""
    said = f"{cell.mean:.1f}{spread}{unit}, {whose}{n} values; error of one {cell.error:.1f}{unit}"
    label = " · ".join(part for part in (cell.group, cell.session) if part) or "all"
    return Row(y, label, colour, dots, box, mean, said)


def _jitter(place: int) -> float:
    """Up and down so that dots do not lie on one another; the same each time (golden ratio)."""
    return _SPREAD * ((place * 0.6180339887) % 1.0 - 0.5)


def shares(told: Told) -> tuple[float, ...]:
    """Widths of a bar of :data:`BAR`: observed, weak, not observable."""
    return tuple(round(BAR * n / told.total, 1) if told.total else 0.0 for n in told.n)
