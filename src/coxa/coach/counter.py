"""Counts repetitions of one signal as it comes, by hysteresis scaled to the person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from math import isnan
from statistics import median
from typing import NamedTuple

from coxa.coach.program import Track
from coxa.specs.coach import CoachRules


class Phase(IntEnum):
    """Where in a repetition the person is."""

    REST = 0
    OUT = 1
    HELD = 2
    BACK = 3


#: Names of the parts that form rules speak of.
PART = {Phase.REST: "rest", Phase.OUT: "out", Phase.HELD: "held", Phase.BACK: "back"}


@dataclass(frozen=True, slots=True)
class Count:
    """State of the counter; angles in rad, times in s.

    Attributes:
        phase: where in a repetition.
        low: where the movement started from; NaN: not seen yet.
        low_s: when it was there last.
        high: furthest so far.
        high_s: when.
        high_sd: of its error.
        turn: least since it turned back.
        usual: excursions of the last full repetitions.
    """

    phase: Phase = Phase.REST
    low: float = float("nan")
    low_s: float = 0.0
    high: float = float("nan")
    high_s: float = 0.0
    high_sd: float = 0.0
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
    state: Count, value: float, sd: float, time_s: float, track: Track, rules: CoachRules
) -> tuple[Count, Done | None]:
    """The state after a frame, and the repetition that ended with it, if one did."""
    if isnan(value):
        return state, None
    noise = rules.noise_sds * sd
    if state.phase is Phase.REST:
        leave = max(rules.leave_share * expected(state, track), noise)
        return _resting(state, value, sd, time_s, leave, max(0.4 * leave, min(noise, 0.8 * leave))), None
    if value > state.high:
        return replace(state, phase=Phase.OUT, high=value, high_s=time_s, high_sd=sd, turn=value), None
    size = state.high - state.low
    if value <= state.low + max(rules.back_share * size, min(noise, 0.5 * size)):
        return _finished(state, value, time_s, track, rules, noise)
    return _under_way(state, value, size, noise, rules), None


def _resting(state: Count, value: float, sd: float, time_s: float, leave: float, near: float) -> Count:
    if isnan(state.low) or value <= state.low:
        return replace(state, low=value, low_s=time_s)
    if value - state.low > leave:
        return replace(state, phase=Phase.OUT, high=value, high_s=time_s, high_sd=sd, turn=value)
    if value - state.low < near:  # the start still
        return replace(state, low_s=time_s)
    return state


def _under_way(state: Count, value: float, size: float, noise: float, rules: CoachRules) -> Count:
    turn = min(state.turn, value)
    if state.phase is Phase.BACK:
        # Half way back and out again is the same repetition: people bounce.
        bounced = value - turn > max(rules.turn_share * size, noise)
        return replace(state, phase=Phase.OUT if bounced else Phase.BACK, turn=value if bounced else turn)
    if state.high - value > max(rules.turn_share * size, noise):
        return replace(state, phase=Phase.BACK, turn=turn)
    held = value >= state.low + rules.held_share * size
    return replace(state, phase=Phase.HELD if held else Phase.OUT, turn=turn)


def _finished(
    state: Count, value: float, time_s: float, track: Track, rules: CoachRules, noise: float
) -> tuple[Count, Done | None]:
    size = state.high - state.low
    usual = state.usual
    done = None
    if size >= max(track.least, 2 * noise):
        full = size >= track.full_share * expected(state, track)
        usual = (*usual, size)[-rules.usual_of :] if full else usual
        done = Done(state.low_s, state.high_s, time_s, size, state.high_sd, full)
    return Count(low=value, low_s=time_s, usual=usual), done
