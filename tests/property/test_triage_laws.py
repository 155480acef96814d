"""The screen, over all answers."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.catalog.planning import triage
from coxa.model.screening import Answer, Screen, ScreenStatus
from coxa.plan.free_text import prompted
from coxa.plan.triage import screened

SPEC = triage()
QUESTIONS = [one.id for one in SPEC.questions]
ORDER = (ScreenStatus.CLEAR, ScreenStatus.CAUTION, ScreenStatus.STOP)
screens = st.builds(
    Screen,
    st.just(date(2026, 11, 22)),
    st.fixed_dictionaries({one: st.sampled_from([Answer.NO] * 6 + list(Answer)) for one in QUESTIONS}),
    st.one_of(st.none(), st.floats(5, 100)),
    st.text(max_size=80),
)


@given(screens)
def test_exercise_is_allowed_exactly_where_nobody_must_be_seen(screen: Screen) -> None:
    found = screened(SPEC, screen)
    assert found.allows_exercise == (not found.referrals)


@given(screens, st.sampled_from(QUESTIONS))
def test_one_more_yes_never_allows_more(screen: Screen, question: str) -> None:
    worse = Screen(screen.on, {**screen.answers, question: Answer.YES}, screen.age_y, screen.notes)
    before, after = screened(SPEC, screen), screened(SPEC, worse)
    assert ORDER.index(after.status) >= ORDER.index(before.status)
    assert {one.flag for one in before.referrals} <= {one.flag for one in after.referrals}
    assert {one.caution for one in before.cautions} <= {one.caution for one in after.cautions}


@given(screens, st.sets(st.sampled_from(QUESTIONS), min_size=1))
def test_leaving_an_answer_out_never_allows_exercise(screen: Screen, left_out: set[str]) -> None:
    answers = {name: answer for name, answer in screen.answers.items() if name not in left_out}
    found = screened(SPEC, Screen(screen.on, answers, None, screen.notes))
    assert not found.allows_exercise


@given(screens, st.text(max_size=200))
def test_the_text_decides_nothing(screen: Screen, text: str) -> None:
    said = Screen(screen.on, screen.answers, screen.age_y, text)
    assert screened(SPEC, said) == screened(SPEC, screen)


@given(st.text(max_size=3000))
@settings(max_examples=40)
def test_any_text_can_be_read(text: str) -> None:
    prompted(SPEC, text)
