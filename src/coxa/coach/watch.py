"""Watches one form rule: a fault fires when it is probable, lasts, and matters in this part of the motion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isnan
from typing import NamedTuple

from coxa.coach.program import Sight, Watched


@dataclass(frozen=True, slots=True)
class Watch:
    """State of one rule; angles in rad, times in s.

    Attributes:
        set_base: the angle when the set began; NaN: not seen then.
        repetition_base: the angle when the repetition began.
        since_s: when the fault became probable; NaN: it is not.
        firing: it has lasted long enough.
        worst: largest deviation while it lasts.
        peak: largest deviation in this repetition where it matters; NaN: not observed there.
        seen: it was observed at least once in this set.
    """

    set_base: float = float("nan")
    repetition_base: float = float("nan")
    since_s: float = float("nan")
    firing: bool = False
    worst: float = 0.0
    peak: float = float("nan")
    seen: bool = False


class Change(NamedTuple):
    """What became of a rule in a frame: it ``began`` to fire, or it ``ended``."""

    began: bool = False
    ended: bool = False


_NOTHING = Change()


def rebased(state: Watch, watched: Watched, frame: Sight, *, new_set: bool, share: float = 1.0) -> Watch:
    """The present angle becomes what deviations are counted from, or goes into it with a share."""
    value = watched.channel.value(frame)
    if isnan(value):
        return state
    if not isnan(state.repetition_base):
        value = state.repetition_base + share * (value - state.repetition_base)
    return replace(state, repetition_base=value, set_base=value if new_set else state.set_base)


def watch(state: Watch, watched: Watched, frame: Sight, part: str, sds: float) -> tuple[Watch, Change]:
    """The state after a frame; what is not observed is never a fault."""
    value = watched.channel.value(frame)
    if isnan(value):
        return _quiet(state)
    if not state.seen:
        state = replace(state, seen=True)
    base = _base(state, watched)
    if isnan(base):
        # First seen in the middle: what it is now is where it is counted from.
        return replace(state, set_base=value, repetition_base=value), _NOTHING
    deviation = abs(value - base) if watched.either else value - base
    parts = watched.rule.parts
    matters = "any" in parts or part in parts
    if matters and not deviation <= state.peak:
        state = replace(state, peak=deviation)
    if not (matters and deviation - watched.limit >= sds * watched.channel.sd(frame)):
        return _quiet(state)
    return _probable(state, watched, frame.time_s, deviation)


def _base(state: Watch, watched: Watched) -> float:
    since = watched.rule.since
    return 0.0 if since == "zero" else state.set_base if since == "set" else state.repetition_base


def _probable(state: Watch, watched: Watched, time_s: float, deviation: float) -> tuple[Watch, Change]:
    if isnan(state.since_s):
        state = replace(state, since_s=time_s, worst=deviation)
    elif deviation > state.worst:
        state = replace(state, worst=deviation)
    if not state.firing and time_s - state.since_s >= watched.rule.lasts_s:
        return replace(state, firing=True), Change(began=True)
    return state, _NOTHING


def _quiet(state: Watch) -> tuple[Watch, Change]:
    if isnan(state.since_s):
        return state, _NOTHING
    return replace(state, since_s=float("nan"), firing=False, worst=0.0), Change(ended=state.firing)
