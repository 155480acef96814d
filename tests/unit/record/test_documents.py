from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.app.record import Kind, canonical, clean_name, name_key, new_id
from coxa.app.record_documents import day, document_of, number, value_of
from coxa.model.errors import CoxaError, SourceError
from coxa.model.plan import Availability, Programme, Week
from coxa.model.screening import ScreenOutcome, ScreenStatus

DAY = date(2026, 3, 1)


@given(st.text())
def test_any_text_is_a_name_or_refused(text: str) -> None:
    try:
        name = clean_name(text)
    except SourceError:
        return
    assert clean_name(name) == name
    assert name_key(name) == name_key(name.upper()) or name.upper().casefold() != name.casefold()
    assert "\x00" not in name
    name.encode()


@given(st.dates())
def test_days_are_read_as_they_are_written(on: date) -> None:
    assert day(on.isoformat()) == on
    assert day(f" {on.day}.{on.month}.{on.year:04d}") == on


ARABIC = "\u0662\u0660\u0662\u0666-\u0660\u0662-\u0660\u0661"


@pytest.mark.parametrize(
    "text", ["1/2/2026", "01-02-26", "2026-2-1", "20260201", "1.2.26", "", ARABIC, "29.2.2026"]
)
def test_a_day_that_could_be_another_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="no day"):
        day(text)


@given(st.text())
def test_any_text_is_a_day_and_a_number_or_refused(text: str) -> None:
    for read in (day, lambda one: number(one, "pain", 0, 10)):
        try:
            read(text)
        except CoxaError:
            continue


@pytest.mark.parametrize(("text", "value"), [("3,5", 3.5), ("3.5", 3.5), (" 4 ", 4.0), ("0", 0.0)])
def test_a_decimal_comma_is_a_point(text: str, value: float) -> None:
    assert number(text, "pain", 0, 10) == value


@pytest.mark.parametrize("text", ["1,000.5", "1,2,3", "nan", "inf", "-1", "11", "1_0", "", "three"])
def test_what_is_no_number_within_bounds_is_refused(text: str) -> None:
    with pytest.raises(SourceError):
        number(text, "pain", 0, 10)


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(), PLAIN, max_size=3)


@given(st.sampled_from(Kind), st.dictionaries(st.text(), JSON, max_size=4))
def test_any_document_is_of_its_kind_or_refused(kind: Kind, document: dict[str, object]) -> None:
    try:
        value_of(kind, document)
    except CoxaError:
        return
    canonical(document_of(value_of(kind, document)) if kind is not Kind.ASSESSMENT else "")


@pytest.mark.parametrize("score", [-1, 10.5, float("nan"), float("inf")])
def test_pain_is_within_its_scale(score: float) -> None:
    with pytest.raises(SourceError):
        value_of(Kind.PAIN, {"score": score})


@pytest.mark.parametrize("status", ScreenStatus)
def test_no_exercise_comes_in_where_the_screen_allows_none(status: ScreenStatus) -> None:
    week = Week(1, DAY, False, {}, ())
    outcome = ScreenOutcome(status, DAY)
    document = document_of(Programme("p", "P", DAY, (week,), (), (), outcome, Availability()))
    if outcome.allows_exercise:
        assert value_of(Kind.PROGRAMME, document).weeks == (week,)
        return
    with pytest.raises(SourceError, match="allows none"):
        value_of(Kind.PROGRAMME, document)


def test_ids_sort_as_they_were_made() -> None:
    made = [new_id() for _ in range(2000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
