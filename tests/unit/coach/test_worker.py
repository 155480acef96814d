"""One side at work: when a set begins, what it takes to count, what a spell says, how a hold goes on."""

from __future__ import annotations

from math import isnan, nan, radians

import numpy as np
import pytest

from coxa.catalog import loader
from coxa.coach.program import Program, Sight
from coxa.coach.worker import Happened, Work, fresh, going_on, work
from coxa.model.coordinates import ALL
from coxa.model.motion import Observability
from coxa.specs.exercise import ExerciseSpec
from tests.unit.coach.test_engine import DROP, KNEE, LEAN, RATE_HZ, bends, hold, small

RULES = loader.coach_rules().model_copy(
    update={
        **{"ready_s": 0.8, "still_deg": 6.0, "gate_grace_s": 0.6, "gate_slack_deg": 10.0, "settle_s": 1.0},
        **{"shortest_share": 0.25, "longest_share": 2.5, "beyond_share": 2.0, "lost_s": 2.0},
        **{"hold_grace_s": 1.0, "noise_sds": 1.5},
    }
)
SDS = 1.28
KNEE_RIGHT = KNEE.replace("SIDE", "right")
OBSERVED, WEAK, NOT = Observability.OBSERVED, Observability.WEAK, Observability.NOT_OBSERVABLE


def sight(time_s: float, sd_deg: float = 1.0, level: int = OBSERVED, **angles_deg: float) -> Sight:
    """A frame with these angles; all others are nought."""
    guess = [0.0] * len(ALL)
    for name, angle in angles_deg.items():
        guess[ALL.index(name)] = radians(angle)
    value = guess if level == OBSERVED else [nan] * len(ALL)
    return Sight(time_s, value, [radians(sd_deg)] * len(ALL), guess, [level] * len(ALL))


def film(knee_deg: np.ndarray, rate_hz: float = RATE_HZ, **angles_deg: np.ndarray) -> list[Sight]:
    rows = {KNEE_RIGHT: knee_deg, **angles_deg}
    return [
        sight(k / rate_hz, **{name: float(curve[k]) for name, curve in rows.items()})
        for k in range(len(knee_deg))
    ]


def worked(
    frames: list[Sight],
    spec: ExerciseSpec | None = None,
    state: Work | None = None,
) -> tuple[Work, list[tuple[float, Happened]]]:
    program = Program.of(spec or small(), "right")
    state, brought = state or fresh(program), []
    for frame in frames:
        state, happened = work(state, program, frame, RULES, SDS, 3)
        if happened != Happened():
            brought.append((frame.time_s, happened))
    return state, brought


def begins_at(frames: list[Sight]) -> float | None:
    return next((time_s for time_s, one in worked(frames)[1] if one.begun), None)


def test_a_set_begins_once_the_start_pose_has_held_still() -> None:
    still = film(np.zeros(30), 10.0)
    assert begins_at(still) == pytest.approx(0.8)
    late = film(np.where(np.arange(30) < 5, 26.0, 0.0), 10.0)  # outside the gate at first
    assert begins_at(late) == pytest.approx(1.3)
    slowly = film(np.arange(30.0) * 0.7, 10.0)  # 6 deg in 0.86 s: still enough
    assert begins_at(slowly) == pytest.approx(0.8)
    moving = film(np.arange(30.0) * 0.8, 10.0)  # 6.4 deg by 0.8 s: anew from there
    assert begins_at(moving) is None or begins_at(moving) == pytest.approx(2.3, abs=0.6)
    left = film(np.where(np.arange(30) == 5, 26.0, 0.0), 10.0)
    assert begins_at(left) == pytest.approx(1.45, abs=0.06)


def test_noise_is_no_movement_and_nobody_is_not_still() -> None:
    shaky = [sight(0.1 * k, sd_deg=4.0, **{KNEE_RIGHT: 10.0 * (k % 2)}) for k in range(30)]
    assert begins_at(shaky) == pytest.approx(0.8)
    sharp = [sight(0.1 * k, sd_deg=1.0, **{KNEE_RIGHT: 10.0 * (k % 2)}) for k in range(30)]
    assert begins_at(sharp) is None
    assert begins_at([sight(0.1 * k, level=NOT) for k in range(30)]) is None
    assert begins_at([sight(0.1 * k, level=WEAK) for k in range(30)]) == pytest.approx(0.8)


