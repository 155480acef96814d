"""ICC, SEM, MDC and mixed models, against published figures, other software and made-up truths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from coxa.app.cohort.mixed import models
from coxa.app.cohort.reliability import icc_1_1, in_order, repeated, standard_error
from coxa.catalog.loader import cohort_rules

#: Shrout & Fleiss 1979, table 2: six targets, four judges; ICC(1,1) is 0.17.
PUBLISHED = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_icc_is_that_of_shrout_and_fleiss() -> None:
    assert icc_1_1([np.array(one, float) for one in PUBLISHED]).value == pytest.approx(0.17, abs=0.005)


@given(st.lists(st.lists(st.floats(-50, 50), min_size=2, max_size=5), min_size=2, max_size=8))
def test_mean_squares_are_those_of_one_way_analysis_of_variance(values: list[list[float]]) -> None:
    sem = standard_error([np.array(one) for one in values])
    total, between = np.concatenate(values), [np.mean(one) for one in values]
    within = np.var(total) * len(total) - sum(
        len(one) * (middle - total.mean()) ** 2 for one, middle in zip(values, between, strict=True)
    )
    assert sem.value**2 * (len(total) - len(values)) == pytest.approx(within, abs=1e-6)
    assert sem.low <= sem.value <= sem.high or sem.value == pytest.approx(0.0, abs=1e-6)


def test_the_ratio_is_scipys_f() -> None:
    values = [np.array(one, float) for one in PUBLISHED]
    f = stats.f_oneway(*values).statistic
    assert icc_1_1(values).value == pytest.approx((f - 1) / (f + 3))


def rows(n: int = 30, seed: int = 1, gain: float = 6.0, error: float = 1.5) -> pd.DataFrame:
    """People in two groups, both sides, three sessions; group b gains after the first."""
    rng, found = np.random.default_rng(seed), []
    for person in range(n):
        group, own = "ab"[person % 2], rng.normal(30, 6)
        for side in ("left", "right"):
            limb = own + rng.normal(0, 2)
            for session in ("1", "2", "10"):
                grown = gain if group == "b" and session != "1" else 0.0
                found.append(
                    {
                        "person": f"p{person}", "group": group, "session": session, "side": side,
                        "protocol": "test", "quantity": "turn", "method": "markers", "unit": "deg",
                        "value": limb + grown + rng.normal(0, error), "observability": "observed",
                        "key": f"{person}-{session}",
                    }
                )  # fmt: skip
    return pd.DataFrame(found)


def test_reliability_finds_the_error_that_was_made() -> None:
    (found,) = repeated(rows(60, gain=0.0))
    assert (found.n_people, found.n_targets, found.n_recordings) == (60, 120, 180)
    assert found.sem.low < 1.5 < found.sem.high
    assert found.mdc == pytest.approx(1.96 * 2**0.5 * found.sem.value)
    assert found.icc.low < 40 / (40 + 1.5**2) < found.icc.high + 0.02
    assert found.shift.low < 0.0 < found.shift.high


def test_a_gain_shows_as_a_shift() -> None:
    (found,) = repeated(rows(40, gain=6.0).query("group == 'b'"))
    assert found.shift.value == pytest.approx(6.0, abs=1.0)


def test_intervals_hold_what_they_say() -> None:
    """Of 300 laboratories with ten people and two sessions, 95 % of the SEM's intervals hold it."""
    rng, held = np.random.default_rng(5), 0
    for _ in range(300):
        own = rng.normal(30, 6, (10, 1))
        found = standard_error(list(own + rng.normal(0, 2.0, (10, 2))))
        held += found.low < 2.0 < found.high
    assert 0.91 <= held / 300 <= 0.985


def test_what_was_not_observed_or_is_of_nobody_is_no_repetition() -> None:
    table = rows(4)
    table.loc[table["session"] != "1", "observability"] = "weak"
    assert list(repeated(table)) == []
    assert list(repeated(rows(4).assign(person=""))) == []


def test_sessions_come_in_the_order_people_count_them() -> None:
    labels = pd.Series(["10", "2", "1"])
    assert labels.sort_values(key=in_order).tolist() == ["1", "2", "10"]
    days = pd.Series(["2026-10-01", "2026-09-30"])
    assert days.sort_values(key=in_order).tolist() == ["2026-09-30", "2026-10-01"]


def test_a_mixed_model_finds_who_gained_and_when() -> None:
    (model,) = models(rows(40), cohort_rules())
    assert not model.note
    by_words = {term.words: term for term in model.terms}
    gained = by_words["group b against a, beyond that: session 10 against 1"]
    assert gained.estimate.low < 6.0 < gained.estimate.high
    assert gained.p < 1e-6
    first = by_words["group b against a"]
    assert first.estimate.low < 0.0 < first.estimate.high
    assert model.rest_sd == pytest.approx(1.5, abs=0.4)
    assert model.person_sd == pytest.approx(6.0, abs=2.0)
    assert (model.n_people, model.n_values, model.n_left_out) == (40, 240, 0)


def test_too_few_people_are_said_and_not_modelled() -> None:
    (model,) = models(rows(4), cohort_rules())
    assert model.terms == ()
    assert "2 people" in model.note


def test_where_nothing_differs_there_is_no_model() -> None:
    alone = rows(10).query("group == 'a' and session == '1' and side == 'left'")
    assert list(models(alone, cohort_rules())) == []


def test_what_is_left_out_is_counted() -> None:
    table = rows(20)
    table.loc[::7, "observability"] = "not observable"
    (model,) = models(table, cohort_rules())
    assert model.n_left_out == len(range(0, len(table), 7))
    assert model.n_values + model.n_left_out == len(table)
