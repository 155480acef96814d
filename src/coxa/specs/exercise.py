"""An exercise as data: how it is done and counted, what goes wrong, and a demonstration that tests all of it.

``SIDE`` in the name of a coordinate stands for the side that works, ``OTHER`` for the other one. A
coordinate that
names a side of the room is ``mirrored``: its sign is meant for the right side, and turned for the left.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from coxa.specs.estimator import Sourced, Spec
from coxa.specs.protocol import CameraPlace, Phase, Position

Part = Literal["out", "held", "back", "any"]
_TURN = 360.0
#: Of a demonstration, and of anything that a dose asks for at once.
_LONGEST_S = 600.0
_MOST = 100


class Signal(Spec):
    """What repetitions are counted by.

    ``sign`` makes the movement positive. ``expected_deg``: how far people usually go; the person's own usual
    excursion takes its place once there is one. ``full_share`` of it is a full repetition, less a
    partial one, and less
    than ``least_deg`` none at all.
    """

    coordinate: str
    sign: Literal[-1, 1] = 1
    mirrored: bool = False
    expected_deg: float = Field(gt=0, le=_TURN)
    full_share: float = Field(default=0.6, gt=0, le=1)
    least_deg: float = Field(gt=0, le=_TURN)


class Gate(Spec):
    """One part of the start pose, or of the end pose.

    A set begins when all of the start pose holds; a repetition counts if all of the end pose held where it
    was furthest. What is not observed is taken on trust.
    """

    coordinate: str
    mirrored: bool = False
    from_deg: float = Field(ge=-_TURN, le=_TURN)
    to_deg: float = Field(ge=-_TURN, le=_TURN)


class Instead(Sourced):
    """Another coordinate that tells the same fault, in the same direction, with a limit of its own."""

    coordinate: str
    mirrored: bool = False
    limit_deg: float = Field(gt=0, le=_TURN)


class FormRule(Sourced):
    """One fault.

    It fires only when the coordinate is observed, the deviation is beyond ``limit_deg`` with the
    probability that the
    engine asks for, for ``lasts_s``, in one of the ``parts`` of a repetition that it matters in.
    ``since``: the
    deviation from the start of the set, from the start of the repetition, or the angle itself.
    ``instead`` is watched in frames in which the coordinate is not observed and it is; never both.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    coordinate: str
    mirrored: bool = False
    direction: Literal["increase", "decrease", "either"]
    since: Literal["set", "repetition", "zero"] = "repetition"
    limit_deg: float = Field(gt=0, le=_TURN)
    instead: Instead | None = None
    parts: tuple[Part, ...] = ("any",)
    lasts_s: float = Field(default=0.2, ge=0)
    priority: int = Field(default=5, ge=1, le=9, description="1 is said first")
    cue: str = Field(description="said when it happens: one short sentence that helps")
    praise: str = Field(default="", description="said when it has been put right")
    highlight: str = Field(default="", description="part of the body that the cue is about")
    spoils: bool = Field(default=False, description="a repetition with this fault does not count as good")

    @model_validator(mode="after")
    def _instead_is_another(self) -> FormRule:
        if self.instead is not None and self.instead.coordinate == self.coordinate:
            raise ValueError("instead: name another coordinate than the rule's own")
        return self

    @property
    def coordinates(self) -> tuple[str, ...]:
        """All that tell the fault, its own first."""
        return (self.coordinate,) if self.instead is None else (self.coordinate, self.instead.coordinate)

    def told_instead(self) -> FormRule | None:
        """The same rule as its other coordinate tells it; None: it has none."""
        other = self.instead
        if other is None:
            return None
        change = {"coordinate": other.coordinate, "mirrored": other.mirrored, "limit_deg": other.limit_deg}
        return self.model_copy(update={**change, "instead": None})


class Dose(Sourced):
    """How much of it: sets of repetitions, or of holds, or of time."""

    sets: tuple[int, int]
    repetitions: tuple[int, int] | None = None
    hold_s: tuple[float, float] | None = None
    time_s: tuple[float, float] | None = None
    rest_s: float = Field(default=60, ge=0)
    tempo_s: tuple[float, float, float] | None = Field(default=None, description="out, held, back")
    days_a_week: tuple[int, int] = (2, 4)

    @model_validator(mode="after")
    def _says_how_much(self) -> Dose:
        if self.repetitions is None and self.hold_s is None and self.time_s is None:
            raise ValueError("say repetitions, hold_s or time_s")
        most = {"sets": _MOST, "repetitions": _MOST, "hold_s": _LONGEST_S, "time_s": _LONGEST_S}
        for name, limit in most.items():
            span = getattr(self, name)
            if span is not None and not 0 < span[0] <= span[1] <= limit:
                raise ValueError(f"{name}: fewest and most, from more than 0 to {limit:g}")
        return self


class DemonstrationPose(Spec):
    """A key pose: coordinates of the body model (see ``simulate/script.py``); the rest stays as it was."""

    at_s: float = Field(ge=0, le=_LONGEST_S)
    angles_deg: dict[str, float] = Field(default_factory=dict)
    cue: str = Field(default="", description="shown at this moment")


class Demonstration(Spec):
    """One repetition for the right side; ``support``: sites of the body that stay where they are."""

    stance: Literal["standing", "supine", "prone", "lying_on_left", "lying_on_right"] = "standing"
    support: tuple[str, ...] = ("left_ankle", "right_ankle")
    poses: tuple[DemonstrationPose, ...] = Field(min_length=2)


class ExerciseSpec(Sourced):
    """One exercise.

    ``kind``: ``repetitions`` are counted, a ``hold`` is timed while its form lasts, a ``timed`` one
    only takes time
    (release with a ball). ``teaches``: what it is for, for the plan: ``release``, ``mobility``,
    ``activation``,
    ``strength``, ``control``, ``integration``, ``load``.
    """

    version: int = Field(ge=1)
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    kind: Literal["repetitions", "hold", "timed"]
    purpose: str
    teaches: tuple[str, ...]
    joints: tuple[str, ...]
    planes: tuple[Literal["sagittal", "frontal", "transverse"], ...]
    equipment: tuple[str, ...] = ()
    position: Position
    camera: CameraPlace
    setup: tuple[str, ...]
    phases: tuple[Phase, ...]
    sides: Literal["each", "none", "alternate"]
    signal: Signal | None = None
    start_pose: tuple[Gate, ...] = ()
    end_pose: tuple[Gate, ...] = ()
    form: tuple[FormRule, ...] = ()
    dose: Dose
    breaths: tuple[int, int] | None = None
    regressions: tuple[str, ...] = ()
    progressions: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    stop_when: tuple[str, ...] = ()
    demonstration: Demonstration

    @model_validator(mode="after")
    def _is_counted_by_something(self) -> ExerciseSpec:
        if self.kind == "repetitions" and self.signal is None:
            raise ValueError("repetitions need a signal to be counted by")
        names = [rule.id for rule in self.form]
        if len(set(names)) < len(names):
            raise ValueError("two form rules have one id")
        return self
