from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.assess.reading import Reading
from coxa.assess.repetitions import repetitions
from coxa.assess.sides import compare, compare_sides, detectable, result_of, verdict_of
from coxa.catalog.loader import assess_rules
from coxa.model.assessment import UNKNOWN, Estimate, Repetition, SideResult, Verdict
from coxa.model.motion import Motion, Observability
from tests.support.performed import motion_of, out_and_back, seated_rotation

RULES = assess_rules()
PROTOCOL = seated_rotation(compensations=[])
QUANTITY = PROTOCOL.quantities[0]
NAME = "apparent_hip_internal_rotation_right"


def deg(value: float, sd: float) -> Estimate:
    return Estimate(float(np.radians(value)), float(np.radians(sd)))


def measured(n: int = 4, constant_deg: float = 0.0) -> tuple[tuple[Repetition, ...], Motion]:
    motion = motion_of({NAME: 30.0 * out_and_back(n)}, sd_deg=2.0)
    motion = replace(motion, diagnostics={"median_constant_sd_deg": {NAME: constant_deg}})
    return repetitions(motion, PROTOCOL, QUANTITY, "right", RULES), motion


def test_more_repetitions_leave_less_error_but_for_what_they_share() -> None:
    sds = {}
    for n, constant in ((1, 0.0), (4, 0.0), (4, 2.0)):
        found, motion = measured(n, constant)
        sds[n, constant] = np.degrees(result_of(found, QUANTITY, Reading.of(motion, NAME)).sd)
    assert sds[1, 0.0] == pytest.approx(2.0)
    assert sds[4, 0.0] == pytest.approx(1.0)
    assert sds[4, 2.0] == pytest.approx(2.0)


def test_spread_between_repetitions_counts() -> None:
    found, motion = measured()
    spread = tuple(replace(one, peak=deg(30 + 10 * (-1) ** k, 0.5)) for k, one in enumerate(found))
    result = result_of(spread, QUANTITY, Reading.of(motion, NAME))
    assert np.degrees(result.sd) == pytest.approx(np.std([40, 20, 40, 20], ddof=1) / 2.0)


def test_spoilt_and_partial_repetitions_do_not_count() -> None:
    found, motion = measured()
    reading = Reading.of(motion, NAME)
    spoilt = replace(found[0], verdict=Verdict.NOT_VALID, peak=deg(80, 1))
    partial = replace(found[1], partial=True, peak=deg(5, 1))
    result = result_of((spoilt, partial, *found[2:]), QUANTITY, reading)
    assert np.degrees(result.value) == pytest.approx(30.0, abs=0.1)
    assert result_of((spoilt,), QUANTITY, reading) == UNKNOWN


def test_detectable_change_of_a_published_figure() -> None:
    # EVIDENCE 2: SEM 1.9-3.6 deg makes MDC95 5.0-10.1 deg (phone, seated rotation).
    assert np.degrees(detectable(deg(0, 1.9))) == pytest.approx(5.3, abs=0.3)
    assert np.degrees(detectable(deg(0, 3.6))) == pytest.approx(10.0, abs=0.1)


@pytest.mark.parametrize(
    ("left", "right", "sd", "real"),
    [(40, 25, 2, True), (25, 40, 2, True), (33, 25, 1, False), (40, 25, 8, False), (30, 30, 1, False)],
)
def test_sides_differ_only_beyond_the_error_and_by_enough(
    left: float, right: float, sd: float, real: bool
) -> None:
    found = compare("q", "left-right", (deg(left, sd), deg(right, sd)), "Turn", RULES, ("left", "right"))
    assert found is not None
    assert found.real is real
    assert np.degrees(found.difference.value) == pytest.approx(left - right)
    assert ("further" in found.words) is real
    if real:
        assert ("The left goes" in found.words) is (left > right)


def test_nothing_is_compared_with_the_unknown() -> None:
    assert compare("q", "left-right", (deg(1, 1), UNKNOWN), "Turn", RULES, ("left", "right")) is None


def test_the_side_says_what_most_repetitions_say_and_the_worse_of_a_tie() -> None:
    found, _ = measured(2)
    clean, cheated = found[0], replace(found[1], verdict=Verdict.COMPENSATED)
    assert verdict_of((clean, clean, cheated)) is Verdict.CLEAN
    assert verdict_of((clean, cheated)) is Verdict.COMPENSATED
    assert verdict_of(()) is Verdict.NOT_OBSERVABLE


def test_a_difference_between_sides_that_counts_is_said_with_its_size() -> None:
    def one(side: str, degrees: float) -> SideResult:
        figure = Estimate(float(np.radians(degrees)), float(np.radians(2.0)))
        return SideResult(side, "rotation", "c", (), figure, 0.1, Observability.OBSERVED)

    found = compare_sides(one("left", 30.0), one("right", 45.0), "Rotation", RULES)
    assert found is not None
    assert (found.quantity, found.of, found.real) == ("rotation", "left-right", True)
    assert np.degrees(found.difference.value) == pytest.approx(-15.0)
    assert np.degrees(found.mdc) == pytest.approx(1.96 * np.sqrt(8.0))
    assert found.words.endswith("The right goes 15\u00b0 further; the error of this comparison is 6\u00b0.")
    close = compare_sides(one("left", 30.0), one("right", 39.9), "Rotation", RULES)
    assert close is not None  # surely more than none, and yet no ten degrees
    assert not close.real
    assert close.words == (
        "Rotation: left 30\u00b0, right 40\u00b0. No difference that counts; "
        "the error of this comparison is 6\u00b0."
    )


def test_figures_without_error_differ_surely_and_unknown_ones_not_at_all() -> None:
    pair = deg(30.0, 0.0), deg(45.0, 0.0)
    found = compare("rotation", "left-right", pair, "Rotation", RULES, ("left", "right"))
    assert found is not None
    assert (found.probability, found.mdc, found.real) == (1.0, 0.0, True)
    for one in ((UNKNOWN, deg(30.0, 1.0)), (deg(30.0, 1.0), UNKNOWN)):
        assert compare("rotation", "left-right", one, "Rotation", RULES, ("left", "right")) is None
    close = compare("r", "left-right", (deg(30.0, 3.0), deg(34.0, 4.0)), "R", RULES, ("left", "right"))
    assert close is not None
    assert close.probability == pytest.approx(0.788, abs=1e-3)  # 4 in 5
