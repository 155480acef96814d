"""Watches one form rule: a fault fires when it is probable, lasts, and matters in this part of the motion."""

from __future__ import annotations

from math import isnan
from typing import NamedTuple

from coxa.coach.program import Sight, Watched


class Base(NamedTuple):
    """What deviations of one coordinate are counted from, rad; NaN: not seen then.

    Attributes:
        of_set: the angle when the set began.
        of_repetition: the angle when the repetition began.
    """

    of_set: float = float("nan")
    of_repetition: float = float("nan")

    def since(self, what: str) -> float:
        """As a rule's ``since`` says."""
        return 0.0 if what == "zero" else self.of_set if what == "set" else self.of_repetition


#: Of the rule's own coordinate and of the other one that tells the same.
_UNSEEN = (Base(), Base())


class Watch(NamedTuple):
    """State of one rule; angles in rad, times in s.

    Attributes:
        bases: one for each coordinate that tells the fault.
        way: index of the coordinate that told it last.
        since_s: when the fault became probable; NaN: it is not.
        firing: it has lasted long enough.
        worst: largest deviation while it lasts, of the coordinate ``way``.
        peak: largest deviation in this repetition where it matters, over its limit; NaN: not observed there.
        seen: it was observed at least once in this set.
    """

    bases: tuple[Base, Base] = _UNSEEN
    way: int = 0
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
    """The present angles become what deviations are counted from, or go into it with a share."""
    for k, way in enumerate(watched.ways):
        value, before = way.channel.value(frame), state.bases[k].of_repetition
        if isnan(value):
            continue
        if not isnan(before):
            value = before + share * (value - before)
        state = _based(state, k, Base(value if new_set else state.bases[k].of_set, value))
    return state


def _based(state: Watch, k: int, base: Base) -> Watch:
    own, other = state.bases
    return state._replace(bases=(base, other) if k == 0 else (own, base))


def watch(state: Watch, watched: Watched, frame: Sight, part: str, sds: float) -> tuple[Watch, Change]:
    """The state after a frame; what is not observed is never a fault.

    The rule's own coordinate tells it where it is observed, the other one only where it is not.
    """
    for k, way in enumerate(watched.ways):
        value = way.channel.value(frame)
        if not isnan(value):
            return _told(state, watched, k, value, frame, part, sds)
    return _quiet(state)


def _told(
    state: Watch, watched: Watched, k: int, value: float, frame: Sight, part: str, sds: float
) -> tuple[Watch, Change]:
    """The state after a frame in which one of the coordinates is observed."""
    if k != state.way:
        # A spell is told by one coordinate: what another says is another spell.
        quiet, change = _quiet(state)
        state = quiet._replace(way=k)
        if change.ended:
            return state, change
    if not state.seen:
        state = state._replace(seen=True)
    way, rule = watched.ways[k], watched.rule
    base = state.bases[k].since(rule.since)
    if isnan(base):
        # First seen in the middle: what it is now is where it is counted from.
        return _based(state, k, Base(value, value)), _NOTHING
    deviation = abs(value - base) if watched.either else value - base
    matters = "any" in rule.parts or part in rule.parts
    if matters and not deviation <= state.peak * way.limit:
        state = state._replace(peak=deviation / way.limit)
    if not (matters and deviation - way.limit >= sds * way.channel.sd(frame)):
        return _quiet(state)
    return _probable(state, watched, frame.time_s, deviation)


def _probable(state: Watch, watched: Watched, time_s: float, deviation: float) -> tuple[Watch, Change]:
    if isnan(state.since_s):
        state = state._replace(since_s=time_s, worst=deviation)
    elif deviation > state.worst:
        state = state._replace(worst=deviation)
    if not state.firing and time_s - state.since_s >= watched.rule.lasts_s:
        return state._replace(firing=True), Change(began=True)
    return state, _NOTHING


def _quiet(state: Watch) -> tuple[Watch, Change]:
    if isnan(state.since_s):
        return state, _NOTHING
    return state._replace(since_s=float("nan"), firing=False, worst=0.0), Change(ended=state.firing)
