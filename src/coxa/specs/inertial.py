"""What is known of worn inertial sensors, and the file that says what a recording's columns are."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coxa.specs.estimator import Sourced, Spec

Three = tuple[float, float, float]


class WornOn(Spec):
    """A segment that bears a sensor; ``lasting_deg`` and ``standing_sd_deg`` about its axes X, Y and Z."""

    names: tuple[str, ...] = Field(description="what files call it, in small letters, without side")
    lasting_deg: Three = Field(description="soft tissue, and what joints do that the model's cannot")
    standing_sd_deg: Three = Field(description="how far from upright and straight ahead people stand")
    swings: Literal["forward", "backward", "neither"] = Field(
        description="which way it swings further from standing: what tells left from right"
    )


class Fusion(Spec):
    """How far a kind of orientations may be trusted; headings drift about the vertical."""

    noise_deg: float = Field(gt=0)
    heading_sd_deg: float = Field(ge=0)
    heading_rate_sd_deg_min: float = Field(ge=0)
    heading_walk_deg2_s: float = Field(ge=0)
    one_heading: bool = Field(description="whether all sensors share a north")


class InertialRules(Sourced):
    """Names, limits and errors of worn inertial sensors."""

    version: int
    worn_on: dict[str, WornOn]
    ignored_words: tuple[str, ...]
    correlation_time_s: float = Field(gt=0)
    fusions: dict[Literal["quaternions", "magnetometer", "no_magnetometer"], Fusion]
    standing_s: float = Field(gt=0)
    standing_max_deg: float = Field(gt=0)
    moving_standing_sd_deg: float = Field(gt=0)
    functional_sd_deg: float = Field(gt=0)
    functional_min_ratio: float = Field(gt=1)
    functional_min_rate_deg_s: float = Field(gt=0)
    unknown_facing_sd_deg: float = Field(gt=0)
    gravity_m_s2: float
    gravity_tolerance: float = Field(gt=0, lt=1)
    gyroscope_max_rad_s: float
    gyroscope_gain: tuple[float, float]
    quaternion_tolerance: float = Field(gt=0)
    min_rate_hz: float
    max_rate_hz: float
    max_gap_s: float
    max_frames: int


class InertialMapping(Spec):
    """What a person says of a file of sensors that it does not say itself."""

    sensors: dict[str, str] = Field(
        default_factory=dict, description="name in the file -> segment of the body"
    )
    vertical: Literal["+X", "-X", "+Y", "-Y", "+Z", "-Z"] | None = Field(
        default=None, description="axis of the quaternions' world that points up"
    )
    base: str | None = Field(default=None, description="sensor with an axis that points forward, standing")
    base_axis: Literal["x", "-x", "y", "-y", "z", "-z"] = "z"
    gyroscope: Literal["deg/s", "rad/s"] | None = None
    accelerometer: Literal["g", "m/s2"] | None = None
    magnetometer: bool = Field(default=True, description="whether to use it, where there is one")
    quaternion_order: Literal["wxyz", "xyzw"] | None = None
