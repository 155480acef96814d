"""Measures as charts: both sides of one quantity in one, with their bands and what a change must pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from coxa.app.progress import Measure, Progress
from coxa.model.normal import Z95

_SIDES = ("left", "right", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One day of a table.

    Attributes:
        on: the day.
        cells: value and half of its 95 % interval of each side, in degrees; None: not measured.
    """

    on: date
    cells: tuple[tuple[float, float] | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One quantity of one test.

    Attributes:
        id: of the page's element.
        protocol: id of the test.
        quantity: in words.
        measures: a side each.
    """

    id: str
    protocol: str
    quantity: str
    measures: tuple[Measure, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """The same as a table, newest first."""
        found = [
            {point.on: (point.value_deg, Z95 * point.sd_deg) for point in one.points} for one in self.measures
        ]
        days = sorted({day for one in found for day in one}, reverse=True)
        return tuple(Row(day, tuple(one.get(day) for one in found)) for day in days)

    @property
    def real(self) -> bool:
        """Whether any side changed for certain."""
        return any(one.since_first is not None and one.since_first.real for one in self.measures)


def charts(found: Progress) -> tuple[Chart, ...]:
    """By test and quantity; what changed for certain first."""
    return tuple(sorted(_charts(found.measures), key=lambda one: not one.real))


def _charts(measures: Iterable[Measure]) -> Iterator[Chart]:
    for (protocol, quantity), group in groupby(measures, key=lambda one: (one.protocol, one.quantity)):
        sides = tuple(sorted(group, key=lambda one: _SIDES.index(one.side)))
        yield Chart(f"{protocol}-{quantity}", protocol, quantity.replace("_", " "), sides)


def drawn(found: Progress, words: Mapping[str, str]) -> dict[str, Any]:
    """What the page's script draws: days as text, degrees, pain of ten.

    Args:
        found: how the person is getting on.
        words: of the reader's language: ``left``, ``right``, ``value``, ``pain``.
    """
    return {
        "charts": [
            {"id": one.id, "series": [_series(each, words) for each in one.measures]} for one in charts(found)
        ],
        "pain": [[day.isoformat(), score] for day, score in found.pain],
        "words": dict(words),
    }


def _series(one: Measure, words: Mapping[str, str]) -> dict[str, Any]:
    first, change = one.points[0].value_deg, one.since_first
    return {
        "side": one.side,
        "label": words.get(one.side, words["value"]),
        "points": [
            [at.on.isoformat(), round(at.value_deg, 2), round(Z95 * at.sd_deg, 2)] for at in one.points
        ],
        "limits": None
        if change is None
        else [round(first - change.detectable_deg, 2), round(first + change.detectable_deg, 2)],
    }
