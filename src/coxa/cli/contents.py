"""What ``inspect`` shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import typer

from coxa.app.inspect import Contents
from coxa.model.motion import Observability
from coxa.report.document import plain
from coxa.report.film import film_rows
from coxa.report.wording import listed, percent

_MANY = 40  # names beyond this are counted, not listed


def show(contents: Contents, as_json: bool) -> None:
    """For people, or as one JSON."""
    if as_json:
        typer.echo(json.dumps(_document(contents), indent=2, ensure_ascii=False))
        return
    typer.echo("\n".join(_lines(contents)))


def _document(contents: Contents) -> dict[str, object]:
    found = plain(asdict(contents))
    found["measurable"] = [
        {"coordinate": one.coordinate, "observability": one.level.label, "reason": one.reason}
        for one in contents.measurable
    ]
    return {"schema": "coxa.contents", "schema_version": 1, **found}


def _lines(contents: Contents) -> Iterator[str]:
    header = contents.header
    yield f"{header.path}: {header.format}"
    if len(header.people) > 1:
        yield f"  people: {listed(list(header.people))} (choose with --person)"
    for title, figure, _ in film_rows(contents.figures):
        yield f"  {title.lower()}: {figure}"
    for note in header.notes:
        yield f"  Note: {note}"
    yield from _subject(contents)
    for channel, names in contents.points.items():
        yield f"  {len(names)} {channel}: {_names(names)}"
    for name, share in sorted(contents.gaps.items(), key=lambda gap: -gap[1]):
        yield f"  missing: {name} in {percent(share)} of the frames"
    for label, count in contents.events.items():
        yield f"  event: {label}, {count} times"
    yield from _measurable(contents)


def _names(names: tuple[str, ...]) -> str:
    rest = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return ", ".join(names[:_MANY]) + rest


def _subject(contents: Contents) -> Iterator[str]:
    known = {key: value for key, value in asdict(contents.subject).items() if value}
    if known:
        yield "  person: " + ", ".join(f"{key} {_figure(value)}" for key, value in known.items())


def _figure(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{side} {size:.3g}" for side, size in value.items())
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _measurable(contents: Contents) -> Iterator[str]:
    if contents.refusal:
        yield f"Nothing can be measured from it: {contents.refusal}"
        return
    for level, title in (
        (Observability.OBSERVED, "Can be measured"),
        (Observability.WEAK, "Hinted at, no more"),
        (Observability.NOT_OBSERVABLE, "Cannot be measured"),
    ):
        names = [one for one in contents.measurable if one.level is level]
        if not names:
            continue
        yield f"{title}:"
        for one in names:
            why = f": {one.reason}" if one.reason and level is not Observability.OBSERVED else ""
            yield f"  {one.coordinate}{why}"
