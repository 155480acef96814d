"""Everything a report of assessments says, in its order: what a page and a print share."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coxa.catalog.loader import assess_rules
from coxa.model.assessment import Comparison, Finding, Silence, Verdict
from coxa.model.coordinates import SIDES
from coxa.report.assessment import tables
from coxa.report.assessment.canvas import Figure, Table
from coxa.report.assessment.case import Case
from coxa.report.assessment.figures.body import body, callouts
from coxa.report.assessment.figures.gait import gait
from coxa.report.assessment.figures.ledger import ledgers
from coxa.report.assessment.figures.norms import norms
from coxa.report.assessment.figures.rhythm import rhythms
from coxa.report.assessment.figures.timeline import timelines
from coxa.report.assessment.untold import names, silences, untold
from coxa.report.assessment.words import MDC, angle, source_of

_KEY_POINTS, _STEPS, _ROWS_BESIDE_PICTURES = 3, 4, 3
_BESIDE = ("unnormed", "gait.cycles")  # said with the test, not among the most important
_TOLD = 45.0  # among the engine's findings: before repetitions that were not found
_EVEN = 42.0
_HELPED = {
    Verdict.UNCERTAIN: "; whether something else helped is too close to call",
    Verdict.NOT_OBSERVABLE: "; whether anything else helped cannot be told from this recording",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding for people.

    Attributes:
        words: plain sentences.
        side: ``left``, ``right`` or empty.
        small: where it stands on.
    """

    words: str
    side: str = ""
    small: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One test.

    Attributes:
        key: for links.
        title: of the test.
        purpose: what it is for.
        source: of the recording.
        stands_on: where the test is from.
        said: every finding, most important first.
        figures: in the order they are read.
        tables: results, comparisons, further figures.
        details: repetitions one by one.
        silences: what the recording cannot tell.
        cautions: of the protocol.
        case: for the pictures.
    """

    key: str
    title: str
    purpose: str
    source: str
    stands_on: str
    said: tuple[Said, ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    details: tuple[Table, ...]
    silences: tuple[Silence, ...]
    cautions: tuple[str, ...]
    case: Case


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole report.

    Attributes:
        title: of the test, or of the battery.
        sources: of the recordings.
        key_points: the two or three most important things.
        more: how many findings stand further down.
        steps: what to do next.
        body: both sides at a glance; None: nothing was observed.
        summary: of a battery, every result in one table; None: one test.
        chapters: the tests.
        mdc: what the smallest real change is.
        method: how it was measured.
        provenance: versions and the like, as rows of name and value.
        pictures_first: whether the person's page has room for the pictures.
    """

    title: str
    sources: tuple[str, ...]
    key_points: tuple[Said, ...]
    more: int
    steps: tuple[str, ...]
    body: Figure | None
    summary: Table | None
    chapters: tuple[Chapter, ...]
    mdc: str
    method: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...] = ()
    pictures_first: bool = False


METHOD = (
    "Joint angles follow the conventions of the International Society of Biomechanics (Wu 2002; Grood and "
    "Suntay 1983), the pelvis in the room Baker (2001). Every angle carries the standard deviation of its "
    "estimate; a result carries the spread of the repetitions too, and what stays wrong in the same way is "
    "not averaged away.",
    "A repetition is called compensated only where the probability that the limit was truly exceeded is "
    "high, clean only where it is low, and otherwise too close to call. Only what was observed carries "
    "a verdict.",
)

NO_DIAGNOSIS = (
    "This is a measurement, not a diagnosis. Pain, numbness, weakness or a recent injury belong before a "
    "physician or physiotherapist, whatever the figures say."
)


def sheet(cases: Sequence[Case], title: str = "") -> Sheet:
    """Put a report together.

    Args:
        cases: one a test, in order.
        title: of the battery they belong to; empty: the first test's.
    """
    alone = [case for case in cases if not case.helped]
    several = len(alone) > 1
    points = list(_points(alone))
    called = callouts(alone)
    named = title or (cases[0].assessment.title if cases else "Assessment")
    return Sheet(
        title=named,
        sources=tuple(dict.fromkeys(one.assessment.source for one in cases if one.assessment.source)),
        key_points=tuple(points[:_KEY_POINTS]),
        more=max(0, len(points) - _KEY_POINTS),
        steps=tuple(_steps(alone)),
        body=body(called),
        summary=tables.summary(alone) if several else None,
        chapters=tuple(_chapter(case, index) for index, case in enumerate(cases)),
        mdc=MDC,
        method=METHOD,
        provenance=tuple(tables.provenance(cases)),
        pictures_first=not several and len({one.title for one in called}) <= _ROWS_BESIDE_PICTURES,
    )


def _points(cases: Sequence[Case]) -> Iterator[Said]:
    """Findings of all tests, most important first; of several tests, each with its name."""
    several = len({case.protocol.id for case in cases}) > 1
    ranked = [
        (finding, case)
        for case in cases
        for finding in (*case.assessment.findings, *_unsaid(case), *_even(case), *_walked(case))
    ]
    for finding, case in sorted(ranked, key=lambda one: -one[0].weight):
        if finding.code not in _BESIDE:
            yield _said(finding, case, named=several)


