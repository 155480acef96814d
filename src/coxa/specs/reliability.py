"""What a laboratory has shown of its own method: a versioned file that ``coxa reliability`` writes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coxa.specs.estimator import Spec


class ReliabilityRow(Spec):
    """One quantity by one method. Intervals are of 95 %.

    Attributes:
        protocol: id of the test.
        quantity: of it.
        method: kinds of source joined by ``+``, as tables of cohorts and assessments say.
        people: who were measured more than once.
        recordings: of them.
        icc: ICC(1,1).
        icc_low: lower end of its interval.
        icc_high: upper end.
        sem_deg: standard error of measurement.
        sem_low_deg: lower end of its interval.
        sem_high_deg: upper end.
        minimal_detectable_deg: minimal detectable change at 95 %.
        shift_deg: mean of the last repetition less the first.
    """

    protocol: str
    quantity: str
    method: str
    people: int = Field(ge=2)
    recordings: int = Field(ge=4)
    icc: float | None = None
    icc_low: float | None = None
    icc_high: float | None = None
    sem_deg: float = Field(gt=0)
    sem_low_deg: float | None = None
    sem_high_deg: float | None = None
    minimal_detectable_deg: float = Field(gt=0)
    shift_deg: float | None = None


class ReliabilityFile(Spec):
    """All of it.

    Attributes:
        kind: says what the file is.
        schema_version: of its fields.
        version: of its figures; each new file of a laboratory has the next.
        laboratory: whose.
        source: what they come from: recordings, sessions, and the digest of their table.
        trust: ``LAB``: a laboratory's own figures.
        rows: one a quantity and method.
    """

    kind: Literal["coxa.reliability"] = "coxa.reliability"
    schema_version: Literal[1] = 1
    version: int = Field(ge=1)
    laboratory: str = Field(min_length=1)
    source: str
    trust: Literal["LAB"] = "LAB"
    rows: tuple[ReliabilityRow, ...]

    def row(self, protocol: str, quantity: str, method: str) -> ReliabilityRow | None:
        """What was shown of a quantity by exactly this method; None: nothing was."""
        for one in self.rows:
            if (one.protocol, one.quantity, one.method) == (protocol, quantity, method):
                return one
        return None
