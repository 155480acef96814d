"""Types of ``marker_sets/*.yaml`` and ``marker_assumptions.yaml``: what sits where, and what is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from coxa.specs.estimator import Sourced, Spec

Side = Literal["left", "right"]
Segment = Literal["thigh", "shank", "foot"]
HipMethod = Literal["auto", "harrington", "harrington_full", "hara", "functional"]

#: Anatomical points on the midline of the body.
MIDLINE = ("sacrum", "c7", "t8", "t10", "suprasternal_notch", "xiphoid")
#: Anatomical points of either side; a landmark's name is ``left_asis`` and so on.
PAIRED = (
    "asis",
    "psis",
    "sternum",
    "acromion",
    "thigh_wand",
    "lateral_epicondyle",
    "medial_epicondyle",
    "shank_wand",
    "lateral_malleolus",
    "medial_malleolus",
    "heel",
    "toe",
)
LANDMARKS = (*MIDLINE, *(f"{side}_{name}" for side in ("left", "right") for name in PAIRED))
CLUSTERS = tuple(f"{side}_{name}" for side in ("left", "right") for name in ("thigh", "shank", "foot"))
_SIDES: dict[Side, tuple[str, ...]] = {"left": ("L",), "right": ("R",)}


class MarkerSetSpec(Sourced):
    """How one marker set names what it wears where.

    Names are compared without regard to case, separators and a prefix up to a colon. Of several names for
    one landmark the first that the file has is taken.

    Attributes:
        version: of the table.
        name: short name of the set.
        title: for people to read.
        sides: what ``{side}`` in ``by_side`` and ``clusters`` stands for.
        suffixes: endings that a file may hang on every name.
        rigid_pelvis: four spines are read as one rigid body, as the software does that the set was made for;
            else as the laboratory does, the line of the ASIS kept as it is seen.
        one_trunk: without markers on the lower thorax, the trunk above the pelvis is read as one rigid
            segment, as the software does that the set was made for.
        midline: landmark of the midline -> names.
        by_side: landmark of either side -> names with ``{side}``.
        clusters: segment -> names with ``{side}`` of further markers that move with it.
        landmarks: landmark with its side -> names, for sets without a rule for sides.
        side_clusters: ``left_thigh`` and the like -> names, likewise.
    """

    version: int = 1
    name: str
    title: str = ""
    sides: dict[Side, tuple[str, ...]] = Field(default_factory=lambda: dict(_SIDES))
    suffixes: tuple[str, ...] = ()
    rigid_pelvis: bool = False
    one_trunk: bool = False
    midline: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    by_side: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    clusters: dict[Segment, tuple[str, ...]] = Field(default_factory=dict)
    landmarks: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    side_clusters: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        for told, valid in (
            (self.midline, MIDLINE),
            (self.by_side, PAIRED),
            (self.landmarks, LANDMARKS),
            (self.side_clusters, CLUSTERS),
        ):
            unknown = sorted(set(told) - set(valid))
            if unknown:
                raise ValueError(f"no such landmark: {', '.join(unknown)}; there are: {', '.join(valid)}")
        patterns = [name for names in (*self.by_side.values(), *self.clusters.values()) for name in names]
        bare = [name for name in patterns if "{side}" not in name]
        if bare:
            raise ValueError(f"names of either side must hold {{side}}: {', '.join(bare)}")
        return self

    def names_of_landmarks(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """(landmark with its side, names in the order they are tried)."""
        yield from self.midline.items()
        for landmark, patterns in self.by_side.items():
            for side in self.sides:
                yield f"{side}_{landmark}", self._spelled(patterns, side)
        yield from self.landmarks.items()

    def names_of_clusters(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """(segment with its side, names of the markers on it beyond its landmarks)."""
        for segment, patterns in self.clusters.items():
            for side in self.sides:
                yield f"{side}_{segment}", self._spelled(patterns, side)
        yield from self.side_clusters.items()

    def _spelled(self, patterns: tuple[str, ...], side: Side) -> tuple[str, ...]:
        return tuple(pattern.replace("{side}", token) for pattern in patterns for token in self.sides[side])


class Placement(Sourced):
    """Where markers were stuck on their landmarks: constant over a recording, m along each axis."""

    sd_m: dict[str, float]


class SoftTissue(Sourced):
    """How far the skin slides over the bone, m along each axis; clusters for markers that are no landmark."""

    sd_m: dict[str, float]
    cluster_sd_m: dict[Segment, float]


class HipCentreRule(Sourced):
    """Which regression, and how far it errs along each axis."""

    method: HipMethod
    regression_sd_m: float = Field(ge=0)


class FunctionalRule(Sourced):
    """When a joint found from its motion is believed.

    Attributes:
        hip_min_second_range_deg: of the directions of the thigh in the pelvis, across the plane it mostly
            moves in.
        hip_max_residual_m: how far the two segments' ideas of the centre may lie apart, root mean square.
        hip_max_disagreement_m: from the regression, beyond which the functional centre is not believed.
        hip_sd_m: along each axis, of a functional centre.
        knee_min_range_deg: of flexion, for an axis.
        ankle_min_range_deg: of the foot on the shank, for a centre.
        max_frames: looked at most.
    """

    hip_min_second_range_deg: float = Field(gt=0)
    hip_max_residual_m: float = Field(gt=0)
    hip_max_disagreement_m: float = Field(gt=0)
    hip_sd_m: float = Field(ge=0)
    knee_min_range_deg: float = Field(gt=0)
    ankle_min_range_deg: float = Field(gt=0)
    max_frames: int = Field(gt=1)


class CamerasError(Sourced):
    """How far the place of a marker, as a laboratory's cameras tell it, is off; along each axis."""

    sd_m: float = Field(gt=0)


