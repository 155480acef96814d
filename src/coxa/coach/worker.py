"""One side at work: its start pose, its count, its hold, and its form, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import isnan

import numpy as np

from coxa.coach.counter import PART, Count, Done, Phase, count
from coxa.coach.program import Program, Watched
from coxa.coach.watch import Watch, rebased, watch
from coxa.model.coaching import CoachedRepetition, CoachFrame, FaultSpell
from coxa.specs.coach import CoachRules


@dataclass(frozen=True, slots=True)
class Work:
    """State of one side.

    Attributes:
        ready_since_s: since when the start pose has held; NaN: it does not.
        begun: the set has begun.
        posed_s: when the start pose held last.
        count: of the repetition under way.
        watches: one a form rule.
        faulted: rules that fired in the repetition under way.
        held_s: time held in good form so far.
        lost_s: since when the form of a hold is lost; NaN: it is not.
        number: repetitions counted in this set, partial ones aside.
        last_s: time of the frame before; NaN: none.
    """

    ready_since_s: float = float("nan")
    begun: bool = False
    posed_s: float = float("-inf")
    count: Count = field(default_factory=Count)
    watches: tuple[Watch, ...] = ()
    faulted: frozenset[str] = frozenset()
    held_s: float = 0.0
    lost_s: float = float("nan")
    number: int = 0
    last_s: float = float("nan")


@dataclass(frozen=True, slots=True)
class Happened:
    """What a frame brought; rules by id."""

    begun: bool = False
    repetition: CoachedRepetition | None = None
    began: tuple[str, ...] = ()
    ended: tuple[FaultSpell, ...] = ()
    held_whole_s: int | None = None


_NOTHING = Happened()


def fresh(program: Program) -> Work:
    """Before the first frame of a set."""
    return Work(watches=tuple(Watch() for _ in program.form))


def work(
    state: Work, program: Program, frame: CoachFrame, rules: CoachRules, sds: float, set_number: int
) -> tuple[Work, Happened]:
    """The state after a frame, and what it brought."""
    if not state.begun:
        return _getting_ready(state, program, frame, rules)
    if program.in_start_pose(frame, float(np.radians(rules.gate_slack_deg))):
        state = replace(state, posed_s=frame.time_s)
    before = state.count.phase
    state, done = _counted(state, program, frame, rules)
    if before is Phase.REST and state.count.phase is not Phase.REST:
        state = replace(state, faulted=frozenset())
    state, began, ended = _watched(state, program, frame, sds)
    repetition = None
    if done is not None:
        state, repetition = _repetition_ends(state, program, done, frame, rules, set_number)
    state, whole_s = _held(state, program, frame, rules)
    return replace(state, last_s=frame.time_s), Happened(False, repetition, began, ended, whole_s)


def _getting_ready(
    state: Work, program: Program, frame: CoachFrame, rules: CoachRules
) -> tuple[Work, Happened]:
    """Nothing is counted before the start pose has held for a while."""
    if not program.in_start_pose(frame, 0.0):
        return replace(state, ready_since_s=float("nan")), _NOTHING
    if isnan(state.ready_since_s):
        return replace(state, ready_since_s=frame.time_s), _NOTHING
    if frame.time_s - state.ready_since_s < rules.ready_s:
        return state, _NOTHING
    watches = tuple(
        rebased(one, watched, frame, new_set=True)
        for one, watched in zip(state.watches, program.form, strict=True)
    )
    state = replace(state, begun=True, posed_s=frame.time_s, watches=watches, last_s=frame.time_s)
    return state, Happened(begun=True)


def _counted(state: Work, program: Program, frame: CoachFrame, rules: CoachRules) -> tuple[Work, Done | None]:
    track = program.track
    if track is None:
        return state, None
    value, sd = track.channel.value(frame), track.channel.sd(frame)
    counted, done = count(state.count, value, sd, frame.time_s, track, rules)
    return replace(state, count=counted), done


def _watched(
    state: Work, program: Program, frame: CoachFrame, sds: float
) -> tuple[Work, tuple[str, ...], tuple[FaultSpell, ...]]:
    part = "held" if program.track is None else PART[state.count.phase]
    watches, began, ended = [], [], []
    for before, watched in zip(state.watches, program.form, strict=True):
        one = _resting(before, watched, frame) if part == "rest" else before
        after, change = watch(one, watched, frame, part, sds)
        watches.append(after)
        if change.began:
            began.append(watched.rule.id)
        if change.ended:
            ended.append(_spell(one, watched.rule.id, program.side, frame.time_s, state.number + 1))
    faulted = state.faulted.union(began) if began else state.faulted
    return replace(state, watches=tuple(watches), faulted=faulted), tuple(began), tuple(ended)


def _resting(one: Watch, watched: Watched, frame: CoachFrame) -> Watch:
    """At rest the present angle is what the next repetition is held against."""
    if watched.rule.since != "repetition":
        return one
    return rebased(one, watched, frame, new_set=False)


def _spell(one: Watch, rule: str, side: str, time_s: float, repetition: int) -> FaultSpell:
    return FaultSpell(rule, side, one.since_s, time_s, one.worst, repetition)


def _repetition_ends(
    state: Work, program: Program, done: Done, frame: CoachFrame, rules: CoachRules, set_number: int
) -> tuple[Work, CoachedRepetition | None]:
    """It counts if it began in, and came back to, the start pose."""
    slack = rules.gate_grace_s
    posed = not program.gates or (frame.time_s - state.posed_s <= slack)
    if not posed:
        return replace(state, faulted=frozenset()), None
    number = state.number + 1 if done.full else state.number
    spoiling = {watched.rule.id for watched in program.form if watched.rule.spoils}
    repetition = CoachedRepetition(
        number=number if done.full else 0,
        side=program.side,
        set_number=set_number,
        start_s=done.start_s,
        peak_s=done.peak_s,
        end_s=done.end_s,
        range=done.range,
        range_sd=done.range_sd,
        full=done.full,
        faults=tuple(sorted(state.faulted)),
        spoilt=bool(state.faulted & spoiling),
    )
    return replace(state, number=number, faulted=frozenset()), repetition


def _held(state: Work, program: Program, frame: CoachFrame, rules: CoachRules) -> tuple[Work, int | None]:
    """A hold's time goes on while its form holds, and for a moment of grace after it was lost."""
    if program.track is not None:
        return state, None
    firing = any(one.firing for one in state.watches)
    posed = frame.time_s - state.posed_s <= rules.gate_grace_s
    lost_s = float("nan")
    if firing or not posed:
        lost_s = frame.time_s if isnan(state.lost_s) else state.lost_s
    if not isnan(lost_s) and frame.time_s - lost_s > rules.hold_grace_s:
        return replace(state, lost_s=lost_s), None
    held_s = state.held_s + max(frame.time_s - state.last_s, 0.0)
    whole = int(held_s) if int(held_s) > int(state.held_s) else None
    return replace(state, held_s=held_s, lost_s=lost_s), whole
