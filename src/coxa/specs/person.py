"""What a person tells of themselves."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from coxa.model.people import OLDEST_Y, SHORTEST_M, TALLEST_M
from coxa.specs.estimator import Spec

Stature = Annotated[float, Field(ge=SHORTEST_M, le=TALLEST_M)]
Age = Annotated[float, Field(gt=0, le=OLDEST_Y)]


class PersonFile(Spec):
    """A person, as a file of one's own says it; everything may be left out.

    Attributes:
        name: for people to read.
        age_y: in years.
        sex: chooses among norms.
        height_m: stature.
    """

    name: str = ""
    age_y: Age | None = None
    sex: Literal["female", "male"] | None = None
    height_m: Stature | None = None
