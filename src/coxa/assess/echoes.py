"""Which side did it: what the other side does along is not a repetition of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from coxa.model.assessment import Repetition
from coxa.specs.assess import AssessRules

Found = Mapping[tuple[str, str], tuple[Repetition, ...]]


def without_echoes(found: Found, quantity: str, side: str, rules: AssessRules) -> tuple[Repetition, ...]:
    """Repetitions of a quantity on one side, less those that the other side caused, counted anew.

    An apparent angle moves on both sides when the back arches, and the standing leg bends a little while the
    other one is lifted: whoever moves more at that time did it.

    Args:
        found: (quantity, side) -> all repetitions.
        quantity: whose repetitions.
        side: ``left``, ``right`` or empty.
        rules: habits of the engine.
    """
    others = [one for (_, other), theirs in found.items() if other != side for one in theirs]
    kept = [one for one in found[quantity, side] if not any(_echoes(one, other, rules) for other in others)]
    if all(one.cut for one in kept) and not all(one.cut for one in others):
        return ()  # what was cut has no size; on a side that does nothing else it was the other's
    return tuple(replace(one, number=number) for number, one in enumerate(kept, start=1))


def _echoes(one: Repetition, other: Repetition, rules: AssessRules) -> bool:
    """Whether they are one movement, and the other is so much larger; unknown sizes decide nothing."""
    together = one.start_s < other.peak_s < one.end_s or other.start_s < one.peak_s < other.end_s
    mine, theirs = _joint_part(one), _joint_part(other)
    if mine is None or theirs is None:
        mine, theirs = one.motion.value, other.motion.value
    return together and mine < rules.side_share * theirs


def _joint_part(one: Repetition) -> float | None:
    """How far the joint itself moved, rad: a pelvis that tips moves the apparent angles of both sides."""
    parts = [entry.motion for entry in one.ledger if entry.part == "joint"]
    return abs(parts[0].value) if parts and parts[0].known else None
