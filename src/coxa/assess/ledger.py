"""Who did the moving: an apparent motion as the sum of its joint, pelvis, trunk and spine parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coxa.assess.excursions import Excursion
from coxa.assess.reading import Reading, resolved, sign_of
from coxa.model.assessment import EARLY, UNKNOWN, Estimate, LedgerEntry
from coxa.model.motion import Motion, Observability
from coxa.specs.assess import AssessRules
from coxa.specs.protocol import LedgerPart


def ledger(
    motion: Motion,
    primary: Reading,
    found: Excursion,
    side: str,
    parts: Sequence[LedgerPart],
    rules: AssessRules,
) -> tuple[LedgerEntry, ...]:
    """One entry a part, from the start of a repetition to its end range."""
    early = _frame_at(primary, found, EARLY)
    whole, then = primary.change(found.start, found.peak), primary.change(found.start, early)
    entries = []
    for part in parts:
        reading = Reading.of(motion, resolved(part.coordinate, side), sign_of(part.sign, part.mirrored, side))
        level = reading.worst_level(slice(found.start, found.peak + 1))
        if level is Observability.NOT_OBSERVABLE:
            entries.append(
                LedgerEntry(part.part, reading.coordinate, UNKNOWN, level=level, within=part.within)
            )
            continue
        moved = reading.change(found.start, found.peak)
        level = min(level, told_by(moved, rules))
        entries.append(
            LedgerEntry(
                part=part.part,
                coordinate=reading.coordinate,
                motion=moved,
                share=share(moved, whole, rules),
                share_at_60=share(reading.change(found.start, early), then, rules),
                level=level,
                within=part.within,
            )
        )
    return tuple(entries)


def told_by(figure: Estimate, rules: AssessRules) -> Observability:
    """What a figure's own error allows to be said of it."""
    fine = figure.sd <= np.radians(rules.observed_max_sd_deg)
    return Observability.OBSERVED if fine else Observability.WEAK


def share(part: Estimate, whole: Estimate, rules: AssessRules) -> Estimate:
    """Part over whole, the errors of both carried through; unknown where the whole is too small."""
    if not (part.known and whole.known) or abs(whole.value) < np.radians(rules.share_min_deg):
        return UNKNOWN
    ratio = part.value / whole.value
    return Estimate(ratio, float(np.hypot(part.sd, ratio * whole.sd) / abs(whole.value)), "1")


def _frame_at(primary: Reading, found: Excursion, share_of_motion: float) -> int:
    """The first frame at which this share of the motion is done."""
    value = primary.value[found.start : found.peak + 1]
    level = value[0] + share_of_motion * (value[-1] - value[0])
    with np.errstate(invalid="ignore"):
        return found.start + int(np.flatnonzero(value >= level)[0])
