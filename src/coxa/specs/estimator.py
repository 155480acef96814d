"""What the estimator is told: priors of the body, noise of detectors, abilities of sources."""

from __future__ import annotations

from math import inf
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Trust = Literal["S", "S2", "M-H", "M-M", "M-L", "DESIGN", "FITTED"]


class Spec(BaseModel):
    """Base of every catalogue type: unknown keys are errors, values cannot change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(Spec):
    """A group of numbers with its source and how far it may be trusted (marks of EVIDENCE)."""

    source: str
    trust: Trust


class JointPrior(Spec):
    """A joint coordinate as a stationary process in time (Matern 3/2).

    ``timescale_s`` is the length over which it forgets; hinges in degrees, slides in metres.
    """

    mean: float
    sd: float = Field(gt=0)
    timescale_s: float = Field(gt=0)


class RootPrior(Spec):
    """The pelvis in the room: constant velocity, disturbed by white accelerations."""

    acceleration_m2_s3: float = Field(gt=0, description="spectral density of the acceleration")
    angular_acceleration_rad2_s3: float = Field(gt=0)
    position_sd_m: float = Field(gt=0)
    rotation_sd_deg: float = Field(gt=0)
    speed_sd_m_s: float = Field(gt=0)
    angular_speed_sd_deg_s: float = Field(gt=0)


class LengthPrior(Spec):
    """One proportion of the body: the components ``body.axis`` or ``site.axis`` that it scales."""

    sd: float = Field(gt=0, description="of the logarithm, beyond the stature")
    scales: tuple[str, ...]


class NeutralStance(Sourced):
    """How people stand when asked to stand straight: standard deviations about the zero of every angle.

    Joints without a side: both; joints that are not named are free.
    """

    pelvis_tilt_sd_deg: float = Field(gt=0)
    pelvis_obliquity_sd_deg: float = Field(gt=0)
    joint_sd_deg: dict[str, float]


class BodyPriors(Sourced):
    """Everything believed of a person before any observation."""

    version: int
    model_stature_m: float = Field(gt=0)
    stature_mean_m: float = Field(gt=0)
    stature_sd_m: float = Field(gt=0)
    told_stature_sd_m: float = Field(gt=0)
    joint_limit_sd_deg: float = Field(gt=0)
    neutral: NeutralStance
    unsettled_wider: float = Field(
        default=1.0, ge=1, description="joints under sensors that sit askew: times the standard deviation"
    )
    root: RootPrior
    joints: dict[str, JointPrior]
    lengths: dict[str, LengthPrior]


class LandmarkNoise(Spec):
    """One landmark of one detector.

    ``site`` is the place of the body model it is tied to; ``offset_m`` and ``offset_sd_m`` say where in that
    segment (X anterior, Y up, Z lateral) the detector puts it, constant over a recording.
    """

    site: str
    offset_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    offset_sd_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    noise_px: float = Field(default=0.0, ge=0)
    noise_m: float = Field(default=0.0, ge=0)
    depth_sd_m: float | None = Field(default=None, gt=0)
    drift_m: float = Field(default=0.0, ge=0)
    depth_drift_m: float = Field(default=0.0, ge=0)


class DetectorSpec(Sourced):
    """How a source of points errs.

    The image noise of a landmark is ``noise_px`` and ``noise_m`` (across the line of sight, at the person's
    distance) in quadrature, divided by visibility. On top comes an error that persists: ``drift_m`` across
    the line of sight over ``correlation_time_s``, ``depth_drift_m`` along it over
    ``depth_correlation_time_s``; the n frames within that time count as one.
    """

    version: int
    name: str
    kind: str = Field(description="row of observability.yaml this detector obeys")
    several_kind: str = Field(default="", description="row where several cameras see the person at an angle")
    several_min_angle_deg: float = Field(default=30.0, gt=0, lt=90, description="between two of their axes")
    correlation_time_s: float = Field(ge=0)
    depth_correlation_time_s: float = Field(default=0.0, ge=0)
    student_t_dof: float = Field(gt=1, description="heavy tails: degrees of freedom")
    min_visibility: float = Field(ge=0, le=1)
    shared_frames: float = Field(
        default=inf,
        gt=0,
        description="of evidence on lengths and offsets, how many count at most (a coarsened likelihood)",
    )
    landmarks: dict[str, LandmarkNoise]


class Ability(Spec):
    """What a kind of source has been shown to tell of one coordinate."""

    at_best: Literal["observed", "weak", "not_observable"]
    method_sd_deg: float = Field(default=0.0, ge=0, description="validated error beyond the posterior")
    reason: str = ""
    remedy: str = ""
    needs: str = Field(
        default="",
        description="a coordinate: only where it is observed does this row hold",
    )
    needs_bent_knee: bool = Field(
        default=True, description="hip rotation: whether it is read through the shank, as a lever"
    )


Standpoint = Literal["front", "oblique", "side", "oblique_rear", "rear", "overhead"]
#: From where one camera sees the person's trunk.
STANDPOINTS: tuple[Standpoint, ...] = get_args(Standpoint)


class StandpointRules(Spec):
    """Which view is which: how far the person is turned from the camera, and how it looks down."""

    oblique_from_deg: float = Field(gt=0, lt=90)
    side_from_deg: float = Field(gt=0, lt=90)
    overhead_from_pitch_deg: float = Field(gt=0, lt=90)


class Shown(Spec):
    """What a kind of source has been shown to tell of one coordinate from one view.

    Attributes:
        kind: of the source.
        view: of the camera.
        coordinate: without its side.
        at_best: level.
        method_sd_deg: what the posterior does not know.
        people: who it was learned on, how many.
        recordings: of them.
        frames: of those.
        rmse_deg: root mean square error.
        spread_deg: of the truth about its mean in a recording, root mean square: what there was to be told.
    """

    kind: str
    view: Standpoint
    coordinate: str
    at_best: Literal["observed", "weak", "not_observable"]
    method_sd_deg: float = Field(ge=0)
    people: int = Field(gt=0)
    recordings: int = Field(gt=0)
    frames: int = Field(gt=0)
    rmse_deg: float = Field(ge=0)
    spread_deg: float = Field(ge=0)


class TeachingRules(Sourced):
    """How what was measured becomes a row of the table.

    Attributes:
        min_people: fewer teach nothing.
        min_frames: likewise.
        tested_spread_deg: a coordinate that varies less was not tested; its row keeps the level it had.
        within_95: share of frames that stated intervals must hold, of all people together.
        within_95_each: the same of each person.
    """

    min_people: int = Field(gt=1)
    min_frames: int = Field(gt=10)
    tested_spread_deg: float = Field(gt=0)
    within_95: float = Field(gt=0.5, lt=1)
    within_95_each: float = Field(gt=0.5, lt=1)


class ObservabilitySpec(Sourced):
    """When a coordinate counts as observed: posterior and proven ability must both agree."""

    version: int
    observed_max_sd_deg: float = Field(gt=0)
    weak_max_sd_deg: float = Field(gt=0)
    observed_max_ratio: float = Field(gt=0, lt=1, description="posterior over prior standard deviation")
    weak_max_ratio: float = Field(gt=0, le=1)
    knee_lever_min_deg: float
    upright_max_obliquity_deg: float = Field(
        gt=0, lt=90, description="beyond it, on the side, headings and leans have no meaning"
    )
    room_prior_sd_deg: float = Field(gt=0, description="of an angle against the room, nothing known")
    views: StandpointRules
    teaching: TeachingRules
    kinds: dict[str, dict[str, Ability]]
    shown: tuple[Shown, ...] = Field(default=(), description="rows of observability_by_view.csv")

    def row(self, kind: str, view: Standpoint | None, coordinate: str) -> Shown | None:
        """What was shown of a coordinate, without its side; None: nothing from this view."""
        wanted = (kind, view, coordinate)
        return next((one for one in self.shown if (one.kind, one.view, one.coordinate) == wanted), None)

    def is_taught(self, kind: str) -> bool:
        """Whether anything was shown of this kind of source, from any view."""
        return any(one.kind == kind for one in self.shown)
