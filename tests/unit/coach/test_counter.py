"""One signal counted, frame by frame, at the borders of every habit."""

from __future__ import annotations

import math
from math import nan, radians

import pytest

from coxa.catalog import loader
from coxa.coach.counter import Count, Done, Phase, count, expected
from coxa.coach.program import Channel, Told, Track
from coxa.model.motion import Observability

RULES = loader.coach_rules().model_copy(
    update={
        **{"leave_share": 0.2, "turn_share": 0.25, "back_share": 0.3, "held_share": 0.9},
        **{"near_share": 0.4, "near_at_most": 0.8, "back_at_most": 0.5},
        **{"usual_of": 3, "noise_sds": 1.5, "weak_sds": 2.0},
    }
)
TRACK = Track(Channel(0, 1.0), expected=radians(60), full_share=0.6, least=radians(15))
OBSERVED, WEAK, NOT = Observability.OBSERVED, Observability.WEAK, Observability.NOT_OBSERVABLE


def fed(
    *values_deg: float,
    sd_deg: float = 0.0,
    level: int = OBSERVED,
    state: Count | None = None,
    track: Track = TRACK,
) -> tuple[Count, list[Done]]:
    """One frame a second; the state after the last, and all that was counted."""
    state, ended = state or Count(), []
    for k, value in enumerate(values_deg):
        state, done = count(state, Told(radians(value), radians(sd_deg), level), float(k), TRACK, RULES)
        if done is not None:
            ended.append(done)
    return state, ended


def phases(*values_deg: float, sd_deg: float = 0.0) -> list[Phase]:
    return [fed(*values_deg[: k + 1], sd_deg=sd_deg)[0].phase for k in range(len(values_deg))]


def test_out_held_back_and_rest() -> None:
    # Leaves beyond 12 (a fifth of 60), is held from 54 on, has turned beyond 15 back, is over at 18.
    assert phases(0, 11.9, 12.1, 40, 60, 58, 54.1, 53.9, 45.1, 44.9, 18.1, 17.9) == [
        *[Phase.REST] * 2,
        *[Phase.OUT] * 3,
        *[Phase.HELD] * 2,
        *[Phase.OUT] * 2,
        *[Phase.BACK] * 2,
        Phase.REST,
    ]


def test_a_repetition_says_when_and_how_far() -> None:
    state, (done,) = fed(5, 0, 3, 30, 60, 60, 40, 10, 9)
    assert (done.start_s, done.peak_s, done.end_s) == (2.0, 4.0, 7.0)
    assert math.degrees(done.range) == pytest.approx(60.0)
    assert done.full
    assert (state.phase, state.low_s, state.usual) == (Phase.REST, 8.0, (done.range,))
    assert math.degrees(state.low) == pytest.approx(9.0)


def test_the_start_lasts_while_it_is_near_the_lowest() -> None:
    assert fed(0, 4.7)[0].low_s == 1.0  # two fifths of what it takes to leave
    assert fed(0, 4.9)[0].low_s == 0.0
    assert math.degrees(fed(0, 4.7)[0].low) == pytest.approx(0.0)


def test_noise_widens_what_it_takes_to_leave_and_to_be_back() -> None:
    assert fed(0, 14.9, sd_deg=10.0)[0].phase is Phase.REST
    assert fed(0, 15.1, sd_deg=10.0)[0].phase is Phase.OUT
    assert fed(0, 11.9, sd_deg=10.0)[0].low_s == 1.0
    assert fed(0, 12.1, sd_deg=10.0)[0].low_s == 0.0
    assert fed(0, 60, 30.1, sd_deg=30.0)[0].phase is Phase.OUT  # at most half way back
    assert fed(0, 60, 29.9, sd_deg=30.0)[0].phase is Phase.REST
    assert fed(0, 60, 37.6, sd_deg=15.0)[0].phase is Phase.OUT
    assert fed(0, 60, 37.4, sd_deg=15.0)[0].phase is Phase.BACK


