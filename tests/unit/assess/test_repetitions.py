from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.assess.repetitions import repetitions
from coxa.assess.silences import too_coarse
from coxa.catalog.loader import assess_rules
from coxa.model.assessment import Repetition, Verdict
from coxa.model.motion import Observability
from tests.support.performed import motion_of, out_and_back, seated_rotation

RULES = assess_rules()
N = 4
HIKE = "pelvis_right_up_obliquity"


def assessed(
    hip_deg: float = 30.0,
    hike_deg: float = 0.0,
    lean_deg: float = 0.0,
    delay_s: float = 0.0,
    sd_deg: float = 0.5,
    levels: dict[str, Observability] | None = None,
) -> tuple[Repetition, ...]:
    hip, hike = hip_deg * out_and_back(N), hike_deg * out_and_back(N, delay_s)
    angles = {
        "apparent_hip_internal_rotation_right": hip + hike,
        "hip_internal_rotation_right": hip,
        HIKE: hike,
        "trunk_right_lean": lean_deg * out_and_back(N),
    }
    protocol = seated_rotation()
    motion = motion_of(angles, sd_deg, levels)
    return repetitions(motion, protocol, protocol.quantities[0], "right", RULES)


def verdicts(found: tuple[Repetition, ...]) -> set[Verdict]:
    assert len(found) == N
    return {one.verdict for one in found}


def test_clean() -> None:
    found = assessed()
    assert verdicts(found) == {Verdict.CLEAN}
    for one in found:
        assert np.degrees(one.peak.value) == pytest.approx(30.0, abs=0.1)
        assert np.degrees(one.motion.value) == pytest.approx(30.0, abs=1.6)
        assert one.reasons == ()
        assert not one.partial
        assert one.start_s < one.peak_s < one.end_s


@pytest.mark.parametrize("hike_deg", [-20.0, -10.0, 10.0, 20.0])
def test_cheating_is_named_and_sized(hike_deg: float) -> None:
    found = assessed(hip_deg=40.0, hike_deg=hike_deg)
    assert verdicts(found) == {Verdict.COMPENSATED}
    for one in found:
        assert one.reasons == ("the pelvis hiked",)
        hike = one.compensations[0]
        assert np.degrees(hike.excursion.value) == pytest.approx(abs(hike_deg), abs=1.1)
        assert hike.probability > 0.99


def test_what_the_recording_cut_off_is_counted_and_nothing_is_said_of_it() -> None:
    whole = motion_of({"apparent_hip_internal_rotation_right": (30.0 * out_and_back(N))[125:]})
    protocol = seated_rotation()
    found = repetitions(whole, protocol, protocol.quantities[0], "right", RULES)
    assert [one.number for one in found] == [1, 2, 3, 4]
    assert [one.cut for one in found] == [True, False, False, False]
    first = found[0]
    assert first.verdict is Verdict.NOT_VALID
    assert (first.side, first.start_s, first.peak_s) == ("right", 0.0, 0.0)
    assert 0.5 < first.end_s < found[1].start_s
    assert first.peak.value == pytest.approx(np.radians(30.0), rel=1e-3)
    assert not (first.start.known or first.end.known or first.motion.known)
    assert np.isnan([first.peak_speed, first.smoothness, first.hold_s]).all()


def test_a_reading_can_end_where_the_pelvis_lifts() -> None:
    protocol = seated_rotation()
    quantity = protocol.quantities[0].model_copy(update={"ends_at": "hike"})
    hip, hike = 40.0 * out_and_back(N), 20.0 * out_and_back(N, 0.7)
    angles = {"apparent_hip_internal_rotation_right": hip, HIKE: hike, "trunk_right_lean": 0 * hip}
    motion = motion_of(angles)
    for one in repetitions(motion, protocol, quantity, "right", RULES):
        then = np.searchsorted(motion.time_s, one.peak_s)
        assert hike[then] == pytest.approx(5.0, abs=1.0)
        assert np.degrees(one.peak.value) == pytest.approx(hip[then])
        assert np.degrees(one.peak.value) < 35.0


def test_what_tilts_forward_first_is_counted_from_there() -> None:
    wink = {"since": "furthest", "direction": "decrease", "coordinate": HIKE}
    rule = seated_rotation().compensations[0].model_copy(update=wink)
    protocol = seated_rotation().model_copy(update={"compensations": (rule,)})
    hip = 40.0 * out_and_back(N)
    tilt = 15.0 * np.sin(np.pi * out_and_back(N))  # forward half way out, back at the end range
    motion = motion_of({"apparent_hip_internal_rotation_right": hip, HIKE: tilt})
    for one in repetitions(motion, protocol, protocol.quantities[0], "right", RULES):
        assert np.degrees(one.compensations[0].excursion.value) == pytest.approx(15.0, abs=0.5)


