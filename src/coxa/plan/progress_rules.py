"""When a little more, when less, when to stop: a pure function of the rules, the log and the day.

The log is gone through day by day from the first, so the same log gives the same tracks and the same
decisions whoever asks and whenever. Every day of training leaves a decision for each track, also "hold".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from coxa.model.plan import Track, TrackStatus
from coxa.model.screening import ScreenOutcome
from coxa.model.training import STAGES, Decision, DecisionKind, Done, LogEntry, RetestResult, Stage
from coxa.plan.day import DayOfTrack, Light, judged
from coxa.plan.retests import after_retest, moved
from coxa.specs.programme import Planning


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the tracks stand.

    Attributes:
        tracks: on the day that was asked for.
        decisions: that led there, oldest first.
        screen_again: a symptom or a long pause asks for a new screen; no exercise before it.
    """

    tracks: tuple[Track, ...]
    decisions: tuple[Decision, ...]
    screen_again: bool = False


@dataclass(slots=True)
class _State:
    """Of one track on its way through the log."""

    track: Track
    last: date
    poor: int = 0
    shown: bool = False  # control, in the green sessions of this stage
    moved: bool = False  # a retest in this stage moved beyond the detectable change


def progress(
    planning: Planning,
    tracks: Sequence[Track],
    log: Sequence[LogEntry],
    retests: Sequence[RetestResult],
    on: date,
    screens: Sequence[ScreenOutcome] = (),
) -> Progress:
    """Tracks as they stand on a day.

    Args:
        planning: what planning is told.
        tracks: on the first day.
        log: in any order; what is later than the day is not looked at.
        retests: likewise.
        on: the day.
        screens: outcomes; one that allows exercise, later than a stop, lets training go on.
    """
    states = [_State(one, one.since) for one in tracks]
    decisions: list[Decision] = []
    stopped: date | None = None
    days = {one.on for one in log} | {one.on for one in retests} | {one.on for one in screens}
    for day in sorted(one for one in days if one <= on):
        if stopped is not None and any(s.on == day and s.allows_exercise for s in screens):
            decisions += [_resumed(state, day, planning) for state in states]
            stopped = None
        for state in states:
            decisions += _measured(state, [r for r in retests if r.on == day], planning)
        todays = [one for one in log if one.on == day]
        if stopped is None and todays:
            found, stop = _trained(states, todays, day, planning, screens)
            decisions += found
            stopped = day if stop else None
            _stop(states, stop)
    if stopped is None and states:
        found, stop = _missed_until(states, on, planning, screens)
        decisions += found
        stopped = on if stop else None
        _stop(states, stop)
    return Progress(tuple(one.track for one in states), tuple(decisions), stopped is not None)


def _trained(
    states: Sequence[_State],
    todays: Sequence[LogEntry],
    day: date,
    planning: Planning,
    screens: Sequence[ScreenOutcome],
) -> tuple[list[Decision], bool]:
    """One day of training; whether it stops everything."""
    symptoms = sorted({one.value for entry in todays for one in entry.symptoms})
    if symptoms:
        pain = planning.rules.pain
        words = f"{', '.join(symptoms).capitalize()}: stop, and answer the screen again before any exercise."
        return [
            Decision(day, "", DecisionKind.STOP, "pain.stop", words, None, 0, pain.source, pain.trust)
        ], True
    decisions: list[Decision] = []
    for state in states:
        mine = [one for one in todays if _serves(one, state.track, planning)]
        done = [one for one in mine if one.done is not Done.MISSED]
        if not done or state.track.status is TrackStatus.STOPPED:
            continue
        again, stop = _after_pause(state, day, planning, screens)
        decisions += again
        if stop:
            return decisions, True
        state.last = day
        decisions.append(_decided(state, judged(done, planning.rules), day, planning))
    return decisions, False


def _stop(states: Sequence[_State], stop: bool) -> None:
    """All of them, until a new screen allows exercise."""
    for state in states if stop else ():
        state.track = replace(state.track, status=TrackStatus.STOPPED, greens=0)


def _serves(entry: LogEntry, track: Track, planning: Planning) -> bool:
    """What the log says, else whether the track's programme has the exercise."""
    if entry.tracks:
        return track.id in entry.tracks
    return entry.exercise in planning.programmes[track.programme].exercises()


def _decided(state: _State, day_of: DayOfTrack, day: date, planning: Planning) -> Decision:
    """Of one track on one day of training."""
    rules, track = planning.rules, state.track
    if track.status is TrackStatus.GRADUATED and day_of.light is not Light.RED:
        return _said(state, day, DecisionKind.HOLD, "upkeep", "Kept up.", planning)
    if day_of.light is Light.RED:
        return _back(state, day, "pain.step_back", day_of.words, planning)
    if day_of.light is Light.YELLOW:
        state.track = replace(track, greens=0)
        state.poor = state.poor + 1 if day_of.poor else 0
        if state.poor >= rules.progress.poor_sessions:
            state.poor = 0
            return _back(state, day, "form.step_back", day_of.words, planning)
        return _said(state, day, DecisionKind.HOLD, day_of.rule, day_of.words, planning)
    state.poor = 0
    state.shown = state.shown or (day_of.form or 0.0) >= rules.progress.control_form
    state.track = track = replace(track, greens=track.greens + 1)
    if track.greens < rules.progress.greens:
        words = f"{day_of.words} {track.greens} of {rules.progress.greens} sessions in a row."
        return _said(state, day, DecisionKind.HOLD, "gate.sessions", words, planning)
    return _onward(state, day, day_of.words, planning)


