"""Assessments to deficits: what a programme answers, on which side, and how probable it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import degrees, inf, isfinite

from scipy.stats import norm

from coxa.model.assessment import Assessment, Comparison, Estimate, SideResult
from coxa.model.motion import Observability
from coxa.model.plan import Deficit
from coxa.specs.programme import ControlAnswer, Planning, ProgrammeSpec, RangeAnswer

_LEAST_SD = 1e-9
_SIDES = ("left", "right")


def deficits(assessments: Sequence[Assessment], planning: Planning) -> tuple[Deficit, ...]:
    """What the programmes answer, most probable first. A later assessment of a protocol replaces an earlier.

    A range must have been observed; how probable it is that it is short follows from its error. What is less
    probable than the rules ask for is left out: it wants a better measurement, not a programme.
    """
    newest = {one.protocol: one for one in assessments}
    found = [one for assessment in newest.values() for one in candidates(assessment, planning)]
    probable = [one for one in found if one.probability >= planning.rules.findings.possible]
    return tuple(sorted(probable, key=lambda one: (-one.probability, one.track, one.side, one.code)))


def candidates(assessment: Assessment, planning: Planning) -> tuple[Deficit, ...]:
    """What one assessment speaks of, however probable."""
    return tuple(
        one for programme in planning.programmes.values() for one in _of(assessment, programme, planning)
    )


def bony(assessments: Sequence[Assessment], programme: ProgrammeSpec, planning: Planning) -> bool:
    """Whether the opposite rotation is far beyond this one on both sides (Uding 2019): perhaps bone."""
    differences: dict[str, float] = {}
    for one in assessments:
        for answer in programme.ranges:
            for side in _SIDES if one.protocol in answer.protocols else ():
                short = observed(one, answer.quantity, side)
                far = observed(one, programme.bony_opposite, side)
                if short is not None and far is not None:
                    differences[side] = degrees(far.result.value - short.result.value)
    return len(differences) == len(_SIDES) and all(
        one >= planning.rules.findings.bony_deg for one in differences.values()
    )


def _of(one: Assessment, programme: ProgrammeSpec, planning: Planning) -> Iterator[Deficit]:
    for answer in programme.ranges:
        if one.protocol in answer.protocols:
            yield from _ranges(one, programme, answer, planning)
    yield from _compensations(one, programme)
    for control in programme.control:
        if one.protocol in control.protocols:
            yield from _controls(one, programme, control)


def observed(one: Assessment, quantity: str, side: str) -> SideResult | None:
    """The result of a side that the source could tell; None: there is none."""
    for result in one.results:
        if (result.quantity, result.side) == (quantity, side) and _tells(result):
            return result
    return None


def _tells(result: SideResult) -> bool:
    return result.level is Observability.OBSERVED and result.result.known and isfinite(result.result.sd)


def _below(figure: Estimate, limit: float) -> float:
    """Probability that the true figure is less."""
    return float(norm.cdf(limit, figure.value, max(figure.sd, _LEAST_SD)))


def _ranges(
    one: Assessment, programme: ProgrammeSpec, answer: RangeAnswer, planning: Planning
) -> Iterator[Deficit]:
    rules = planning.rules.findings
    for result in one.results:
        if result.quantity != answer.quantity or not _tells(result):
            continue
        figure = result.result
        if result.norm is not None:
            low = result.norm.mean + result.norm.sd * float(norm.ppf(rules.usual_low / 100.0))
            yield Deficit(
                code=f"norm.{result.quantity}.low",
                track=programme.id,
                side=result.side,
                words=f"{result.side} side: {result.norm.words}".strip(": "),
                probability=_below(figure, low),
                protocol=one.protocol,
                quantity=result.quantity,
                value_deg=degrees(figure.value),
                sd_deg=degrees(figure.sd),
                target_deg=degrees(low),
                source=result.norm.source,
                trust=result.norm.trust,
            )
        if f"target.{result.quantity}.missed" in {f.code for f in one.findings if f.side == result.side}:
            yield _missed(one, programme, result, planning)
    for compared in one.comparisons:
        if compared.quantity == answer.quantity and compared.of == "left-right" and compared.real:
            yield from _asymmetry(one, programme, compared, planning)


def _missed(one: Assessment, programme: ProgrammeSpec, result: SideResult, planning: Planning) -> Deficit:
    code = f"target.{result.quantity}.missed"
    words = next(f.words for f in one.findings if f.code == code and f.side == result.side)
    return Deficit(
        code=code,
        track=programme.id,
        side=result.side,
        words=words,
        probability=planning.rules.findings.missed_target,
        protocol=one.protocol,
        quantity=result.quantity,
        value_deg=degrees(result.result.value),
        sd_deg=degrees(result.result.sd),
        source=one.title,
        trust="DESIGN",
    )


def _asymmetry(
    one: Assessment, programme: ProgrammeSpec, compared: Comparison, planning: Planning
) -> Iterator[Deficit]:
    """Of the side that goes less far; it should come as near to the other as counts as equal."""
    short, far = ("right", "left") if compared.difference.value > 0 else ("left", "right")
    mine, other = observed(one, compared.quantity, short), observed(one, compared.quantity, far)
    if mine is None or other is None:
        return
    rules = planning.rules.findings
    yield Deficit(
        code=f"left-right.{compared.quantity}",
        track=programme.id,
        side=short,
        words=compared.words,
        probability=compared.probability,
        protocol=one.protocol,
        quantity=compared.quantity,
        value_deg=degrees(mine.result.value),
        sd_deg=degrees(mine.result.sd),
        target_deg=degrees(other.result.value) - rules.asymmetry_deg,
        source=rules.source,
        trust=rules.trust,
    )


def _compensations(one: Assessment, programme: ProgrammeSpec) -> Iterator[Deficit]:
    """Rules that were broken; how probable it is, over the repetitions that tell."""
    for finding in one.findings:
        rule = finding.code.removeprefix("compensated.")
        if rule == finding.code or rule not in programme.compensations:
            continue
        told = [
            held.probability
            for result in one.results
            if result.side == finding.side
            for repetition in result.repetitions
            for held in repetition.compensations
            if held.rule == rule and isfinite(held.probability)
        ]
        if told:
            yield Deficit(
                code=finding.code,
                track=programme.id,
                side=finding.side if programme.sided else "",
                words=finding.words,
                probability=sorted(told)[len(told) // 2],
                protocol=one.protocol,
                source=finding.evidence,
                trust=finding.trust,
            )


def _controls(one: Assessment, programme: ProgrammeSpec, control: ControlAnswer) -> Iterator[Deficit]:
    """The worst of the scores."""
    scores = {
        name: score
        for name, score in one.measures.items()
        if name.rpartition(".")[2] == control.measure and score.known and isfinite(score.sd)
    }
    name = min(scores, key=lambda key: (scores[key].value, key), default=None)
    if name is None:
        return
    score = scores[name]
    side = next((f", {part} side" for part in name.split(".") if part in _SIDES), "")
    yield Deficit(
        code=f"dissociation.{control.measure}",
        track=programme.id,
        side="",
        words=f"{one.title}{side}: {score.value:.0f} of 100 for moving one part and not the other.",
        probability=_below(score, control.below),
        protocol=one.protocol,
        source=programme.source,
        trust="DESIGN",
    )


def shortfall_deg(deficit: Deficit) -> float:
    """How far it is to the target, 0 where there is none."""
    if deficit.value_deg is None or deficit.target_deg is None:
        return 0.0
    return min(max(deficit.target_deg - deficit.value_deg, 0.0), inf)