def test_a_bounce_is_the_same_repetition() -> None:
    state, ended = fed(0, 60, 30, 46, 40, 60, 61)
    assert ended == []
    assert math.degrees(state.high) == pytest.approx(61.0)
    assert fed(0, 60, 30, 44.9)[0].phase is Phase.BACK
    assert fed(0, 60, 30, 45.1)[0].phase is Phase.OUT
    assert len(fed(0, 60, 30, 46, 20, 50, 10)[1]) == 1


def test_what_is_not_known_changes_nothing() -> None:
    before, _ = fed(0, 30)
    assert fed(nan, nan, state=before) == (before, [])


def test_too_short_is_partial_and_shorter_is_nothing() -> None:
    # 0.6 of 60, of which 36 is enough.
    assert [one.full for one in fed(0, 36, 0, 35.9, 0)[1]] == [True, False]
    assert [math.degrees(one.range) for one in fed(0, 15.1, 0, 14.9, 0)[1]] == [pytest.approx(15.1)]
    assert fed(0, 17.9, 0, sd_deg=6.0)[1] == []  # twice the noise, 1.5 of 6
    assert len(fed(0, 18.1, 0, sd_deg=6.0)[1]) == 1


def test_usual_is_the_middle_of_the_last_full_ones() -> None:
    state, _ = fed(0, 40, 0)
    assert math.degrees(expected(state, TRACK)) == pytest.approx(60.0)  # one is not enough
    state, _ = fed(0, 40, 0, 50, 0)
    assert math.degrees(expected(state, TRACK)) == pytest.approx(45.0)
    state, _ = fed(0, 40, 0, 50, 0, 70, 0, 80, 0, 20, 0)  # the last is partial: it is nobody's usual
    assert [math.degrees(one) for one in state.usual] == pytest.approx([50, 70, 80])
    assert math.degrees(expected(state, TRACK)) == pytest.approx(70.0)
    assert fed(0, 13.9, state=state)[0].phase is Phase.REST
    assert fed(0, 14.1, state=state)[0].phase is Phase.OUT


def test_a_weak_way_counts_where_it_is_long_against_the_errors_of_both_ends() -> None:
    both = 2.0 * math.hypot(10.0, 10.0)
    assert fed(0, both - 0.1, 0, sd_deg=10.0, level=WEAK)[1] == []
    (done,) = fed(0, both + 0.1, 0, sd_deg=10.0, level=WEAK)[1]
    assert done.full  # 28 of 36, that it was too short is not sure
    assert math.degrees(done.range_sd) == pytest.approx(10.0)
    (short,) = fed(0, 20, 0, sd_deg=4.0, level=WEAK)[1]
    assert not short.full  # 20 and 11 are surely less than 36
    assert fed(0, 60, 0, sd_deg=1.0, level=NOT)[1] == []


def test_one_unsure_frame_at_either_end_makes_the_way_unsure_and_the_far_one_must_be_seen() -> None:
    def bent(*levels: int) -> list[Done]:
        state, ended = Count(), []
        for k, (value, level) in enumerate(zip((0, 30, 34, 0), levels, strict=True)):
            state, done = count(state, Told(radians(value), radians(5.0), level), float(k), TRACK, RULES)
            ended += [] if done is None else [done]
        return ended

    assert [one.full for one in bent(OBSERVED, OBSERVED, OBSERVED, OBSERVED)] == [False]
    assert [one.full for one in bent(WEAK, OBSERVED, OBSERVED, OBSERVED)] == [True]
    assert [one.full for one in bent(OBSERVED, WEAK, OBSERVED, OBSERVED)] == [True]
    assert [one.full for one in bent(OBSERVED, OBSERVED, OBSERVED, WEAK)] == [False]
    assert [one.full for one in bent(OBSERVED, NOT, OBSERVED, OBSERVED)] == [True]
    assert bent(OBSERVED, OBSERVED, NOT, OBSERVED) == []


def test_after_a_repetition_all_begins_anew() -> None:
    first, _ = fed(0, 60, 0, level=WEAK)
    state, (done,) = fed(0, 35, 0, state=first)
    assert not done.full  # sure again, though the one before was not
    assert state == Count(low=0.0, low_s=2.0, usual=first.usual, sure=True)