def repetitions(frames: list[Sight], spec: ExerciseSpec | None = None) -> list[float]:
    """When each was counted."""
    return [time_s for time_s, one in worked(frames, spec)[1] if one.repetition is not None]


def test_a_repetition_is_as_it_was_done() -> None:
    knee = bends(60)
    lean = np.where((knee > 30) & (np.arange(len(knee)) > 45), 15.0, 0.0)
    state, brought = worked(film(knee, **{LEAN: lean, DROP: 0.5 * lean}))
    (one,) = [found.repetition for _, found in brought if found.repetition is not None]
    assert (one.number, one.side, one.set_number, one.full, one.spoilt) == (1, "right", 3, True, True)
    assert one.faults == ("leans",)
    assert one.worst == {"leans": pytest.approx(1.5), "drops": pytest.approx(7.5 / 8)}
    assert np.degrees(one.range) == pytest.approx(60, abs=0.5)
    assert one.peak_s == pytest.approx(3.0, abs=0.1)
    assert 1.4 < one.start_s < 2.3
    assert 3.8 < one.end_s < 4.6
    (spell,) = [found.ended for _, found in brought if found.ended]
    assert (spell[0].rule, spell[0].side, spell[0].repetition, spell[0].instead) == (
        "leans",
        "right",
        1,
        False,
    )
    assert np.degrees(spell[0].worst) == pytest.approx(15.0)
    assert spell[0].start_s == pytest.approx(46 / RATE_HZ)
    assert [found.began for _, found in brought if found.began] == [("leans",)]
    assert state.number == 1
    assert state.faulted == frozenset()


def test_a_fault_of_one_repetition_is_not_the_next_ones() -> None:
    knee = bends(60, 60)
    first = np.where((knee > 30) & (np.arange(len(knee)) < 65), 15.0, 0.0)
    _, brought = worked(film(knee, **{LEAN: first}))
    found = [one.repetition for _, one in brought if one.repetition is not None]
    assert [one.faults for one in found] == [("leans",), ()]
    assert found[1].worst["leans"] == pytest.approx(0.0, abs=1e-9)
    assert [one.number for one in found] == [1, 2]


def test_a_fault_at_rest_is_not_the_next_repetitions() -> None:
    always = small(form=[small().form[0].model_dump() | {"parts": ["any"], "since": "set"}])
    knee = bends(60, lead_s=4.0)
    at = np.arange(len(knee)) / RATE_HZ
    _, brought = worked(film(knee, **{LEAN: np.where((at > 1.5) & (at < 2.5), 15.0, 0.0)}), always)
    assert [one.began for _, one in brought if one.began] == [("leans",)]
    (one,) = [found.repetition for _, found in brought if found.repetition is not None]
    assert (one.faults, one.spoilt) == ((), False)


@pytest.mark.parametrize(
    ("move_s", "counted"), [(0.7, 0), (1.4, 1), (3.0, 1), (7.0, 1), (12.0, 0)]
)  # demonstrated in 3 s: between 0.75 and 7.5 s, of which leaving and being back take a little
def test_too_fast_or_too_slow_was_something_else(move_s: float, counted: int) -> None:
    frames = film(bends(60, move_s=move_s, rest_s=3.0), RATE_HZ)
    assert len(repetitions(frames)) == counted


def test_twice_as_far_as_anybody_goes_was_something_else() -> None:
    assert len(repetitions(film(bends(118)))) == 1
    assert len(repetitions(film(bends(122)))) == 0


def test_it_counts_when_the_start_pose_holds_again_in_time() -> None:
    out = bends(60)

    # Stops at 30 deg on the way back: neither in the start pose (to 25, 10 of slack) nor out of it for long.
    def stopping(at_deg: float, for_s: float) -> list[Sight]:
        top = int(np.argmax(out))
        back = top + int(np.argmax(out[top:] < at_deg))
        return film(np.concatenate([out[:back], np.full(round(for_s * RATE_HZ), at_deg), out[back:]]))

    assert len(repetitions(stopping(17.0, 3.0))) == 1
    high = small(start_pose=[{"coordinate": KNEE, "from_deg": -10, "to_deg": 3}])  # 13 with the slack
    frames = stopping(17.0, 0.5)
    assert len(repetitions(frames, high)) == 1
    assert repetitions(frames, high)[0] > repetitions(frames)[0]
    assert repetitions(stopping(17.0, 2.0), high) == []


