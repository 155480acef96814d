"""How the outline of the back is read in a side view, how it errs, and when it is not believed."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from coxa.specs.estimator import Sourced, Spec


class CurveRules(Spec):
    """How the curve is drawn; lengths in trunk lengths (middle of the hips to middle of the shoulders)."""

    start: float = Field(description="along the line, 0 at the hips")
    end: float = Field(description="along the line, 1 at the shoulders")
    points: int = Field(gt=10)
    reach: float = Field(gt=0, description="how far dorsally to look")
    stiffness: float = Field(gt=0, description="of the penalised curve")
    outlier: float = Field(gt=0, description="a point so far off the curve is not believed")
    sharp: float = Field(gt=0, description="a mask's edge up to this wide is believed")
    softest: float = Field(gt=0, description="an edge wider than this is not")
    bearing: float = Field(gt=0, description="points this near a tangent bear it")
    arm_radius: float = Field(gt=0, description="so near an arm, the outline may be the arm's")


class ViewRules(Spec):
    """When a picture shows the back from the side well enough; ratios to the trunk's length."""

    max_width: float = Field(gt=0, description="of shoulders or hips across the trunk's line")
    min_facing: float = Field(ge=0, description="how clearly face and feet point to one side")
    min_trunk_px: float = Field(gt=0, description="length of the trunk in the picture")
    max_recline_deg: float = Field(
        gt=0, le=180, description="of the trunk backward: learnt of people upright and bowing"
    )


class LinearReading(Spec):
    """One angle as a weighted sum of tangents, and how it errs.

    Attributes:
        weights: of each tangent.
        mean_deg: what the average person's outline reads in their neutral stance; taken off.
        model_sd_deg: error beyond what the curve's own doubt explains.
        gain_sd: how much more or less than others a person's outline answers.
        offset_sd_deg: how far a person's own outline, standing, is from the average one.
    """

    weights: tuple[float, ...]
    mean_deg: float
    model_sd_deg: float = Field(gt=0)
    gain_sd: float = Field(gt=0)
    offset_sd_deg: float = Field(gt=0)


class Reading(Sourced):
    """From tangents to angles, learnt on rendered people.

    Attributes:
        stations: where tangents are read, along the line.
        lumbar: lumbar flexion.
        trunk: the line from hips to shoulders against the pelvis, forward: what lumbar and thoracic spine
            bend together, as far as they move the shoulders.
        usual_deg: tangents of the average outline.
        shapes: by what outlines differ and move, orthonormal; what they leave is not a back's.
    """

    stations: tuple[float, ...]
    lumbar: LinearReading
    trunk: LinearReading
    usual_deg: tuple[float, ...]
    shapes: tuple[tuple[float, ...], ...]

    @model_validator(mode="after")
    def _paired(self) -> Self:
        rows = (self.lumbar.weights, self.trunk.weights, self.usual_deg, *self.shapes)
        if any(len(row) != len(self.stations) for row in rows):
            raise ValueError("one number for each station in weights, usual_deg and each of shapes")
        return self


class OutlineErrors(Sourced):
    """What makes readings worse, and when they are not given. Figures are those of lumbar flexion.

    Attributes:
        correlation_s: for so long an error persists.
        least_point_sd: of a believed point of the curve, trunk lengths.
        width_sd_deg: more error where the shoulders or hips span the whole trunk's length across; in
            proportion to their width.
        lost_sd_deg: more error where no point of the outline was believed; in proportion to what was lost.
        odd_sd: more error of an odd shape, per what the shapes leave of its tangents.
        max_odd_deg: an outline odder than this is not a back's: cloth, or something behind.
        max_roughness: a rougher outline is not read, trunk lengths.
        max_lost: if more is lost, it is not read.
        max_sd_deg: a reading less sure than this is not given.
        gate: a reading so many standard deviations off pulls no harder.
    """

    correlation_s: float = Field(ge=0)
    least_point_sd: float = Field(gt=0)
    width_sd_deg: float = Field(ge=0)
    lost_sd_deg: float = Field(ge=0)
    odd_sd: float = Field(ge=0)
    max_odd_deg: float = Field(gt=0)
    max_roughness: float = Field(gt=0)
    max_lost: float = Field(gt=0, le=1)
    max_sd_deg: float = Field(gt=0)
    gate: float = Field(gt=0)


class StandingRules(Sourced):
    """When somebody stands upright and still, and how straight the spine is then.

    Attributes:
        max_lean_deg: of the trunk's line from the picture's vertical.
        max_thigh_deg: thigh against the trunk's line.
        max_knee_deg: shank against thigh.
        max_speed: of hips and shoulders, trunk lengths a second.
        seconds: so much of it is one look at the neutral stance.
        joint_sd_deg: how far from zero joints, and the pelvis's tilt, are in it.
        max_offset: a neutral stance this many standard deviations from the average person's is not the
            outline of a back, but of what hangs over it.
        max_odd_deg: nor is one odder than this; stricter than in movement, since all is held against it.
    """

    max_lean_deg: float = Field(gt=0)
    max_thigh_deg: float = Field(gt=0)
    max_knee_deg: float = Field(gt=0)
    max_speed: float = Field(gt=0)
    seconds: float = Field(gt=0)
    joint_sd_deg: dict[str, float]
    max_offset: float = Field(gt=0)
    max_odd_deg: float = Field(gt=0)


class OutlineSpec(Sourced):
    """Everything about the outline of the back."""

    version: int
    curve: CurveRules
    view: ViewRules
    reading: Reading
    errors: OutlineErrors
    standing: StandingRules
