"""Limits below which a video is not measured, and how the stages of measuring overlap."""

from __future__ import annotations

from pydantic import Field

from coxa.specs.estimator import Sourced


class VideoRules(Sourced):
    """Limits and habits of measuring a video.

    Attributes:
        version: of these figures.
        min_short_side_px: a picture smaller than this is refused.
        min_person_s: a person must be in view for at least this long in total.
        low_frame_rate_hz: below this, the result says that fast movement is missed.
        hidden_visibility: a median visibility below this is noted.
        truncated_s: how much of the claimed duration may lack before a film counts as truncated.
        upside_down_share: the share of the person's frames, feet above knees above hips above shoulders, from
            which on the film counts as upside down.
        upright_lean_deg: a person who leans less than this in the picture tells how askew the camera stood.
        camera_roll_sd_deg: how well people set up a camera upright.
        camera_pitch_sd_deg: and level.
        told_tilt_sd_deg: how well a tilt is known that a person told.
        assumed_fov_deg: field of view along the longer side of the picture, where none is told.
        blur_every_s: how often the blur of the picture is looked at.
        chunk_s: length of the windows handed to the estimator.
        frames_ahead: how many pictures may wait between two stages.
        chunks_ahead: how many windows may wait between two stages.
    """

    version: int
    min_short_side_px: int = Field(gt=0)
    min_person_s: float = Field(gt=0)
    low_frame_rate_hz: float = Field(gt=0)
    hidden_visibility: float = Field(ge=0, le=1)
    truncated_s: float = Field(gt=0)
    upside_down_share: float = Field(gt=0, le=1)
    upright_lean_deg: float = Field(gt=0, lt=90)
    camera_roll_sd_deg: float = Field(ge=0)
    camera_pitch_sd_deg: float = Field(ge=0)
    told_tilt_sd_deg: float = Field(ge=0)
    assumed_fov_deg: float = Field(gt=0, lt=180)
    blur_every_s: float = Field(gt=0)
    chunk_s: float = Field(gt=0)
    frames_ahead: int = Field(ge=1)
    chunks_ahead: int = Field(ge=1)