def test_an_end_pose_must_be_reached() -> None:
    lifted = small(end_pose=[{"coordinate": LEAN, "from_deg": 20, "to_deg": 40}], form=[])
    knee = bends(60, 60)
    aside = np.where(np.arange(len(knee)) < 80, 0.5, 0.0) * knee
    assert len(repetitions(film(knee, **{LEAN: aside}), lifted)) == 1
    assert len(repetitions(film(knee, **{LEAN: 0.1 * knee}), lifted)) == 0


def test_a_partial_one_has_no_number_and_takes_none() -> None:
    _, brought = worked(film(bends(60, 25, 60)))
    found = [one.repetition for _, one in brought if one.repetition is not None]
    assert [(one.number, one.full) for one in found] == [(1, True), (0, False), (2, True)]


def test_who_is_away_or_unseen_or_not_filmed_begins_anew_and_what_went_on_ends() -> None:
    knee = bends(60)
    lean = np.where(knee > 30, 15.0, 0.0)
    frames = film(knee, **{LEAN: lean})[:50]
    state, _ = worked(frames)
    assert state.begun
    assert any(one.firing for one in state.watches)
    program = Program.of(small(), "right")
    (open_,) = going_on(state, program)
    assert (open_.rule, open_.end_s, open_.repetition) == ("leans", frames[-1].time_s, 1)
    assert going_on(state, program, 77.0)[0].end_s == 77.0
    assert going_on(Work(), program) == ()
    last = frames[-1].time_s
    stalled, happened = work(state, program, sight(last + 2.1, **{KNEE_RIGHT: 60.0}), RULES, SDS, 1)
    assert (stalled.begun, stalled.pending) == (False, None)
    assert isnan(stalled.ready_since_s)
    assert [one.end_s for one in happened.ended] == [last + 2.1]
    assert not any(one.firing for one in stalled.watches)
    assert all(one.seen for one in stalled.watches)
    assert work(state, program, sight(last + 1.9, **{KNEE_RIGHT: 60.0}), RULES, SDS, 1)[0].begun
    usual = state._replace(counts=state.counts._replace(usual=(1.0, 1.1)))
    assert work(usual, program, sight(last + 2.1), RULES, SDS, 1)[0].counts.usual == (1.0, 1.1)
    unseen = [sight(last + 0.1 * k, level=NOT) for k in range(1, 22)]
    assert worked(unseen[:15], state=state)[0].begun
    assert not worked(unseen, state=state)[0].begun
    gone = state
    for k in range(1, 90):
        gone, _ = work(gone, program, sight(last + 0.1 * k, **{KNEE_RIGHT: 60.0}), RULES, SDS, 1)
        if not gone.begun:
            break
    assert last + 0.1 * k - state.posed_s == pytest.approx(2.5 * 3.0, abs=0.11)


def seconds(frames: list[Sight], spec: ExerciseSpec) -> tuple[float, list[int]]:
    state, brought = worked(frames, spec)
    return state.held_s, [one.held_whole_s for _, one in brought if one.held_whole_s is not None]


def test_a_hold_counts_its_seconds_while_its_form_and_pose_last() -> None:
    n = round(8 * RATE_HZ)
    steady = np.full(n, 60.0)
    held_s, whole = seconds(film(steady), hold())
    assert held_s == pytest.approx((n - 1) / RATE_HZ - 0.8, abs=0.08)
    assert whole == [1, 2, 3, 4, 5, 6, 7]
    at = np.arange(n) / RATE_HZ
    short = np.where((at > 3.0) & (at < 4.4), 15.0, 60.0)  # 0.6 and 1.0 s of grace
    assert seconds(film(short), hold())[0] == pytest.approx(held_s, abs=0.08)
    longer = np.where((at > 3.0) & (at < 6.0), 15.0, 60.0)
    assert seconds(film(longer), hold())[0] == pytest.approx(held_s - 3.0 + 1.6, abs=0.15)
    leaning = {LEAN: np.where((at > 3.0) & (at < 6.0), 20.0, 0.0)}
    assert seconds(film(steady, **leaning), hold())[0] == pytest.approx(held_s - 3.0 + 1.0, abs=0.4)


