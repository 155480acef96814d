"""What the tracks ask of a week: exercises with doses, how often, and which could not be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from coxa.model.plan import PlannedExercise, Reason, Relaxation, Track, TrackStatus
from coxa.model.training import STAGES, Stage
from coxa.plan.admitted import Admission
from coxa.plan.doses import Amount, dosed, passive
from coxa.specs.programme import ProgrammeSpec, StageDose, StageName

#: Stages before the present one that go on beside it.
_KEPT = 2
_REASONS = 2
#: Sides whose weights differ by less are trained alike.
_ALIKE = 1.1


@dataclass(frozen=True, slots=True)
class Task:
    """One exercise of a week.

    Attributes:
        planned: with its dose.
        single: the same with one set, for the daily minimum.
        sessions: in which it should be.
        weight: how much it matters.
        rest_days: between two of its sessions.
        passive: it needs control or strength in the same session.
        easy: it may be done on any day.
        share: of the dose.
        lead: weight and side of the heaviest track that asks for it.
    """

    planned: PlannedExercise
    single: PlannedExercise
    sessions: int
    weight: float
    rest_days: int
    passive: bool
    easy: bool
    share: float
    lead: tuple[float, str]


def tasks_of(
    tracks: Sequence[Track], admission: Admission, deload: bool
) -> tuple[tuple[Task, ...], tuple[Relaxation, ...]]:
    """Tasks of a week, weightiest first, and what equipment would have changed."""
    tasks: dict[str, Task] = {}
    relaxed: dict[str, Relaxation] = {}
    for track in tracks:
        for name, rungs, stage, share, sessions in _asked(track, admission):
            if name is not None:
                task = _task(track, name, stage, share, sessions, admission, deload)
                tasks[name] = _merged(tasks[name], task, admission, deload) if name in tasks else task
            missing = admission.relaxation(rungs, name)
            if missing is not None:
                relaxed.setdefault(missing.what, missing)
    ordered = sorted(tasks.values(), key=lambda one: (-one.weight, one.planned.exercise))
    return tuple(ordered), tuple(relaxed.values())


def highest_stage(admission: Admission) -> Stage:
    """Integration where a caution forbids load."""
    return Stage.INTEGRATE if any(one.no_load for one in admission.screen.cautions) else Stage.LOAD


def rung_of(track: Track, admission: Admission) -> tuple[int, float]:
    """Which rung of its stage a track is on, and how far on the way to the most dose."""
    ladder = admission.planning.programmes[track.programme].ladders[track.stage.value]
    a_rung = admission.planning.rules.progress.steps_a_rung
    rung = track.step // a_rung
    return (len(ladder) - 1, 1.0) if rung >= len(ladder) else (rung, (track.step % a_rung) / a_rung)


Asked = tuple[str | None, tuple[str, ...], Stage, float, int]


def _asked(track: Track, admission: Admission) -> Iterator[Asked]:
    """Exercise, what was wished for, stage, share of the dose, sessions a week."""
    programme, rules = admission.planning.programmes[track.programme], admission.planning.rules
    if track.status is TrackStatus.STOPPED:
        return
    now = min(STAGES.index(track.stage), STAGES.index(highest_stage(admission)))
    rung, share = rung_of(track, admission)
    if track.status is TrackStatus.GRADUATED:
        yield *_chosen(track, programme, STAGES[now], rung, admission), share, rules.schedule.upkeep_sessions
        return
    stages = list(range(max(0, now - _KEPT), now + 1))
    if now == 0:
        stages.append(1)  # the reassessment comes between the two, in the same session
    some_control = False
    for index in stages:
        stage = STAGES[index]
        dose = rules.stages[stage.value]
        ladder = programme.ladders[stage.value]
        at, part = (rung, share) if index == now else ((len(ladder) - 1, 0.0) if index < now else (0, 0.0))
        name, wished, _ = _chosen(track, programme, stage, at, admission)
        some_control |= name is not None and index >= STAGES.index(Stage.STRENGTHEN)
        yield name, wished, stage, part, _sessions(dose, index, now)
    if not some_control:
        sessions = rules.stages["strengthen"].sessions_after
        yield admission.best(programme.companions), (), Stage.STRENGTHEN, 0.0, sessions


def _sessions(dose: StageDose, index: int, now: int) -> int:
    return dose.sessions if index >= now else dose.sessions_after


def _chosen(
    track: Track, programme: ProgrammeSpec, stage: Stage, rung: int, admission: Admission
) -> tuple[str | None, tuple[str, ...], Stage]:
    """The first that may be had on this rung, else on an easier one, else a companion; never a harder one."""
    key: StageName = stage.value
    barred = programme.end_range if track.cautious else ()
    rungs = [tuple(name for name in each if name not in barred) for each in programme.ladders[key]]
    wished = rungs[min(rung, len(rungs) - 1)]
    for candidates in (*reversed(rungs[: rung + 1]), programme.companions):
        name = admission.best(candidates)
        if name is not None:
            return name, wished, stage
    return None, wished, stage


def _task(
    track: Track, name: str, stage: Stage, share: float, sessions: int, admission: Admission, deload: bool
) -> Task:
    rules, spec = admission.planning.rules, admission.planning.exercises[name]
    why = _why(track, stage, admission)
    amount = Amount(share, track.side, deload)
    gentle = not {"strength", "load"} & set(spec.teaches) or stage in (Stage.RELEASE, Stage.ACTIVATE)
    return Task(
        planned=dosed(spec, stage, amount, rules, (track.id,), why),
        single=dosed(spec, stage, replace(amount, single=True), rules, (track.id,), why),
        sessions=sessions,
        weight=track.weight * rules.stages[stage.value].weight,
        rest_days=rules.stages[stage.value].rest_days,
        passive=passive(spec),
        easy=gentle and rules.stages[stage.value].rest_days == 0,
        share=share,
        lead=(track.weight, track.side),
    )


def _merged(one: Task, other: Task, admission: Admission, deload: bool) -> Task:
    """One exercise for two tracks: both sides if they differ, more for the weightier; the smaller dose."""
    rules, spec = admission.planning.rules, admission.planning.exercises[one.planned.exercise]
    heavy, light = sorted((one.lead, other.lead), reverse=True)
    side = heavy[1] if heavy[1] == light[1] or heavy[0] > _ALIKE * light[0] else ""
    if one.passive and heavy[1] != light[1]:
        side = ""
    stage = min(one.planned.stage, other.planned.stage, key=STAGES.index)
    tracks = tuple(dict.fromkeys((*one.planned.tracks, *other.planned.tracks)))
    why = tuple(dict.fromkeys((*one.planned.why, *other.planned.why)))
    amount = Amount(min(one.share, other.share), side, deload)
    return Task(
        planned=dosed(spec, stage, amount, rules, tracks, why),
        single=dosed(spec, stage, replace(amount, single=True), rules, tracks, why),
        sessions=max(one.sessions, other.sessions),
        weight=one.weight + (other.weight if one.planned.tracks != other.planned.tracks else 0.0),
        rest_days=max(one.rest_days, other.rest_days),
        passive=one.passive,
        easy=one.easy and other.easy,
        share=amount.share,
        lead=heavy,
    )


def _why(track: Track, stage: Stage, admission: Admission) -> tuple[Reason, ...]:
    """The findings it answers, and what the stage is for."""
    programme = admission.planning.programmes[track.programme]
    dose = admission.planning.rules.stages[stage.value]
    found = [
        Reason(one.code, one.words, one.source or programme.source, one.trust or programme.trust)
        for one in track.deficits[:_REASONS]
    ]
    if not found:
        found = [Reason("upkeep", programme.purpose, programme.source, programme.trust)]
    return (
        *found,
        Reason(f"stage.{stage.value}", f"{programme.title}: {stage.value}.", dose.source, dose.trust),
    )
