"""One repetition held against one rule: windows, bases, moments, probabilities; its ledger; its ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.assess.compensation import (
    coarsest_sd,
    compensations,
    end_range,
    exceeds,
    verdict_of,
    window,
)
from coxa.assess.excursions import Excursion
from coxa.assess.ledger import ledger, share, told_by
from coxa.assess.reading import Reading
from coxa.assess.settled import settled
from coxa.catalog.loader import assess_rules
from coxa.model.assessment import UNKNOWN, Compensation, Estimate, Verdict
from coxa.model.motion import Motion, Observability
from coxa.specs.protocol import LedgerPart
from tests.support.performed import RATE_HZ, motion_of, seated_rotation

RULES = assess_rules().model_copy(
    update={
        **{"hold_share": 0.89, "sure": 0.9, "still_s": 0.5, "onset_min_deg": 1.0, "onset_hold_s": 0.1},
        **{"onset_sds": 3.0, "settled_sds": 2.0, "rest_share": 0.05, "observed_max_sd_deg": 4.0},
        **{"share_min_deg": 5.0},
    }
)
#: A second of rest, then a degree a frame out to 40, held for ten frames, and back.
RAMP = np.interp(np.arange(161), [50, 90, 100, 140], [0, 40, 40, 0])
FOUND = Excursion(rest=10, start=50, peak=95, end=140)
QUANTITY, HIKE = "apparent_hip_internal_rotation_right", "pelvis_right_up_obliquity"


def primary(values_deg: np.ndarray = RAMP) -> Reading:
    return Reading.of(motion_of({QUANTITY: values_deg}), QUANTITY)


def held(hike_deg: np.ndarray, side: str = "right", sd_deg: float = 0.5, **rule: object) -> Compensation:
    motion = motion_of({QUANTITY: RAMP, HIKE: hike_deg}, sd_deg)
    wanted = seated_rotation().compensations[0].model_copy(update=rule)
    (one,) = compensations(motion, Reading.of(motion, QUANTITY), FOUND, side, [wanted], RULES)
    return one


def at(frames: range, size_deg: float) -> np.ndarray:
    hike = np.zeros(len(RAMP))
    hike[list(frames)] = size_deg
    return hike


@pytest.mark.parametrize(
    ("name", "frames"),
    [
        ("whole", slice(50, 141)),
        ("first_half", slice(50, 71)),  # up to the first frame that has done 20 of 40
        ("end_range", slice(86, 105)),  # from 36 out to 36 back
        ("until_end_range", slice(50, 105)),
    ],
)
def test_windows(name: str, frames: slice) -> None:
    assert window(np.radians(RAMP), FOUND, name, RULES) == frames


def test_windows_begin_where_the_motion_did_not_at_nought() -> None:
    assert window(np.radians(RAMP + 7.0), FOUND, "first_half", RULES) == slice(50, 71)
    assert end_range(np.radians(RAMP - 100.0), FOUND, RULES) == (86, 105)
    assert end_range(np.radians(RAMP), replace(FOUND, end=99), RULES) == (86, 100)
    assert end_range(np.radians(RAMP), replace(FOUND, start=90), RULES) == (90, 101)
    gap = RAMP.copy()
    gap[88] = gap[101] = np.nan
    assert end_range(np.radians(gap), FOUND, RULES) == (89, 101)


def test_an_end_range_of_one_frame_is_one_frame() -> None:
    spike = np.zeros(11)
    spike[5] = 40.0
    assert end_range(np.radians(spike), Excursion(0, 2, 5, 9), RULES) == (5, 6)


@pytest.mark.parametrize(
    ("window_name", "frames", "seen"),
    [
        ("first_half", range(60, 71), True),
        ("first_half", range(71, 80), False),
        ("end_range", range(105, 110), False),
        ("end_range", range(100, 104), True),
        ("whole", range(130, 141), True),
        ("whole", range(141, 150), False),
    ],
)
def test_a_rule_looks_at_its_window_only(window_name: str, frames: range, seen: bool) -> None:
    one = held(at(frames, 9.0), window=window_name)
    assert one.verdict is (Verdict.COMPENSATED if seen else Verdict.CLEAN)
    assert np.degrees(one.excursion.value) == pytest.approx(9.0 if seen else 0.0)


@pytest.mark.parametrize(
    ("direction", "side", "mirrored", "size_deg", "counted_deg"),
    [
        ("increase", "right", False, 9.0, 9.0),
        ("increase", "right", False, -9.0, 0.0),
        ("decrease", "right", False, -9.0, 9.0),
        ("decrease", "right", False, 9.0, 0.0),
        ("either", "right", False, -9.0, 9.0),
        ("increase", "left", True, -9.0, 9.0),
        ("increase", "right", True, 9.0, 9.0),
    ],
)
def test_directions(direction: str, side: str, mirrored: bool, size_deg: float, counted_deg: float) -> None:
    grown = np.interp(np.arange(len(RAMP)), [60, 75, 110, 120], [0, size_deg, size_deg, 0])
    one = held(3.0 + grown, side=side, direction=direction, mirrored=mirrored)
    assert np.degrees(one.excursion.value) == pytest.approx(counted_deg)
    assert (one.onset_s is not None) == (counted_deg > 0)


def test_since_the_furthest_is_counted_from_there_with_the_errors_of_both_moments() -> None:
    hike = at(range(60, 75), -6.0) + at(range(85, 95), 2.0)
    one = held(hike, direction="increase", since="furthest")
    assert np.degrees(one.excursion.value) == pytest.approx(8.0)
    assert np.degrees(one.excursion.sd) == pytest.approx(0.5 * np.sqrt(2.0))
    assert one.onset_s == pytest.approx(75 / RATE_HZ)  # up from there, though not yet beyond the start
    assert np.degrees(held(hike, direction="increase").excursion.value) == pytest.approx(2.0)


def test_what_rises_at_once_is_counted_from_the_first_frame_with_its_error() -> None:
    hike = np.clip(np.arange(len(RAMP)) - 50.0, 0.0, 20.0)
    motion = motion_of({QUANTITY: RAMP, HIKE: hike}, 1.5)
    motion.sd[FOUND.start] = np.radians(2.0)
    rule = (
        seated_rotation().compensations[0].model_copy(update={"direction": "increase", "since": "furthest"})
    )
    (one,) = compensations(motion, Reading.of(motion, QUANTITY), FOUND, "right", [rule], RULES)
    assert np.degrees([one.excursion.value, one.excursion.sd]) == pytest.approx([20.0, np.hypot(1.5, 2.0)])


def test_moments_are_told_between_frames_and_in_shares_of_the_motion() -> None:
    hike = np.clip(np.arange(len(RAMP)) - 60.0, 0.0, 20.0)  # a degree a frame, from frame 60 on
    one = held(hike, limit_deg=5.5)
    assert one.exceeded_s == pytest.approx(65.5 / RATE_HZ)
    assert one.onset_s == pytest.approx(62 / RATE_HZ)  # the first frame beyond a degree
    assert one.onset_share == pytest.approx(12 / 40)
    assert one.probability == pytest.approx(1.0, abs=1e-6)
    assert np.degrees(one.limit) == pytest.approx(5.5)
    assert held(np.full(len(RAMP), 9.0)).exceeded_s is None
    late = held(np.interp(np.arange(len(RAMP)), [97, 106, 110, 120], [0, 9, 9, 0]), window="whole")
    assert late.onset_share == 1.0  # after the peak
    within = held(np.where(np.arange(len(RAMP)) > 50, 9.0, 0.0))
    assert within.exceeded_s == pytest.approx((50 + 5 / 9) / RATE_HZ)
    assert held(np.zeros(len(RAMP))).onset_s is None


def test_the_rest_is_what_was_done_before_and_not_one_frame_of_it() -> None:
    grown = np.interp(np.arange(len(RAMP)), [60, 75, 110, 120], [0, 15, 15, 0])
    assert held(grown + at(range(50, 51), -1.0)).onset_s == pytest.approx(62 / RATE_HZ)
    early = grown + at(range(20), 50.0)  # longer ago than counts
    assert held(early).onset_s == pytest.approx(62 / RATE_HZ)


def test_what_is_weak_or_missing_anywhere_from_the_start_is_not_told() -> None:
    hike = at(range(100, 104), 9.0)
    for level in (Observability.WEAK, Observability.NOT_OBSERVABLE):
        for frame, told in ((49, True), (50, False), (60, False), (104, False), (105, True)):
            motion = motion_of({QUANTITY: RAMP, HIKE: hike})
            levels = motion.observability.copy()
            levels[frame, 1] = level
            motion = replace(motion, observability=levels)
            rule = seated_rotation().compensations[0].model_copy(update={"window": "end_range"})
            (one,) = compensations(motion, Reading.of(motion, QUANTITY), FOUND, "right", [rule], RULES)
            assert one.verdict is (Verdict.COMPENSATED if told else Verdict.NOT_OBSERVABLE), frame
            if not told:
                assert one.level is level
                assert (one.onset_s, one.onset_share, one.exceeded_s) == (None, None, None)
                assert np.isnan([one.probability, one.excursion.value]).all()
                assert (one.coordinate, np.degrees(one.limit)) == (HIKE, pytest.approx(5.0))


def test_too_coarse_is_where_not_even_stillness_could_be_called_clean() -> None:
    limit = np.radians(5.0)
    coarsest = coarsest_sd(float(limit), RULES)
    assert verdict_of(exceeds(Estimate(0.0, 0.999 * coarsest), limit), RULES) is Verdict.CLEAN
    assert verdict_of(exceeds(Estimate(0.0, 1.001 * coarsest), limit), RULES) is Verdict.UNCERTAIN
    sd_deg = float(np.degrees(coarsest)) / np.sqrt(2.0)
    assert held(np.zeros(len(RAMP)), sd_deg=0.999 * sd_deg).verdict is Verdict.CLEAN
    weak = held(np.zeros(len(RAMP)), sd_deg=1.001 * sd_deg)
    assert (weak.verdict, weak.level) == (Verdict.NOT_OBSERVABLE, Observability.WEAK)


def test_probabilities_and_verdicts() -> None:
    assert exceeds(Estimate(5.0, 2.0), 5.0) == pytest.approx(0.5)
    assert exceeds(Estimate(7.0, 2.0), 5.0) == pytest.approx(0.8413, abs=1e-4)
    assert [exceeds(Estimate(value, 0.0), 5.0) for value in (4.9, 5.0, 5.1)] == [0.0, 0.0, 1.0]
    found = [verdict_of(p, RULES) for p in (0.0, 0.1 - 1e-9, 0.11, 0.89, 0.9, 1.0)]
    assert found == [
        *[Verdict.CLEAN] * 2,
        *[Verdict.UNCERTAIN] * 2,
        *[Verdict.COMPENSATED] * 2,
    ]


def parts(**changes: object) -> list[LedgerPart]:
    joint = {"part": "joint", "coordinate": "hip_internal_rotation_SIDE"}
    pelvis = {"part": "pelvis", "coordinate": HIKE, "sign": -1, "mirrored": True, "within": True}
    return [LedgerPart.model_validate(one | changes) for one in (joint, pelvis)]


def shares_of(side: str, motion: Motion, whole: Reading | None = None) -> list[tuple[float, float]]:
    entries = ledger(motion, whole or primary(), FOUND, side, parts(), RULES)
    return [(one.share.value, one.share_at_60.value) for one in entries]


@pytest.mark.parametrize(("side", "sign"), [("right", -1.0), ("left", 1.0)])
def test_the_ledger_says_who_did_how_much_and_how_early(side: str, sign: float) -> None:
    # Of 40 the joint does the first 24 alone; the pelvis does all of the rest.
    joint, pelvis = np.minimum(RAMP, 24.0), np.maximum(RAMP - 24.0, 0.0)
    motion = motion_of({f"hip_internal_rotation_{side}": joint, HIKE: sign * pelvis}, 1.0)
    first, second = ledger(motion, primary(), FOUND, side, parts(), RULES)
    assert (first.part, first.coordinate, first.within) == ("joint", f"hip_internal_rotation_{side}", False)
    assert (second.part, second.coordinate, second.within) == ("pelvis", HIKE, True)
    assert np.degrees(first.motion.value) == pytest.approx(24.0)
    assert np.degrees(second.motion.value) == pytest.approx(16.0)
    assert (first.share.value, first.share_at_60.value) == (pytest.approx(0.6), pytest.approx(1.0))
    assert (second.share.value, second.share_at_60.value) == (pytest.approx(0.4), pytest.approx(0.0))
    assert first.level is Observability.OBSERVED


def test_a_part_is_as_sure_as_its_figure_and_its_frames() -> None:
    angles = {"hip_internal_rotation_right": RAMP, HIKE: np.zeros(len(RAMP))}
    coarse = ledger(motion_of(angles, 2.9), primary(), FOUND, "right", parts(), RULES)
    assert {one.level for one in coarse} == {Observability.WEAK}
    fine = ledger(motion_of(angles, 2.8), primary(), FOUND, "right", parts(), RULES)
    assert {one.level for one in fine} == {Observability.OBSERVED}
    motion = motion_of(angles)
    levels = motion.observability.copy()
    levels[95, 0], levels[50, 1] = Observability.WEAK, Observability.NOT_OBSERVABLE
    first, second = ledger(replace(motion, observability=levels), primary(), FOUND, "right", parts(), RULES)
    assert first.level is Observability.WEAK
    assert first.share.known
    assert (second.level, second.within) == (Observability.NOT_OBSERVABLE, True)
    assert not second.motion.known
    assert not second.share.known
    levels[50, 1], levels[96, 1], levels[49, 1] = Observability.OBSERVED, 0, 0
    outside = ledger(replace(motion, observability=levels), primary(), FOUND, "right", parts(), RULES)
    assert outside[1].level is Observability.OBSERVED


def test_shares_carry_the_errors_of_both_and_need_something_to_share() -> None:
    found = share(Estimate(0.2, 0.01), Estimate(0.5, 0.02), RULES)
    assert (found.value, found.unit) == (pytest.approx(0.4), "1")
    assert found.sd == pytest.approx(np.hypot(0.01, 0.4 * 0.02) / 0.5)
    assert share(Estimate(0.2, 0.01), Estimate(-0.5, 0.02), RULES).sd == pytest.approx(found.sd)
    small = float(np.radians(5.0))
    assert share(Estimate(0.02, 0.01), Estimate(1.001 * small, 0.01), RULES).known
    assert share(Estimate(0.02, 0.01), Estimate(-1.001 * small, 0.01), RULES).known
    assert not share(Estimate(0.02, 0.01), Estimate(0.999 * small, 0.01), RULES).known
    assert not share(UNKNOWN, Estimate(0.5, 0.02), RULES).known
    assert not share(Estimate(0.2, 0.01), UNKNOWN, RULES).known
    assert told_by(Estimate(9.0, float(np.radians(4.0))), RULES) is Observability.OBSERVED
    assert told_by(Estimate(0.0, float(np.radians(4.01))), RULES) is Observability.WEAK


def put(values_deg: np.ndarray, found: Excursion, sd_deg: float = 1.0, **rules: float) -> Excursion:
    motion = motion_of({QUANTITY: values_deg}, sd_deg)
    return settled(Reading.of(motion, QUANTITY), found, motion.time_s, RULES.model_copy(update=rules))


def test_what_is_cut_unknown_or_goes_the_other_way_stays_as_it_was() -> None:
    gap = RAMP.copy()
    gap[50] = np.nan
    for found in (put(RAMP, replace(FOUND, cut=True)), put(gap, FOUND), put(-RAMP, FOUND)):
        assert replace(found, cut=False) == FOUND


def test_a_start_is_the_last_frame_at_the_level_of_the_rest() -> None:
    low = RAMP.copy()
    low[45] = -2.0  # by chance
    found = put(low, replace(FOUND, start=45), sd_deg=2.0)
    assert found.start == 52  # 0 + a twentieth of 42 is 2.1
    assert put(low, replace(FOUND, start=45)).start == 50  # of a degree of error, -2 and 1 do not come
    assert (found.rest, found.end) == (FOUND.rest, FOUND.end)
    assert put(RAMP, FOUND, rest_share=0.0).start == 50


def test_a_peak_stands_for_the_end_range_and_not_for_its_largest_error() -> None:
    noisy = RAMP.copy()
    noisy[91:101] = 40.0 + np.array([-1.0, 1.0, 0.0, -1.0, 1.0, 0.0, -1.0, 1.0, 0.0, 0.0])
    noisy[98] = 41.5
    extreme = replace(FOUND, peak=98)
    assert put(noisy, extreme).peak != 98
    assert noisy[put(noisy, extreme).peak] == pytest.approx(40.5, abs=0.6)
    assert put(noisy, extreme, sd_deg=0.01).peak == 98  # its errors are known to be small


def test_a_short_end_range_is_taken_as_it_is() -> None:
    sharp = np.concatenate([np.zeros(50), np.linspace(0, 40, 6), np.linspace(40, 0, 6)[1:], np.zeros(20)])
    found = Excursion(10, 50, 55, 60)
    assert put(sharp, found, sd_deg=1.0) == found


def test_an_end_range_bends_as_a_parabola_does() -> None:
    curve = 40.0 - 0.05 * (np.arange(171) - 95.0) ** 2
    curve = np.maximum(curve, 0.0)
    curve[90] = curve[95] + 0.2  # an error at the side of the top
    assert abs(put(curve, replace(FOUND, start=60, peak=90, end=130)).peak - 95) <= 2
