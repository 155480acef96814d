from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest

from coxa.app.progress import Adherence, Change, Measure, Milestone, Point, Progress
from coxa.app.record import Person
from coxa.model.screening import ScreenOutcome, ScreenStatus
from coxa.report.progress.print import pdf

DAY = date(2026, 1, 5)


def measure(place: int, values: tuple[float, ...], detectable: float = 6.0) -> Measure:
    points = tuple(Point(DAY + timedelta(14 * n), value, 2.0) for n, value in enumerate(values))
    moved = values[-1] - values[0]
    change = Change(DAY, moved, 2.8, detectable, 0.99, abs(moved) > detectable) if len(values) > 1 else None
    return Measure("seated_hip_rotation", f"quantity_{place}", "left", points, change, None, 0)


def progress(name: str = "Zoë", n_measures: int = 2, n_others: int = 3) -> Progress:
    days = [DAY + timedelta(n) for n in range(n_others)]
    weeks = tuple((DAY + timedelta(7 * n), 3, 2) for n in range(n_others))
    measures = tuple(measure(n, (20.0, 21.0, 20.5 + 2 * n)) for n in range(n_measures))
    return Progress(
        Person("x", name), DAY + timedelta(60), measures,
        Adherence(3 * n_others, 2 * n_others, 1, weeks),
        tuple((day, float(n % 11)) for n, day in enumerate(days)),
        tuple(Milestone(day, "milestone " + "of many words " * 6) for day in days),
        ScreenOutcome(ScreenStatus.CLEAR, DAY), None, ("Next session: 2026-03-10.",),
    )  # fmt: skip


def pages(of: Progress) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf(of))]


def test_one_page_says_it_all() -> None:
    (text,) = pages(progress())
    for words in ("Progress of Zoë", "Next session: 2026-03-10.", "Dotted", "Sessions", "Pain", "Milestones"):
        assert words in text
    assert "no more than the error (6°)" in text
    assert "Done 6 of 9 planned sessions (67%)" in text


def test_however_much_there_is_the_first_page_holds_the_most_certain() -> None:
    first, *rest = pages(progress(n_measures=14, n_others=40))
    assert "quantity 8 left" in first
    assert "quantity 0 left" not in first
    assert "8 more on the next page" in first
    assert "Milestones" in first
    assert "35 earlier" in first
    assert len(rest) == 1
    assert "quantity 0 left" in rest[0]


@pytest.mark.parametrize("name", ["#strong[x] $y$ \\n", "ليلى 李 🦵", "a\x00b\ufffe", "x" * 200, '"}],'])
def test_any_name_is_set_as_it_is(name: str) -> None:
    (text,) = pages(progress(name, 0, 0))
    assert "Nothing was planned yet" in text
    if name.startswith("#"):
        assert "#strong[x] $y$ \\n" in text


@pytest.mark.parametrize("values", [(0.0,), (-5.0, -5.0), (400.0, -400.0), (1e6, 1.0)])
def test_any_values_can_be_drawn(values: tuple[float, ...]) -> None:
    (text,) = pages(replace(progress(n_measures=0), measures=(measure(0, values, 1e-9),)))
    assert "quantity 0 left" in text


def test_the_same_makes_the_same_bytes() -> None:
    assert pdf(progress()) == pdf(progress())
