"""A page a test of movement, and the list of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coxa.app.foretell import film_as_asked, foretell
from coxa.catalog.protocols import Library, library
from coxa.model.motion import Observability
from coxa.specs.norms import NormRow
from coxa.specs.protocol import CompensationRule, NormUse, ProtocolSpec, Quantity
from coxa_docs import acted
from coxa_docs.angles import angle, degrees
from coxa_docs.camera import drawn, where
from coxa_docs.markdown import bullets, page, plain, section, table, toctree
from coxa_docs.marks import mark, source_of

_KINDS = {
    "repetitions": "repetitions are counted",
    "hold": "it is held, and timed",
    "gait": "strides are counted",
    "battery": "several tests in turn",
}
_READINGS = {"joint": "the joint alone", "apparent": "as seen, with all that moves along"}
_RESULTS = {"peak": "the angle at the end range", "motion": "the motion from the start"}
_WAYS = {"increase": "more than", "decrease": "less by more than", "either": "either way by more than"}
_SINCE = {"start": "since the repetition began", "furthest": "since it was furthest the other way"}
_WINDOWS = {
    "whole": "all the time",
    "outward": "on the way out",
    "first_half": "in the first half of the way out",
    "end_range": "at the end range",
}
_LEVELS = {
    Observability.OBSERVED: "observed",
    Observability.WEAK: "weak",
    Observability.NOT_OBSERVABLE: "not observable",
}


def pages() -> Iterator[tuple[str, str]]:
    """Name and text of each."""
    known = library()
    yield "protocols/index.md", page(_index(known))
    yield from pages_of(sorted(known.protocols))


def pages_of(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Name and text of some."""
    known = library()
    for name in names:
        yield f"protocols/{name}.md", page(_protocol(known.protocols[name], known))


def _index(known: Library) -> Iterator[str]:
    names = sorted(known.protocols)
    yield from ("# Tests of movement", "")
    yield f"The {len(names)} tests that Coxa knows, each as its file in the catalogue has it."
    yield from ("To write one yourself: [protocols of your own](../../protocols.md).", "")
    specs = [known.protocols[name] for name in names]
    rows = (
        (
            f"[{plain(one.title)}]({one.id}.md)",
            plain(one.purpose),
            one.position.replace("_", " "),
            one.camera.view,
            "yes" if one.normed else "no: a screen",
        )
        for one in specs
    )
    yield from table(("test", "purpose", "position", "camera", "published norm"), rows)
    yield from toctree(names)


def _protocol(spec: ProtocolSpec, known: Library) -> Iterator[str]:
    yield from (f"# {plain(spec.title)}", "", plain(spec.purpose), "")
    if not spec.normed and spec.kind != "battery":
        yield from ("A screen: no published norm stands behind it.", "")
    if acted.is_acted(spec):
        yield from (f"![{plain(spec.title)}, animated](../figures/{acted.name(spec)}.svg){{.figure}}", "")
    yield from section("Set-up", _setup(spec))
    yield from section("How to film it", [where(spec.camera), "", drawn(spec)])
    yield from section("What to do", _to_do(spec))
    yield from section("What is measured", _measured(spec))
    yield from section("Who did the moving", _ledgers(spec))
    yield from section("What counts as cheating", _rules(spec))
    yield from section("Held against", _norms(spec, known.norms))
    yield from section("What one film tells of it", _told(spec))
    yield from section("Its tests", (f"- [{plain(known.titles[one])}]({one}.md)" for one in spec.parts))
    yield from section("Take care", bullets(spec.cautions))
    yield from section("On the command line", _shell(spec))
    yield f"Source: {source_of(spec)}. Version {spec.version}; its file is `protocols/{spec.id}.yaml`."


def _setup(spec: ProtocolSpec) -> Iterator[str]:
    if spec.equipment:
        yield from (f"You need: {plain(', '.join(spec.equipment))}.", "")
    yield from bullets(spec.setup)


def _to_do(spec: ProtocolSpec) -> Iterator[str]:
    yield from bullets(spec.instructions, "1.")
    tried = f" after {spec.trials.warm_up} to warm up" if spec.trials.warm_up else ""
    sides = "; each side for itself" if spec.sides == "each" else ""
    if spec.kind != "battery":
        yield from ("", f"How often: {spec.trials.count}{tried}{sides}; {_KINDS[spec.kind]}.")


