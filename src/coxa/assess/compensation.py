"""Whether another segment did the moving: rules of a protocol held against one repetition."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from coxa.assess.excursions import Excursion
from coxa.assess.onset import beginning
from coxa.assess.reading import Reading, resolved, sign_of
from coxa.model.assessment import UNKNOWN, Compensation, Estimate, Verdict
from coxa.model.motion import Motion, Observability
from coxa.specs.assess import AssessRules
from coxa.specs.protocol import CompensationRule

Floats = NDArray[np.float64]


def compensations(
    motion: Motion,
    primary: Reading,
    found: Excursion,
    side: str,
    wanted: Sequence[CompensationRule],
    rules: AssessRules,
) -> tuple[Compensation, ...]:
    """Every rule held against one repetition, in the rules' order."""
    return tuple(_compensation(motion, primary, found, side, rule, rules) for rule in wanted)


def _compensation(
    motion: Motion,
    primary: Reading,
    found: Excursion,
    side: str,
    rule: CompensationRule,
    rules: AssessRules,
) -> Compensation:
    watched = Reading.of(motion, resolved(rule.coordinate, side), sign_of(1, rule.mirrored, side))
    frames = window(primary.value, found, rule.window, rules)
    level = watched.worst_level(slice(found.start, frames.stop))
    limit = float(np.radians(rule.limit_deg))
    if level is not Observability.OBSERVED:
        return _not_told(rule, watched.coordinate, limit, level)
    if _set_out_unseen(primary.value, found.start):
        return _not_told(rule, watched.coordinate, limit, Observability.WEAK)
    deviation, since = _deviation(watched, found.start, frames, rule)
    worst = int(np.argmax(deviation))
    excursion = Estimate(float(deviation[worst]), watched.change(int(since[worst]), frames.start + worst).sd)
    if excursion.sd > coarsest_sd(limit, rules):
        return _not_told(rule, watched.coordinate, limit, Observability.WEAK)
    probability = exceeds(excursion, limit)
    worst += frames.start
    apart = _apart_from_rest(watched.value, motion.time_s, found.start, worst, rule, rules)
    began_s = beginning(apart, motion.time_s, found.start, worst, rules, excursion.sd)
    return Compensation(
        rule=rule.id,
        coordinate=watched.coordinate,
        excursion=excursion,
        limit=limit,
        probability=probability,
        onset_s=began_s,
        onset_share=None if began_s is None else _share_done(primary.value, motion.time_s, found, began_s),
        exceeded_s=_exceeded(deviation, motion.time_s[frames], limit),
        level=level,
        verdict=verdict_of(probability, rules),
        invalidates=rule.invalidates,
    )


def _set_out_unseen(primary: Floats, start: int) -> bool:
    """Whether the quantity was not known until it had set out.

    Somebody who has lifted the foot before the knee is seen to bend may have leaned before, too: counted from
    there, the whole lean would be lost, and who leaned called clean.
    """
    return start > 0 and not np.isfinite(primary[start - 1])


def coarsest_sd(limit: float, rules: AssessRules) -> float:
    """The largest standard deviation of a change at which a limit can be told, rad.

    With more, not even who stays quite still would be called clean: the source, not the person, is what makes
    it too close to call.
    """
    return limit / float(norm.ppf(rules.sure))


def _not_told(rule: CompensationRule, coordinate: str, limit: float, level: Observability) -> Compensation:
    return Compensation(
        rule=rule.id,
        coordinate=coordinate,
        excursion=UNKNOWN,
        limit=limit,
        probability=float("nan"),
        onset_s=None,
        onset_share=None,
        exceeded_s=None,
        level=level,
        verdict=Verdict.NOT_OBSERVABLE,
        invalidates=rule.invalidates,
    )


