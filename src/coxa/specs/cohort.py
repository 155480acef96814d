"""How the recordings of a cohort are worked through."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from coxa.specs.estimator import Sourced
from coxa.specs.person import Age, Stature


class CohortRules(Sourced):
    """Habits of every engine.

    Attributes:
        version: of the file.
        patience_s: a recording without a sign of life for so long is given up.
        memory_share: of the machine's memory that its workers may use together, where nothing else is told.
        memory_check_s: how often a worker's memory is looked at.
        tasks_per_child: recordings after which the process that reads them is renewed.
        most_deaths: of a process that was killed from outside, before its recording is given up.
        in_flight_per_worker: recordings a scheduler is handed at once, for each of its workers,
        in_flight_least: and for all of them together at the least.
        recount_s: how often it is asked how many workers it has: they may come and go.
        scheduler_s: how long a scheduler may take to answer.
        least_people: in each cell of groups, sessions and sides, before a model is fitted.
        folder_suffixes: what is taken for a recording in a folder, by how its name ends.
    """

    version: int
    patience_s: float = Field(gt=0)
    memory_share: float = Field(gt=0, le=1)
    memory_check_s: float = Field(gt=0)
    tasks_per_child: int = Field(gt=0)
    most_deaths: int = Field(gt=0)
    in_flight_per_worker: int = Field(gt=0)
    in_flight_least: int = Field(gt=0)
    recount_s: float = Field(gt=0)
    scheduler_s: float = Field(gt=0)
    least_people: int = Field(ge=2)
    folder_suffixes: tuple[str, ...]


class ManifestRow(BaseModel):
    """One recording of a manifest; further columns are kept as they are.

    Attributes:
        recording: path (from the manifest's folder) or address.
        person: who.
        side: ``left``, ``right``; empty: all that the test has.
        protocol: id of the test; empty: the one that is asked for.
        height_m: stature.
        group: which.
        session: which visit or repetition of the measurement.
        age_y: in years.
        sex: ``female`` or ``male``.
        from_s: the recording counts from here on.
        to_s: up to here; None: to its end.
        static: a static trial of the same person and markers: path or address, as of the recording.
        calibration: file of the film's lens, of the cameras' places, or of an IMU's standing pose.
        helped: the same test, the other segment held by somebody.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    recording: str = Field(min_length=1)
    person: str = ""
    side: Literal["left", "right", ""] = ""
    protocol: str = ""
    height_m: Stature | None = None
    group: str = ""
    session: str = ""
    age_y: Age | None = None
    sex: Literal["female", "male", ""] = ""
    from_s: float = Field(default=0.0, ge=0)
    to_s: float | None = Field(default=None, gt=0)
    static: str = ""
    calibration: str = ""
    helped: str = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.to_s is not None and self.to_s <= self.from_s:
            raise ValueError(f"to_s {self.to_s:g} is not after from_s {self.from_s:g}")
        return self