def test_near_the_limit_nothing_is_claimed() -> None:
    assert verdicts(assessed(hike_deg=5.2, sd_deg=2.0)) == {Verdict.UNCERTAIN}


@pytest.mark.parametrize("hike_deg", [0.0, 5.2, 9.0])
def test_a_source_too_coarse_for_a_limit_says_nothing_of_it(hike_deg: float) -> None:
    assert verdicts(assessed(hike_deg=hike_deg, sd_deg=3.0)) == {Verdict.NOT_OBSERVABLE}


def test_what_invalidates_spoils_the_repetition() -> None:
    assert verdicts(assessed(lean_deg=15.0)) == {Verdict.NOT_VALID}


def test_what_is_not_observed_carries_no_verdict() -> None:
    blind = {HIKE: Observability.WEAK, "trunk_right_lean": Observability.NOT_OBSERVABLE}
    found = assessed(hike_deg=20.0, lean_deg=20.0, levels=blind)
    assert verdicts(found) == {Verdict.NOT_OBSERVABLE}
    assert all(np.isnan(one.probability) for rep in found for one in rep.compensations)


def test_a_short_movement_is_partial() -> None:
    assert all(one.partial for one in assessed(hip_deg=15.0))


def test_the_ledger_adds_up_and_says_who_moved() -> None:
    for one in assessed(hip_deg=20.0, hike_deg=20.0):
        joint, pelvis = one.ledger
        assert joint.motion.value + pelvis.motion.value == pytest.approx(one.motion.value, abs=1e-9)
        assert joint.share.value == pytest.approx(0.5, abs=0.01)
        assert joint.share.value + pelvis.share.value == pytest.approx(1.0)
        assert joint.share.sd > 0


def test_who_began_late_had_less_of_a_share_early() -> None:
    for one in assessed(hip_deg=30.0, hike_deg=15.0, delay_s=0.9):
        assert one.ledger[1].share_at_60.value < one.ledger[1].share.value - 0.1


@pytest.mark.parametrize("delay_s", [0.0, 0.4, 0.9])
def test_onset_within_a_tenth_of_a_second(delay_s: float) -> None:
    """The excursion of a degree that counts as onset takes its time: less of it the faster the segment."""
    for number, one in enumerate(assessed(hip_deg=40.0, hike_deg=25.0, delay_s=delay_s)):
        begun = 1.0 + number * 4.0 + delay_s
        onset_s = one.compensations[0].onset_s
        assert onset_s is not None
        lag_s = np.arccos(1 - 2 * 1.0 / 25.0) / np.pi * (1.5 - delay_s)
        assert onset_s - begun == pytest.approx(lag_s, abs=0.1)


def test_a_rule_too_fine_for_the_source_is_said_so() -> None:
    protocol = seated_rotation()
    for sd_deg, expected in ((0.5, 0), (3.0, 1)):
        motion = motion_of({HIKE: 0.0 * out_and_back(N)}, sd_deg)
        reasons = [one.reason for one in too_coarse(protocol, motion, ("right",), RULES)]
        assert sum("too large for a limit of 5\u00b0" in reason for reason in reasons) == expected


def test_noise_at_the_extremes_does_not_lengthen_a_motion() -> None:
    rng = np.random.default_rng(2)
    errors, of_extremes = [], []
    for _ in range(20):
        signal = 30.0 * out_and_back(N)
        wander = np.convolve(rng.normal(size=len(signal) + 8), np.ones(9) / 3.0, "valid") * 2.0
        motion = motion_of({"apparent_hip_internal_rotation_right": signal + wander}, 2.0)
        protocol = seated_rotation(compensations=[])
        found = repetitions(motion, protocol, protocol.quantities[0], "right", RULES)
        errors += [np.degrees(one.motion.value) - 30.0 for one in found]
        of_extremes.append(np.ptp(signal + wander) - 30.0)
    assert np.mean(of_extremes) > 5.0
    assert abs(np.mean(errors)) < 2.0


def test_who_is_first_seen_under_way_is_not_called_clean() -> None:
    hip = 30.0 * out_and_back(N)
    quantity = "apparent_hip_internal_rotation_right"
    angles = {quantity: hip, HIKE: 20.0 * out_and_back(N), "trunk_right_lean": 0 * hip}
    motion = motion_of(angles)
    seen = motion.observability.copy()
    seen[hip < 20.0, motion.index(quantity)] = Observability.NOT_OBSERVABLE
    protocol = seated_rotation()
    wanted = protocol.quantities[0].model_copy(update={"min_motion_deg": 5.0})
    found = repetitions(replace(motion, observability=seen), protocol, wanted, "right", RULES)
    said = [one.compensations[0].verdict for one in found if one.compensations]
    assert said
    assert set(said) == {Verdict.NOT_OBSERVABLE}