def _measured(spec: ProtocolSpec) -> Iterator[str]:
    rows = (
        (
            plain(one.title),
            angle(one.coordinate),
            f"{_READINGS[one.reading]}; {_RESULTS[one.result]}",
            _counted(one),
        )
        for one in spec.quantities
    )
    head = ("quantity", "angle", "what is read", "what counts")
    yield from table(head, rows)
    if spec.dissociation:
        still, moving = spec.dissociation
        yield f"How well the parts are moved apart is read from {angle(still)} against {angle(moving)}."


def _counted(one: Quantity) -> str:
    parts = [f"a repetition from {degrees(one.min_motion_deg)} on"]
    if one.full_motion_deg:
        parts.append(f"a full one from {degrees(one.full_motion_deg)} on")
    if one.target_deg is not None:
        parts.append(f"target {degrees(one.target_deg)}")
    return "; ".join(parts)


def _ledgers(spec: ProtocolSpec) -> Iterator[str]:
    kept = [one for one in spec.quantities if one.ledger]
    if not kept:
        return
    yield "What is seen is split into parts that add up to it, repetition by repetition."
    yield ""
    rows = ((plain(one.title), "; ".join(_parts(one))) for one in kept)
    yield from table(("quantity", "its parts"), rows)


def _parts(one: Quantity) -> Iterator[str]:
    for part in one.ledger:
        beside = " (shown beside, not added)" if part.within else ""
        yield f"{part.part}: {'' if part.sign > 0 else 'less '}{angle(part.coordinate)}{beside}"


def _rules(spec: ProtocolSpec) -> Iterator[str]:
    head = ("what", "angle and limit", "when", "do instead", "source")
    yield from table(head, (_rule(one) for one in spec.compensations))


def _rule(one: CompensationRule) -> tuple[str, ...]:
    limit = f"{_SINCE[one.since]}, {_WAYS[one.direction]} {degrees(one.limit_deg)}"
    effect = "; the repetition then does not count" if one.invalidates else ""
    return (
        plain(one.title) + effect,
        f"{angle(one.coordinate)}: {limit}",
        _WINDOWS[one.window],
        plain(one.cue),
        source_of(one),
    )


def _norms(spec: ProtocolSpec, norms: tuple[NormRow, ...]) -> Iterator[str]:
    rows = [
        (quantity, norm)
        for quantity in spec.quantities
        for norm in norms
        if any(applies(use, norm) for use in quantity.norms)
    ]
    if rows:
        yield "Of these groups the one that is nearest to the person in age and sex is taken."
        yield ""
        yield from table(("quantity", *NORM_HEAD), ((plain(q.title), *norm_cells(n)) for q, n in rows))


NORM_HEAD = ("people", "age", "mean", "sd", "moved", "source")


def applies(use: NormUse, norm: NormRow) -> bool:
    """Whether a quantity is held against this group."""
    return (use.motion, use.position, use.active) == (norm.motion, norm.position, norm.active)


def norm_cells(norm: NormRow) -> tuple[str, ...]:
    """A group of reference people as cells under :data:`NORM_HEAD`."""
    low, high = norm.age_min_y, norm.age_max_y
    age = "not stated" if low is None or high is None else f"{low:g} to {high:g}"
    who = norm.sex or "both sexes"
    note = f" {plain(norm.note)}." if norm.note else ""
    return (
        f"{who}, {norm.people}" if norm.people else who,
        age,
        degrees(norm.mean_deg),
        "not published" if norm.sd_deg is None else degrees(norm.sd_deg),
        "by themselves" if norm.active else "by an examiner",
        f"{plain(norm.source)}.{note} {mark(norm.trust)}",
    )


def _told(spec: ProtocolSpec) -> Iterator[str]:
    found = foretell(spec, film_as_asked(spec.camera.view))
    rows = (
        (
            plain(one.what),
            "measured" if one.measured else "cheating",
            _LEVELS[one.level],
            plain(one.remedy or ("" if one.level is Observability.OBSERVED else "nothing that Coxa knows")),
        )
        for one in found.asked
    )
    yield from table(("what", "asked for as", "at best", "what would tell it"), rows)


def _shell(spec: ProtocolSpec) -> Iterator[str]:
    yield "```console"
    yield f"$ coxa protocols show {spec.id}"
    if spec.kind == "battery":
        yield f"$ coxa assess {spec.parts[0]}=film.mp4 --protocol {spec.id}"
    else:
        yield f"$ coxa assess film.mp4 --protocol {spec.id}"
    yield "```"
