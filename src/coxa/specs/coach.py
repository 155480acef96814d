"""Habits of the coach, the same for all exercises."""

from __future__ import annotations

from pydantic import Field, model_validator

from coxa.specs.estimator import Sourced, Spec
from coxa.specs.protocol import Position, View


class SeenFrom(Spec):
    """How wide the shoulders look against the trunk's length, seen from where a camera should stand.

    Attributes:
        from_share: at least; seen from behind it is negative.
        to_share: at most.
        below: what is wrong with less.
        beyond: what is wrong with more.
    """

    from_share: float = -10.0
    to_share: float = 10.0
    below: str = ""
    beyond: str = ""


class PlacementRules(Sourced):
    """Guidance into the picture.

    Attributes:
        seen_from: a keypoint counts as seen with such a visibility.
        least_points: fewer are nobody.
        fills_at_most: share of the picture, along the side that the body fills more of; more is too near.
        fills_at_least: likewise; less is too far.
        dark_below: mean brightness, 0 to 1.
        lasts_s: how long anything must be wrong before it is told.
        every_s: a picture is looked at.
        parts: of the body -> keypoints that show it, any of them.
        upright: positions in which the head is above the feet.
        turned_in: positions in which the shoulders tell how the body is turned.
        views: from where the camera looks -> how wide the shoulders look.
        words: what is wrong -> what is said; ``well``: nothing is any more.
    """

    seen_from: float = Field(ge=0, le=1)
    least_points: int = Field(ge=1)
    fills_at_most: float = Field(gt=0)
    fills_at_least: float = Field(gt=0)
    dark_below: float = Field(ge=0, le=1)
    lasts_s: float = Field(ge=0)
    every_s: float = Field(ge=0)
    parts: dict[str, tuple[str, ...]]
    upright: tuple[Position, ...]
    turned_in: tuple[Position, ...]
    views: dict[View, SeenFrom]
    words: dict[str, str]

    @model_validator(mode="after")
    def _all_has_words(self) -> PlacementRules:
        always = {"dark", "nobody", "cut_off", "too_near", "too_far", "feet_out", "head_out", "well"}
        turned = {name for one in self.views.values() for name in (one.below, one.beyond) if name}
        if missing := sorted((always | turned) - self.words.keys()):
            raise ValueError(f"no words for {', '.join(missing)}")
        return self


class CoachRules(Sourced):
    """Habits of the coach.

    Attributes:
        version: of these figures.
        ready_s: how long the start pose must hold before a set begins.
        gate_grace_s: the start pose may have been left for so long when a repetition begins or ends.
        settle_s: a repetition counts if the start pose holds at most so long after its way back.
        still_deg: the start pose is held while nothing in it moves by more.
        gate_slack_deg: how far beyond its borders the start pose counts as held once a set has begun.
        leave_share: of the usual excursion; further out than this the movement has begun.
        near_share: of what it takes to leave; nearer to the start than this is still the start,
        near_at_most: or by so much of it, where the noise is larger.
        turn_share: of the present excursion; it must come back by so much to have turned.
        back_share: of the present excursion; nearer to the start than this it is over.
        back_at_most: or by so much of it, where the noise is larger.
        held_share: of the present excursion; further out than this is the end range.
        shortest_share: of the time that the demonstration takes; done faster, it was something else.
        longest_share: of the time that the demonstration takes; done slower, or away for longer, it was
            something else, and the set begins anew.
        beyond_share: of the expected excursion; further than this, it was something else.
        usual_of: how many of the last full repetitions say what is usual.
        noise_sds: standard deviations that any of these must exceed too.
        weak_sds: of the errors of both ends that a way must exceed to count where the angle is not observed
            but weak: too unsure for a verdict, not for that something large was done.
        sure: probability of a fault from which on it fires.
        base_s: over which the angle is averaged that a repetition is held against.
        breath_s: that a breath takes when the coach paces it.
        hold_grace_s: a hold goes on for so long after its form was lost.
        lost_s: a person unseen for longer interrupts the set.
        gap_s: between two cues, counts aside.
        cooldown_s: before the same fault is spoken of again.
        praise_gap_s: between two praises.
        blind_after_s: into a set; what was never observed by then is said to be unseen.
        placement: guidance into the picture.
    """

    version: int = Field(ge=1)
    ready_s: float = Field(gt=0)
    gate_grace_s: float = Field(ge=0)
    settle_s: float = Field(ge=0)
    still_deg: float = Field(gt=0)
    gate_slack_deg: float = Field(ge=0)
    leave_share: float = Field(gt=0, lt=1)
    near_share: float = Field(gt=0, lt=1)
    near_at_most: float = Field(gt=0, lt=1)
    turn_share: float = Field(gt=0, lt=1)
    back_share: float = Field(gt=0, lt=1)
    back_at_most: float = Field(gt=0, lt=1)
    held_share: float = Field(gt=0, lt=1)
    shortest_share: float = Field(ge=0, lt=1)
    longest_share: float = Field(gt=1)
    beyond_share: float = Field(gt=1)
    usual_of: int = Field(ge=1)
    noise_sds: float = Field(ge=0)
    weak_sds: float = Field(ge=0)
    sure: float = Field(gt=0.5, lt=1)
    base_s: float = Field(ge=0)
    breath_s: float = Field(gt=0)
    hold_grace_s: float = Field(ge=0)
    lost_s: float = Field(gt=0)
    gap_s: float = Field(ge=0)
    cooldown_s: float = Field(ge=0)
    praise_gap_s: float = Field(ge=0)
    blind_after_s: float = Field(ge=0)
    placement: PlacementRules
