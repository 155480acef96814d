from __future__ import annotations

import pytest

from coxa.model.coordinates import ALL
from coxa.report import wording
from coxa.report.labels import groups_of
from coxa.report.svg import degree_ticks, time_ticks


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (wording.number(-0.04, 1), "0.0"),
        (wording.number(-12.34, 1), "\u221212.3"),
        (wording.degrees(-12.34), "\u221212°"),
        (wording.degrees(12.34, 0.2), "12.3°"),
        (wording.error95(3.0), "±\u202f6°"),
        (wording.error95(0.001), "±\u202f0.1°"),
        (wording.error95(float("nan")), "± ?"),
        (wording.percent(0.0), "0\u202f%"),
        (wording.percent(0.001), "<\u202f1\u202f%"),
        (wording.percent(0.999), ">\u202f99\u202f%"),
        (wording.duration(9.96), "10.0\u202fs"),
        (wording.duration(605.0), "10\u202fmin 05\u202fs"),
        (wording.listed(["a", "b", "c"]), "a, b and c"),
        (wording.listed([]), ""),
    ],
)
def test_figures_in_words(got: str, expected: str) -> None:
    assert got == expected


def test_every_coordinate_has_words_of_its_own() -> None:
    groups = groups_of(ALL)
    assert "Other" not in {group.title for group in groups}
    named = {name for group in groups for family in group.families for _, name in family.members}
    assert named == set(ALL)


def test_a_coordinate_nobody_foresaw_is_still_shown() -> None:
    groups = groups_of(["knee_flexion_left", "toe_wiggle"])
    assert groups[-1].title == "Other"
    assert groups[-1].families[0].title == "Toe wiggle"


def test_ticks_are_round_and_inside() -> None:
    assert degree_ticks(-4.0, 93.0) == [0.0, 30.0, 60.0, 90.0]
    assert time_ticks(0.0, 600.0)[1] == (120.0, "2:00 min")
    assert [text for _, text in time_ticks(0.0, 20.0)] == ["0 s", "5 s", "10 s", "15 s", "20 s"]
