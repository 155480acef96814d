"""One assessment against what was really done: figures, and what they must hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coxa.assess.compensation import compensations
from coxa.assess.excursions import Excursion
from coxa.assess.reading import Reading, resolved, sign_of
from coxa.assess.repetitions import primary_of
from coxa.model.assessment import Assessment, Compensation, Repetition, SideResult, Verdict
from coxa.model.motion import Motion, Observability
from coxa.model.normal import Z95
from coxa.simulate.cheating import Done
from coxa.specs.assess import AssessRules
from coxa.specs.protocol import ProtocolSpec, Quantity

Floats = NDArray[np.float64]

#: What must hold.
JOINT_ERROR_DEG = 3.0
TOLD_APART = 0.9
ONSET_S = 0.1
#: A rule is plainly broken from here on, and beyond its limit by so much;
#: it is plainly kept so far below its limit. What lies between is near the limit.
PLAIN_DEG = 10.0
MARGIN_DEG = 4.0

_SAID = (Verdict.CLEAN, Verdict.COMPENSATED, Verdict.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Judged:
    """Figures of one or more assessments; several add up.

    Attributes:
        planned: repetitions that were done, of all quantities and sides.
        counted: quantities and sides whose repetitions were counted exactly.
        of: quantities and sides.
        joint_deg: errors of the joint's part where observed.
        left_over_deg: apparent motion less its parts, where all are observed.
        broken: verdicts on rules that were plainly broken, by verdict.
        kept: verdicts on rules that were plainly kept.
        near: verdicts on rules near their limits.
        silent: rules held against repetitions that the source does not tell.
        asked: all rules held against repetitions.
        onset_s: when it was said to begin less when it did, where told.
        missed_onsets: plainly broken, said to be, and no beginning told.
        claims: verdicts and joint parts where the source cannot tell.
        wrong: (side, rule, truth deg, said deg) of plain mistakes.
        in_95: whether the interval of each change that was said to be observed held what was done.
    """

    planned: int = 0
    counted: int = 0
    of: int = 0
    joint_deg: tuple[float, ...] = ()
    left_over_deg: tuple[float, ...] = ()
    broken: tuple[Verdict, ...] = ()
    kept: tuple[Verdict, ...] = ()
    near: tuple[Verdict, ...] = ()
    silent: int = 0
    asked: int = 0
    onset_s: tuple[float, ...] = ()
    missed_onsets: int = 0
    claims: int = 0
    wrong: tuple[tuple[str, str, float, float], ...] = ()
    in_95: tuple[bool, ...] = ()

    @classmethod
    def sum(cls, found: Sequence[Judged]) -> Judged:
        """All together."""
        added: dict[str, Any] = {}
        for field in fields(cls):
            nothing: Any = () if isinstance(field.default, tuple) else 0
            added[field.name] = sum((getattr(one, field.name) for one in found), nothing)
        return cls(**added)

    @property
    def sensitivity(self) -> float:
        """Share of the plainly broken rules that were said to be; uncertain is not said."""
        return _share(self.broken, Verdict.COMPENSATED)

    @property
    def specificity(self) -> float:
        """Share of the plainly kept rules that were not said to be broken."""
        return 1.0 - _share(self.kept, Verdict.COMPENSATED)

    @property
    def uncertain_near(self) -> float:
        """Share of the rules near their limit that were called too close to call."""
        return _share(self.near, Verdict.UNCERTAIN)

    @property
    def uncertain_far(self) -> float:
        """The same of those that were plainly kept or broken."""
        return _share((*self.broken, *self.kept), Verdict.UNCERTAIN)

    @property
    def held_95(self) -> float:
        """Share of the changes whose 95 % interval held what was done."""
        return sum(self.in_95) / len(self.in_95) if self.in_95 else float("nan")

    @property
    def joint_median_deg(self) -> float:
        """Of the absolute errors of the joint's part."""
        return _quantile(self.joint_deg, 0.5)

    @property
    def joint_p95_deg(self) -> float:
        """Of the absolute errors of the joint's part."""
        return _quantile(self.joint_deg, 0.95)

    @property
    def left_over_median_deg(self) -> float:
        """Of the sizes of what the parts leave over."""
        return _quantile(self.left_over_deg, 0.5)

    @property
    def onset_median_s(self) -> float:
        """Of the absolute errors of onsets."""
        return _quantile(self.onset_s, 0.5)

    def shortcomings(self) -> list[str]:
        """What does not hold; what was never asked holds."""
        checks = {
            "joint part": not self.joint_deg or self.joint_median_deg <= JOINT_ERROR_DEG,
            "sensitivity": not self.broken or self.sensitivity >= TOLD_APART,
            "specificity": not self.kept or self.specificity >= TOLD_APART,
            "onset": not self.onset_s or self.onset_median_s <= ONSET_S,
            "count": self.counted == self.of,
            "silence": self.claims == 0,
        }
        return [name for name, holds in checks.items() if not holds]


def _share(verdicts: Sequence[Verdict], wanted: Verdict) -> float:
    return sum(one is wanted for one in verdicts) / len(verdicts) if verdicts else float("nan")


def _quantile(figures: Iterable[float], share: float) -> float:
    sizes = np.abs(np.array(list(figures)))
    return float(np.quantile(sizes, share)) if len(sizes) else float("nan")