def _onward(state: _State, day: date, words: str, planning: Planning) -> Decision:
    """The gate is open: the next stage where the retest or control tells so, else a step within this one."""
    rules, track = planning.rules.progress, state.track
    index = STAGES.index(track.stage)
    told = "control is shown" if state.shown else ("the retest moved" if state.moved else "")
    if told and track.step >= rules.steps_to_advance and index + 1 < len(STAGES):
        state.track = replace(track, stage=STAGES[index + 1], step=0, greens=0, since=day)
        state.shown = state.moved = False
        words = f"{words} The gate is open and {told}: on to {STAGES[index + 1].value}."
        return _said(state, day, DecisionKind.ADVANCE, "advance", words, planning)
    most = len(planning.programmes[track.programme].ladders[track.stage.value]) * rules.steps_a_rung
    if track.step >= most:
        words = f"{words} This is the most of {track.stage.value}; the next stage wants a retest or control."
        return _said(state, day, DecisionKind.HOLD, "advance.wait", words, planning)
    state.track = replace(track, step=track.step + 1, greens=0)
    return _said(state, day, DecisionKind.PROGRESS, "progress.step", f"{words} A little more.", planning)


def _back(state: _State, day: date, rule: str, words: str, planning: Planning) -> Decision:
    """A step, or from the first step of a stage to the stage before."""
    track = state.track
    if track.step > 0:
        state.track = replace(track, step=track.step - 1, greens=0, status=TrackStatus.ACTIVE)
    else:
        stage = STAGES[max(STAGES.index(track.stage) - 1, 0)]
        state.track = replace(track, stage=stage, greens=0, status=TrackStatus.ACTIVE, since=day)
        state.shown = state.moved = False
    return _said(state, day, DecisionKind.STEP_BACK, rule, f"{words} A step back.", planning)


def _after_pause(
    state: _State, day: date, planning: Planning, screens: Sequence[ScreenOutcome]
) -> tuple[list[Decision], bool]:
    """What a pause before this day does; whether a new screen is wanted first."""
    rules, days = planning.rules.missed, (day - state.last).days
    if days < rules.repeat_days or state.track.status is TrackStatus.GRADUATED:
        return [], False
    if days >= rules.again_days:
        long = state.last + timedelta(days=rules.again_days)
        screened = any(one.allows_exercise and long <= one.on <= day for one in screens)
        state.track = replace(state.track, stage=Stage.RELEASE, step=0, greens=0, since=day)
        state.last, words = day, f"{days} days without training: from the beginning, after a new screen."
        return [_said(state, day, DecisionKind.REPEAT, "missed.again", words, planning)], not screened
    if days >= rules.back_days:
        stage = STAGES[max(STAGES.index(state.track.stage) - 1, 0)]
        state.track = replace(state.track, stage=stage, step=0, greens=0, since=day)
        words, rule = f"{days} days without training: the stage before.", "missed.back"
    else:
        state.track = replace(state.track, step=max(state.track.step - 1, 0), greens=0)
        words, rule = f"{days} days without training: the step before.", "missed.repeat"
    state.last = day
    return [_said(state, day, DecisionKind.REPEAT, rule, words, planning)], False


def _missed_until(
    states: Sequence[_State], on: date, planning: Planning, screens: Sequence[ScreenOutcome]
) -> tuple[list[Decision], bool]:
    """The pause that lasts until the day that is asked for; graduated tracks may wait."""
    decisions: list[Decision] = []
    for state in states:
        found, stop = _after_pause(state, on, planning, screens)
        decisions += found
        if stop:
            return decisions, True
    return decisions, False


def _resumed(state: _State, day: date, planning: Planning) -> Decision:
    """After a stop and a clear screen: gently, a stage lower."""
    stage = STAGES[max(STAGES.index(state.track.stage) - 1, 0)]
    state.track = replace(state.track, status=TrackStatus.ACTIVE, stage=stage, step=0, greens=0, since=day)
    state.shown, state.moved, state.last = False, False, day
    words = "The new screen allows exercise: again, a stage lower."
    return _said(state, day, DecisionKind.RESUME, "screen.clear", words, planning)


def _measured(state: _State, results: Sequence[RetestResult], planning: Planning) -> list[Decision]:
    """Retests of one day."""
    decisions = []
    for result in results:
        if result.track != state.track.id:
            continue
        change = moved(state.track, result)
        state.moved = state.moved or change > 0
        state.shown = state.shown or bool(result.control)
        state.track, kind, rule, words = after_retest(state.track, result, change, planning)
        decisions.append(_said(state, result.on, kind, rule, words, planning))
    return decisions


def _said(
    state: _State, day: date, kind: DecisionKind, rule: str, words: str, planning: Planning
) -> Decision:
    rules = planning.rules
    group = {"pain": rules.pain, "missed": rules.missed}.get(rule.partition(".")[0], rules.progress)
    return Decision(
        on=day,
        track=state.track.id,
        kind=kind,
        rule=rule,
        words=words,
        stage=state.track.stage,
        step=state.track.step,
        source=group.source,
        trust=group.trust,
    )
