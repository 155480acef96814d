"""How the vertical of a recording is told from the points of a person."""

from __future__ import annotations

from pydantic import Field

from coxa.specs.estimator import Sourced


class VerticalRules(Sourced):
    """Which markers are high on a person and which are low, and when their difference tells the vertical.

    Attributes:
        version: of these figures.
        high: pieces of names of points on head, neck, chest and shoulders, small letters.
        low: pieces of names of points on the feet.
        min_share: of the line from the feet up to the chest, how much must lie along one axis.
        floor_m: between which heights the lower feet of a standing person are, where the floor is at 0.
        person_m: between which sizes the points on one person are spread, the longest way.
        far_m: a point further away from the origin is a fault of the file.
    """

    version: int
    high: tuple[str, ...]
    low: tuple[str, ...]
    min_share: float = Field(gt=0.5, lt=1)
    floor_m: tuple[float, float]
    person_m: tuple[float, float]
    far_m: float = Field(gt=0)
