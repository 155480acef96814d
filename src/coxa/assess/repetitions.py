"""Repetitions of one quantity on one side: found, measured, and held against the protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from coxa.assess.compensation import compensations, end_range
from coxa.assess.excursions import Excursion, excursions
from coxa.assess.ledger import ledger
from coxa.assess.reading import Reading, resolved, sign_of
from coxa.assess.settled import settled
from coxa.kinematics.smoothness import spectral_arc_length
from coxa.model.assessment import UNKNOWN, Compensation, Repetition, Verdict
from coxa.model.motion import Motion
from coxa.specs.assess import AssessRules
from coxa.specs.protocol import CompensationRule, ProtocolSpec, Quantity

Floats = NDArray[np.float64]


def primary_of(motion: Motion, quantity: Quantity, side: str, rules: AssessRules) -> Reading:
    """The quantity over time, growing in the direction that is tested."""
    sign = sign_of(quantity.sign, quantity.mirrored, side)
    primary = Reading.of(motion, resolved(quantity.coordinate, side), sign)
    if quantity.begins == "either" and _begins_high(primary.value, motion.time_s, rules):
        return primary.turned()
    return primary


def _at_first(value: Floats, time_s: Floats, rules: AssessRules) -> float:
    """Where the signal is when the recording begins; NaN where it is never known.

    Only for a moment: people may set out at once.
    """
    known = np.flatnonzero(np.isfinite(value))
    if not len(known):
        return float("nan")
    return float(np.median(value[known[time_s[known] <= time_s[known[0]] + rules.onset_hold_s]]))


def _begins_high(value: Floats, time_s: Floats, rules: AssessRules) -> bool:
    if not np.isfinite(value).any():
        return False
    return bool(_at_first(value, time_s, rules) > 0.5 * (np.nanmin(value) + np.nanmax(value)))


def searched_of(primary: Reading, quantity: Quantity, time_s: Floats, rules: AssessRules) -> Floats:
    """The signal that repetitions are found in: without what lies on the other side of the middle."""
    if quantity.begins != "middle":
        return primary.value
    return np.maximum(primary.value, _at_first(primary.value, time_s, rules))


def repetitions(
    motion: Motion, protocol: ProtocolSpec, quantity: Quantity, side: str, rules: AssessRules
) -> tuple[Repetition, ...]:
    """All repetitions of a quantity on one side, counted from 1.

    Args:
        motion: of one person.
        protocol: whose rules they are held against.
        quantity: one of the protocol's.
        side: ``left``, ``right`` or empty.
        rules: habits of the engine.
    """
    primary = primary_of(motion, quantity, side, rules)
    searched = searched_of(primary, quantity, motion.time_s, rules)
    unsure = rules.settled_sds * primary.change_sd
    found = excursions(searched, np.radians(quantity.min_motion_deg), rules, unsure)
    return tuple(
        _cut(motion, primary, one, side, number)
        if one.cut
        else _repetition(motion, protocol, quantity, side, primary, one, number, rules)
        for number, one in enumerate(found, start=1)
    )


def _cut(motion: Motion, primary: Reading, found: Excursion, side: str, number: int) -> Repetition:
    """Half of it was recorded: it is counted, and nothing is said of it."""
    nan = float("nan")
    start_s, peak_s, end_s = (float(motion.time_s[k]) for k in (found.start, found.peak, found.end))
    return Repetition(
        number=number,
        side=side,
        start_s=start_s,
        peak_s=peak_s,
        end_s=end_s,
        start=UNKNOWN,
        peak=primary.at(found.peak),
        end=UNKNOWN,
        motion=UNKNOWN,
        peak_speed=nan,
        smoothness=nan,
        hold_s=nan,
        verdict=Verdict.NOT_VALID,
        reasons=("the recording began or ended in the middle of it",),
        cut=True,
    )


def _repetition(
    motion: Motion,
    protocol: ProtocolSpec,
    quantity: Quantity,
    side: str,
    primary: Reading,
    found: Excursion,
    number: int,
    rules: AssessRules,
) -> Repetition:
    time_s = motion.time_s
    found = settled(primary, found, time_s, rules)
    held = compensations(motion, primary, found, side, protocol.compensations, rules)
    found = _until(found, held, quantity.ends_at, time_s)
    moved = primary.change(found.start, found.peak)
    first, stop = end_range(primary.value, found, rules)
    partial = moved.value < np.radians(quantity.full_motion_deg)
    verdict, reasons = _verdict(held, protocol.compensations)
    span = slice(found.start, found.end + 1)
    speed = np.abs(np.gradient(primary.value[span], time_s[span]))
    return Repetition(
        number=number,
        side=side,
        start_s=float(time_s[found.start]),
        peak_s=float(time_s[found.peak]),
        end_s=float(time_s[found.end]),
        start=primary.at(found.start),
        peak=primary.at(found.peak),
        end=primary.at(found.end),
        motion=moved,
        peak_speed=float(np.nanmax(speed)),
        smoothness=_smoothness(speed, time_s[span]),
        hold_s=float(time_s[stop - 1] - time_s[first]),
        ledger=ledger(motion, primary, found, side, quantity.ledger, rules),
        compensations=held,
        verdict=verdict,
        reasons=reasons,
        partial=partial,
    )


def _until(found: Excursion, held: Sequence[Compensation], rule: str, time_s: Floats) -> Excursion:
    """The reading ends where this rule's limit is passed, if that is before the end range."""
    passed = [one.exceeded_s for one in held if one.rule == rule and one.exceeded_s is not None]
    if not passed:
        return found
    return replace(found, peak=min(found.peak, max(int(np.searchsorted(time_s, passed[0])), found.start + 1)))


def _smoothness(speed: Floats, time_s: Floats) -> float:
    known = np.isfinite(speed)
    if known.sum() < 2:
        return float("nan")
    even_s = np.arange(time_s[0], time_s[-1], np.median(np.diff(time_s)))
    return spectral_arc_length(np.interp(even_s, time_s[known], speed[known]), 1.0 / (even_s[1] - even_s[0]))


def _verdict(
    held: Sequence[Compensation], wanted: Sequence[CompensationRule]
) -> tuple[Verdict, tuple[str, ...]]:
    """The worst that any rule says, and in words why it is not clean."""
    words = {rule.id: rule.words for rule in wanted}
    beyond = [one for one in held if one.verdict is Verdict.COMPENSATED]
    if beyond:
        spoilt = any(one.invalidates for one in beyond)
        verdict = Verdict.NOT_VALID if spoilt else Verdict.COMPENSATED
        return verdict, tuple(words[one.rule] for one in beyond)
    close = [one for one in held if one.verdict is Verdict.UNCERTAIN]
    if close:
        return Verdict.UNCERTAIN, tuple(f"too close to call: {words[one.rule]}" for one in close)
    if held and all(one.verdict is Verdict.NOT_OBSERVABLE for one in held):
        return Verdict.NOT_OBSERVABLE, ("this source does not show whether anything else moved",)
    return Verdict.CLEAN, ()
