"""A session moves within its week, and nowhere where it would wear somebody out."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.model.errors import SourceError
from coxa.model.plan import Availability, Programme, SessionKind, Week
from coxa.plan.moved import days_for, moved, rest_days, why_not
from coxa.plan.programme import Request, made
from tests.support.plans import DAY, PLANNING, outcome, random_request, rotation, turning

PLAN = made(Request(DAY, outcome(), (rotation(18, 34), turning(35)), Availability(25, 3)), PLANNING)
FULL = [one.on for one in PLAN.weeks[0].sessions if one.kind is SessionKind.FULL]


def asked_for(week: Week) -> Counter[str]:
    return Counter(one.exercise for session in week.sessions for one in session.exercises)


def full_days(plan: Programme, exercise: str) -> list[date]:
    return sorted(
        session.on
        for week in plan.weeks
        for session in week.sessions
        if session.kind is SessionKind.FULL and any(one.exercise == exercise for one in session.exercises)
    )


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_a_moved_session_asks_for_the_same_and_every_exercise_still_rests(seed: int) -> None:
    plan = made(random_request(seed), PLANNING)
    for week in plan.weeks[:2]:
        for session in [one for one in week.sessions if one.kind is SessionKind.FULL]:
            for to in days_for(plan, session.on, PLANNING, week.begins):
                other = moved(plan, session.on, to, PLANNING)
                place = plan.weeks.index(week)
                assert asked_for(other.weeks[place]) == asked_for(week)
                assert [one.on for one in other.weeks[place].sessions] == sorted(
                    {one.on for one in other.weeks[place].sessions}
                )
                for one in session.exercises:
                    near = [abs((day - to).days) for day in full_days(other, one.exercise) if day != to]
                    assert min(near, default=9) > rest_days(one, PLANNING)
                assert to.weekday() in plan.availability.weekdays


def test_there_and_back_is_where_it_was() -> None:
    session = FULL[0]
    to = days_for(PLAN, session, PLANNING, DAY)[0]
    assert moved(moved(PLAN, session, to, PLANNING), to, session, PLANNING) == PLAN


@pytest.mark.parametrize(
    ("on", "to", "why"),
    [
        (FULL[0], FULL[0] + timedelta(days=7), "stays in its week"),
        (FULL[0], FULL[1], "a session already"),
        (FULL[0], FULL[0], "already"),
        (DAY + timedelta(days=99), DAY, "no full session"),
        (DAY - timedelta(days=1), DAY, "no full session"),
    ],
)
def test_where_it_cannot_go_it_is_said_why(on: date, to: date, why: str) -> None:
    assert why in why_not(PLAN, on, to, PLANNING)
    with pytest.raises(SourceError, match=why):
        moved(PLAN, on, to, PLANNING)


def test_a_weekday_that_was_kept_free_stays_free() -> None:
    wishes = Availability(25, 2, weekdays=(0, 1, 3))
    plan = made(Request(DAY, outcome(), (rotation(18, 34),), wishes), PLANNING)
    session = next(one.on for one in plan.weeks[0].sessions if one.kind is SessionKind.FULL)
    friday = DAY + timedelta(days=4)
    assert "weekday free" in why_not(plan, session, friday, PLANNING)
    assert friday not in days_for(plan, session, PLANNING, DAY)


@pytest.mark.parametrize(("late", "days"), [(0, [14, 28]), (7, [7, 21]), (13, [1, 15]), (20, [0, 14, 28])])
def test_a_retest_is_not_put_off_by_planning_anew(late: int, days: list[int]) -> None:
    request = Request(DAY, outcome(), (rotation(18, 34),), measured=DAY - timedelta(days=late))
    plan = made(request, PLANNING)
    assert [(one.on - DAY).days for one in plan.retests] == days
