"""What common exercises of training move, as data: for reading a person's own week."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from coxa.specs.estimator import Sourced, Spec

Plane = Literal["sagittal", "frontal", "transverse"]
HipMotion = Literal[
    "flexion", "extension", "abduction", "adduction", "internal_rotation", "external_rotation", "control"
]


class Swap(Spec):
    """Another exercise instead, and why."""

    exercise: str
    why: str


class Movement(Spec):
    """One exercise, by all names it goes by; without accents and in any case."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    names: tuple[str, ...]
    planes: tuple[Plane, ...]
    hip: tuple[HipMotion, ...]
    one_leg: bool = False
    swaps: tuple[Swap, ...] = ()


class Filling(Spec):
    """What fills a gap: exercises of Coxa's, the first that the person may and can do."""

    exercises: tuple[str, ...]
    why: str


class WorkoutSpec(Sourced):
    """The table."""

    version: int = Field(ge=1)
    weekdays: dict[str, int] = Field(description="names of days in some languages -> 0 (Monday) .. 6")
    movements: tuple[Movement, ...]
    planes: dict[Plane, Filling]
    hip: dict[HipMotion, Filling]
    most_in_block: int = Field(ge=1)

    @model_validator(mode="after")
    def _names_each_once(self) -> WorkoutSpec:
        names = [name.casefold() for one in self.movements for name in one.names]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"names used twice: {', '.join(twice)}")
        return self

    def exercises(self) -> tuple[str, ...]:
        """Ids of Coxa's exercises that it names."""
        fillings = (*self.planes.values(), *self.hip.values())
        swaps = (swap.exercise for one in self.movements for swap in one.swaps)
        return tuple(dict.fromkeys((*(name for one in fillings for name in one.exercises), *swaps)))
