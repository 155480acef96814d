"""One side at work: its start pose, its count, its hold, and its form, frame by frame."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, radians
from typing import NamedTuple

from coxa.coach.counter import PART, Count, Done, Phase, count
from coxa.coach.program import Program, Sight, Watched
from coxa.coach.watch import Watch, rebased, watch
from coxa.model.coaching import CoachedRepetition, FaultSpell
from coxa.specs.coach import CoachRules


class Work(NamedTuple):
    """State of one side.

    Attributes:
        ready_since_s: since when the start pose has held; NaN: it does not.
        ready_as: what it was then.
        begun: the set has begun.
        posed_s: when the start pose held last.
        seen_s: when any of what counts was observed last.
        posed: the repetition under way began in the start pose.
        pending: a repetition that is over but for the start pose.
        ended: where it was furthest, it was in the end pose.
        counts: of the repetition under way.
        watches: one a form rule.
        faulted: rules that fired in the repetition under way.
        held_s: time held in good form so far.
        lost_s: since when the form of a hold is lost; NaN: it is not.
        number: repetitions counted in this set, partial ones aside.
        last_s: time of the frame before; NaN: none.
    """

    ready_since_s: float = float("nan")
    ready_as: tuple[float, ...] = ()
    begun: bool = False
    posed_s: float = float("-inf")
    seen_s: float = float("-inf")
    posed: bool = True
    pending: CoachedRepetition | None = None
    ended: bool = True
    counts: Count = Count()
    watches: tuple[Watch, ...] = ()
    faulted: frozenset[str] = frozenset()
    held_s: float = 0.0
    lost_s: float = float("nan")
    number: int = 0
    last_s: float = float("nan")


class Happened(NamedTuple):
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
    state: Work, program: Program, frame: Sight, rules: CoachRules, sds: float, set_number: int
) -> tuple[Work, Happened]:
    """The state after a frame, and what it brought."""
    if not state.begun:
        return _getting_ready(state, program, frame, rules)
    state = _attended(state, program, frame, rules)
    if not state.begun:
        return _interrupted(state, program, frame)
    state, done = _counted(state, program, frame, rules)
    state, began, ended = _watched(state, program, frame, rules, sds)
    if done is not None:
        state = _repetition_ends(state, program, done, rules, set_number)
    state, repetition = _settled(state, frame, rules)
    state, whole_s = _held(state, program, frame, rules)
    return state._replace(last_s=frame.time_s), Happened(False, repetition, began, ended, whole_s)


def _getting_ready(state: Work, program: Program, frame: Sight, rules: CoachRules) -> tuple[Work, Happened]:
    """Nothing is counted before the start pose has held for a while."""
    if not program.in_start_pose(frame, 0.0, rules.noise_sds):
        return state._replace(ready_since_s=float("nan")), _NOTHING
    posture = program.posture(frame)
    if posture and all(isnan(value) for value in posture):  # nobody is there
        return state._replace(ready_since_s=float("nan")), _NOTHING
    if isnan(state.ready_since_s) or _moved(state, posture, program, frame, rules):
        return state._replace(ready_since_s=frame.time_s, ready_as=posture), _NOTHING
    if frame.time_s - state.ready_since_s < rules.ready_s:
        return state, _NOTHING
    watches = tuple(
        rebased(one, watched, frame, new_set=True)
        for one, watched in zip(state.watches, program.form, strict=True)
    )
    now = frame.time_s
    state = state._replace(begun=True, posed_s=now, seen_s=now, watches=watches, last_s=now)
    return state, Happened(begun=True)


def _moved(state: Work, now: tuple[float, ...], program: Program, frame: Sight, rules: CoachRules) -> bool:
    still = program.unsteady(frame, radians(rules.still_deg), 2 * rules.noise_sds)
    return any(abs(a - b) > most for a, b, most in zip(state.ready_as, now, still, strict=True))


def _attended(state: Work, program: Program, frame: Sight, rules: CoachRules) -> Work:
    """A set is interrupted by somebody who is not seen, or is off doing something else."""
    now = frame.time_s
    if program.in_start_pose(frame, radians(rules.gate_slack_deg), rules.noise_sds):
        state = state._replace(posed_s=now)
    posture = program.posture(frame)
    # Where there is nothing to see, only time counts.
    if not posture or not all(isnan(value) for value in posture):
        state = state._replace(seen_s=now)
    away = now - state.posed_s > rules.longest_share * program.length_s
    stalled = now - state.last_s > rules.lost_s  # the pictures, not the person
    if away or stalled or now - state.seen_s > rules.lost_s:
        anew = Count(usual=state.counts.usual)
        return state._replace(begun=False, ready_since_s=float("nan"), counts=anew, pending=None)
    return state


def going_on(state: Work, program: Program, until_s: float | None = None) -> tuple[FaultSpell, ...]:
    """Faults that have not ended, up to a time; None: up to the last frame."""
    return tuple(
        _spell(one, watched.rule.id, program.side, until_s or state.last_s, state.number + 1)
        for one, watched in zip(state.watches, program.form, strict=False)  # idle: nothing is watched
        if one.firing
    )


def _interrupted(state: Work, program: Program, frame: Sight) -> tuple[Work, Happened]:
    ended = going_on(state, program, frame.time_s)
    watches = tuple(Watch(seen=one.seen) for one in state.watches)
    return state._replace(watches=watches, faulted=frozenset()), Happened(ended=ended)


def _counted(state: Work, program: Program, frame: Sight, rules: CoachRules) -> tuple[Work, Done | None]:
    track = program.track
    if track is None:
        return state, None
    counted, done = count(state.counts, track.channel.told(frame), frame.time_s, track, rules)
    if state.counts.phase is Phase.REST and counted.phase is not Phase.REST:
        posed = frame.time_s - state.posed_s <= rules.gate_grace_s
        watches = tuple(one if isnan(one.peak) else one._replace(peak=float("nan")) for one in state.watches)
        state = state._replace(posed=posed, faulted=frozenset(), watches=watches)
    if counted.phase is not Phase.REST and counted.high_s == frame.time_s:
        ended = program.in_end_pose(frame, radians(rules.gate_slack_deg), rules.noise_sds)
        state = state._replace(ended=ended)
    return state._replace(counts=counted), done


def _watched(
    state: Work, program: Program, frame: Sight, rules: CoachRules, sds: float
) -> tuple[Work, tuple[str, ...], tuple[FaultSpell, ...]]:
    # Only near the start: on the way out a fault would be held against itself.
    near = program.track is not None and state.counts.low_s == frame.time_s
    share = 1.0 if rules.base_s == 0 else min((frame.time_s - state.last_s) / rules.base_s, 1.0)
    part = "held" if program.track is None else PART[state.counts.phase]
    watches, began, ended = [], [], []
    for before, watched in zip(state.watches, program.form, strict=True):
        one = _resting(before, watched, frame, share) if near else before
        after, change = watch(one, watched, frame, part, sds)
        watches.append(after)
        if change.began:
            began.append(watched.rule.id)
        if change.ended:
            ended.append(_spell(one, watched.rule.id, program.side, frame.time_s, state.number + 1))
    faulted = state.faulted.union(began) if began else state.faulted
    return state._replace(watches=tuple(watches), faulted=faulted), tuple(began), tuple(ended)


def _resting(one: Watch, watched: Watched, frame: Sight, share: float) -> Watch:
    """At rest the present angle is what the next repetition is held against."""
    if watched.rule.since != "repetition":
        return one
    return rebased(one, watched, frame, new_set=False, share=share)


def _spell(one: Watch, rule: str, side: str, time_s: float, repetition: int) -> FaultSpell:
    return FaultSpell(rule, side, one.since_s, time_s, one.worst, repetition, instead=one.way > 0)


def _repetition_ends(state: Work, program: Program, done: Done, rules: CoachRules, set_number: int) -> Work:
    """It may count if it went from the start pose to the end pose, not too far, in good time."""
    took = (done.end_s - done.start_s) / program.length_s
    timely = rules.shortest_share <= took <= rules.longest_share
    track = program.track
    sane = track is None or done.range <= rules.beyond_share * track.expected
    if not (state.posed and state.ended and timely and sane):
        return state._replace(faulted=frozenset())
    spoiling = {watched.rule.id for watched in program.form if watched.rule.spoils}
    repetition = CoachedRepetition(
        number=0,
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
        worst={
            watched.rule.id: one.peak
            for one, watched in zip(state.watches, program.form, strict=True)
            if not isnan(one.peak)
        },
    )
    return state._replace(pending=repetition, faulted=frozenset())


def _settled(state: Work, frame: Sight, rules: CoachRules) -> tuple[Work, CoachedRepetition | None]:
    """It counts once the start pose holds again; too late, it was something else."""
    pending = state.pending
    if pending is None:
        return state, None
    if frame.time_s - state.posed_s <= rules.gate_grace_s and state.posed_s >= pending.peak_s:
        number = state.number + 1 if pending.full else state.number
        counted = replace(pending, number=number if pending.full else 0)
        return state._replace(number=number, pending=None), counted
    if frame.time_s - pending.end_s > rules.settle_s:
        return state._replace(pending=None), None
    return state, None


def _held(state: Work, program: Program, frame: Sight, rules: CoachRules) -> tuple[Work, int | None]:
    """A hold's time goes on while its form holds, and for a moment of grace after it was lost."""
    if program.track is not None:
        return state, None
    if not program.gates and not program.form:  # nothing but time
        return _timed(state, frame.time_s)
    firing = any(one.firing for one in state.watches)
    posed = frame.time_s - state.posed_s <= rules.gate_grace_s
    lost_s = float("nan")
    if firing or not posed:
        lost_s = frame.time_s if isnan(state.lost_s) else state.lost_s
    if not isnan(lost_s) and frame.time_s - lost_s > rules.hold_grace_s:
        return state._replace(lost_s=lost_s), None
    return _timed(state._replace(lost_s=lost_s), frame.time_s)


def _timed(state: Work, time_s: float) -> tuple[Work, int | None]:
    held_s = state.held_s + max(time_s - state.last_s, 0.0)
    whole = int(held_s) if int(held_s) > int(state.held_s) else None
    return state._replace(held_s=held_s), whole
