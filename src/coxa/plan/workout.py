"""Bring your own workout: what a week lacks at the hip, a short block for it, and swaps with reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coxa.model.plan import PlannedExercise, Reason, Track
from coxa.model.training import Stage
from coxa.plan.admitted import Admission
from coxa.plan.doses import Amount, dosed
from coxa.plan.workout_text import Item
from coxa.specs.workout import Movement, WorkoutSpec


@dataclass(frozen=True, slots=True)
class Offer:
    """A swap.

    Attributes:
        instead_of: as the person wrote it.
        exercise: id of the other.
        title: of it.
        why: for the person.
    """

    instead_of: str
    exercise: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class WorkoutReview:
    """A week, seen.

    Attributes:
        items: as they were read.
        unknown: what was not understood, as it was written.
        planes: that are trained, with the number of items.
        missing_planes: that are not.
        missing_hip: motions of the hip that are not.
        block: short, for what is missing.
        swaps: offered, not required.
        weekdays: with training.
        allowed: the screen allows exercise; else there is neither block nor swap.
    """

    items: tuple[Item, ...]
    unknown: tuple[str, ...]
    planes: tuple[tuple[str, int], ...]
    missing_planes: tuple[str, ...]
    missing_hip: tuple[str, ...]
    block: tuple[PlannedExercise, ...]
    swaps: tuple[Offer, ...]
    weekdays: tuple[int, ...]
    allowed: bool


def reviewed(
    items: Sequence[Item], spec: WorkoutSpec, admission: Admission, tracks: Sequence[Track] = ()
) -> WorkoutReview:
    """What the week lacks; where nothing was understood, nothing is claimed to lack.

    Where the screen allows no exercise there is neither block nor swap.

    Args:
        items: of the week.
        spec: the table.
        admission: what this person may and can do.
        tracks: of the person's programme: their motions come first.
    """
    table = {one.id: one for one in spec.movements}
    known = [table[one.movement] for one in items if one.movement]
    planes = {plane: sum(plane in one.planes for one in known) for plane in spec.planes}
    hip = {motion for one in known for motion in one.hip} | (
        {"control"} if any(one.one_leg for one in known) else set()
    )
    no_planes = tuple(plane for plane, count in planes.items() if not count) if known else ()
    no_hip = tuple(motion for motion in spec.hip if motion not in hip) if known else ()
    allowed = admission.screen.allows_exercise
    return WorkoutReview(
        items=tuple(items),
        unknown=tuple(one.text for one in items if not one.movement),
        planes=tuple(planes.items()),
        missing_planes=no_planes,
        missing_hip=no_hip,
        block=tuple(_block(no_planes, no_hip, spec, admission, tracks)) if allowed else (),
        swaps=tuple(_swaps(items, table, admission)) if allowed else (),
        weekdays=tuple(sorted({one.weekday for one in items if one.weekday is not None})),
        allowed=allowed,
    )


def _block(
    no_planes: Sequence[str],
    no_hip: Sequence[str],
    spec: WorkoutSpec,
    admission: Admission,
    tracks: Sequence[Track],
) -> Iterator[PlannedExercise]:
    """The person's own deficits first; one exercise may fill several gaps."""
    wanted = {f"hip_{motion}" for motion in no_hip} & {one.programme for one in tracks}
    gaps = [(motion, spec.hip[motion]) for motion in spec.hip if motion in no_hip]
    gaps.sort(key=lambda gap: f"hip_{gap[0]}" not in wanted)
    fillings = [*gaps, *((plane, spec.planes[plane]) for plane in spec.planes if plane in no_planes)]
    chosen: dict[str, tuple[Reason, ...]] = {}
    for gap, filling in fillings:
        name = next((one for one in filling.exercises if one in chosen), None) or admission.best(
            filling.exercises
        )
        if name is None or (name not in chosen and len(chosen) == spec.most_in_block):
            continue
        why = f"{filling.why.capitalize()}."
        chosen[name] = (*chosen.get(name, ()), Reason(f"workout.{gap}", why, spec.source, spec.trust))
    for name, reasons in chosen.items():
        exercise = admission.planning.exercises[name]
        amount = Amount(single=True)
        yield dosed(exercise, Stage.INTEGRATE, amount, admission.planning.rules, ("workout",), reasons)


def _swaps(items: Sequence[Item], table: dict[str, Movement], admission: Admission) -> Iterator[Offer]:
    offered: set[tuple[str, str]] = set()
    for item in items:
        for swap in table[item.movement].swaps if item.movement else ():
            key = (item.movement, swap.exercise)
            if key not in offered and admission.admits(swap.exercise):
                offered.add(key)
                yield Offer(
                    item.text, swap.exercise, admission.planning.exercises[swap.exercise].title, swap.why
                )
