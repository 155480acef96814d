"""What is known of phones strapped to the body, and the file that says how they were worn."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coxa.specs.estimator import Sourced, Spec
from coxa.specs.inertial import Fusion

Direction = Literal[
    "forward", "backward", "left", "right", "up", "down", "headward", "footward", "outward", "inward"
]
Posture = Literal["standing", "sitting", "supine", "prone"]
Three = tuple[float, float, float]


class StartPose(Spec):
    """How the segments lie in a posture: turned about the person's right by so many degrees from standing."""

    name: Posture
    trunk_deg: float
    femur_deg: float
    tibia_deg: float
    says: str = Field(description="for people to read")


class WornPhone(Spec):
    """A segment that bears a phone; about its axes X, Y and Z."""

    start_sd_deg: Three = Field(description="how far people's start pose is from the one named")
    strap_deg: Three = Field(description="soft tissue, and the strap slipping")
    usual_screen: Direction | None = Field(
        default=None, description="where the screen faces, if nobody says; None: must be told"
    )


class PhoneRules(Sourced):
    """Names, limits and errors of phones on the body."""

    version: int
    postures: dict[Posture, StartPose]
    worn_on: dict[str, WornPhone]
    fusions: dict[Literal["absolute", "relative"], Fusion]
    strap_correlation_s: float = Field(gt=0)
    mounting_max_deg: float = Field(gt=0, description="a phone further from what is told is refused")
    mounting_sd_deg: float = Field(gt=0, description="of a direction that people tell")
    plane_max_deg: float = Field(
        gt=0, description="a movement's plane within this of the told one refines it"
    )
    plane_min_ratio: float = Field(gt=1)
    plane_min_rate_deg_s: float = Field(gt=0)
    plane_sd_deg: float = Field(gt=0)
    level_max_deg: float = Field(gt=0, description="a thigh less level than this tells no rotation")
    quaternion_tolerance: float = Field(gt=0)
    min_rate_hz: float
    max_rate_hz: float
    max_gap_s: float
    max_phones: int
    # bringing a phone and a film onto one clock
    align_rate_hz: float = Field(gt=0)
    align_smooth_s: float = Field(gt=0)
    align_max_offset_s: float = Field(gt=0)
    align_min_overlap_s: float = Field(gt=0)
    align_min_correlation: float = Field(gt=0, lt=1)
    align_min_evidence: float = Field(gt=0, description="log likelihood over the next best shift")
    align_sd_factor: float = Field(
        ge=1, description="what a body fitted to a film alone errs more than it looks"
    )
    align_max_sd_s: float = Field(gt=0)
    align_min_speed_deg_s: float = Field(gt=0)
    align_heading_sd_deg: float = Field(gt=0)


class PhoneWorn(Spec):
    """How one phone was worn, at the start."""

    segment: str = Field(description="of the body: pelvis, thorax, femur_right, tibia_left ...")
    screen: Direction | None = Field(default=None, description="where the screen faces")
    top: Direction | None = Field(
        default=None, description="where the edge that is at the top in the hand points"
    )
    offset_s: float = Field(default=0.0, description="added to its times")
    gravity: Literal["up", "down"] | None = Field(
        default=None,
        description="which way its gravity (or acceleration at rest) points: Android up, iOS down",
    )
    angles: Literal["ios", "android"] | None = Field(
        default=None, description="whose pitch, roll and yaw these are"
    )


class PhoneMapping(Spec):
    """What a person says of the phones."""

    phones: dict[str, PhoneWorn] = Field(
        description="name of the file, with or without its ending -> how worn"
    )
    posture: Posture | None = Field(default=None, description="at the start")
