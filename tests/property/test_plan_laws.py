"""Plans of random people: every constraint holds, all is explained, the same request gives the same plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.model.plain import from_plain, to_plain
from coxa.model.plan import Programme
from coxa.model.screening import Answer, Screen
from coxa.plan.programme import Request, made
from coxa.plan.schedule import mend, solve
from coxa.plan.triage import screened
from tests.support.plan_laws import broken_laws
from tests.support.plans import DAY, HEALTHY, PLANNING, random_request

PEOPLE = 100


@pytest.mark.parametrize("block", range(4))
def test_every_plan_keeps_every_law(block: int) -> None:
    for seed in range(block, PEOPLE, 4):
        request = random_request(seed)
        assert broken_laws(made(request, PLANNING), request, PLANNING) == [], seed


def test_the_same_request_gives_the_same_plan() -> None:
    first = [made(random_request(seed), PLANNING) for seed in range(8)]
    solve.cache_clear()
    mend.cache_clear()
    assert [made(random_request(seed), PLANNING) for seed in range(8)] == first


def test_the_solver_writes_nothing_on_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    """With presolve it did for this person; a plan printed as JSON must be JSON."""
    solve.cache_clear()
    mend.cache_clear()
    made(random_request(87), PLANNING)
    assert capfd.readouterr().out == ""


def test_a_plan_survives_its_file() -> None:
    plan = made(random_request(3), PLANNING)
    assert from_plain(Programme, to_plain(plan)) == plan


answers = st.fixed_dictionaries({name: st.sampled_from(list(Answer)) for name in HEALTHY})


@given(answers, st.one_of(st.none(), st.floats(5, 100)), st.integers(0, 50), st.integers(-40, 40))
@settings(max_examples=60, deadline=None)
def test_no_road_leads_past_a_red_flag(
    given_answers: dict[str, Answer], age_y: float | None, seed: int, days: int
) -> None:
    """Also with tracks of an earlier, clear time, with a file in between, and on any later day."""
    on = DAY - timedelta(days=max(days, 0))
    found = screened(PLANNING.triage, Screen(on, given_answers, age_y))
    if found.allows_exercise:
        return
    earlier = random_request(seed)
    again = from_plain(type(found), to_plain(found))
    tracks = made(earlier, PLANNING).tracks
    for screen in (found, again, None):
        for kept in (None, tracks):
            plan = made(
                Request(DAY + timedelta(days=abs(days)), screen, earlier.assessments, tracks=kept), PLANNING
            )
            assert plan.weeks == ()
            assert plan.tracks == ()
            assert plan.retests == ()
            assert plan.notes
