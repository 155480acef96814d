"""What Coxa is held against: reference recordings, what is promised of them, and whom it was developed on."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coxa.specs.estimator import Sourced, Spec


class Limits(Spec):
    """What is promised of one coordinate; None: nothing. Limits bear on all people together."""

    rmse_deg: float | None = Field(default=None, gt=0)
    rmse_offset_removed_deg: float | None = Field(default=None, gt=0)
    range_error_deg: float | None = Field(default=None, gt=0)
    mae_observed_deg: float | None = Field(default=None, gt=0)
    within_95: tuple[float, float] | None = Field(default=None, description="share of frames, least and most")
    within_95_observed: tuple[float, float] | None = Field(
        default=None, description="of those called observed"
    )


class FigureSpec(Spec):
    """What is drawn of a source: waveforms of one person, and the ranges of motion of all."""

    person: str
    condition: str = ""
    motions: tuple[str, ...]
    waveforms: tuple[str, ...] = Field(description="coordinates, sides where they have one")
    ranges: tuple[str, ...] = Field(description="coordinates, without sides")


class ReferenceSpec(Spec):
    """One set of reference recordings and what measures them.

    Attributes:
        title: for people to read.
        short: title where room is scarce.
        measured_from: what Coxa is given.
        truth: what it is held against.
        origin: whose recordings, and their licence.
        offsets: whether a constant difference is the two definitions' or Coxa's error.
        offsets_why: in one sentence.
        lever: count hip rotation only where the knee is bent (knee_lever_min_deg of observability.yaml).
        people: person -> who, for people to read.
        developed_on: people that anything in Coxa was fitted to.
        developed_how: what was fitted to them.
        motions: name -> for people to read.
        conditions: name -> for people to read; empty: one, without a name.
        coordinates: those shown, without sides, in their order.
        limits: coordinate -> what is promised.
        limits_on: people that limits bear on: all, or only those nothing was fitted to.
        figure: what is drawn; None: nothing.
        caution: what a reader must know before believing the figures.
    """

    title: str
    short: str
    measured_from: str
    truth: str
    origin: str
    offsets: Literal["convention", "error"]
    offsets_why: str
    lever: bool
    people: dict[str, str]
    developed_on: tuple[str, ...] = ()
    developed_how: str = ""
    motions: dict[str, str]
    conditions: dict[str, str] = Field(default_factory=dict)
    coordinates: tuple[str, ...]
    limits: dict[str, Limits] = Field(default_factory=dict)
    limits_on: Literal["all", "held_out"] = "all"
    figure: FigureSpec | None = None
    caution: str = ""


class ValidationSpec(Sourced):
    """Everything that is validated.

    Attributes:
        version: of the promises.
        min_frames: recordings with fewer frames that count have no range and no waveform.
        sources: key -> the reference recordings.
    """

    version: int
    min_frames: int = Field(gt=1)
    sources: dict[str, ReferenceSpec]
