"""An exercise with its dose: sets, repetitions or holds, sides, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coxa.model.plan import PlannedExercise, Reason
from coxa.model.training import Stage
from coxa.specs.exercise import ExerciseSpec
from coxa.specs.programme import TrainingRules

_BOTH = ("left", "right")
_CUES = 3
_PASSIVE = {"release", "mobility"}


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of it.

    Attributes:
        share: of the way from the least dose to the most, 0..1.
        side: that does more; empty: none.
        deload: less is asked.
        single: one set only: the daily minimum.
    """

    share: float = 0.0
    side: str = ""
    deload: bool = False
    single: bool = False


def dosed(
    spec: ExerciseSpec,
    stage: Stage,
    amount: Amount,
    rules: TrainingRules,
    tracks: tuple[str, ...],
    why: tuple[Reason, ...],
) -> PlannedExercise:
    """The exercise as it stands in a session."""
    dose, schedule = spec.dose, rules.schedule
    sets = schedule.minimum_sets if amount.single else dose.sets[0]
    if amount.deload:
        sets = max(1, round(sets * schedule.deload_share))
    hold_s = _between(dose.hold_s or dose.time_s, amount.share)
    if hold_s is not None and passive(spec):
        sets = max(1, min(sets, int(schedule.mobility_most_s // hold_s)))
    sides = _sides(spec, amount.side)
    more = bool(amount.side) and sides == _BOTH and not (amount.deload or amount.single)
    repetitions = _between(dose.repetitions, amount.share)
    planned = PlannedExercise(
        exercise=spec.id,
        title=spec.title,
        tracks=tracks,
        stage=stage,
        sets=sets,
        repetitions=None if repetitions is None else int(repetitions),
        hold_s=hold_s,
        tempo_s=dose.tempo_s,
        rest_s=dose.rest_s,
        load=rules.stages[stage.value].load,
        sides=sides,
        emphasis=amount.side if more else "",
        extra_sets=1 if more else 0,
        cues=cues_of(spec),
        why=why,
    )
    return replace(planned, duration_s=duration_s(planned, spec, rules))


def duration_s(planned: PlannedExercise, spec: ExerciseSpec, rules: TrainingRules) -> float:
    """With the rests between sets and the change to the next exercise."""
    one_s = planned.hold_s
    if planned.repetitions is not None:
        one_s = planned.repetitions * sum(planned.tempo_s or rules.schedule.tempo_s)
    if spec.sides == "alternate":
        one_s = 2.0 * (one_s or 0.0)
    n_sides = len(planned.sides) if spec.sides == "each" else 1
    n_sets = planned.sets * n_sides + planned.extra_sets
    rests = max(n_sets - 1, 0) * planned.rest_s
    return float(n_sets * (one_s or 0.0) + rests + rules.schedule.change_over_s)


def passive(spec: ExerciseSpec) -> bool:
    """Only release or mobility: never without control or strength beside it (EVIDENCE 0.5)."""
    return set(spec.teaches) <= _PASSIVE


def cues_of(spec: ExerciseSpec) -> tuple[str, ...]:
    """The most important ones; else what is said at each phase."""
    by_weight = sorted(spec.form, key=lambda rule: rule.priority)
    said = [rule.cue for rule in by_weight] or [phase.instruction for phase in spec.phases]
    return tuple(dict.fromkeys(said))[:_CUES]


def _between(span: tuple[float, float] | tuple[int, int] | None, share: float) -> float | None:
    return None if span is None else float(round(span[0] + share * (span[1] - span[0])))


def _sides(spec: ExerciseSpec, side: str) -> tuple[str, ...]:
    if spec.sides == "none":
        return ()
    return (side,) if side and spec.sides == "each" and passive(spec) else _BOTH
