"""What Coxa believes, where that comes from, and how far it may be trusted: norms, thresholds, abilities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from coxa.catalog import loader
from coxa.catalog.planning import triage
from coxa.catalog.protocols import library
from coxa.specs.estimator import Ability
from coxa.specs.triage import Caution, RedFlag
from coxa_docs.angles import angle, degrees
from coxa_docs.markdown import commented, page, plain, section, table, toctree
from coxa_docs.marks import MEANING, mark
from coxa_docs.protocols import NORM_HEAD, norm_cells

_CATALOGUE = Path(str(files("coxa.catalog")))
#: Files whose every rule has a page of its own, or that only tests use.
_ELSEWHERE = ("exercises", "protocols", "rendering")
_LEVELS = {"observed": "observed", "weak": "weak", "not_observable": "not observable"}
_LONGEST = 160  # letters of figures in a cell; the rest is in the file
_COMMENT = re.compile(r"^#\s?(.*)$")


def pages() -> Iterator[tuple[str, str]]:
    """Name and text of each."""
    yield "evidence/index.md", page(_index())
    yield "evidence/norms.md", page(_norms())
    yield "evidence/observability.md", page(_observability())
    yield "evidence/thresholds.md", page(_thresholds())
    yield "evidence/screen.md", page(_screen())


def _index() -> Iterator[str]:
    yield from ("# Evidence", "")
    yield (
        "Norms, limits, doses and noise figures are data in the catalogue. Each has a source, and a mark "
        "that says how far the figure may be trusted. These pages are made of the very files that Coxa reads."
    )
    yield ""
    yield "- [Norms](norms.md): the reference people that results are held against"
    yield "- [What sources tell](observability.md): which angles each kind of source has been shown to tell"
    yield "- [Thresholds](thresholds.md): every other figure of the catalogue"
    yield "- [The screen](screen.md): red flags and cautions"
    yield "- with each [test](../protocols/index.md) and [exercise](../exercises/index.md): its limits"
    yield "- [What *EVIDENCE n* means](../../evidence.md) in a source: publications behind it"
    yield ""
    yield from section(
        "Marks of trust", table(("mark", "meaning"), ((f"**{k}**", v) for k, v in MEANING.items()))
    )
    yield "A result that is held against a norm marked other than S or S2 is shown as *unverified reference*."
    yield ""
    yield from toctree(("norms", "observability", "thresholds", "screen"))


def _norms() -> Iterator[str]:
    yield from ("# Norms", "")
    yield (
        "Means and standard deviations of people others measured. The error of a result is folded in before "
        "it is held against them."
    )
    yield ""
    motions = list(dict.fromkeys(one.motion for one in library().norms))
    for motion in motions:
        rows = [one for one in library().norms if one.motion == motion]
        cells = ((one.position.replace("_", " "), *norm_cells(one)) for one in rows)
        title = motion.replace("_", " ").capitalize()
        yield from section(title, table(("position", *NORM_HEAD), cells))


def _observability() -> Iterator[str]:
    rules = loader.observability()
    yield from ("# What sources tell", "")
    yield (
        "The best that a kind of source has been shown to reach for each angle. *Observed* may carry a "
        "verdict, *weak* is shown as a guess, *not observable* is not shown. The method's error is added to "
        "that of the fit."
    )
    yield from ("", f"Source: {plain(rules.source)} {mark(rules.trust)}", "")
    for kind, abilities in rules.kinds.items():
        rows = (_ability(coordinate, one) for coordinate, one in abilities.items())
        head = ("angle", "at best", "error of the method", "why, and what would tell it")
        yield from section(f"`{kind}`", table(head, rows))


def _ability(coordinate: str, one: Ability) -> tuple[str, ...]:
    condition = f" (only where {angle(one.needs)} is observed)" if one.needs else ""
    words = ". ".join(plain(part) for part in (one.reason, one.remedy) if part)
    error = degrees(one.method_sd_deg) if one.method_sd_deg else ""
    return angle(coordinate), _LEVELS[one.at_best] + condition, error, words


def _thresholds() -> Iterator[str]:
    yield from ("# Thresholds", "")
    yield (
        "Every file of the catalogue with the figures that stand directly beside a source; what is long is "
        "named and left to the file. The names are those of the files, with their units."
    )
    yield ""
    for path in sorted(_CATALOGUE.rglob("*.yaml")):
        name = path.relative_to(_CATALOGUE).as_posix()
        if name.partition("/")[0] in _ELSEWHERE:
            continue
        text = path.read_text(encoding="utf-8")
        rows = [_row(*one) for one in _sourced(yaml.safe_load(text), "")]
        yield from section(f"`{name}`", [*_preface(text), *table(("what", "figures", "source"), rows)])


def _preface(text: str) -> Iterator[str]:
    """The comment that the file begins with."""
    words = []
    for line in text.splitlines():
        found = _COMMENT.match(line)
        if found is None:
            break
        words.append(found[1])
    if words:
        yield from (commented(" ".join(words)), "")


def _sourced(node: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every group of figures that names its source, by its place in the file."""
    if isinstance(node, dict):
        if "source" in node and "trust" in node:
            yield path, node
        for key, value in node.items():
            yield from _sourced(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list):
        for number, value in enumerate(node, start=1):
            name = value.get("id", number) if isinstance(value, dict) else number
            yield from _sourced(value, f"{path}.{name}")


def _row(path: str, node: dict[str, Any]) -> tuple[str, ...]:
    figures = {key: value for key, value in node.items() if key not in ("source", "trust", "version", "name")}
    shown = [f"`{key}` {_value(value)}" for key, value in figures.items() if _is_short(value)]
    left = [f"`{key}`" for key, value in figures.items() if not _is_short(value)]
    if left:
        shown.append(f"in the file: {', '.join(left)}")
    return (
        f"`{path}`" if path else "all of it",
        "; ".join(shown),
        f"{plain(node['source'])} {mark(node['trust'])}",
    )


def _is_short(value: Any) -> bool:
    within = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return len(str(value)) <= _LONGEST and not any(isinstance(one, (dict, list)) for one in within)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return plain(", ".join(f"{key} {one}" for key, one in value.items()))
    if isinstance(value, list):
        return plain(", ".join(map(str, value)))
    return plain(value)


def _screen() -> Iterator[str]:
    spec = triage()
    yield from ("# The screen", "", plain(spec.safety_net), "")
    yield f"It is asked again after {spec.valid_days} days; who is not sure is taken to have said yes."
    yield f"Source: {plain(spec.source)} {mark(spec.trust)}"
    yield ""
    yield from section("Red flags", ["Each stops all exercise.", "", *table(*_conditions(spec.red_flags))])
    yield from section("Cautions", ["Each leaves something out.", "", *table(*_conditions(spec.cautions))])
    rows = ((plain(one.words), _ages(one.from_age_y, one.to_age_y)) for one in spec.questions)
    yield from section("Questions", table(("question", "asked of"), rows))


def _conditions(
    rows: tuple[RedFlag, ...] | tuple[Caution, ...],
) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
    cells = (
        (plain(one.words), plain(f"{one.whom}, {one.how_soon}"), f"{plain(one.source)} {mark(one.trust)}")
        for one in rows
    )
    return ("what", "whom to see, how soon", "source"), cells


def _ages(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return "everybody"
    return (
        f"from {low:g} years"
        if high is None
        else f"up to {high:g} years"
        if low is None
        else f"{low:g} to {high:g} years"
    )
