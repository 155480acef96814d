"""What ``assess`` says before it runs, and ``protocols show`` of what tells a test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import typer

from coxa.app.foretell import Asked, Foretold


def show(found: Sequence[Foretold]) -> None:
    """What the recordings cannot tell, on stderr: it is no part of the result."""
    for one in found:
        if one.untold:
            typer.echo("\n".join(_untold(one)), err=True)


def _untold(found: Foretold) -> Iterator[str]:
    as_asked = f", filmed from {_place(found.view)} as the test asks," if found.view else ""
    yield f"Before it runs: {found.source}{as_asked} will not tell all that this test asks for."
    for remedy, asked in _by_remedy(found.untold).items():
        it = "they" if len(asked) > 1 else "it"
        would = f"; {it} would be told with {remedy}" if remedy else ""
        yield f"  {_named(asked, found)}{would}."


def lines(found: Foretold) -> Iterator[str]:
    """What tells each thing that a test asks for."""
    told = [one for one in found.asked if one not in found.untold]
    place = f" from {_place(found.view)}" if found.view else ""
    if told:
        yield f"{_named(told, found)}: a film{place}"
    for remedy, asked in _by_remedy(found.untold).items():
        yield f"{_named(asked, found)}: {remedy or 'nothing that Coxa knows'}"


def _place(view: str) -> str:
    places = {"front": "the front", "side": "the side", "rear": "behind", "overhead": "above"}
    return places.get(view, "the front at an angle" if view == "oblique" else view)


def _by_remedy(asked: Sequence[Asked]) -> dict[str, list[Asked]]:
    found: dict[str, list[Asked]] = {}
    for one in asked:
        found.setdefault(one.remedy, []).append(one)
    return found


def _named(asked: Sequence[Asked], among: Foretold) -> str:
    """What is measured is marked, unless that is all there is."""
    mark = "" if all(one.measured for one in among.asked) else " (what is measured)"
    words = [f"{one.what}{mark}" if one.measured else one.what for one in asked]
    return "; ".join(dict.fromkeys(words))
