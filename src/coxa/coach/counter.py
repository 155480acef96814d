"""Counts repetitions of one signal as it comes, by hysteresis scaled to the person."""

from __future__ import annotations

from enum import IntEnum
from math import hypot, isnan
from statistics import median
from typing import NamedTuple

from coxa.coach.program import Told, Track
from coxa.specs.coach import CoachRules


class Phase(IntEnum):
    """Where in a repetition the person is."""

    REST = 0
    OUT = 1
    HELD = 2
    BACK = 3


#: Names of the parts that form rules speak of.
PART = {Phase.REST: "rest", Phase.OUT: "out", Phase.HELD: "held", Phase.BACK: "back"}


class Count(NamedTuple):
    """State of the counter; angles in rad, times in s.

    Attributes:
        phase: where in a repetition.
        low: where the movement started from; NaN: not seen yet.
        low_s: when it was there last.
        low_sd: of its error there.
        high: furthest so far.
        high_s: when.
        high_sd: of its error.
        sure: it was observed all the way.
        seen: where it was furthest, it was observed or weak.
        turn: least since it turned back.
        usual: excursions of the last full repetitions.
    """

    phase: Phase = Phase.REST
    low: float = float("nan")
    low_s: float = 0.0
    low_sd: float = 0.0
    high: float = float("nan")
    high_s: float = 0.0
    high_sd: float = 0.0
    sure: bool = True
    seen: bool = True
    turn: float = float("nan")
    usual: tuple[float, ...] = ()


class Done(NamedTuple):
    """A movement out and back; ``full``: far enough to count."""

    start_s: float
    peak_s: float
    end_s: float
    range: float
    range_sd: float
    full: bool


def expected(state: Count, track: Track) -> float:
    """How far this person usually goes, rad; what people usually do until there are two repetitions."""
    return median(state.usual) if len(state.usual) > 1 else track.expected


def count(
    state: Count, told: Told, time_s: float, track: Track, rules: CoachRules
) -> tuple[Count, Done | None]:
    """The state after a frame, and the repetition that ended with it, if one did.

    An angle that is not observed may be wrong by much and yet tell that something large happened: it counts
    where the way is long against the standard deviation of both its ends, if the far one is at least weak.
    That the way was too short for a full repetition is a verdict: it takes surely too short.
    """
    value = told.value
    if isnan(value):
        return state, None
    noise = rules.noise_sds * told.sd
    if state.phase is Phase.REST:
        leave = max(rules.leave_share * expected(state, track), noise)
        near = max(rules.near_share * leave, min(noise, rules.near_at_most * leave))
        return _resting(state, told, time_s, leave, near), None
    if value > state.high:
        return _furthest(state, told, time_s), None
    size = state.high - state.low
    if value <= state.low + max(rules.back_share * size, min(noise, rules.back_at_most * size)):
        return _finished(state, told, time_s, track, rules)
    return _under_way(state, value, size, noise, rules), None


def _furthest(state: Count, told: Told, time_s: float) -> Count:
    return state._replace(
        phase=Phase.OUT,
        high=told.value,
        high_s=time_s,
        high_sd=told.sd,
        sure=state.sure and told.sure,
        seen=told.seen,
        turn=told.value,
    )


def _resting(state: Count, told: Told, time_s: float, leave: float, near: float) -> Count:
    value = told.value
    if isnan(state.low) or value <= state.low:
        return state._replace(low=value, low_s=time_s, low_sd=told.sd, sure=told.sure)
    if value - state.low > leave:
        return _furthest(state, told, time_s)
    if value - state.low < near:  # the start still
        return state._replace(low_s=time_s)
    return state


def _under_way(state: Count, value: float, size: float, noise: float, rules: CoachRules) -> Count:
    turn = min(state.turn, value)
    if state.phase is Phase.BACK:
        # Half way back and out again is the same repetition: people bounce.
        bounced = value - turn > max(rules.turn_share * size, noise)
        return state._replace(phase=Phase.OUT if bounced else Phase.BACK, turn=value if bounced else turn)
    if state.high - value > max(rules.turn_share * size, noise):
        return state._replace(phase=Phase.BACK, turn=turn)
    held = value >= state.low + rules.held_share * size
    return state._replace(phase=Phase.HELD if held else Phase.OUT, turn=turn)


def _finished(
    state: Count, told: Told, time_s: float, track: Track, rules: CoachRules
) -> tuple[Count, Done | None]:
    size = state.high - state.low
    usual = state.usual
    done = None
    doubt = 0.0 if state.sure else rules.weak_sds * hypot(state.low_sd, state.high_sd)
    if state.seen and size >= max(track.least, doubt or 2 * rules.noise_sds * told.sd):
        full = size + doubt >= track.full_share * expected(state, track)
        usual = (*usual, size)[-rules.usual_of :] if full else usual
        done = Done(state.low_s, state.high_s, time_s, size, state.high_sd, full)
    return Count(low=told.value, low_s=time_s, low_sd=told.sd, sure=told.sure, usual=usual), done
