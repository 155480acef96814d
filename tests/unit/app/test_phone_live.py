from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from coxa.app.phone_live import Gathered, Inclinometer, Reading, between, up_in_phone
from coxa.app.tapped import assessed, inclinometer, reading_of
from coxa.assess.assessment import Standards
from coxa.assess.norms import Person
from coxa.catalog import loader
from coxa.catalog.protocols import library
from coxa.model.assessment import Verdict
from coxa.model.errors import SourceError
from coxa.model.motion import Observability

RULES = loader.tap_rules()
angles = st.floats(-170.0, 170.0)


def reading(time_s: float, rotation: Rotation) -> Reading:
    x, y, z, w = rotation.as_quat()
    return Reading(time_s, w, x, y, z)


def hold(meter: Inclinometer, rotation: Rotation, begin_s: float, shake_deg: float = 0.0) -> float:
    rng = np.random.default_rng(int(begin_s * 10))
    for k in range(61):
        shaken = rotation * Rotation.from_rotvec(np.radians(shake_deg) * rng.standard_normal(3))
        meter.push(reading(begin_s + k / 60, shaken))
    return begin_s + 1.0


@given(angles, angles, angles)
def test_up_is_where_the_world_has_it(a: float, b: float, c: float) -> None:
    rotation = Rotation.from_euler("ZXY", [a, b, c], degrees=True)
    np.testing.assert_allclose(
        up_in_phone(reading(0.0, rotation)), rotation.inv().apply([0, 0, 1]), atol=1e-12
    )


@given(st.floats(0.0, 175.0), angles, angles, angles)
def test_a_turn_about_a_level_axis_is_read_whatever_the_heading(
    turn_deg: float, a: float, b: float, heading_deg: float
) -> None:
    first = Rotation.from_euler("ZXY", [a, b, 0.0], degrees=True)
    # Turned in the room about a level axis that gravity is square to, then by any heading.
    second = (
        Rotation.from_euler("Z", heading_deg, degrees=True)
        * Rotation.from_euler("X", turn_deg, degrees=True)
        * first
    )
    meter = inclinometer(RULES)
    end_s = hold(meter, first, 0.0)
    assert meter.tap() is None
    hold(meter, second, end_s + 1.0)
    found = meter.tap()
    assert found is not None
    assert math.degrees(found.value) == pytest.approx(turn_deg, abs=1e-4)


def test_a_phone_that_moves_is_not_read() -> None:
    meter = inclinometer(RULES)
    for k in range(61):
        meter.push(reading(k / 60, Rotation.from_euler("X", k, degrees=True)))
    with pytest.raises(SourceError, match="moved"):
        meter.tap()


def test_too_short_a_rest_is_none() -> None:
    meter = inclinometer(RULES)
    for k in range(5):
        meter.push(reading(k / 60, Rotation.identity()))
    assert not meter.shown().still
    with pytest.raises(SourceError):
        meter.tap()


def test_a_gap_breaks_the_rest() -> None:
    meter = inclinometer(RULES)
    for time_s in (0.0, 0.02, 0.04, 0.48, 0.5):
        meter.push(reading(time_s, Rotation.identity()))
    assert not meter.shown().still


def test_what_comes_late_is_left_out() -> None:
    meter, gathered = inclinometer(RULES), Gathered()
    end_s = hold(meter, Rotation.identity(), 0.0)
    meter.push(reading(end_s - 0.5, Rotation.from_euler("X", 90, degrees=True)))
    assert meter.shown().still
    for time_s in (0.0, 1.0, 0.5, 2.0):
        gathered.add(reading(time_s, Rotation.identity()))
    assert [one["timestamp"] for one in gathered.rows()] == [0.0, 1000.0, 2000.0]


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Shaken by half a degree, laid on askew by the catalogue's placing error: 95 % of 400."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(400):
        truth_deg = rng.uniform(10, 60)
        meter = inclinometer(RULES)
        end_s = hold(meter, Rotation.identity(), 0.0, 0.4)
        meter.tap()
        off = rng.normal(0, RULES.placing_deg)
        hold(meter, Rotation.from_euler("X", truth_deg + off, degrees=True), end_s + 1.0, 0.4)
        found = meter.tap()
        assert found is not None
        held += abs(math.degrees(found.value) - truth_deg) <= 1.96 * math.degrees(found.sd)
    assert 0.93 <= held / 400 <= 1.0


@given(st.integers(1, 40))
def test_small_angles_are_exact(power: int) -> None:
    angle = 2.0**-power
    other = np.array([0.0, math.sin(angle), math.cos(angle)])
    assert between(np.array([0.0, 0.0, 1.0]), other) == pytest.approx(angle, rel=1e-9)


def test_a_reading_is_held_against_norms_and_says_what_it_did_not_see() -> None:
    meter = inclinometer(RULES)
    end_s = hold(meter, Rotation.identity(), 0.0)
    meter.tap()
    hold(meter, Rotation.from_euler("X", 12.0, degrees=True), end_s + 1.0)
    angle = meter.tap()
    assert angle is not None
    known = library()
    spec = known.protocol("seated_hip_rotation")
    how = reading_of(RULES, spec.id, "internal_rotation")
    standards = Standards(loader.assess_rules(), known.norms)
    found = assessed(angle, how, "left", spec, standards, Person(25.0, "female"), "a phone")
    (result,) = found.results
    assert result.level is Observability.OBSERVED
    assert result.norm is not None and result.norm.band == "low"
    assert result.result.sd > angle.sd  # nobody rests exactly at the vertical
    assert result.verdict is Verdict.NOT_OBSERVABLE
    assert {one.what for one in found.silences} == {one.title for one in spec.compensations}


def test_what_is_not_tapped_is_refused() -> None:
    with pytest.raises(SourceError):
        reading_of(RULES, "hip_hinge", "flexion")


def test_the_catalogue_names_quantities_that_there_are() -> None:
    known = library()
    for one in RULES.readings:
        assert one.quantity in {quantity.id for quantity in known.protocol(one.protocol).quantities}
    for one in RULES.worn:
        known.protocol(one.protocol)