def test_a_hold_taken_up_again_is_watched_as_before() -> None:
    at = np.arange(round(4 * RATE_HZ)) / RATE_HZ
    once = film(np.full(len(at), 60.0), **{LEAN: np.where((at > 2.0) & (at < 3.0), 20.0, 0.0)})
    again = [one._replace(time_s=one.time_s + 10.0) for one in once]
    _, brought = worked([*once, *again], hold())
    assert [one.begun for _, one in brought].count(True) == 2
    assert [one.began for _, one in brought if one.began] == [("leans",)] * 2


def test_where_there_is_nothing_to_watch_time_is_all_that_counts() -> None:
    bare = hold(form=[]).model_copy(update={"start_pose": ()})
    for frames in (film(np.linspace(0.0, 90.0, 100), 10.0), [sight(0.1 * k, level=NOT) for k in range(100)]):
        state, brought = worked(frames, bare)
        assert state.held_s == pytest.approx(frames[-1].time_s - 0.8, abs=0.11)
        assert [one.begun for _, one in brought].count(True) == 1
        assert [one.held_whole_s for _, one in brought if one.held_whole_s] == list(range(1, 10))


def test_a_mirrored_fault_is_the_other_way_on_the_left() -> None:
    rule = small().form[0].model_dump() | {"direction": "increase", "mirrored": True, "lasts_s": 0.0}
    spec = small(form=[rule])
    knee = bends(60)
    aside = np.where(knee > 30, 15.0, 0.0)
    for side, sign, faulty in (
        ("right", 1, True),
        ("right", -1, False),
        ("left", -1, True),
        ("left", 1, False),
    ):
        program = Program.of(spec, side)
        state, began = fresh(program), []
        for frame in film(knee, **{KNEE.replace("SIDE", "left"): knee, LEAN: sign * aside}):
            state, happened = work(state, program, frame, RULES, SDS, 1)
            began += happened.began
        assert bool(began) == faulty, (side, sign)


def test_a_pose_that_is_left_for_a_moment_before_the_motion_does_not_matter() -> None:
    knee = bends(60)
    begin = int(np.argmax(knee > 12.5))
    upright = {"coordinate": LEAN, "from_deg": -5, "to_deg": 5}
    bent = {"coordinate": KNEE, "from_deg": -10, "to_deg": 45}
    spec = small(start_pose=[bent, upright], form=[])
    for before_s, counted in ((0.4, 1), (0.9, 0)):
        lean = np.zeros(len(knee))
        lean[begin - round(before_s * RATE_HZ) : begin + 10] = 16.0  # beyond the slack
        assert len(repetitions(film(knee, **{LEAN: lean}), spec)) == counted, before_s


def test_frames_are_not_changed() -> None:
    frames = film(bends(60))
    again = [replace_sight(one) for one in frames]
    worked(frames)
    assert frames == again


def replace_sight(one: Sight) -> Sight:
    return one._replace(value=list(one.value))


def test_a_spell_says_whether_another_coordinate_told_it() -> None:
    instead = {"source": "test", "trust": "DESIGN", "coordinate": DROP, "limit_deg": 8}
    lean = small().form[0].model_dump() | {"coordinate": "trunk_flexion", "instead": instead}
    knee = bends(60)
    frames = film(knee, **{DROP: np.where(knee > 30, 15.0, 0.0)})
    at = ALL.index("trunk_flexion")
    for one in frames:
        one.value[at] = nan
    _, brought = worked(frames, small(form=[lean]))
    (spell,) = [spell for _, found in brought for spell in found.ended]
    assert (spell.rule, spell.instead) == ("leans", True)


def test_a_repetition_is_held_against_what_rest_was_over_a_while_not_in_one_frame() -> None:
    rest = film(np.zeros(30))
    state, _ = worked(rest)
    shaken = sight(30 / RATE_HZ, **{LEAN: 9.0})
    after, _ = work(state, Program.of(small(), "right"), shaken, RULES, SDS, 1)
    share = 1 / RATE_HZ / RULES.base_s
    assert np.degrees(after.watches[0].bases[0].of_repetition) == pytest.approx(9.0 * share)
