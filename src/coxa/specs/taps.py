"""A phone as an inclinometer in the browser, as data: how still, how placed, what each reading is of."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coxa.specs.estimator import Sourced, Spec
from coxa.specs.phone import Direction, Posture

Segment = Literal["pelvis", "thorax", "femur", "tibia"]


class TapReading(Spec):
    """A quantity of a test that two taps tell."""

    protocol: str
    quantity: str
    segment: Segment
    place: str
    move: str


class WornTest(Spec):
    """A test of movement that a phone strapped on tells."""

    protocol: str
    segment: Segment
    posture: Posture
    screen: Direction
    top: Direction | None = None
    strap: str


class TapRules(Sourced):
    """The whole of it."""

    version: int = Field(ge=1)
    window_s: float = Field(gt=0, description="held still for so long, up to the tap")
    still_deg: float = Field(gt=0, description="gravity may wander so far within it (1 sd)")
    placing_deg: float = Field(gt=0, description="how well a hand lays it on again (1 sd of an angle)")
    max_gap_s: float = Field(gt=0, description="a longer silence is no window")
    readings: tuple[TapReading, ...]
    worn: tuple[WornTest, ...]
