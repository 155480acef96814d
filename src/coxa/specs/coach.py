"""Habits of the coach, the same for all exercises."""

from __future__ import annotations

from pydantic import Field

from coxa.specs.estimator import Sourced


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
        turn_share: of the present excursion; it must come back by so much to have turned.
        back_share: of the present excursion; nearer to the start than this it is over.
        held_share: of the present excursion; further out than this is the end range.
        shortest_share: of the time that the demonstration takes; done faster, it was something else.
        longest_share: of the time that the demonstration takes; done slower, or away for longer, it was
            something else, and the set begins anew.
        beyond_share: of the expected excursion; further than this, it was something else.
        usual_of: how many of the last full repetitions say what is usual.
        noise_sds: standard deviations that any of these must exceed too.
        sure: probability of a fault from which on it fires.
        base_s: over which the angle is averaged that a repetition is held against.
        breath_s: that a breath takes when the coach paces it.
        hold_grace_s: a hold goes on for so long after its form was lost.
        lost_s: a person unseen for longer interrupts the set.
        gap_s: between two cues, counts aside.
        cooldown_s: before the same fault is spoken of again.
        praise_gap_s: between two praises.
        blind_after_s: into a set; what was never observed by then is said to be unseen.
    """

    version: int = Field(ge=1)
    ready_s: float = Field(gt=0)
    gate_grace_s: float = Field(ge=0)
    settle_s: float = Field(ge=0)
    still_deg: float = Field(gt=0)
    gate_slack_deg: float = Field(ge=0)
    leave_share: float = Field(gt=0, lt=1)
    turn_share: float = Field(gt=0, lt=1)
    back_share: float = Field(gt=0, lt=1)
    held_share: float = Field(gt=0, lt=1)
    shortest_share: float = Field(ge=0, lt=1)
    longest_share: float = Field(gt=1)
    beyond_share: float = Field(gt=1)
    usual_of: int = Field(ge=1)
    noise_sds: float = Field(ge=0)
    sure: float = Field(gt=0.5, lt=1)
    base_s: float = Field(ge=0)
    breath_s: float = Field(gt=0)
    hold_grace_s: float = Field(ge=0)
    lost_s: float = Field(gt=0)
    gap_s: float = Field(ge=0)
    cooldown_s: float = Field(ge=0)
    praise_gap_s: float = Field(ge=0)
    blind_after_s: float = Field(ge=0)
