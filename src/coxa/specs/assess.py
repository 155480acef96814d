"""How repetitions are found and verdicts reached: habits of the engine, the same for all protocols."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from coxa.specs.estimator import Sourced

Correlation = Annotated[float, Field(ge=0, lt=1)]


class AssessRules(Sourced):
    """Habits of the engine.

    Attributes:
        version: of these figures.
        turn_share: of the person's usual excursion; the signal must turn back by so much to end a repetition.
        usual_percentile: of the excursions found; what counts as usual, 0..100.
        cut_share: of the usual excursion; a recording that begins or ends this far out cut a repetition off.
        side_share: of what the other side does at the same time; less is its echo, not a repetition.
        rest_share: of an excursion; nearer to the start than this is still, or again, the start.
        foot_share: of an excursion; the foot of its rise is what lies below, down to the start,
        longest_foot: and is no longer than this, in times from there to half the excursion.
        hold_share: of an excursion; further out than this is the end range.
        settled_sds: of a change; frames that differ by less from an extreme cannot be told from it.
        still_s: length of the rest before a movement that its noise is taken from.
        onset_sds: standard deviations of the rest that a segment must leave it by, to have begun to move.
        onset_min_deg: nor less than this.
        onset_hold_s: and for at least so long.
        sure: probability from which on a limit counts as exceeded, or as kept below 1 minus it.
        observed_max_sd_deg: the part of a joint counts as observed with a standard deviation of no more.
        told_share: of the frames; a coordinate observed in fewer is said not to be told.
        share_min_deg: of an apparent motion; shares of less are not formed.
        usual_low: percentile of the reference people below which a figure is called low.
        usual_high: and above which it is called high.
        asymmetry_min_deg: sides that differ by less are not called different, however sure.
        still_deg_s: two angles that move slower together than this are not coordinated, they are still.
        lasting: kinds of source, joined by ``+`` -> coordinate without its side -> how far its errors at the
            start of a repetition and later in it go together (their correlation).
    """

    version: int = Field(ge=1)
    turn_share: float = Field(gt=0, lt=1)
    usual_percentile: float = Field(gt=0, le=100)
    cut_share: float = Field(gt=0, lt=1)
    side_share: float = Field(gt=0, lt=1)
    rest_share: float = Field(gt=0, lt=0.5)
    foot_share: float = Field(gt=0, lt=0.5)
    longest_foot: float = Field(gt=0)
    hold_share: float = Field(gt=0.5, lt=1)
    settled_sds: float = Field(ge=0)
    still_s: float = Field(gt=0)
    onset_sds: float = Field(gt=0)
    onset_min_deg: float = Field(gt=0)
    onset_hold_s: float = Field(gt=0)
    sure: float = Field(gt=0.5, lt=1)
    observed_max_sd_deg: float = Field(gt=0)
    told_share: float = Field(gt=0, le=1)
    share_min_deg: float = Field(gt=0)
    usual_low: float = Field(gt=0, lt=50)
    usual_high: float = Field(gt=50, lt=100)
    asymmetry_min_deg: float = Field(ge=0)
    still_deg_s: float = Field(gt=0)
    lasting: dict[str, dict[str, Correlation]] = Field(default={})