def judged(
    found: Assessment,
    protocol: ProtocolSpec,
    done: Sequence[Done],
    truth: Motion,
    motion: Motion,
    rules: AssessRules,
    cannot_tell: frozenset[str],
) -> Judged:
    """What an assessment says, against what was done.

    Args:
        found: what it says.
        protocol: that was performed.
        done: the repetitions.
        truth: without noise or tremor, on the frames of ``motion``.
        motion: that was assessed.
        rules: habits of the engine.
        cannot_tell: coordinates that the source has not been shown to measure.
    """
    parts: list[Judged] = []
    quantities = {one.id: one for one in protocol.quantities}
    for result in found.results:
        quantity = quantities[result.quantity]
        mine = [one for one in done if (one.trial.side, one.trial.quantity) == (result.side, quantity.id)]
        whole = [one for one in result.repetitions if not one.cut]
        told = primary_of(motion, quantity, result.side, rules).level.max() > Observability.NOT_OBSERVABLE
        if told:
            parts.append(Judged(planned=len(mine), counted=int(len(whole) == len(mine)), of=1))
        for one in mine:
            match = next((r for r in whole if one.start_s <= r.peak_s <= one.back_s), None)
            if match is not None:
                parts.append(_repetition(match, one, protocol, quantity, truth, rules, result.level))
        parts.append(Judged(claims=sum(_claims(result, cannot_tell))))
    return Judged.sum(parts)


def _claims(result: SideResult, cannot_tell: frozenset[str]) -> Iterator[int]:
    for one in result.repetitions:
        for rule in one.compensations:
            yield rule.coordinate in cannot_tell and rule.verdict in _SAID
        for entry in one.ledger:
            yield entry.coordinate in cannot_tell and entry.level is Observability.OBSERVED
    yield result.norm is not None and result.coordinate in cannot_tell


def _repetition(
    said: Repetition,
    one: Done,
    protocol: ProtocolSpec,
    quantity: Quantity,
    truth: Motion,
    rules: AssessRules,
    level: Observability,
) -> Judged:
    side = one.trial.side
    start, peak, end = (int(np.searchsorted(truth.time_s, t)) for t in (one.start_s, one.there_s, one.back_s))
    true = Excursion(start, start, peak, min(end, len(truth.time_s) - 1))
    primary = primary_of(truth, quantity, side, rules)
    really = compensations(truth, primary, true, side, protocol.compensations, rules)
    parts = [_rule(told, was, side) for told, was in zip(said.compensations, really, strict=True)]
    shortened = any(
        c.rule == quantity.ends_at and c.exceeded_s is not None for c in (*really, *said.compensations)
    )
    if not shortened:
        parts.append(_joint(said, quantity, side, truth, true, level))
    return Judged.sum(parts)


def _rule(said: Compensation, was: Compensation, side: str) -> Judged:
    if said.verdict is Verdict.NOT_OBSERVABLE:
        return Judged(silent=1, asked=1)
    error = said.excursion.value - was.excursion.value
    return replace(_verdict(said, was, side), in_95=(_in_95(error, said.excursion.sd),))


def _in_95(error: float, sd: float) -> bool:
    return abs(error) <= Z95 * sd


def _verdict(said: Compensation, was: Compensation, side: str) -> Judged:
    size, limit = np.degrees(was.excursion.value), np.degrees(was.limit)
    verdict = (said.verdict,)
    mistake = ((side, said.rule, float(size), float(np.degrees(said.excursion.value))),)
    if size >= max(PLAIN_DEG, limit + MARGIN_DEG):
        if said.verdict is not Verdict.COMPENSATED:
            return Judged(asked=1, broken=verdict, wrong=mistake)
        if was.onset_s is None or said.onset_s is None:
            return Judged(asked=1, broken=verdict, missed_onsets=1)
        return Judged(asked=1, broken=verdict, onset_s=(said.onset_s - was.onset_s,))
    if size <= limit - MARGIN_DEG:
        wrong = mistake if said.verdict is Verdict.COMPENSATED else ()
        return Judged(asked=1, kept=verdict, wrong=wrong)
    return Judged(asked=1, near=verdict)


def _joint(
    said: Repetition, quantity: Quantity, side: str, truth: Motion, true: Excursion, level: Observability
) -> Judged:
    """The joint's part, or what is read where the joint itself is; and what the parts leave over.

    ``level``: of what is read; where it is not said to be observed, no figure is held against the truth.
    """
    errors: list[float] = []
    sds: list[float] = []
    for entry, part in zip(said.ledger, quantity.ledger, strict=True):
        if part.part == "joint" and entry.level is Observability.OBSERVED:
            sign = sign_of(part.sign, part.mirrored, side)
            reading = Reading.of(truth, resolved(part.coordinate, side), sign)
            errors.append(entry.motion.value - reading.change(true.start, true.peak).value)
            sds.append(entry.motion.sd)
    observed = level is Observability.OBSERVED and said.motion.known
    if quantity.reading == "joint" and not quantity.ledger and observed:
        own = _primary_change(quantity, side, truth, true)
        errors.append(said.motion.value - own)
        sds.append(said.motion.sd)
    left: tuple[float, ...] = ()
    if said.ledger and all(entry.level is Observability.OBSERVED for entry in said.ledger):
        left = (float(np.degrees(said.left_over)),)
    held = tuple(_in_95(error, sd) for error, sd in zip(errors, sds, strict=True))
    return Judged(joint_deg=tuple(np.degrees(errors).tolist()), left_over_deg=left, in_95=held)


def _primary_change(quantity: Quantity, side: str, truth: Motion, true: Excursion) -> float:
    change = Reading.of(truth, resolved(quantity.coordinate, side)).change(true.start, true.peak).value
    if quantity.begins == "either":
        return abs(change)
    return sign_of(quantity.sign, quantity.mirrored, side) * change