def window(primary: Floats, found: Excursion, name: str, rules: AssessRules) -> slice:
    """The frames of a repetition that a rule looks at."""
    if name == "whole":
        return slice(found.start, found.end + 1)
    if name == "first_half":
        half = 0.5 * (primary[found.start] + primary[found.peak])
        with np.errstate(invalid="ignore"):
            beyond = np.flatnonzero(primary[found.start : found.peak + 1] >= half)
        return slice(found.start, found.start + (int(beyond[0]) if len(beyond) else 0) + 1)
    if name == "end_range":
        return slice(*end_range(primary, found, rules))
    return slice(found.start, end_range(primary, found, rules)[1])


def end_range(primary: Floats, found: Excursion, rules: AssessRules) -> tuple[int, int]:
    """First and past-the-last frame around the peak that are as good as there."""
    low = primary[found.start] + rules.hold_share * (primary[found.peak] - primary[found.start])
    with np.errstate(invalid="ignore"):
        there = primary >= low
    first = stop = found.peak
    while first > found.start and there[first - 1]:
        first -= 1
    while stop <= found.end and there[stop]:
        stop += 1
    return first, max(stop, first + 1)


def _deviation(
    watched: Reading, start: int, frames: slice, rule: CompensationRule
) -> tuple[Floats, NDArray[np.int64]]:
    """In the direction of cheating, of every frame; and the frame that each is counted from."""
    value = -watched.value if rule.direction == "decrease" else watched.value
    within = value[frames]
    if rule.since == "furthest":
        base = np.minimum.accumulate(within)
        since = frames.start + np.maximum.accumulate(np.where(within == base, np.arange(len(within)), 0))
    else:
        base, since = np.full(len(within), value[start]), np.full(len(within), start)
    return np.abs(within - base) if rule.direction == "either" else within - base, since


def _apart_from_rest(
    value: Floats, time_s: Floats, start: int, worst: int, rule: CompensationRule, rules: AssessRules
) -> Floats:
    """(n,) rad: how far it went from its rest (or from where it was furthest the other way) to its worst.

    The rest is what it did shortly before the start, not one frame of it.
    """
    rest = value[int(np.searchsorted(time_s, time_s[start] - rules.still_s)) : start + 1]
    apart = value - np.nanmedian(rest)
    if rule.direction == "decrease" or (rule.direction == "either" and apart[worst] < 0):
        apart = -apart
    if rule.since == "furthest":
        within = apart[start : worst + 1]
        apart[start : worst + 1] = within - np.minimum.accumulate(within)
    return np.asarray(apart)


def _exceeded(deviation: Floats, time_s: Floats, limit: float) -> float | None:
    """When a deviation first passed the limit [s], between the frames; None: it did not."""
    beyond = np.flatnonzero(deviation > limit)
    if not len(beyond):
        return None
    first = int(beyond[0])
    if first == 0:
        return float(time_s[0])
    share = (limit - deviation[first - 1]) / (deviation[first] - deviation[first - 1])
    return float(time_s[first - 1] + share * (time_s[first] - time_s[first - 1]))


def exceeds(excursion: Estimate, limit: float) -> float:
    """Probability that the true excursion is beyond the limit, its error normal."""
    if excursion.sd == 0.0:
        return float(excursion.value > limit)
    return float(norm.sf(limit, loc=excursion.value, scale=excursion.sd))


def verdict_of(probability: float, rules: AssessRules) -> Verdict:
    """Clean, compensated, or too close to call."""
    if probability >= rules.sure:
        return Verdict.COMPENSATED
    return Verdict.CLEAN if probability <= 1.0 - rules.sure else Verdict.UNCERTAIN


def _share_done(primary: Floats, time_s: Floats, found: Excursion, when_s: float) -> float | None:
    """How much of the primary motion was done by then, 0..1; beyond the peak all of it."""
    size = primary[found.peak] - primary[found.start]
    if when_s >= time_s[found.peak]:
        return 1.0
    then = float(
        np.interp(when_s, time_s[found.start : found.peak + 1], primary[found.start : found.peak + 1])
    )
    return float(np.clip((then - primary[found.start]) / size, 0.0, 1.0)) if size > 0 else None
