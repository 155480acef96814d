"""The coach's habits, on made-up angles of one small exercise."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.catalog import loader
from coxa.coach.engine import Coach
from coxa.coach.score import score
from coxa.model.coaching import CoachFrame, Cue, CueKind
from coxa.model.coordinates import ALL
from coxa.model.motion import Observability
from coxa.specs.exercise import ExerciseSpec

RULES = loader.coach_rules()
RATE_HZ = 15.0
KNEE, LEAN, DROP = "knee_flexion_SIDE", "trunk_right_lean", "pelvis_right_up_obliquity"


def small(**changes: object) -> ExerciseSpec:
    """A knee bend of 60 deg, leaning aside is a fault."""
    rule = {"source": "test", "trust": "DESIGN", "direction": "either", "parts": ["out", "held", "back"]}
    content = {
        **{"source": "test", "trust": "DESIGN", "version": 1, "id": "small", "title": "Small"},
        **{"kind": "repetitions", "purpose": "test", "teaches": [], "joints": [], "planes": []},
        **{"position": "standing", "camera": {"view": "front", "distance_m": 3, "height_m": 1}},
        **{"setup": [], "phases": [], "sides": "each"},
        "signal": {"coordinate": KNEE, "expected_deg": 60, "least_deg": 15},
        "start_pose": [{"coordinate": KNEE, "from_deg": -10, "to_deg": 25}],
        "form": [
            rule
            | {
                "id": "leans",
                "title": "the lean",
                "coordinate": LEAN,
                "limit_deg": 10,
                "cue": "Tall.",
                "praise": "Tall, good.",
                "spoils": True,
                "priority": 2,
            },
            rule
            | {
                "id": "drops",
                "title": "the drop",
                "coordinate": DROP,
                "limit_deg": 8,
                "cue": "Level.",
                "priority": 1,
            },
        ],
        "dose": {"source": "test", "trust": "DESIGN", "sets": [2, 2], "repetitions": [3, 3], "rest_s": 5},
        "demonstration": {"poses": [{"at_s": 0}, {"at_s": 3}]},
    }
    return ExerciseSpec.model_validate(content | changes)


def frames(unseen: tuple[str, ...] = (), from_s: float = 0.0, **angles_deg: np.ndarray) -> list[CoachFrame]:
    """Frames with these angles; all others are zero."""
    length = max(len(one) for one in angles_deg.values())
    value = np.zeros((length, len(ALL)))
    for name, curve in angles_deg.items():
        value[: len(curve), ALL.index(name)] = np.radians(curve)
    level = np.full(len(ALL), Observability.OBSERVED, np.uint8)
    for name in unseen:
        level[ALL.index(name)] = Observability.WEAK
    sd = np.full(len(ALL), np.radians(1.0))
    return [CoachFrame(from_s + k / RATE_HZ, row, sd, level) for k, row in enumerate(value)]


def unsure(shown: list[CoachFrame], name: str, sd_deg: float, level: Observability) -> list[CoachFrame]:
    """The same, one coordinate told no better than this."""
    at = ALL.index(name)

    def told(frame: CoachFrame) -> CoachFrame:
        sd, levels = frame.sd.copy(), frame.level.copy()
        sd[at], levels[at] = np.radians(sd_deg), level
        return replace(frame, sd=sd, level=levels)

    return [told(frame) for frame in shown]


def bends(*depths: float, move_s: float = 3.0, rest_s: float = 1.0, lead_s: float = 1.5) -> np.ndarray:
    """Out and back to each depth, with rests."""
    bell = 0.5 * (1 - np.cos(np.linspace(0, 2 * np.pi, round(move_s * RATE_HZ))))
    rest = np.zeros(round(rest_s * RATE_HZ))
    return np.concatenate([np.zeros(round(lead_s * RATE_HZ)), *[np.append(d * bell, rest) for d in depths]])


def kinds(cues: list[Cue]) -> list[CueKind]:
    return [cue.kind for cue in cues]


def coached(coach: Coach, shown: list[CoachFrame]):  # type: ignore[no-untyped-def]
    state, said = coach.begin(), []
    for frame in shown:
        state, cues = coach.step(state, frame)
        said += cues
    return state, said


def one_side(spec: ExerciseSpec | None = None, **more: object) -> Coach:
    return Coach(spec or small(), RULES, **({"sets": 1, "repetitions": 0, "sides": ("right",)} | more))  # type: ignore[arg-type]


def test_a_partial_repetition_is_named_and_not_numbered() -> None:
    state, said = coached(one_side(), frames(knee_flexion_right=bends(60, 25, 60)))
    assert [(one.number, one.full) for one in state.repetitions] == [(1, True), (0, False), (2, True)]
    assert [(cue.words, cue.number) for cue in said if cue.kind in (CueKind.COUNT, CueKind.PARTIAL)] == [
        ("1", 1),
        ("A little further.", None),
        ("2", 2),
    ]


def test_a_large_movement_counts_also_where_the_angle_is_weak() -> None:
    shown = frames(knee_flexion_right=bends(70, 70))
    state, said = coached(one_side(), unsure(shown, "knee_flexion_right", 13.0, Observability.WEAK))
    assert [one.number for one in state.repetitions] == [1, 2]
    assert CueKind.PARTIAL not in kinds(said)


def test_a_weak_angle_counts_nothing_that_may_not_have_happened_and_calls_nothing_partial() -> None:
    small_bends = frames(knee_flexion_right=bends(30, 30))
    state, said = coached(one_side(), unsure(small_bends, "knee_flexion_right", 13.0, Observability.WEAK))
    assert state.repetitions == ()
    assert kinds(said) == [CueKind.GO]
    shown = frames(knee_flexion_right=bends(70, 70))
    unseen = unsure(shown, "knee_flexion_right", 13.0, Observability.NOT_OBSERVABLE)
    assert coached(one_side(), unseen)[0].repetitions == ()


def test_a_weak_angle_is_never_a_fault() -> None:
    knee = bends(60, 60)
    shown = frames(knee_flexion_right=knee, trunk_right_lean=40 * knee / 60)
    state, _ = coached(one_side(), unsure(shown, "trunk_right_lean", 2.0, Observability.WEAK))
    assert state.faults == ()


def test_a_start_pose_that_is_surely_not_held_begins_no_set_though_weak() -> None:
    shown = frames(knee_flexion_right=70 + bends(60, 60))
    _, said = coached(one_side(), unsure(shown, "knee_flexion_right", 13.0, Observability.WEAK))
    assert said == []


def test_pictures_that_stood_still_interrupt_a_set() -> None:
    shown = frames(knee_flexion_right=bends(60, 60))
    cut = next(k for k, one in enumerate(shown) if one.time_s > 3.0)
    later = [replace(one, time_s=one.time_s + 5.0) for one in shown[cut:]]
    _, said = coached(one_side(), [*shown[:cut], *later])
    assert kinds(said).count(CueKind.GO) == 2


def test_getting_into_position_is_not_counted() -> None:
    into = np.concatenate([bends(60, lead_s=0.0)[: round(3 * RATE_HZ)], bends(60)])
    state, said = coached(one_side(), frames(knee_flexion_right=into))
    assert len(state.repetitions) == 1
    assert (said[0].kind, said[0].words) == (CueKind.GO, "Go.")


def test_nobody_is_ready_who_does_not_stand_still() -> None:
    swaying = 12 * np.sin(np.arange(60) / 3.0)
    _, said = coached(one_side(), frames(knee_flexion_right=swaying))
    assert said == []


def test_sides_switch_sets_rest_and_all_ends() -> None:
    three = bends(60, 60, 60)
    idle = np.zeros(round(8 * RATE_HZ))
    left, right = np.concatenate([three, 0 * three]), np.concatenate([0 * three, three])
    shown = frames(
        knee_flexion_left=np.concatenate([left, idle, left]),
        knee_flexion_right=np.concatenate([right, idle, right]),
    )
    state, said = coached(Coach(small(), RULES), shown)
    assert state.done
    assert [kind for kind in kinds(said) if kind not in (CueKind.COUNT, CueKind.GO)] == [
        CueKind.SWITCH,
        CueKind.REST,
        CueKind.SWITCH,
        CueKind.DONE,
    ]
    assert [(one.side, one.set_number) for one in state.repetitions] == [
        *[("left", 1)] * 3,
        *[("right", 1)] * 3,
        *[("left", 2)] * 3,
        *[("right", 2)] * 3,
    ]


def test_alternating_legs_are_counted_each_for_itself() -> None:
    one = bends(60, lead_s=0.0)
    lead = np.zeros(round(1.5 * RATE_HZ))
    right = np.concatenate([lead, one, 0 * one, one, 0 * one])
    left = np.concatenate([lead, 0 * one, one, 0 * one, one])
    spec = small(sides="alternate")
    state, _ = coached(
        Coach(spec, RULES, sets=1, repetitions=2), frames(knee_flexion_left=left, knee_flexion_right=right)
    )
    assert [one.side for one in state.repetitions] == ["right", "left", "right", "left"]
    assert state.done


def test_the_worse_fault_is_said_first_once_and_praised_when_corrected() -> None:
    knee = bends(*[60] * 6)
    bad = knee / 60 * (np.arange(len(knee)) < round(9 * RATE_HZ))
    state, said = coached(
        one_side(),
        frames(knee_flexion_right=knee, trunk_right_lean=25 * bad, pelvis_right_up_obliquity=20 * bad),
    )
    faults = [cue for cue in said if cue.kind is CueKind.FAULT]
    assert faults[0].rule == "drops"
    assert all(b.time_s - a.time_s >= RULES.gap_s for a, b in pairwise(faults))
    assert [cue.words for cue in said if cue.kind is CueKind.PRAISE] == ["Tall, good."]
    assert [one.spoilt for one in state.repetitions] == [True, True, False, False, False, False]
    scores = [score(one, small()) for one in state.repetitions]
    assert max(scores[:2]) < 50.0
    assert min(scores[2:]) > 90.0


def test_a_cue_comes_within_300_ms_of_the_fault_being_probable() -> None:
    knee = bends(60, 60)
    start = round(2.5 * RATE_HZ)
    lean = np.where((np.arange(len(knee)) >= start) & (np.arange(len(knee)) < start + 25), 25.0, 0.0)
    _, said = coached(one_side(), frames(knee_flexion_right=knee, trunk_right_lean=lean))
    (fault,) = [cue for cue in said if cue.kind is CueKind.FAULT]
    assert fault.time_s - start / RATE_HZ <= 0.3


def test_what_is_not_observed_is_said_once_with_how_to_see_it() -> None:
    knee = bends(60, 60, 60)
    shown = frames(("trunk_right_lean",), knee_flexion_right=knee, trunk_right_lean=25 * knee / 60)
    state, said = coached(one_side(), shown)
    assert [cue.words for cue in said if cue.kind is CueKind.BLIND] == [
        "I cannot see: the lean. film from the front"
    ]
    assert state.faults == ()
    assert one_side().summary(state).blind == {"leans": "not observed"}


def test_somebody_who_walks_off_must_get_ready_again() -> None:
    first, second = frames(knee_flexion_right=bends(60)), frames(from_s=30.0, knee_flexion_right=bends(60))
    nothing = np.full(len(ALL), np.nan)
    gone = [CoachFrame(10.0 + k, nothing, one.sd, 0 * one.level) for k, one in enumerate(first[:10])]
    state, said = coached(one_side(), [*first, *gone, *second])
    assert len(state.repetitions) == 2
    assert kinds(said).count(CueKind.GO) == 2


def hold(**changes: object) -> ExerciseSpec:
    dose = {"source": "test", "trust": "DESIGN", "sets": [1, 1], "hold_s": [10, 10]}
    gate = {"coordinate": KNEE, "from_deg": 40, "to_deg": 80}
    return small(kind="hold", signal=None, start_pose=[gate], dose=dose, **changes)


def test_a_hold_stops_while_its_form_is_lost_and_goes_on() -> None:
    knee = np.full(round(20 * RATE_HZ), 60.0)
    away = (np.arange(len(knee)) > 5 * RATE_HZ) & (np.arange(len(knee)) < 9 * RATE_HZ)
    coach = one_side(hold(), repetitions=None)
    state, said = coached(coach, frames(knee_flexion_right=np.where(away, 20.0, knee)))
    assert state.done
    done = next(cue for cue in said if cue.kind is CueKind.DONE)
    lost_s = 4.0 - RULES.hold_grace_s - RULES.gate_grace_s
    assert math.isclose(done.time_s, RULES.ready_s + 10.0 + lost_s, abs_tol=0.4)


def test_seconds_are_counted_aloud_and_a_summary_tells_how_long_each_side_held_what() -> None:
    steady = np.full(round(10 * RATE_HZ), 60.0)
    coach = Coach(hold(version=7), RULES, hold_s=3.0)
    state, said = coached(coach, frames(knee_flexion_left=steady, knee_flexion_right=steady))
    assert [(cue.side, cue.words, cue.number) for cue in said if cue.kind is CueKind.HOLD] == [
        (side, str(second), second) for side in ("left", "right") for second in (1, 2, 3)
    ]
    summary = coach.summary(state)
    assert (summary.exercise, summary.exercise_version) == ("small", 7)
    assert summary.held_s == pytest.approx({"left": 3.0, "right": 3.0}, abs=1.5 / RATE_HZ)


def test_breaths_are_paced_where_they_count() -> None:
    knee = np.full(round(16 * RATE_HZ), 60.0)
    _, said = coached(one_side(hold(breaths=(5, 10)), hold_s=0.0), frames(knee_flexion_right=knee))
    assert [cue.words for cue in said if cue.kind is CueKind.HOLD] == ["Breath 1.", "Breath 2."]


def test_the_pain_button_stops_everything() -> None:
    coach = one_side()
    shown = frames(knee_flexion_right=bends(60, 60))
    state, _ = coached(coach, shown[:80])
    state, said = coach.stop(state, 5.0, pain=6)
    assert kinds(list(said)) == [CueKind.STOP]
    assert coach.step(state, shown[80]) == (state, ())
    summary = coach.summary(state)
    assert (summary.stopped_s, summary.pain) == (5.0, 6)


@settings(max_examples=40)
@given(
    depths=st.lists(st.floats(50, 80), min_size=1, max_size=5),
    move_s=st.floats(2.0, 6.0),
    seed=st.integers(0, 1000),
)
def test_law_every_full_bend_is_counted_once_and_step_is_pure(
    depths: list[float], move_s: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    knee = bends(*depths, move_s=move_s)
    shown = frames(knee_flexion_right=knee + rng.normal(0, 0.7, len(knee)))
    coach = one_side()
    state, said = coached(coach, shown)
    assert [one.number for one in state.repetitions] == list(range(1, len(depths) + 1))
    again, repeated = coached(coach, shown)
    assert (again.repetitions, repeated) == (state.repetitions, said)


@settings(max_examples=60)
@given(seed=st.integers(0, 10_000), gaps=st.floats(0, 0.9))
def test_law_nothing_that_comes_in_breaks_it(seed: int, gaps: float) -> None:
    rng = np.random.default_rng(seed)
    coach = Coach(small(), RULES)
    state, time_s = coach.begin(), 0.0
    for _ in range(150):
        time_s += float(rng.exponential(0.2)) + 1e-6
        value = rng.normal(0, 1.5, len(ALL))
        value[rng.uniform(size=len(ALL)) < gaps] = np.nan
        level = rng.integers(0, 3, len(ALL)).astype(np.uint8)
        state, cues = coach.step(state, CoachFrame(time_s, value, np.abs(value), level))
        assert all(cue.time_s == time_s for cue in cues)
    assert all(one.start_s <= one.peak_s <= one.end_s for one in coach.summary(state).repetitions)


def test_a_fault_that_has_not_ended_is_in_the_summary() -> None:
    knee = bends(60)
    cut_off = round(3.0 * RATE_HZ)
    shown = frames(knee_flexion_right=knee, trunk_right_lean=25 * knee / 60)[:cut_off]
    state, _ = coached(one_side(), shown)
    assert state.faults == ()
    (spell,) = one_side().summary(state).faults
    assert (spell.rule, spell.end_s) == ("leans", shown[-1].time_s)


def test_who_is_at_work_is_told() -> None:
    coach = Coach(small(), RULES)
    assert coach.at_work(coach.begin()) == (("left",), 1)


def test_a_dose_of_so_much_to_so_much_asks_for_the_least_of_it() -> None:
    dose = {"source": "test", "trust": "DESIGN", "rest_s": 5}
    counted = Coach(small(dose=dose | {"sets": [2, 4], "repetitions": [3, 8]}), RULES)
    assert (counted.sets, counted.target, counted.hold_s) == (2, 3, 0.0)
    for name in ("hold_s", "time_s"):
        spec = hold().model_copy(update={"dose": small(dose=dose | {"sets": [1, 3], name: [10, 20]}).dose})
        held = Coach(spec, RULES)
        assert (held.sets, held.target, held.hold_s) == (1, 0, 10.0)
    asked = Coach(hold(), RULES, sets=5, repetitions=7, hold_s=3.0)
    assert (asked.sets, asked.target, asked.hold_s) == (5, 7, 3.0)