class Sizes(Sourced):
    """Sizes of a person and of markers, for when the source does not tell them.

    ``told_sd_m`` is that of a width that somebody measured.
    """

    knee_width_m: float = Field(gt=0)
    knee_width_sd_m: float = Field(ge=0)
    ankle_width_m: float = Field(gt=0)
    ankle_width_sd_m: float = Field(ge=0)
    told_sd_m: float = Field(ge=0)
    marker_diameter_m: float = Field(ge=0)
    shoulder_drop_m: float = Field(ge=0)


class Slope(Spec):
    """How far a line on the thorax slopes down forwards in it."""

    mean_deg: float
    sd_deg: float = Field(ge=0)


class ThoraxSlopes(Sourced):
    """Lines that stand in for the thorax's axis from back to front where its markers are fewer."""

    c7_to_notch: Slope
    acromia_to_notch: Slope
    one_trunk: Slope


class Lumbosacral(Sourced):
    """The lumbosacral joint, from the middle of the ASIS in pelvic axes, in shares of their breadth."""

    ahead: float
    up: float
    sd_m: float = Field(ge=0)


class Judgement(Sourced):
    """When an angle from markers is weak or cannot be told.

    Attributes:
        lever_min_knee_flexion_deg: with a straighter knee the shank is no lever.
        weak_sd_deg: a coordinate less certain than this is weak.
        bridged_factor: how much more a marker errs that the rest of its cluster put back.
        least_spread_m: markers of a cluster that lie closer to one line than this tell no rotation.
        least_presence: share of frames that a cluster's marker must be seen in to belong to its shape.
    """

    lever_min_knee_flexion_deg: float = Field(ge=0)
    weak_sd_deg: float = Field(gt=0)
    bridged_factor: float = Field(ge=1)
    least_spread_m: float = Field(ge=0)
    least_presence: float = Field(gt=0, le=1)


class MarkerAssumptions(Sourced):
    """What is taken as known about markers, and how well."""

    version: int
    cameras: CamerasError
    placement: Placement
    soft_tissue: SoftTissue
    hip_centre: HipCentreRule
    functional: FunctionalRule
    sizes: Sizes
    thorax_slopes: ThoraxSlopes
    lumbosacral: Lumbosacral
    judgement: Judgement

    @model_validator(mode="after")
    def _every_landmark(self) -> Self:
        for table in (self.placement.sd_m, self.soft_tissue.sd_m):
            missing = sorted({kind(name) for name in LANDMARKS} - set(table))
            if missing or any(sd < 0 for sd in table.values()):
                raise ValueError(f"a standard deviation not below 0 is needed of: {', '.join(missing)}")
        return self

    def without_errors(self) -> Self:
        """The same with markers that sit exactly and skin that does not slide: the camera's errors alone."""
        none = dict.fromkeys(self.placement.sd_m, 0.0)
        sizes = dict.fromkeys(("knee_width_sd_m", "ankle_width_sd_m", "told_sd_m"), 0.0)
        return self.model_copy(
            update={
                "placement": self.placement.model_copy(update={"sd_m": none}),
                "soft_tissue": self.soft_tissue.model_copy(update={"sd_m": none}),
                "hip_centre": self.hip_centre.model_copy(update={"regression_sd_m": 0.0}),
                "functional": self.functional.model_copy(update={"hip_sd_m": 0.0}),
                "lumbosacral": self.lumbosacral.model_copy(update={"sd_m": 0.0}),
                "sizes": self.sizes.model_copy(update=sizes),
            }
        )


def kind(landmark: str) -> str:
    """``left_asis`` -> ``asis``; what has no side stays."""
    side, _, rest = landmark.partition("_")
    return rest if side in ("left", "right") else landmark


def by_name(sets: Mapping[str, MarkerSetSpec]) -> str:
    """The sets' names in one line, for messages."""
    return ", ".join(sorted(sets))
