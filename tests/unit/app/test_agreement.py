"""Every statistic against a published worked example, against laws, and against another implementation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pandas import DataFrame
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from coxa.app.agreement import Sample, agreement, coverage_row, samples
from coxa.app.statistics import cmc, icc_2_1, limits_of_agreement, resampled
from coxa.catalog import loader
from coxa.model.coordinates import ALL
from coxa.model.motion import Motion, Observability

#: Shrout & Fleiss 1979, table 2: four judges rate six targets.
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)
#: Bland & Altman 1986, table 1: peak flow by two meters [l/min], 17 people.
LARGE_METER = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI_METER = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]

angles = st.integers(-1700, 1700).map(lambda tenths: tenths / 10)
waveforms = arrays(float, (3, 2, 20), elements=angles)


def people(n: int) -> np.ndarray:
    return np.array([f"s{k}" for k in range(n)])


def test_icc_of_shrout_and_fleiss() -> None:
    found = icc_2_1(SHROUT_FLEISS)
    assert found.value == pytest.approx(0.29, abs=0.005)
    assert (found.low, found.high) == pytest.approx((0.019, 0.761), abs=0.001)


@settings(max_examples=20, deadline=None)
@given(arrays(float, (7, 2), elements=angles, unique=True))
def test_icc_rests_on_the_mean_squares_of_another_implementation(table: np.ndarray) -> None:
    target, method = np.indices(table.shape)
    data = DataFrame({"x": table.ravel(), "t": target.ravel(), "m": method.ravel()})
    between, raters, rest = anova_lm(ols("x ~ C(t) + C(m)", data).fit())["mean_sq"]
    below = between + rest + 2 * (raters - rest) / 7
    found = icc_2_1(table).value
    assert found == pytest.approx((between - rest) / below, abs=1e-6) or below <= 0.0


def test_limits_of_bland_and_altman() -> None:
    found = limits_of_agreement(np.subtract(LARGE_METER, MINI_METER).astype(float), people(17))
    assert found.value == pytest.approx(-2.1, abs=0.05)
    assert (found.high - found.value) / 1.96 == pytest.approx(38.8, abs=0.05)


def test_limits_with_several_differences_of_each_person() -> None:
    """By hand: people at 0 and 10, each twice, 1 apart: within 0.5, between (100 - 0.5) / 2."""
    found = limits_of_agreement(np.array([0.0, 1.0, 10.0, 11.0]), np.array(["a", "a", "b", "b"]))
    assert found.value == 5.5
    assert ((found.high - found.value) / 1.959964) ** 2 == pytest.approx(49.75 + 0.5, rel=1e-5)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(2, 6), min_size=2, max_size=5), st.integers(0, 100))
def test_limits_rest_on_the_mean_squares_of_another_implementation(sizes: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    person = np.repeat(people(len(sizes)), sizes)
    differences = rng.normal(0.0, 2.0, len(person)) + np.repeat(rng.normal(0.0, 5.0, len(sizes)), sizes)
    found = limits_of_agreement(differences, person)
    table = anova_lm(ols("d ~ C(p)", DataFrame({"d": differences, "p": person})).fit())
    between, within = table["mean_sq"]
    n = np.array(sizes)
    each = (n.sum() - (n**2).sum() / n.sum()) / (len(n) - 1)
    variance = max(between - within, 0.0) / each + within
    assert ((found.high - found.low) / 2 / 1.959964) ** 2 == pytest.approx(variance, rel=1e-5)


def test_limits_recover_the_variances_they_were_drawn_with() -> None:
    rng = np.random.default_rng(1)
    offset = rng.normal(0.0, 3.0, 400)
    differences = np.repeat(offset, 5) + rng.normal(0.0, 4.0, 2000)
    found = limits_of_agreement(differences, np.repeat(people(400), 5))
    assert (found.high - found.low) / 2 / 1.96 == pytest.approx(5.0, rel=0.05)


def test_cmc_by_hand() -> None:
    """Two methods 0 and 1 apart on (0, 2): 2 * 0.5 / 2 over 5 / 3, one repetition."""
    found = cmc(np.array([[[0.0, 2.0], [1.0, 3.0]]]))
    assert found == pytest.approx(np.sqrt(1 - 0.5 / (5 / 3)))


def test_cmc_of_opposite_waveforms_is_not_defined() -> None:
    wave = np.sin(np.linspace(0, 6, 50))
    assert np.isnan(cmc(np.stack([wave, -wave])[None]))


@given(waveforms)
def test_cmc_is_between_0_and_1_or_not_defined(three: np.ndarray) -> None:
    found = cmc(three)
    assert np.isnan(found) or 0.0 <= found <= 1.0


@given(waveforms, st.floats(-50, 50), st.floats(0.1, 5))
def test_cmc_minds_neither_unit_nor_origin_nor_which_method_is_first(
    three: np.ndarray, shift: float, scale: float
) -> None:
    found, other = (np.nan_to_num(cmc(one)) for one in (three, shift + scale * three[:, ::-1]))
    assert other == pytest.approx(found, abs=1e-4)  # steep at 0, where it ends


def test_cmc_ignores_what_differs_between_repetitions_and_minds_what_differs_between_methods() -> None:
    wave = 30 * np.sin(np.linspace(0, 6, 50))
    same = np.stack([np.stack([wave + k, wave + k]) for k in (0.0, 40.0)])
    assert cmc(same) == pytest.approx(1.0)
    shifted = [cmc(np.stack([wave, wave + k])[None]) for k in (0.0, 5.0, 15.0)]
    assert shifted[0] > shifted[1] > shifted[2]


@settings(max_examples=20, deadline=None)
@given(arrays(float, (6, 2), elements=angles, unique=True), st.floats(-50, 50), st.floats(0.1, 5))
def test_icc_minds_neither_unit_nor_origin_nor_which_method_is_first(
    table: np.ndarray, shift: float, scale: float
) -> None:
    found = icc_2_1(table)
    assert icc_2_1(shift + scale * table[:, ::-1]).value == pytest.approx(found.value, abs=1e-5, nan_ok=True)


def test_icc_of_identical_columns_is_one_and_falls_with_an_offset() -> None:
    column = np.array([10.0, 20.0, 35.0, 50.0])
    assert icc_2_1(np.stack([column, column], 1)).value == pytest.approx(1.0)
    assert icc_2_1(np.stack([column, column + 10.0], 1)).value < 0.95


@pytest.mark.parametrize("table", [np.zeros((0, 2)), np.ones((1, 2)), np.full((5, 2), 3.0)])
def test_icc_without_spread_is_unknown(table: np.ndarray) -> None:
    assert np.isnan(icc_2_1(table).value)


def test_resampling_keeps_the_ends() -> None:
    assert list(resampled(np.array([1.0, 5.0, 3.0]), 5)) == [1.0, 3.0, 5.0, 4.0, 3.0]


def test_coverage_of_honest_and_of_bold_intervals() -> None:
    error = np.random.default_rng(0).normal(0.0, 2.0, 20_000)
    level = np.full(20_000, Observability.OBSERVED, np.uint8)
    honest = coverage_row("x", error, np.full(20_000, 2.0), level)
    assert honest.within_95 == pytest.approx(0.95, abs=0.01)
    assert honest.within_68 == pytest.approx(0.68, abs=0.015)
    assert coverage_row("x", error, np.full(20_000, 1.0), level).within_95 < 0.72


def sample(person: str, true: np.ndarray, error: np.ndarray | float, level: int = 2) -> Sample:
    n = len(true)
    return Sample("x", person, person, true + error, true, np.ones(n), np.full(n, level, np.uint8))


WAVE = 40.0 + 30.0 * np.sin(np.linspace(0, 6, 60))


def test_an_offset_is_error_until_it_is_removed() -> None:
    row = agreement([sample("a", WAVE, 5.0), sample("b", WAVE, -3.0)], min_frames=5)
    assert row.bias_deg == pytest.approx(1.0)
    assert row.rmse_deg == pytest.approx(np.sqrt(17.0))
    assert row.rmse_offset_removed_deg == pytest.approx(0.0, abs=1e-9)
    assert row.range_error_deg == pytest.approx(0.0, abs=1e-9)
    assert (row.n_people, row.n_recordings, row.n_frames) == (2, 2, 120)


def test_the_worst_person_is_the_worst_and_ranges_have_signs() -> None:
    row = agreement([sample("a", WAVE, 0.0), sample("b", WAVE, 0.2 * (WAVE - 40.0))], min_frames=5)
    assert row.worst_person_deg == pytest.approx(np.std(0.2 * (WAVE - 40.0)))
    assert row.range_bias_deg == pytest.approx(0.1 * np.ptp(WAVE))


def test_frames_without_a_figure_count_only_as_not_told() -> None:
    row = agreement([sample("a", WAVE, 1.0), sample("b", WAVE, 50.0, level=0)], min_frames=5)
    assert row.told == 0.5
    assert row.rmse_deg == pytest.approx(1.0)


def test_nothing_told_gives_no_figures() -> None:
    row = agreement([sample("a", WAVE, 1.0, level=0)], min_frames=5)
    assert row.told == 0.0
    assert np.isnan([row.rmse_deg, row.cmc, row.icc.value, row.limits_deg.low, row.worst_person_deg]).all()


def motion(**of: float) -> Motion:
    value = np.full((4, len(ALL)), np.nan)
    for name, degrees in of.items():
        value[:, ALL.index(name)] = np.radians(degrees)
    return Motion(np.arange(4.0), ALL, value, np.full(value.shape, 0.1), np.full(value.shape, 2, np.uint8))


def test_hip_rotation_counts_only_with_a_lever_where_that_is_the_rule() -> None:
    true = motion(hip_internal_rotation_left=10, knee_flexion_left=20, hip_flexion_left=30)
    by_rule = {one.coordinate for one in samples(true, true, loader.observability())}
    assert by_rule == {"knee_flexion", "hip_flexion"}
    assert "hip_internal_rotation" in {one.coordinate for one in samples(true, true, None)}


def test_whole_turns_are_no_error() -> None:
    (one,) = samples(motion(hip_flexion_left=-175), motion(hip_flexion_left=183), None)
    assert one.error_deg == pytest.approx(2.0)
