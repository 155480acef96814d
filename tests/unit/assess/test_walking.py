"""Walking put together: events, curves over strides, times, ranges, and what is said of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.assess.gait import OFF, STRIKE, curves, events, measures, spans_of
from coxa.assess.walking import assess_walking
from coxa.catalog.loader import assess_rules, gait_norms
from coxa.model.channels import Event
from coxa.model.motion import Motion, Observability
from coxa.specs.gait import Band
from tests.support.assessed import walking_case
from tests.support.performed import RATE_HZ, motion_of

NORMS = gait_norms()
TIME_S = np.arange(0.0, 6.0, 1 / RATE_HZ)
PHASE = 2 * np.pi * TIME_S
TURN = "hip_internal_rotation_SIDE"
REACH = {"left": 10.0, "right": 20.0}


def told() -> tuple[Event, ...]:
    """Strides of a second, the right half of one later; the foot is down for 62 and for 60 % of them."""
    return tuple(
        Event(float(at), label, side)
        for side, first, stance in (("left", 0.1, 0.62), ("right", 0.6, 0.60))
        for label, late in ((STRIKE, 0.0), (OFF, stance))
        for at in np.arange(first + late, 5.9, 1.0)
    )


def walked(sd_deg: float = 0.5, **more: np.ndarray) -> Motion:
    angles = {"pelvis_anterior_tilt": np.zeros(len(PHASE))}
    for side, shift in (("left", 0.0), ("right", np.pi)):
        angles[f"hip_flexion_{side}"] = 15 + 20 * np.cos(PHASE + shift)
        angles[f"knee_flexion_{side}"] = 30 + 28 * np.cos(PHASE + shift - 1.5 * np.pi)
        angles[f"hip_internal_rotation_{side}"] = REACH[side] * np.sin(PHASE + shift - 0.2 * np.pi)
    return motion_of(angles | more, sd_deg)


def test_feet_are_heard_by_side_and_in_order() -> None:
    found = events(walked(), NORMS)
    assert [one.time_s for one in found] == sorted(one.time_s for one in found)
    for side, shift in (("left", 0.0), ("right", 0.5)):
        for label in (STRIKE, OFF):
            mine = [one.time_s for one in found if (one.side, one.label) == (side, label)]
            assert len(mine) >= 5
            np.testing.assert_allclose(np.diff(mine), 1.0, atol=0.021)
            other = [one.time_s for one in found if (one.side, one.label) == ("left", label)]
            off = (np.array(mine)[:, None] - np.array(other) - shift + 0.5) % 1.0 - 0.5
            np.testing.assert_allclose(off, 0.0, atol=0.021)


def test_without_a_tilt_the_thigh_against_the_trunk_serves_and_unseen_legs_have_no_feet() -> None:
    motion = walked()
    leg = {name: np.degrees(motion[name]) for name in motion.coordinates if name != "pelvis_anterior_tilt"}
    hips = {f"thigh_trunk_angle_{side}": leg.pop(f"hip_flexion_{side}") for side in REACH}
    assert events(motion_of(leg | hips), NORMS) == events(motion, NORMS)
    assert events(motion_of(leg), NORMS) == ()
    for seen, unseen in (("left", "right"), ("right", "left")):
        one_leg = {name: curve for name, curve in (leg | hips).items() if not name.endswith(unseen)}
        assert {one.side for one in events(motion_of(one_leg), NORMS)} == {seen}


def test_an_ankle_that_points_the_toes_is_heard() -> None:
    pointing = {f"ankle_dorsiflexion_{side}": -80.0 * (np.cos(PHASE) > 0) for side in REACH}
    assert events(walked(**pointing), NORMS) != events(walked(), NORMS)


def test_spans_are_of_strikes_of_that_side() -> None:
    spans = spans_of(told()[::-1], "right", NORMS)
    np.testing.assert_allclose(spans, [(0.6 + k, 1.6 + k) for k in range(5)])
    far = replace(told()[0], time_s=100.0)
    assert spans_of((*told(), far), "left", NORMS) == spans_of(told(), "left", NORMS)


def test_curves_are_means_over_strides_with_the_error_of_a_mean() -> None:
    growing = REACH["left"] * np.sin(PHASE) * (1 + 0.05 * np.floor(TIME_S - 0.1))
    motion = walked(**{"hip_internal_rotation_left": growing})
    (left,) = curves(motion, [one for one in told() if one.side == "left"], [TURN], NORMS)
    assert (left.side, left.quantity, left.n_cycles) == ("left", "hip_internal_rotation_left", 5)
    at_start = np.array([growing[round(at * RATE_HZ)] for at in 0.25 + np.arange(5)])
    assert np.degrees(left.mean[15]) == pytest.approx(at_start.mean(), abs=0.02)
    assert np.degrees(left.sd[15]) == pytest.approx(at_start.std(ddof=1) / np.sqrt(5), abs=0.01)
    assert np.degrees(left.sd[90]) >= 0.5 / np.sqrt(5) - 1e-9
    np.testing.assert_array_equal(left.percent, np.arange(101.0))


def test_an_error_that_all_strides_share_is_not_averaged_away() -> None:
    motion = walked(sd_deg=3.0)
    shared = replace(motion, diagnostics={**motion.diagnostics, "constant_sd": {}})
    own = curves(shared, told(), [TURN], NORMS)[0]
    assert np.degrees(own.sd).max() == pytest.approx(3.0 / np.sqrt(5), abs=0.02)
    assert own.constant_sd == 0.0


def test_what_is_weak_has_no_curve_and_a_stride_with_a_gap_does_not_count() -> None:
    motion = walked()
    level = motion.observability.copy()
    level[:, motion.index("hip_internal_rotation_left")] = Observability.WEAK
    level[20, motion.index("hip_internal_rotation_right")] = Observability.WEAK  # before the first strike
    level[100, motion.index("hip_internal_rotation_right")] = Observability.WEAK
    (right,) = curves(replace(motion, observability=level), told(), [TURN], NORMS)
    assert (right.side, right.n_cycles) == ("right", 4)


def test_the_band_is_the_published_one_at_this_persons_level() -> None:
    norms = NORMS.model_copy(
        update={"bands": {TURN: Band(percent=(0, 50, 100), mean_deg=(0, 10, 0), sd_deg=(2, 4, 2))}}
    )
    motion = walked(**{"hip_internal_rotation_left": np.full(len(PHASE), 7.0)})
    left = curves(motion, told(), [TURN], norms)[0]
    assert left.band is not None
    low, high = np.degrees(left.band).T
    middle = np.interp(np.arange(101), [0, 50, 100], [0, 10, 0])
    shift = 7.0 - middle.mean()
    np.testing.assert_allclose(0.5 * (low + high), middle + shift)
    np.testing.assert_allclose(0.5 * (high - low), np.interp(np.arange(101), [0, 50, 100], [2, 4, 2]))
    assert curves(motion, told(), ["pelvis_anterior_tilt"], norms)[0].band is None


def test_times_and_ranges() -> None:
    motion = walked()
    found = curves(motion, told(), [TURN], NORMS)
    figures = measures(motion, told(), found, NORMS)
    assert figures["cycle.left"].value == pytest.approx(1.0)
    assert (figures["cycle.left"].unit, figures["stance_share.left"].unit) == ("s", "1")
    assert figures["cycle.left"].sd == pytest.approx(0.0, abs=1e-12)
    assert figures["stance_share.left"].value == pytest.approx(0.62)
    assert figures["stance_share.right"].value == pytest.approx(0.60)
    for side, reach in REACH.items():
        whole = figures[f"range.hip_internal_rotation_{side}.{side}"]
        assert np.degrees(whole.value) == pytest.approx(2 * reach, rel=0.01)
        assert np.degrees(whole.sd) == pytest.approx(0.5 * np.sqrt(2 / 5), rel=0.2)
        curve = next(one for one in found if one.side == side)
        loading, leaving = np.degrees(curve.mean[:13]), np.degrees(curve.mean[40:63])
        at_loading = figures[f"internal_at_loading.{side}"]
        assert np.degrees(at_loading.value) == pytest.approx(loading.max() - loading[0])
        towards = figures[f"external_towards_push_off.{side}"]
        assert np.degrees(towards.value) == pytest.approx(loading.max() - leaving.min())


def test_one_stride_has_no_spread_and_none_no_figures() -> None:
    motion = walked()
    once = [one for one in told() if one.time_s < 1.3 and one.side == "left"]
    figures = measures(motion, once, (), NORMS)
    assert figures["cycle.left"].value == pytest.approx(1.0)
    assert np.isnan(figures["cycle.left"].sd)
    assert set(figures) == {"cycle.left", "stance_share.left"}
    strikes = [one for one in once if one.label == STRIKE]
    assert set(measures(motion, strikes, (), NORMS)) == {"cycle.left"}
    assert measures(motion, strikes[:1], (), NORMS) == {}


def test_uneven_strides_have_the_error_of_a_mean() -> None:
    uneven = [Event(at, STRIKE, "left") for at in (0.0, 0.9, 2.0)]
    cycle = measures(walked(), uneven, (), NORMS)["cycle.left"]
    assert cycle.value == pytest.approx(1.0)
    assert cycle.sd == pytest.approx(np.std([0.9, 1.1], ddof=1) / np.sqrt(2))


def assessed(motion: Motion, happened: tuple[Event, ...] = ()):  # type: ignore[no-untyped-def]
    return assess_walking(motion, walking_case().protocol, assess_rules(), NORMS, happened, {"who": "test"})


def test_legs_that_differ_are_told_by_their_ranges_and_of_the_trunk_nothing_is_compared() -> None:
    found = assessed(walked(), told())
    rotation = next(one for one in found.comparisons if "rotation" in one.quantity)
    assert (rotation.of, rotation.real) == ("left-right", True)
    assert np.degrees(rotation.difference.value) == pytest.approx(-20.0, abs=0.2)
    assert "range over the cycle" in rotation.words
    assert "The right goes 20\u00b0 further" in rotation.words
    flexion = next(
        one for one in found.comparisons if "flexion" in one.quantity and "knee" not in one.quantity
    )
    assert not flexion.real
    assert {one.quantity.removesuffix("_left").removesuffix("_right") for one in found.curves} <= {
        one.coordinate.removesuffix("_SIDE") for one in walking_case().protocol.quantities
    }
    assert found.provenance == {"who": "test"}
    codes = [one.code for one in found.findings]
    assert f"left-right.{rotation.quantity}" in codes
    assert f"left-right.{flexion.quantity}" not in codes
    weights = [one.weight for one in found.findings]
    assert weights == sorted(weights, reverse=True)
    cycles = next(one for one in found.findings if one.code == "gait.cycles")
    assert cycles.words == "The curves are made of up to 5 strides of each leg."


def test_events_without_a_side_are_found_anew() -> None:
    nameless = tuple(replace(one, side="") for one in told())
    assert assessed(walked(), nameless).measures == assessed(walked()).measures
    assert assessed(walked(), told()).measures != assessed(walked()).measures


def test_a_walk_of_a_step_says_what_is_missing() -> None:
    one_strike = (Event(0.1, STRIKE, "left"), Event(0.7, OFF, "left"))
    (finding,) = assessed(walked(), one_strike).findings
    assert finding.code == "gait.none"
    assert finding.words.startswith("1 foot strike found, and no whole stride that was observed")


def shaped(curve_deg: np.ndarray, sd_deg: float = 0.1) -> list[str]:
    """What is said of the shape of a hip rotation that repeats over strides from 0.1 s on."""
    angle = curve_deg[np.round(100 * ((TIME_S - 0.1) % 1.0)).astype(int)]
    found = assessed(walked(sd_deg, **{"hip_internal_rotation_left": angle}), told())
    return [
        one.words
        for one in found.findings
        if one.code == "gait.shape.hip_internal_rotation_left" and one.side == "left"
    ]


def test_a_shape_is_said_to_differ_where_a_tenth_of_it_does() -> None:
    band = NORMS.bands[TURN]
    usual = np.interp(np.arange(101), band.percent, band.mean_deg)
    sd = np.interp(np.arange(101), band.percent, band.sd_deg)
    at = np.arange(101)
    bump = np.where((at >= 20) & (at < 50), 1.0, 0.0) + np.where(at == 34, 0.5, 0.0)
    assert shaped(usual) == []
    assert shaped(usual + 0.9 * sd * bump) == []
    (words,) = shaped(usual + 3.0 * sd * bump)
    assert ", left: its curve differs in shape" in words
    assert "most at 34\u202f% of the stride" in words
    (words,) = shaped(usual - 3.0 * sd * bump)
    assert "most at 34\u202f% of the stride" in words
    assert shaped(usual + 3.0 * sd * bump, sd_deg=25.0) == []  # its own error may be all of it
    brief = np.where((at >= 30) & (at < 36), 1.0, 0.0)
    assert shaped(usual + 3.0 * sd * brief) == []
