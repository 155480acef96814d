"""What each part of the page says, made from the summaries: words and shapes, no HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coxa.model.motion import TO_SEE_IT, Observability
from coxa.model.normal import Z95
from coxa.report.labels import FAMILIES, Family, groups_of
from coxa.report.summary import CoordinateSummary
from coxa.report.svg import Plot, curves, degree_ticks, span_bar
from coxa.report.trace import Trace
from coxa.report.wording import degrees, error95, from_to, listed, percent, range_with_error

Summaries = Mapping[str, CoordinateSummary]

_MAX_HIGHLIGHTS = 4
#: Observed in fewer of its frames, a range may miss most of the movement, and says in how many it was seen.
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """One coordinate of a family as people read it; ``bar`` is SVG."""

    side: str
    word: str
    weak: bool
    from_to: str
    range: str
    error: str
    share: str
    bar: str = ""


@dataclass(frozen=True, slots=True)
class FamilyView:
    """A movement with what was read of it; ``plot`` only where curves are drawn."""

    family: Family
    readings: tuple[Reading, ...]
    plot: Plot | None = None
    description: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Movements under one heading."""

    title: str
    views: tuple[FamilyView, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """A movement of which nothing is claimed."""

    title: str
    sides: str
    reason: str
    help: str


def _known(summaries: Summaries, family: Family) -> list[tuple[str, CoordinateSummary]]:
    """The family's coordinates that this motion has at all."""
    return [(side, summaries[name]) for side, name in family.members if name in summaries]


def _shown(summaries: Summaries, family: Family) -> list[tuple[str, CoordinateSummary]]:
    """Those of which something was observable."""
    return [(side, one) for side, one in _known(summaries, family) if one.minimum is not None]


def _reading(side: str, summary: CoordinateSummary, bar: str = "") -> Reading:
    range_sd = summary.range_sd_deg
    assured = summary.share[Observability.OBSERVED]
    return Reading(
        side=side,
        word=summary.level.label,
        weak=summary.level is not Observability.OBSERVED,
        from_to=from_to(summary),
        range=degrees(summary.range_deg, range_sd) if summary.range_deg is not None and range_sd else "",
        error=error95(range_sd) if range_sd is not None else "",
        share=percent(assured),
        bar=bar,
    )


def _moved(summary: CoordinateSummary) -> bool:
    """Whether the range is more than its own error could feign."""
    size, sd = summary.range_deg, summary.range_sd_deg
    return size is not None and sd is not None and size > Z95 * sd


def highlights(summaries: Summaries) -> tuple[FamilyView, ...]:
    """The largest observed movements that exceed their own 95 % error, largest first."""
    views: list[tuple[float, FamilyView]] = []
    for family in FAMILIES.values():
        observed = [
            (side, one)
            for side, one in _shown(summaries, family)
            if one.level is Observability.OBSERVED and _moved(one)
        ]
        if observed:
            size = max(one.range_deg or 0.0 for _, one in observed)
            views.append((size, FamilyView(family, tuple(_reading(side, one) for side, one in observed))))
    views.sort(key=lambda view: -view[0])
    return tuple(view for _, view in views[:_MAX_HIGHLIGHTS])


def hip_or_back(summaries: Summaries) -> tuple[str, str]:
    """Whether the film tells hip from lower back: a verdict in a few words and what it rests on."""
    thigh_trunk, hip = FAMILIES["thigh_trunk_angle"], FAMILIES["hip_flexion"]
    back = [
        one for name in ("lumbar_flexion", "trunk_flexion") for _, one in _shown(summaries, FAMILIES[name])
    ][:1]  # the thorax on the pelvis stands for the back where nothing lies between
    hips = _shown(summaries, hip)
    told = [one for one in (*back, *(one for _, one in hips)) if one.level is Observability.OBSERVED]
    seen = bool(back) and _mostly(back[0]) and any(_mostly(one) for _, one in hips)
    if seen and len(told) == len(back) + len(hips):
        moved = listed([f"the {side} hip {_range(one)}" for side, one in hips])
        return "Told apart.", f"The back moved {_range(back[0])}, {moved}."
    together = [
        (side, one) for side, one in _shown(summaries, thigh_trunk) if one.level is Observability.OBSERVED
    ]
    if not together:
        return "Not told by this recording.", "Not even the thigh against the trunk was observed."
    moved = listed([f"{_range(one)} on the {side}" for side, one in together])
    return (
        "Not told apart by this recording.",
        f"The thigh moved against the trunk by {moved}. "
        "How much of that came from the hip and how much from the lower back was not observed. "
        f"It would be with {_apart(summaries)}.",
    )


def _mostly(summary: CoordinateSummary) -> bool:
    return summary.share[Observability.OBSERVED] >= _MOSTLY


def _range(summary: CoordinateSummary) -> str:
    """The range, and in how much of the recording it was seen, where that is little."""
    words = range_with_error(summary)
    if _mostly(summary):
        return words
    return f"{words} (seen in {percent(summary.share[Observability.OBSERVED])} of it)"


def _apart(summaries: Summaries) -> str:
    """What would tell hip from lower back."""
    back = summaries.get("lumbar_flexion")
    return back.remedy if back is not None and back.remedy else FAMILIES["lumbar_flexion"].help


def _bar_limits(summaries: Summaries) -> tuple[float, float]:
    ends = [0.0]
    for one in summaries.values():
        if one.minimum and one.maximum:  # the error of a weak one may leave the picture
            reach = Z95 if one.level is Observability.OBSERVED else 0.0
            ends += [
                one.minimum.value_deg - reach * one.minimum.sd_deg,
                one.maximum.value_deg + reach * one.maximum.sd_deg,
            ]
    return min(ends) - 5.0, max(ends) + 5.0


def _bar(summary: CoordinateSummary, limits: tuple[float, float]) -> str:
    if summary.minimum is None or summary.maximum is None:
        return ""
    errors = (Z95 * summary.minimum.sd_deg, Z95 * summary.maximum.sd_deg)
    return span_bar(summary.minimum.value_deg, summary.maximum.value_deg, errors, limits)


def figures(summaries: Summaries) -> dict[str, object]:
    """The table of ranges: sections of movements, and the degrees its bars run over."""
    limits = _bar_limits(summaries)
    sections = tuple(
        Section(
            group.title,
            tuple(
                FamilyView(family, tuple(_reading(s, one, _bar(one, limits)) for s, one in shown))
                for family in group.families
                if (shown := _shown(summaries, family))
            ),
        )
        for group in groups_of(summaries)
    )
    ticks = [
        (100 * (mark - limits[0]) / (limits[1] - limits[0]), degrees(mark)) for mark in degree_ticks(*limits)
    ]
    return {"sections": tuple(section for section in sections if section.views), "ticks": ticks}


def charts(summaries: Summaries, trace: Trace | None) -> tuple[Section, ...]:
    """The curves: only what was observable at some time."""
    if trace is None:
        return ()
    column = {name: index for index, name in enumerate(summaries)}
    sections = []
    for group in groups_of(summaries):
        views = tuple(_chart(summaries, family, trace, column) for family in group.families)
        if any(view.plot for view in views):
            sections.append(Section(group.title, tuple(view for view in views if view.plot)))
    return tuple(sections)


def _chart(summaries: Summaries, family: Family, trace: Trace, column: Mapping[str, int]) -> FamilyView:
    shown = _shown(summaries, family)
    if not shown:
        return FamilyView(family, ())
    absent = [side for side, one in _known(summaries, family) if one.minimum is None]
    return FamilyView(
        family,
        tuple(_reading(side, one) for side, one in shown),
        curves(trace, [(side, column[one.coordinate]) for side, one in shown]),
        description=f"{family.title} over time. " + " ".join(_sentence(side, one) for side, one in shown),
        missing=" ".join(_missing(shown, absent)),
    )


def _missing(shown: list[tuple[str, CoordinateSummary]], absent: list[str]) -> Iterator[str]:
    """What was not observed of a movement whose curve is drawn, and what would tell it."""
    if absent:
        yield f"The {listed(absent)} one was not observable."
    for remedy in dict.fromkeys(one.remedy for _, one in shown if one.remedy):
        yield f"It would be observed with {remedy}."


def _sentence(side: str, summary: CoordinateSummary) -> str:
    name = f"{side.capitalize()}: f" if side else "F"
    return f"{name}rom {from_to(summary)}, a range of {range_with_error(summary)}; {summary.level.label}."


def unobservable(summaries: Summaries) -> tuple[Silence, ...]:
    """What is not claimed, why, and what would help; both sides at once where the reason is one."""
    return tuple(
        silence
        for group in groups_of(summaries)
        for family in group.families
        for silence in _silences(summaries, family)
    )


def _silences(summaries: Summaries, family: Family) -> Iterator[Silence]:
    sides_by_reason: dict[tuple[str, str], list[str]] = {}
    for side, one in _known(summaries, family):
        if one.minimum is None:
            sides_by_reason.setdefault((one.reason, _help(one, family)), []).append(side)
    for (reason, remedy), sides in sides_by_reason.items():
        words = listed([side for side in sides if side])
        yield Silence(family.title, words, reason or "This source does not show it.", remedy)


def _help(summary: CoordinateSummary, family: Family) -> str:
    """What would tell it: the additions, else what the reason says itself, else in general."""
    return summary.remedy or ("" if TO_SEE_IT in summary.reason else family.help)
