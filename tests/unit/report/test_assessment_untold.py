"""What a recording cannot tell is said once, in whole sentences; what drowns in its error is not drawn."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from coxa.model.assessment import Estimate, Silence
from coxa.report.assessment.case import Case
from coxa.report.assessment.figures.body import callouts
from coxa.report.assessment.figures.gait import gait
from coxa.report.assessment.sheet import sheet
from coxa.report.assessment.untold import grouped, untold
from tests.support.assessed import walking_case


def test_both_sides_and_all_of_one_reason_are_said_once() -> None:
    found = grouped(
        [
            Silence("Hip flexion, left", "the pelvis is a guess", "film from the side"),
            Silence("Hip flexion, right", "the pelvis is a guess", "film from the side"),
            Silence("Pelvis rolling back", "the pelvis is a guess", "film from the side"),
            Silence("Hip rotation, left", "it was never observed"),
        ]
    )
    assert [one.what for one in found] == ["Hip flexion; Pelvis rolling back", "Hip rotation, left"]
    assert [one.reason for one in found] == ["The pelvis is a guess.", "It was never observed."]
    assert [one.remedy for one in found] == ["Film from the side.", ""]


def with_errors(case: Case, share: float) -> Case:
    """The errors of all ranges so many times as large as the ranges."""
    measures = {
        name: Estimate(figure.value, share * abs(figure.value) / 1.96)
        if name.startswith("range.")
        else figure
        for name, figure in case.assessment.measures.items()
    }
    return replace(case, assessment=replace(case.assessment, measures=measures, silences=()))


@pytest.mark.parametrize(
    ("share", "called", "drawn"), [(0.3, True, True), (1.5, False, True), (4.0, False, False)]
)
def test_a_motion_that_drowns_in_its_error_is_no_result_and_then_no_curve(
    share: float, called: bool, drawn: bool
) -> None:
    case = with_errors(walking_case(), share)
    assert bool(callouts([case])) == called
    assert bool(gait(case)) == drawn
    assert bool(untold(case)) != drawn


def test_the_times_of_walking_are_said_in_plain_words() -> None:
    case = walking_case()
    case = replace(case, assessment=replace(case.assessment, comparisons=(), findings=()))
    words = sheet([case]).key_points[0].words
    assert re.search(r"A stride took \d\.\d\u202fs; the left foot was on the ground for \d\d\u202f% of it, "
                     r"the right for \d\d\u202f%\.", words)  # fmt: skip


@pytest.mark.parametrize("word", ["1 strides", "1 repetitions", "EVIDENCE"])
def test_nobody_reads(word: str) -> None:
    put = sheet([walking_case()])
    assert word not in " ".join(one.words + one.small for one in (*put.key_points, *put.chapters[0].said))
