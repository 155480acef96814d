"""How a turn of the pelvis is read from the knees, how it errs, and when it is not believed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coxa.specs.estimator import Sourced, Spec

Posture = Literal["standing", "seated", "half_kneeling"]


class TurnView(Sourced):
    """When a picture shows the knees passing each other.

    Attributes:
        flatness: tangent of a heading as the network's depth has it, over the true one.
        min_heading_deg: facing the camera more than so, knees that pass each other do not show.
        min_trunk_px: length of the trunk in the picture.
        min_visibility: of hips and knees.
    """

    flatness: float = Field(gt=0, le=1)
    min_heading_deg: float = Field(gt=0)
    min_trunk_px: float = Field(gt=0)
    min_visibility: float = Field(ge=0, le=1)


class StillStart(Sourced):
    """The person's own start, that all is held against; lengths in trunk lengths.

    Only the first still moment in a posture counts: a later one may be in the middle of a turn.

    Attributes:
        seconds: so long nothing moves.
        away_s: who leaves a posture for so long may start anew.
        max_move: from the lowest to the highest place of hips, knees and shoulders.
        max_twist_deg: of the shoulders against the hips.
        max_turned_deg: of hips and shoulders, since the posture began: more, and they may be held still at
            the end of a turn.
    """

    seconds: float = Field(gt=0)
    away_s: float = Field(gt=0)
    max_move: float = Field(gt=0)
    max_twist_deg: float = Field(gt=0)
    max_turned_deg: float = Field(gt=0)


class PostureShape(Sourced):
    """How postures are told; angles of the network's own 3D guess.

    Attributes:
        hanging_deg: a thigh nearer to the vertical hangs.
        level_deg: one further from it is level.
        bent_deg: a knee bent further is bent.
    """

    hanging_deg: float = Field(gt=0)
    level_deg: float = Field(gt=0)
    bent_deg: float = Field(gt=0)


class KneeReading(Spec):
    """From knees to the turn of the pelvis, in one posture: a weighted sum of what passed in the picture.

    Attributes:
        knees: widths of the pelvis per trunk length by which the right knee passed the left one.
        hips: likewise, of the network's hip points.
        shoulders: likewise; hip points follow them, which is taken off.
        sd: error of the sum.
        gain_sd: how much more or less than others a person's knees answer.
        max_heading_deg: facing away from the camera more than so, one knee hides the other.
        max_step: where feet stand apart by so much more or less than at the start, one has stepped; trunk
            lengths; None: feet may slide.
    """

    knees: float = Field(gt=0)
    hips: float = 0.0
    shoulders: float = 0.0
    sd: float = Field(gt=0)
    gain_sd: float = Field(ge=0)
    max_heading_deg: float = Field(gt=0, lt=180)
    max_step: float | None = None


class TurnErrors(Sourced):
    """What else is wrong with readings.

    Attributes:
        correlation_s: for so long an error persists.
        heading_sd_deg: of where the pelvis faced at the start, by the network.
        max_turn_deg: knees that tell more have done something else.
        max_sd_deg: a reading less sure than this is not given.
        gate: a reading so many standard deviations off pulls no harder.
    """

    correlation_s: float = Field(ge=0)
    heading_sd_deg: float = Field(gt=0)
    max_turn_deg: float = Field(gt=0, lt=90)
    max_sd_deg: float = Field(gt=0)
    gate: float = Field(gt=0)


class PelvisTurnSpec(Sourced):
    """Everything about the turn of the pelvis as the knees tell it."""

    version: int
    view: TurnView
    start: StillStart
    shape: PostureShape
    postures: dict[Posture, KneeReading]
    errors: TurnErrors
