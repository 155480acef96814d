"""What ``assess`` and ``protocols`` show."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from coxa.app.foretell import film_as_asked, foretell
from coxa.catalog.protocols import Library
from coxa.cli.foretold import lines
from coxa.model.assessment import Assessment
from coxa.report.assessment import document
from coxa.report.assessment.untold import grouped
from coxa.specs.protocol import ProtocolSpec


def show(found: Sequence[Assessment], out: Path, as_json: bool) -> None:
    """For people, or as one JSON."""
    if as_json:
        typer.echo(json.dumps(document(found), indent=2, ensure_ascii=False))
        return
    for one in found:
        typer.echo("\n".join(_lines(one)))
    for title, name in (("Report", "assessment.html"), ("For print", "assessment.pdf")):
        if (out / name).exists():
            typer.echo(f"{title + ':':<11}{out / name}")


def _lines(one: Assessment) -> Iterator[str]:
    yield f"{one.title} ({one.source})"
    for finding in one.findings:
        yield f"  {finding.words}"
    for silence in grouped(one.silences):
        yield f"  Not told: {silence.what}. {silence.reason}"
        if silence.remedy:
            yield f"    What would tell it: {silence.remedy[0].lower()}{silence.remedy[1:]}"


def show_list(library: Library) -> None:
    """Every test by id."""
    width = max(len(name) for name in library.protocols)
    for name, spec in sorted(library.protocols.items()):
        typer.echo(f"{name:<{width}}  {spec.title}")


def show_protocol(spec: ProtocolSpec) -> None:
    """One test in full."""
    typer.echo("\n".join(_protocol(spec)))


def _protocol(spec: ProtocolSpec) -> Iterator[str]:
    yield f"{spec.title} ({spec.id}, version {spec.version})"
    yield spec.purpose
    if not spec.normed:
        yield "A screen: no published norm stands behind it."
    yield f"Source: {spec.source} [{spec.trust}]"
    yield from _listed("Set-up", spec.setup)
    camera = spec.camera
    yield f"Camera: {camera.view}, {camera.distance_m:g} m away, {camera.height_m:g} m high. {camera.note}"
    yield from _listed("What to do", spec.instructions)
    yield f"Trials: {spec.trials.count} after {spec.trials.warm_up} to warm up"
    yield from _listed("What is read", [f"{q.title}: {q.coordinate}" for q in spec.quantities])
    rules = [f"{r.title}: {r.coordinate}, up to {r.limit_deg:g} deg [{r.trust}]" for r in spec.compensations]
    yield from _listed("What counts as cheating", rules)
    yield from _listed("What tells it", list(lines(foretell(spec, film_as_asked(spec.camera.view)))))
    yield from _listed("Parts", spec.parts)
    yield from _listed("Take care", spec.cautions)


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"{title}:"
        yield from (f"  - {line}" for line in lines)
