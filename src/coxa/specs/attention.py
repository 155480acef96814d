"""When a client needs a look, as data."""

from __future__ import annotations

from pydantic import Field

from coxa.specs.estimator import Sourced


class AttentionSpec(Sourced):
    """Limits of a clinician's list."""

    version: int = Field(ge=1)
    pain_high: float = Field(gt=0, le=10, description="more than this, 0..10")
    pain_rise: float = Field(gt=0, le=10, description="the worst of late above the median of those before")
    pain_days: int = Field(ge=1, description="so many days are late")
    missed_weeks: int = Field(ge=1, description="how many of the last weeks are looked at")
    missed_share: float = Field(gt=0, le=1, description="done of planned; less is missed")
    quiet_days: int = Field(ge=1, description="without anything kept")
