"""What a person tells of themselves."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coxa.specs.estimator import Spec


class PersonFile(Spec):
    """A person, as a file of one's own says it; everything may be left out.

    Attributes:
        name: for people to read.
        age_y: in years.
        sex: chooses among norms.
        height_m: stature.
    """

    name: str = ""
    age_y: float | None = Field(default=None, gt=0, lt=130)
    sex: Literal["female", "male"] | None = None
    height_m: float | None = Field(default=None, gt=0.5, lt=2.6)
