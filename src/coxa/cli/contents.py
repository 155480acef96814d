"""What ``inspect`` shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace

import typer

from coxa.app.additions import Offer, without_remedy, worthwhile
from coxa.app.inspect import Contents, Measurable
from coxa.model.motion import Observability
from coxa.report.document import plain
from coxa.report.film import film_rows
from coxa.report.labels import in_plain_words, title_of
from coxa.report.wording import listed, percent

_MANY = 40  # names beyond this are counted, not listed


def show(contents: Contents, as_json: bool) -> None:
    """For people, or as one JSON."""
    if as_json:
        typer.echo(json.dumps(_document(contents), indent=2, ensure_ascii=False))
        return
    typer.echo("\n".join(_lines(contents)))


def _document(contents: Contents) -> dict[str, object]:
    found = plain(asdict(replace(contents, offers=())))
    del found["offers"]
    found["measurable"] = [
        {"coordinate": one.coordinate, "observability": one.level.label, "reason": one.reason}
        for one in contents.measurable
    ]
    found["additions"] = [_addition(one) for one in contents.offers]
    return {"schema": "coxa.contents", "schema_version": 1, **found}


def _addition(offer: Offer) -> dict[str, object]:
    return {
        "id": offer.addition.id,
        "title": offer.addition.title,
        "how": offer.addition.at_the_prompt,
        "effort": offer.addition.effort,
        "instead": offer.addition.instead,
        "coordinates": [
            {"coordinate": name, "now": before.label, "then": after.label}
            for name, (before, after) in offer.gained.items()
        ],
    }


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
    yield from _additions(contents.offers)


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
    offered = {name for one in contents.offers for name in one.raised_to(Observability.OBSERVED)}
    for level, title in (
        (Observability.OBSERVED, "Can be measured"),
        (Observability.WEAK, "Hinted at, no more"),
        (Observability.NOT_OBSERVABLE, "Cannot be measured"),
    ):
        found = [one for one in contents.measurable if one.level is level]
        if found:
            yield f"{title}:"
            yield from _rows(found, level, offered)


def _rows(found: Sequence[Measurable], level: Observability, offered: set[str]) -> Iterator[str]:
    """A movement a row; what would tell it is left to the offers, where there are any."""
    names: dict[tuple[str, str], list[str]] = {}
    for one in found:
        reason = "" if level is Observability.OBSERVED else one.reason
        if one.coordinate in offered:
            reason = without_remedy(reason)
        names.setdefault((title_of(one.coordinate), reason), []).append(one.coordinate)
    for (title, reason), coordinates in names.items():
        why = f": {reason}" if reason else ""
        yield f"  {title} [{', '.join(coordinates)}]{why}"


def _additions(found: Sequence[Offer]) -> Iterator[str]:
    """The fewest that tell all that can be told, the least effort first."""
    chosen = worthwhile(found)
    above: set[str] = set()
    if chosen:
        yield "What you could add:"
    for one in chosen:
        title = one.addition.title
        instead = "Instead, " if one.addition.instead else ""
        yield f"  {instead}{title if instead else title[:1].upper() + title[1:]}"
        told = in_plain_words(one.raised_to(Observability.OBSERVED))
        known = sum(words in above for words in told)
        more = [words for words in told if words not in above] + ([f"{known} of the above"] if known else [])
        yield f"    tells: {'; '.join(more)}"
        yield f"    how: {one.addition.at_the_prompt}"
        above.update(told)
