"""Programmes and rules of training, as data: what answers which finding, how much, when more, when less."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from coxa.specs.estimator import Sourced, Spec
from coxa.specs.exercise import ExerciseSpec
from coxa.specs.triage import TriageSpec

StageName = Literal["release", "activate", "strengthen", "integrate", "load"]
STAGE_NAMES: tuple[StageName, ...] = ("release", "activate", "strengthen", "integrate", "load")


class RangeAnswer(Spec):
    """A range of a test that the programme widens."""

    protocols: tuple[str, ...]
    quantity: str


class ControlAnswer(Spec):
    """A score of a test, 0..100, below which parts do not move apart enough."""

    protocols: tuple[str, ...]
    measure: str = "score"
    below: float = Field(gt=0, le=100)


class ChallengeSpec(Spec):
    """A mobility challenge of a week."""

    title: str
    exercise: str
    days: int = Field(ge=1, le=7)
    words: str


class ProgrammeSpec(Sourced):
    """Four weeks for one deficit.

    ``ladders``: for each stage, from easy to hard, rungs of exercises; of a rung the first that the equipment
    and the cautions allow is taken. ``companions``: control or strength that goes with every mobility work.
    ``bony_opposite``: the quantity whose excess on both sides may mean that the bone ends the range;
    ``end_range`` exercises are then left out.
    """

    version: int = Field(ge=1)
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    purpose: str
    sided: bool
    ranges: tuple[RangeAnswer, ...] = ()
    compensations: tuple[str, ...] = ()
    control: tuple[ControlAnswer, ...] = ()
    retest: tuple[str, ...]
    bony_opposite: str = ""
    end_range: tuple[str, ...] = ()
    ladders: dict[StageName, tuple[tuple[str, ...], ...]]
    companions: tuple[str, ...]
    challenges: tuple[ChallengeSpec, ...]

    @model_validator(mode="after")
    def _has_every_stage(self) -> ProgrammeSpec:
        empty = [name for name in STAGE_NAMES if not self.ladders.get(name)]
        if empty:
            raise ValueError(f"ladders: nothing for {', '.join(empty)}")
        return self

    def exercises(self) -> tuple[str, ...]:
        """Ids of all exercises that it may use."""
        rungs = [name for ladder in self.ladders.values() for rung in ladder for name in rung]
        named = (*rungs, *self.companions, *self.end_range, *(one.exercise for one in self.challenges))
        return tuple(dict.fromkeys(named))


class MixtureSpec(Sourced):
    """How programmes are mixed into a personal one."""

    version: int = Field(ge=1)
    id: str
    title: str
    purpose: str
    most_tracks: int = Field(ge=1)
    without_findings: tuple[str, ...]


class FindingRules(Sourced):
    """From when on a finding is answered.

    ``usual_low``: percentile of the reference people below which a range is short. ``possible``: probability
    from which on it is answered. ``asymmetry_deg``: how near to the other side a side should come.
    ``bony_deg``: of the opposite rotation beyond this one, on both sides. ``shortfall_deg``: doubles the
    weight.
    """

    usual_low: float = Field(gt=0, lt=50)
    possible: float = Field(ge=0.5, lt=1)
    asymmetry_deg: float = Field(gt=0)
    bony_deg: float = Field(gt=0)
    shortfall_deg: float = Field(gt=0)
    missed_target: float = Field(gt=0, le=1, description="probability of a target that was missed")
    upkeep_weight: float = Field(gt=0)
    goal_weight: float = Field(gt=0, description="added where a goal names the track")


class StageDose(Sourced):
    """Of one stage: sessions a week while it is the newest, and once it is not."""

    sessions: int = Field(ge=1, le=7)
    sessions_after: int = Field(ge=0, le=7)
    weight: float = Field(gt=0)
    rest_days: int = Field(ge=0, le=3, description="between two sessions of one exercise")
    effort: str
    load: str


class ScheduleRules(Sourced):
    """Of sessions and weeks."""

    change_over_s: float = Field(ge=0, description="from one exercise to the next")
    tempo_s: tuple[float, float, float] = Field(description="out, held, back, where an exercise names none")
    most_exercises: int = Field(ge=1)
    minimum_s: float = Field(gt=0, description="of the daily minimum")
    minimum_sets: int = Field(ge=1)
    mobility_most_s: float = Field(gt=0, description="of one exercise and side in a session")
    retest_every_days: int = Field(ge=7)
    battery_days: int = Field(ge=1, description="within which tests of a battery belong together")
    weeks: int = Field(ge=1)
    deload_every_weeks: int = Field(ge=2)
    deload_share: float = Field(gt=0, lt=1)
    upkeep_sessions: int = Field(ge=1)


class PainRules(Sourced):
    """0..``go_most`` go on, up to ``hold_most`` hold, beyond or lasting step back."""

    go_most: float
    hold_most: float
    lasting_rise: float = Field(gt=0, description="next morning above before")


class ProgressRules(Sourced):
    """When a little more, when the next stage."""

    greens: int = Field(ge=1, description="sessions in a row")
    form: float = Field(gt=0, le=1)
    poor_form: float = Field(ge=0, lt=1)
    poor_sessions: int = Field(ge=1, description="in a row, then a step back")
    effort_most: float = Field(gt=0, le=10)
    steps_a_rung: int = Field(ge=1, description="from the least dose of an exercise to the most")
    steps_to_advance: int = Field(ge=0)
    control_form: float = Field(gt=0, le=1)
    reached: float = Field(gt=0.5, lt=1, description="probability that the target is reached")


class MissedRules(Sourced):
    """Days without training."""

    repeat_days: int = Field(ge=1, description="the step before")
    back_days: int = Field(ge=1, description="the stage before")
    again_days: int = Field(ge=1, description="from the beginning, after a new screen")


class TrainingRules(Spec):
    """All rules of training."""

    version: int = Field(ge=1)
    findings: FindingRules
    stages: dict[StageName, StageDose]
    schedule: ScheduleRules
    pain: PainRules
    progress: ProgressRules
    missed: MissedRules


class EquipmentSpec(Sourced):
    """What the words in the exercises' ``equipment`` mean: each a choice of things; none: nothing is needed.

    ``household``: what every home has. ``exercises``: where the words of one exercise mean a choice together.
    """

    version: int = Field(ge=1)
    household: tuple[str, ...]
    things: dict[str, str]
    phrases: dict[str, tuple[str, ...]]
    exercises: dict[str, tuple[tuple[str, ...], ...]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planning:
    """Everything that planning is told.

    Attributes:
        exercises: by id.
        programmes: by id.
        mixture: how they are mixed.
        rules: of training.
        equipment: what words mean.
        triage: the screen.
        version: of all of it together, for provenance.
    """

    exercises: Mapping[str, ExerciseSpec]
    programmes: Mapping[str, ProgrammeSpec]
    mixture: MixtureSpec
    rules: TrainingRules
    equipment: EquipmentSpec
    triage: TriageSpec
    version: str
