"""Which exercises a person may and can do: the screen's cautions, the equipment, the wishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coxa.model.plan import Availability, Relaxation
from coxa.model.screening import ActiveCaution, ScreenOutcome
from coxa.specs.exercise import ExerciseSpec
from coxa.specs.programme import EquipmentSpec, Planning


def cautions_against(screen: ScreenOutcome, exercise: ExerciseSpec) -> tuple[ActiveCaution, ...]:
    """Those that leave an exercise out."""
    return tuple(
        one
        for one in screen.cautions
        if exercise.id in one.avoid or (one.no_load and "load" in exercise.teaches)
    )


@dataclass(frozen=True, slots=True)
class Admission:
    """What is left of the catalogue for this person.

    Attributes:
        planning: what planning is told.
        availability: of the person.
        screen: in force; it must allow exercise.
    """

    planning: Planning
    availability: Availability
    screen: ScreenOutcome

    def admits(self, name: str) -> bool:
        """Whether the exercise may be in the plan."""
        return self.safe(name) and name not in self.availability.avoid and not self.lacks(name)

    def safe(self, name: str) -> bool:
        """Whether no caution leaves it out."""
        return not cautions_against(self.screen, self.planning.exercises[name])

    def lacks(self, name: str) -> tuple[str, ...]:
        """Things that are missing for it: of each choice the first."""
        has = {*self.planning.equipment.household, *self.availability.equipment}
        choices = choices_of(self.planning.exercises[name], self.planning.equipment)
        return tuple(choice[0] for choice in choices if choice and not has & set(choice))

    def best(self, names: Sequence[str]) -> str | None:
        """The first that is admitted, of those that the person likes if any are."""
        able = [name for name in names if self.admits(name)]
        liked = [name for name in able if name in self.availability.prefer]
        return next(iter(liked or able), None)

    def relaxation(self, wanted: Sequence[str], instead: str | None) -> Relaxation | None:
        """What the first of them lacks, where that is all that is against it."""
        exercises = self.planning.exercises
        for name in wanted:
            if name == instead:
                return None
            lacking = self.lacks(name)
            if lacking and self.safe(name) and name not in self.availability.avoid:
                things = ", ".join(self.planning.equipment.things[one] for one in lacking)
                other = f"{exercises[instead].title} takes its place" if instead else "it is left out"
                return Relaxation(
                    what=f"equipment.{lacking[0]}",
                    asked=1,
                    given=0,
                    unit="thing",
                    words=f"{exercises[name].title} needs {things}; {other}.",
                )
        return None


def choices_of(spec: ExerciseSpec, equipment: EquipmentSpec) -> tuple[tuple[str, ...], ...]:
    """Things that an exercise needs, each a choice. Words that are not known need a thing of that name."""
    together = equipment.exercises.get(spec.id)
    if together is not None:
        return together
    return tuple(equipment.phrases.get(phrase, (phrase,)) for phrase in spec.equipment)
