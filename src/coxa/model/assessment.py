"""What an assessment found: repetitions, who did the moving, how sure it is. Angles in rad, times in s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coxa.model.motion import Observability

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its standard deviation; NaN: not known.

    Attributes:
        value: the figure.
        sd: of it, in the same unit.
        unit: ``rad``, ``s``, ``1`` (a share) or ``points``.
    """

    value: float
    sd: float
    unit: str = "rad"

    @property
    def known(self) -> bool:
        """Whether there is a figure at all."""
        return bool(np.isfinite(self.value))


UNKNOWN = Estimate(float("nan"), float("nan"))
#: Of a motion: where Gombatto 2006 reads the share of the lumbopelvic region; ``..._at_60`` are named for it.
EARLY = 0.6


class Verdict(StrEnum):
    """Of one repetition, or of a side."""

    CLEAN = "clean"
    COMPENSATED = "compensated"
    UNCERTAIN = "uncertain"  # near the limit: neither is probable enough
    NOT_VALID = "not valid"  # the repetition does not count
    NOT_OBSERVABLE = "not observable"  # this source cannot tell whether it was compensated


@dataclass(frozen=True, slots=True)
class Compensation:
    """One rule of a protocol, held against one repetition.

    Attributes:
        rule: id of the rule in the protocol.
        coordinate: what was watched.
        excursion: largest deviation from the start in the rule's direction, rad; positive = towards cheating.
        limit: how much is allowed, rad.
        probability: that the true excursion exceeds the limit; NaN where not observable.
        onset_s: when it began, on the recording's clock; None: it did not.
        onset_share: share of the primary motion done by then, 0..1; None: it did not.
        exceeded_s: when it passed the limit; None: it did not.
        level: whether the source tells this coordinate.
        verdict: CLEAN, COMPENSATED, UNCERTAIN or NOT_OBSERVABLE.
        invalidates: whether exceeding the limit makes the repetition not valid.
    """

    rule: str
    coordinate: str
    excursion: Estimate
    limit: float
    probability: float
    onset_s: float | None
    onset_share: float | None
    exceeded_s: float | None
    level: Observability
    verdict: Verdict
    invalidates: bool = False


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Who did the moving: one part of the apparent motion of one repetition.

    Attributes:
        part: ``joint``, ``pelvis``, ``trunk``, ``spine``: parts add up to the motion.
        coordinate: what it was read from.
        motion: from the start to the end range, rad.
        share: of the apparent motion, none where that is too small to divide by.
        share_at_60: the same at 60 % of the apparent motion (Gombatto 2006).
        level: whether the source tells it.
        within: it is contained in other parts: not to be added to them.
    """

    part: str
    coordinate: str
    motion: Estimate
    share: Estimate = UNKNOWN
    share_at_60: Estimate = UNKNOWN
    level: Observability = Observability.OBSERVED
    within: bool = False


@dataclass(frozen=True, slots=True)
class Repetition:
    """One repetition of one side.

    Attributes:
        number: counted from 1 within its side.
        side: ``left``, ``right``, or empty where the motion has none.
        start_s: when it left the start.
        peak_s: when it reached the end range.
        end_s: when it was back.
        start: primary quantity at the start, rad.
        peak: primary quantity at the end range, rad.
        end: primary quantity at the return, rad.
        motion: peak against start, in the direction of the motion, rad; the errors both share drop out.
        peak_speed: rad/s.
        smoothness: spectral arc length (SPARC, Balasubramanian 2015), nearer 0 is smoother.
        hold_s: time within reach of the end range.
        ledger: who did the moving.
        compensations: one entry a rule.
        verdict: of the repetition.
        reasons: why it is not clean, in words.
        partial: it turned back before the range that counts.
        cut: the recording began or ended at its end range: counted, not measured.
    """

    number: int
    side: str
    start_s: float
    peak_s: float
    end_s: float
    start: Estimate
    peak: Estimate
    end: Estimate
    motion: Estimate
    peak_speed: float
    smoothness: float
    hold_s: float
    ledger: tuple[LedgerEntry, ...] = ()
    compensations: tuple[Compensation, ...] = ()
    verdict: Verdict = Verdict.CLEAN
    reasons: tuple[str, ...] = ()
    partial: bool = False
    cut: bool = False

    @property
    def counts(self) -> bool:
        """Whether it goes into the result."""
        return self.verdict is not Verdict.NOT_VALID and not self.partial and not self.cut

    @property
    def left_over(self) -> float:
        """The motion less the parts of its ledger, rad; NaN where there are none or one is unknown.

        Parts turn about other axes than the whole; and a whole that is read along the line from hips to
        shoulders misses what the chest turns against that line.
        """
        parts = [entry.motion.value for entry in self.ledger if not entry.within]
        return self.motion.value - sum(parts) if parts else float("nan")


@dataclass(frozen=True, slots=True)
class NormComparison:
    """One figure against one row of a norm table.

    Attributes:
        norm: id of the row.
        mean: of the reference people, rad.
        sd: of the reference people, rad.
        percentile: Estimate of the share of the reference people below, 0..100.
        band: ``low``, ``usual``, ``high`` or ``uncertain`` when the error spans a boundary.
        words: one plain sentence.
        source: where the norm is from.
        trust: its mark.
        verified: whether the figures were read at the source.
    """

    norm: str
    mean: float
    sd: float
    percentile: Estimate
    band: str
    words: str
    source: str
    trust: str
    verified: bool


@dataclass(frozen=True, slots=True)
class SideResult:
    """One primary quantity of one side, over its repetitions.

    Attributes:
        side: ``left``, ``right`` or empty.
        quantity: id of the quantity in the protocol.
        coordinate: what it is read from.
        repetitions: all found, valid or not.
        result: mean over the valid ones; sd from the repetitions and from the estimate, rad.
        mdc: minimal detectable change at 95 % of this method, rad.
        level: whether the source tells the quantity.
        norm: against the reference people; None: no norm applies.
        verdict: of the side.
    """

    side: str
    quantity: str
    coordinate: str
    repetitions: tuple[Repetition, ...]
    result: Estimate
    mdc: float
    level: Observability
    norm: NormComparison | None = None
    verdict: Verdict = Verdict.CLEAN


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two figures of the same quantity: both sides, two dates, or helped against unhelped.

    Attributes:
        quantity: id of the quantity.
        of: what is compared, ``left-right``, ``after-before``, ``helped-unhelped``.
        difference: first minus second, rad.
        mdc: what the method can detect, rad.
        probability: that the true difference is not nought and has this sign.
        real: whether it exceeds the minimal detectable change.
        words: one plain sentence.
    """

    quantity: str
    of: str
    difference: Estimate
    mdc: float
    probability: float
    real: bool
    words: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A quantity over a normalised movement or gait cycle.

    Attributes:
        quantity: id or coordinate.
        side: ``left``, ``right`` or empty.
        percent: (n,), 0..100.
        mean: (n,) over the cycles, rad.
        sd: (n,) of the mean: from the cycles and from the estimate, rad.
        n_cycles: how many.
        band: (n, 2) published lower and upper, rad; None: none applies.
        constant_sd: the part of ``sd`` that all of the curve shares, rad: it drops out of ranges.
    """

    quantity: str
    side: str
    percent: Floats
    mean: Floats
    sd: Floats
    n_cycles: int
    band: Floats | None = None
    constant_sd: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should know, in plain words, most important first.

    Attributes:
        code: for machines: ``compensated.pelvis_hike``, ``asymmetry.hip_internal_rotation``.
        words: one or two plain sentences.
        weight: larger goes first.
        side: ``left``, ``right`` or empty.
        evidence: id of a source in EVIDENCE terms, or empty.
        trust: mark of that source.
    """

    code: str
    words: str
    weight: float = 0.0
    side: str = ""
    evidence: str = ""
    trust: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """Something this recording cannot tell.

    Attributes:
        what: coordinate or rule.
        reason: why.
        remedy: what would tell it.
        coordinate: that it is read from.
    """

    what: str
    reason: str
    remedy: str = ""
    coordinate: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result of one protocol on one recording (or several: both sides, helped and unhelped).

    Attributes:
        protocol: its id.
        protocol_version: of the file.
        title: of the protocol, for people.
        source: of the recording.
        results: one entry a side and quantity.
        comparisons: sides, dates, helped and unhelped.
        curves: over the cycle, where the protocol asks for them.
        measures: further figures by id (dissociation, events, times), with their sd, in SI.
        findings: what to know, most important first.
        silences: what cannot be told, why, and what would.
        provenance: versions of engine and catalogue, content hash, options; plain JSON values.
    """

    protocol: str
    protocol_version: int
    title: str
    source: str
    results: tuple[SideResult, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    curves: tuple[Curve, ...] = ()
    measures: Mapping[str, Estimate] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    silences: tuple[Silence, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
