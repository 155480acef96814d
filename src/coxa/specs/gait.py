"""Walking: what is read over the cycle, and what was published of others."""

from __future__ import annotations

from pydantic import Field

from coxa.specs.estimator import Sourced, Spec


class Band(Spec):
    """One curve of reference people: mean and sd between them at some percents of the cycle."""

    percent: tuple[float, ...]
    mean_deg: tuple[float, ...]
    sd_deg: tuple[float, ...]


class LegShares(Sourced):
    """Lengths as shares of stature; heel and toe from the ankle."""

    thigh: float = Field(gt=0)
    shank: float = Field(gt=0)
    heel: float = Field(gt=0)
    toe: float = Field(gt=0)


class GaitNorms(Sourced):
    """Published curves.

    Attributes:
        version: of these figures.
        people: on whom.
        longest_cycle_s: strikes of one foot further apart than this enclose no stride.
        loading_percent: first and last percent of the cycle that count as loading.
        push_off_percent: the same for push-off.
        min_cycles: fewer are no curve.
        least_step: of stature; a foot that comes back by less has made no step.
        planted_share: of a foot's usual speed back; faster than this it moves with the ground.
        shape_share: of the cycle; a curve beyond the published one in less of it does not differ in shape.
        leg: of the usual leg, by which its angles say where the foot is.
        bands: coordinate (``SIDE`` filled in by the side) -> curve.
    """

    version: int = Field(ge=1)
    people: str
    longest_cycle_s: float = Field(gt=0)
    loading_percent: tuple[float, float]
    push_off_percent: tuple[float, float]
    min_cycles: int = Field(ge=1)
    least_step: float = Field(gt=0)
    planted_share: float = Field(gt=0, lt=1)
    shape_share: float = Field(gt=0, lt=1)
    leg: LegShares
    bands: dict[str, Band]