def _unsaid(case: Case) -> Iterator[Finding]:
    """Results without a finding of their own: neither clean nor clearly compensated."""
    said = {(one.code, one.side) for one in case.assessment.findings}
    blamed = {one.side for one in case.assessment.findings if one.code.startswith("compensated.")}
    for one in case.told():
        counted = sum(rep.counts for rep in one.repetitions)
        if one.side in blamed or (f"clean.{one.quantity}", one.side) in said or not counted:
            continue
        who = f"{one.side.capitalize()} side: " if one.side else ""
        times = f"{counted} repetition{'s' if counted > 1 else ''}"
        helped = _HELPED.get(one.verdict, "")
        yield Finding(
            f"told.{one.quantity}", f"{who}{angle(one.result)} in {times}{helped}.", _TOLD, one.side
        )


def _even(case: Case) -> Iterator[Finding]:
    """That the sides do not differ is worth saying too."""
    compared = [one for one in case.assessment.comparisons if one.of == "left-right"]
    if compared and not any(one.real for one in compared):
        many = f" in any of {len(compared)} comparisons" if len(compared) > 1 else ""
        words = f"Left and right: no difference that counts{many}"
        yield Finding("even", f"{words}. {_blind(compared)}", _EVEN)


def _blind(compared: Sequence[Comparison]) -> str:
    """How large a difference could have hidden in the errors."""
    large = assess_rules().asymmetry_min_deg
    sizes = [math.ceil(max(math.degrees(one.mdc), large)) for one in compared]
    least, most = min(sizes), max(sizes)
    hidden = f"{least}°" if least == most else f"{least}° to {most}°, depending on the joint,"
    return f"Only differences of more than {hidden} would show and count."


def _walked(case: Case) -> Iterator[Finding]:
    """Times of somebody walking."""
    figures = case.assessment.measures
    times = [figures[f"cycle.{side}"].value for side in SIDES if f"cycle.{side}" in figures]
    if not times:
        return
    words = f"A stride took {np.mean(times):.1f}\u202fs"
    told = [side for side in SIDES if f"stance_share.{side}" in figures]
    for index, side in enumerate(told):
        share = figures[f"stance_share.{side}"].value
        words += f", the {side} for" if index else f"; the {side} foot was on the ground for"
        words += f" {100 * share:.0f}\u202f%" + ("" if index else " of it")
    yield Finding("gait.times", f"{words}.", _TOLD)


def _said(finding: Finding, case: Case, named: bool = False) -> Said:
    """With the name of the motion where a test has several, and of the test where a report has several."""
    quantity = finding.code.split(".")[1] if "." in finding.code else ""
    own = [one.title for one in case.protocol.quantities if one.id == quantity]
    alone = len(case.protocol.quantities) == 1
    name = own[0] if own and not alone else case.assessment.title if named else ""
    told = name and not finding.words.startswith(name)
    words = finding.words[:1].upper() + finding.words[1:]
    words = f"{name}. {words}" if told else words
    return Said(words, finding.side, source_of(finding.evidence, finding.trust))


def _steps(cases: Sequence[Case]) -> Iterator[str]:
    """What would tell more, and what to know before a retest."""
    remedies: dict[str, list[str]] = {}
    for case in cases:
        for one in silences(case):
            if one.remedy:
                remedies.setdefault(one.remedy, []).extend(names([one]))
    for remedy, what in list(remedies.items())[: _STEPS - 2]:
        shown = list(dict.fromkeys(what))
        rest = f" and {len(shown) - 2} more" if len(shown) > 2 else ""
        first = " and ".join(f"“{one}”" for one in shown[:2])
        yield f"To learn about {first}{rest}: {remedy}."
    for case in cases:
        if not callouts([case]):
            yield _again(case)
            break
    changes = [one.mdc for case in cases for one in case.told() if np.isfinite(one.mdc)]
    if changes:
        most = math.ceil(max(math.degrees(one) for one in changes))
        yield f"Measure again the same way before you judge a change: up to {most}° can be measuring error."
    yield (
        "Pain, numbness, weakness or a recent injury: see a physician or physiotherapist, whatever the "
        "figures say."
    )


def _again(case: Case) -> str:
    """How to record what this recording could not tell."""
    camera = case.protocol.camera
    odd = {"any": "from any side", "oblique": "from the front at an angle"}
    view = odd.get(camera.view, f"from the {camera.view}")
    place = f"{camera.distance_m:g} m away and {camera.height_m:g} m high"
    return f"To see more of “{case.assessment.title}”: film {view}, {place}. {camera.note}".strip()


def _explained_once(figures: Sequence[Figure]) -> Iterator[Figure]:
    """How to read a kind of figure is said at the first of them."""
    said: set[str] = set()
    for one in figures:
        yield replace(one, caption="") if one.caption in said else one
        said.add(one.caption)


def _which(case: Case) -> str:
    """What tells a recording of a test from others of it."""
    sides = {one.side for one in case.assessment.results}
    alone = case.protocol.sides == "each" and len(sides) == 1
    return (f", {sides.pop()}" if alone else "") + (", helped" if case.helped else "")


def _chapter(case: Case, index: int) -> Chapter:
    found = case.assessment
    drawn = [norms(case), *ledgers(case), *rhythms(case), *gait(case), *timelines(case)]
    return Chapter(
        key=f"test-{index + 1}",
        title=found.title + _which(case),
        purpose=case.protocol.purpose,
        source=found.source,
        stands_on=source_of(case.protocol.source, case.protocol.trust),
        said=tuple(_said(finding, case) for finding in found.findings),
        figures=tuple(_explained_once([one for one in drawn if one is not None])),
        tables=tuple(tables.results(case)),
        details=tuple(tables.repetitions(case)),
        silences=untold(case),
        cautions=case.protocol.cautions,
        case=case,
    )
