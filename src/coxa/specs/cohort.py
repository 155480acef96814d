"""How the recordings of a cohort are worked through."""

from __future__ import annotations

from pydantic import Field

from coxa.specs.estimator import Sourced


class CohortRules(Sourced):
    """Habits of every engine.

    Attributes:
        version: of the file.
        patience_s: a recording without a sign of life for so long is given up.
        memory_share: of the machine's memory that its workers may use together, where nothing else is told.
        memory_check_s: how often a worker's memory is looked at.
        tasks_per_child: recordings after which the process that reads them is renewed.
        most_deaths: of a process that was killed from outside, before its recording is given up.
        in_flight_per_worker: recordings a scheduler is handed at once, for each of its workers.
        scheduler_s: how long a scheduler may take to answer.
    """

    version: int
    patience_s: float = Field(gt=0)
    memory_share: float = Field(gt=0, le=1)
    memory_check_s: float = Field(gt=0)
    tasks_per_child: int = Field(gt=0)
    most_deaths: int = Field(gt=0)
    in_flight_per_worker: int = Field(gt=0)
    scheduler_s: float = Field(gt=0)
