"""Deficits and goals to tracks: one a programme and side, the more probable and larger the weightier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from coxa.model.assessment import Assessment
from coxa.model.errors import SourceError
from coxa.model.plan import Deficit, Goal, Track
from coxa.model.training import Stage
from coxa.plan.needs import bony, shortfall_deg
from coxa.specs.programme import Planning, ProgrammeSpec

_SIDES = ("left", "right")


def first_tracks(
    found: Sequence[Deficit],
    planning: Planning,
    on: date,
    goals: Sequence[Goal] = (),
    assessments: Sequence[Assessment] = (),
    programme: str = "",
) -> tuple[Track, ...]:
    """The tracks on the first day, weightiest first.

    Args:
        found: deficits, see :func:`coxa.plan.needs.deficits`.
        planning: what planning is told.
        on: the first day.
        goals: an angle adds a track, or weight to one.
        assessments: for the pattern that may be bone.
        programme: only this one; empty: the personal mixture.

    Raises:
        SourceError: there is no such programme.
    """
    names = _chosen(found, planning, goals, programme)
    made = [
        track
        for name in names
        for track in _of(planning.programmes[name], found, planning, on, goals, assessments)
    ]
    made.sort(key=lambda one: (-one.weight, one.id))
    return tuple(made[: planning.mixture.most_tracks])


def _chosen(
    found: Sequence[Deficit], planning: Planning, goals: Sequence[Goal], programme: str
) -> tuple[str, ...]:
    wanted = (*([programme] if programme not in ("", planning.mixture.id) else []),)
    named = (*wanted, *(goal.track for goal in goals if goal.track))
    unknown = [name for name in named if name not in planning.programmes]
    if unknown:
        known = ", ".join((*planning.programmes, planning.mixture.id))
        raise SourceError(f"there is no programme {unknown[0]!r:.60}", f"choose one of: {known}")
    if wanted:
        return wanted
    answered = tuple(dict.fromkeys((*(one.track for one in found), *named)))
    return answered or planning.mixture.without_findings


def _of(
    programme: ProgrammeSpec,
    found: Sequence[Deficit],
    planning: Planning,
    on: date,
    goals: Sequence[Goal],
    assessments: Sequence[Assessment],
) -> Iterator[Track]:
    mine = [one for one in found if one.track == programme.id]
    meant = [goal for goal in goals if goal.track == programme.id]
    sides: tuple[str, ...] = ("",)
    if programme.sided:
        named = {one.side for one in mine} | {goal.side for goal in meant if goal.side}
        sides = tuple(side for side in _SIDES if side in named) or _SIDES
    cautious = bool(programme.bony_opposite) and bony(assessments, programme, planning)
    for side in sides:
        answered = tuple(one for one in mine if one.side == side)
        aims = [goal for goal in meant if goal.side in ("", side)]
        measured = next((one for one in answered if one.value_deg is not None), None)
        yield Track(
            programme=programme.id,
            side=side,
            weight=_weight(answered, len(aims), planning),
            stage=Stage.RELEASE,
            step=0,
            since=on,
            reference_deg=None if measured is None else measured.value_deg,
            reference_sd_deg=None if measured is None else measured.sd_deg,
            target_deg=_target(answered, aims),
            cautious=cautious,
            deficits=answered,
        )


def _weight(answered: Sequence[Deficit], n_goals: int, planning: Planning) -> float:
    rules = planning.rules.findings
    most = max(
        (one.probability * (1.0 + min(shortfall_deg(one) / rules.shortfall_deg, 1.0)) for one in answered),
        default=rules.upkeep_weight,
    )
    return most + rules.goal_weight * min(n_goals, 1)


def _target(answered: Sequence[Deficit], aims: Sequence[Goal]) -> float | None:
    """The person's own angle if told, else the farthest that takes every deficit away."""
    own = [goal.target_deg for goal in aims if goal.target_deg is not None]
    told = [one.target_deg for one in answered if one.target_deg is not None]
    return max(own or told, default=None)
