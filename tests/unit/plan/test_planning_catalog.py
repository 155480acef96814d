from __future__ import annotations

from datetime import date

import pytest

from coxa.catalog.planning import require_exercises, workouts
from coxa.model.errors import SourceError, SpecError
from coxa.model.plan import Availability, Goal
from coxa.plan.admitted import Admission, choices_of
from coxa.plan.doses import passive
from coxa.plan.programme import Request, made
from coxa.specs.programme import STAGE_NAMES
from tests.support.plans import DAY, PLANNING, outcome

CLEAR = outcome()


def test_every_word_for_equipment_is_known() -> None:
    words = {word for one in PLANNING.exercises.values() for word in one.equipment}
    assert words - set(PLANNING.equipment.phrases) == set()
    things = {thing for choice in PLANNING.equipment.phrases.values() for thing in choice}
    assert things | set(PLANNING.equipment.household) <= set(PLANNING.equipment.things)


@pytest.mark.parametrize("name", sorted(PLANNING.programmes))
def test_each_programme_can_be_done_with_nothing_but_a_home(name: str) -> None:
    admission = Admission(PLANNING, Availability(), CLEAR)
    programme = PLANNING.programmes[name]
    for stage in STAGE_NAMES:
        rungs = [one for rung in programme.ladders[stage] for one in rung]
        assert admission.best((*rungs, *programme.companions)) is not None, stage
    assert any(not passive(PLANNING.exercises[one]) for one in programme.companions)


@pytest.mark.parametrize("name", [*sorted(PLANNING.programmes), "personal_mixture", ""])
def test_each_programme_has_four_weeks(name: str) -> None:
    plan = made(Request(DAY, CLEAR, programme=name), PLANNING)
    assert len(plan.weeks) == 4
    assert all(week.sessions and week.challenge for week in plan.weeks)
    assert plan.title
    assert plan.retests


@pytest.mark.parametrize("caution", [one.id for one in PLANNING.triage.cautions])
def test_no_caution_leaves_nothing_to_do(caution: str) -> None:
    from coxa.model.screening import Answer

    spec = next(one for one in PLANNING.triage.cautions if one.id == caution)
    screen = outcome(**{spec.when.any_of[0]: Answer.YES})
    plan = made(Request(DAY, screen), PLANNING)
    used = {one.exercise for week in plan.weeks for s in week.sessions for one in s.exercises}
    assert used
    assert not used & set(spec.avoid)


def test_what_equipment_would_change_is_named() -> None:
    without = made(Request(DAY, CLEAR), PLANNING).weeks[0].relaxations
    assert "equipment.ball" in {one.what for one in without}
    everything = Availability(60, 7, equipment=tuple(PLANNING.equipment.things))
    assert made(Request(DAY, CLEAR, availability=everything), PLANNING).weeks[0].relaxations == ()


def test_too_little_time_names_the_smallest_addition_and_it_does_mend() -> None:
    wishes = Availability(12, 3, equipment=tuple(PLANNING.equipment.things))
    short = made(Request(DAY, CLEAR, availability=wishes), PLANNING).weeks[0].relaxations
    assert short
    assert all(one.given < one.asked for one in short)
    minutes = int(short[0].words.partition("With ")[2].partition(" more minutes")[0])
    for more, enough in ((minutes, True), (minutes - 1, False)):
        wider = Availability(12 + more, 3, equipment=wishes.equipment)
        left = made(Request(DAY, CLEAR, availability=wider), PLANNING).weeks[0].relaxations
        assert (left == ()) is enough


def test_a_word_that_is_no_equipment_needs_a_thing_of_that_name() -> None:
    odd = PLANNING.exercises["clam"].model_copy(update={"equipment": ("trapeze",)})
    assert choices_of(odd, PLANNING.equipment) == (("trapeze",),)


@pytest.mark.parametrize(
    "request_",
    [
        Request(DAY, CLEAR, programme="flying"),
        Request(DAY, CLEAR, goals=(Goal("fly", track="flying"),)),
        Request(DAY, CLEAR, availability=Availability(minutes_a_day=0)),
        Request(DAY, CLEAR, availability=Availability(minutes_a_day=float("nan"))),
        Request(DAY, CLEAR, availability=Availability(days_a_week=8)),
        Request(DAY, CLEAR, availability=Availability(weekdays=(7,))),
        Request(DAY, CLEAR, availability=Availability(equipment=("trapeze",))),
        Request(DAY, CLEAR, availability=Availability(avoid=("flying",))),
    ],
)
def test_what_makes_no_sense_is_refused(request_: Request) -> None:
    with pytest.raises(SourceError):
        made(request_, PLANNING)


def test_a_catalogue_that_names_an_unknown_exercise_is_refused() -> None:
    require_exercises(workouts().exercises(), "workouts.yaml")
    with pytest.raises(SpecError, match="flying"):
        require_exercises(("flying",), "x.yaml")


def test_the_same_week_has_the_same_challenge_whatever_its_day() -> None:
    found = {
        made(Request(date(2026, 11, 23 + day), outcome(date(2026, 11, 23))), PLANNING).weeks[0].challenge
        for day in range(3)
    }
    assert len(found) == 1
