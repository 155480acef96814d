"""How a body is followed live."""

from __future__ import annotations

from pydantic import Field

from coxa.specs.estimator import Sourced


class TrackingRules(Sourced):
    """Following a body one frame at a time, and finding it again.

    Attributes:
        version: of these figures.
        steps: relinearisations of a frame at most.
        arrived: a step of every value shorter than this [rad, m] is the last one.
        least_points: fewer seen are nobody to start from; of sensors one suffices.
        forgotten_after_s: unseen for longer, nothing is known any more of where the body is; of its lengths
            all is.
        suspect_cost: cost of a point (negative log-likelihood) seen by itself, the mean of all; beyond it the
            body may be lost.
        lost_gain: starting anew must lower the mean cost of a point by so much for the body to be lost.
        lost_share: likewise, by this share of it.
        check_every_s: starting anew is tried at most so often, while the cost is suspect.
        confirm_every_s: likewise, once it was better, and while the body was started from lately.
        lost_for_s: starting anew must be better for so long: one bad picture is no loss.
        settled_after_s: having started so lately, the body is lost at once.
    """

    version: int = Field(ge=1)
    steps: int = Field(ge=1)
    arrived: float = Field(gt=0)
    least_points: int = Field(ge=1)
    forgotten_after_s: float = Field(gt=0)
    suspect_cost: float = Field(gt=0)
    lost_gain: float = Field(gt=0)
    lost_share: float = Field(gt=0, lt=1)
    check_every_s: float = Field(ge=0)
    confirm_every_s: float = Field(ge=0)
    lost_for_s: float = Field(ge=0)
    settled_after_s: float = Field(ge=0)
