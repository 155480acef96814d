"""Reference people: what others measured, where, on whom, and how far it may be trusted."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coxa.specs.estimator import Spec, Trust

#: Read at the source; the others are shown as unverified.
VERIFIED: frozenset[Trust] = frozenset({"S", "S2"})


class NormRow(Spec):
    """One group of reference people doing one motion in one position.

    Attributes:
        id: of the row.
        motion: what was measured, as protocols name it.
        position: in which position.
        active: by the person alone; else moved by an examiner.
        sex: None: both.
        age_min_y: youngest, in years; None: not stated.
        age_max_y: oldest.
        people: how many; None: not stated.
        mean_deg: of the group.
        sd_deg: between its people; None: not published, so no percentile is formed.
        source: where it was published.
        trust: mark of EVIDENCE.
        note: what a reader should know of it.
    """

    id: str
    motion: str
    position: str
    active: bool
    sex: Literal["female", "male"] | None = None
    age_min_y: float | None = None
    age_max_y: float | None = None
    people: int | None = None
    mean_deg: float
    sd_deg: float | None = Field(default=None, gt=0)
    source: str
    trust: Trust
    note: str = ""

    @property
    def verified(self) -> bool:
        """Whether the figures were read at their source."""
        return self.trust in VERIFIED
