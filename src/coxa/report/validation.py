"""The validation as a page that a physiotherapist and a scientist can both read.

It holds no date and no machine: a rerun on the same recordings gives the same page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from coxa.app.agreement import Agreement
from coxa.app.statistics import Interval
from coxa.app.validate import Judgement, Row, SourceResult, Validation
from coxa.report.labels import FAMILIES
from coxa.specs.validation import ReferenceSpec

_NONE = "-"
_FIGURES = {
    "rmse_deg": "error",
    "rmse_offset_removed_deg": "error, offset removed",
    "range_error_deg": "range of motion",
    "mae_observed_deg": "mean absolute error where observed",
    "within_95": "95 % interval",
    "within_95_observed": "95 % interval where observed",
}

_HOW = """\
Angles in degrees. Left and right count together. Figures are of the frames in which Coxa shows one; *shown*
says how many those are. Where a source cannot tell an angle, Coxa says so, and nothing is compared.

| column | what it says |
|---|---|
| n | people / repetitions, left and right apart |
| offset | mean difference, Coxa less reference. *Convention*: two definitions of zero. *Error*: ours |
| error | root mean square error (RMSE), offset and all |
| offset removed | RMSE, one constant removed from every repetition: how well the movement is followed |
| range | mean absolute error of the range of motion of a repetition |
| range, 95 % limits | limits of agreement of that range, people and repetitions apart (Bland & Altman 2007) |
| ICC | ICC(2,1) of the ranges: absolute agreement, with its 95 % interval (Shrout & Fleiss 1979) |
| CMC | coefficient of multiple correlation between methods (Ferrari 2010), median; - where not defined |
| in 68 %, in 95 % | share of frames whose stated interval holds the reference; 68 and 95 would be exact |

Intervals are of Coxa's definition of zero. Where the reference defines it otherwise (*convention*) they need
not hold it, and the share says little.

The interval of the ICC takes repetitions for independent; those of one person are not, so it is too narrow.
Over all movements the ICC is high for any method that tells a squat from a step: read it per movement, in the
full table. The CMC is the lower, the smaller the range of motion, whatever the error is.
"""


def document(found: Validation, figures: Mapping[str, Sequence[str]], coverage: str, table: str) -> str:
    """The page, Markdown.

    Args:
        found: the table.
        figures: key of a source -> paths of its drawings, as the page shall link them.
        coverage: path of the drawing of all sources.
        table: path of the full table.
    """
    parts = [
        "# How good Coxa is",
        "Written by `coxa validate` from recordings of others; rerun it to check every figure. What is "
        "promised is in `catalog/validation.yaml`, and was set before measuring.",
        "## In short",
        *_overview(found),
        f"![How often the stated intervals hold the reference]({coverage})",
        f"Every figure, per source, movement and person: [table.csv]({table}).",
        "## How to read the tables",
        _HOW.strip(),
    ]
    for source in found.sources:
        parts += [
            *_section(source),
            *(f"![{source.spec.title}]({path})" for path in figures.get(source.key, ())),
        ]
    return "\n\n".join(parts) + "\n"


def _overview(found: Validation) -> Iterator[str]:
    lines = [_line("measured from", "n", "error", "offset removed", "promises kept", "short of"), _rule(6)]
    for source in found.sources:
        for condition in source.spec.conditions or ("",):
            lines.append(_overview_line(source, condition))
    yield "\n".join(lines)
    yield (
        "*Error*: root mean square, the median of the angles shown and the worst; *offset removed*: with one "
        "constant removed from every repetition. An interval wider than need be is honest, but tells less "
        "than it could."
    )
    if found.absent:
        yield "Not measured, for their recordings are not here: " + ", ".join(found.absent) + "."


def _overview_line(source: SourceResult, condition: str) -> str:
    rows = [
        row.agreement
        for row in source.rows
        if (row.condition, row.motion, row.people) == (condition, "", source.judged_people)
    ]
    told = [one for one in rows if one.n_frames]
    judged = [one for one in source.judgements if one.condition == condition]
    short = [one for one in judged if not one.kept]
    title = source.spec.title + (f": {source.spec.conditions[condition]}" if condition else "")
    people = max((one.n_people for one in rows), default=0)
    repetitions = max((one.n_recordings for one in rows), default=0)
    return _line(
        title,
        f"{people} / {repetitions}",
        _typical([one.rmse_deg for one in told]),
        _typical([one.rmse_offset_removed_deg for one in told]),
        _kept(judged),
        "; ".join(_shortfall(one) for one in short) or _NONE,
    )


def _kept(judged: Sequence[Judgement]) -> str:
    """How many promises were kept, and how many others were missed on the safe side."""
    if not judged:
        return "none made"
    wide = sum(one.too_wide for one in judged if not one.kept)
    kept = f"{sum(one.kept for one in judged)} of {len(judged)}"
    return f"{kept}; {wide} wider than need be" if wide else kept


def _typical(errors: Sequence[float]) -> str:
    return f"{np.median(errors):.1f}°, worst {max(errors):.1f}°" if errors else _NONE


def _shortfall(one: Judgement) -> str:
    return f"{_title(one.coordinate)}, {_FIGURES[one.figure]}: {_found(one)} ({_promised(one)})"


def _found(one: Judgement) -> str:
    return f"{100 * one.found:.0f} %" if one.figure.startswith("within") else f"{one.found:.1f}°"


def _promised(one: Judgement) -> str:
    if isinstance(one.limit, tuple):
        aim = f"aim {100 * one.limit[0]:.0f} to {100 * one.limit[1]:.0f} %"
        return aim + (", wider than need be" if one.too_wide else "")
    return f"limit {one.limit:g}°"


def summary(found: Validation) -> Iterator[str]:
    """Lines for a terminal."""
    for source in found.sources:
        for condition in source.spec.conditions or ("",):
            judged = [one for one in source.judgements if one.condition == condition]
            kept = sum(one.kept for one in judged)
            where = f", {source.spec.conditions[condition]}" if condition else ""
            yield f"{source.spec.short}{where}: {kept} of {len(judged)} promises kept"
            for coordinate in source.spec.coordinates:
                row = source.row(coordinate, condition, people=source.judged_people)
                if row is not None and row.agreement.n_frames:
                    one = row.agreement
                    yield (
                        f"  {_title(coordinate):<32} error {one.rmse_deg:5.1f}, offset removed "
                        f"{one.rmse_offset_removed_deg:5.1f}, range {one.range_error_deg:5.1f} deg; "
                        f"in 95 %: {100 * one.coverage.within_95:3.0f} %  {_short(source, row)}".rstrip()
                    )
    if found.absent:
        yield f"not measured, for their recordings are not there: {', '.join(found.absent)}"


def _short(source: SourceResult, row: Row) -> str:
    word = _verdict(source, row).partition(":")[0]
    return {"**short**": "SHORT", "wide": "wide"}.get(word, "")


def _section(source: SourceResult) -> Iterator[str]:
    spec = source.spec
    yield f"## {spec.title}"
    yield "\n".join(_facts(source))
    for condition in spec.conditions or ("",):
        if spec.conditions:
            yield f"### {spec.conditions[condition][:1].upper()}{spec.conditions[condition][1:]}"
        if source.judged_people:
            yield f"People nothing was fitted to ({_names(spec, 'held_out')}):"
        yield _main_table(source, condition)
        if len(spec.motions) > 1:
            yield _matrix(source, condition, "by movement", {m: (m, "") for m in spec.motions}, spec.motions)
        if len(spec.people) > 1:
            yield _matrix(source, condition, "by person", {p: ("", p) for p in spec.people}, _marked(spec))


def _facts(source: SourceResult) -> Iterator[str]:
    spec = source.spec
    yield f"- **Measured from** {spec.measured_from}."
    yield f"- **Held against** {spec.truth}."
    yield f"- **Recordings**: {spec.origin}."
    word = "are convention" if spec.offsets == "convention" else "are error"
    yield f"- **Constant offsets {word}**: {spec.offsets_why}."
    if spec.developed_on:
        others = _names(spec, "held_out")
        rest = f"Nothing was fitted to {others}." if others else "Nobody else is here to judge it by."
        yield f"- **Developed on {_names(spec, 'developed_on')}**: {spec.developed_how}. {rest}"
    else:
        yield "- **Nothing in Coxa was fitted to these people.**"
    if spec.caution:
        yield f"- **Caution.** {spec.caution.strip()}"
    if source.refused:
        yield f"- **Refused** by Coxa, and in no figure: {'; '.join(source.refused)}."


def _names(spec: ReferenceSpec, people: str) -> str:
    chosen = [name for name in spec.people if (name in spec.developed_on) == (people == "developed_on")]
    return ", ".join(spec.people[name] for name in chosen)


def _marked(spec: ReferenceSpec) -> dict[str, str]:
    """Names of people; a star where something was fitted to them."""
    return {key: name + ("*" if key in spec.developed_on else "") for key, name in spec.people.items()}


def _main_table(source: SourceResult, condition: str) -> str:
    offset = f"offset ({source.spec.offsets})"
    heads = (
        "angle",
        "n",
        "shown",
        offset,
        "error",
        "offset removed",
        "range",
        "range, 95 % limits",
        "ICC",
        "CMC",
    )
    lines = [_line(*heads, "in 68 %", "in 95 %", "promise"), _rule(13)]
    silent = []
    for coordinate in source.spec.coordinates:
        row = source.row(coordinate, condition, people=source.judged_people)
        if row is None:
            continue
        if not row.agreement.n_frames:
            silent.append(_title(coordinate))
            continue
        lines.append(_line(_title(coordinate), *_figures(row.agreement), _verdict(source, row)))
    table = "\n".join(lines)
    if silent:
        table += f"\n\nNot observable from this source, and never shown: {', '.join(silent).lower()}."
    return table


def _figures(one: Agreement) -> Iterator[str]:
    yield f"{one.n_people} / {one.n_recordings}"
    yield f"{100 * one.told:.0f} %"
    yield f"{_zero(one.bias_deg):+.1f}"
    yield f"{one.rmse_deg:.1f}"
    yield f"{one.rmse_offset_removed_deg:.1f}"
    yield _number(one.range_error_deg)
    yield _span(one.range_limits_deg)
    yield _correlation(one.icc)
    yield _number(one.cmc, 2)
    yield f"{100 * one.coverage.within_68:.0f}"
    yield f"{100 * one.coverage.within_95:.0f}"


def _verdict(source: SourceResult, row: Row) -> str:
    judged = [
        one
        for one in source.judgements
        if (one.coordinate, one.condition) == (row.agreement.coordinate, row.condition)
    ]
    short = [one for one in judged if not one.kept]
    if not judged:
        return _NONE
    word = "kept" if not short else "wide" if all(one.too_wide for one in short) else "**short**"
    return f"{word}: " + "; ".join(f"{_FIGURES[one.figure]} {_promised(one)}" for one in short or judged)


def _matrix(
    source: SourceResult,
    condition: str,
    title: str,
    columns: Mapping[str, tuple[str, str]],
    heads: Mapping[str, str],
) -> str:
    """One figure of every angle, over movements or people."""
    removed = source.spec.offsets == "convention"
    what = "Error, offset removed" if removed else "Error"
    star = "; * people something was fitted to" if title == "by person" and source.spec.developed_on else ""
    lines = [f"{what}, {title} (share in the 95 % interval){star}:", ""]
    lines += [_line("angle", *(heads[key] for key in columns)), _rule(1 + len(columns))]
    for coordinate in source.spec.coordinates:
        cells = [_cell(source.row(coordinate, condition, *key), removed) for key in columns.values()]
        if any(cell != _NONE for cell in cells):
            lines.append(_line(_title(coordinate), *cells))
    return "\n".join(lines)


def _cell(row: Row | None, removed: bool) -> str:
    if row is None or not row.agreement.n_frames:
        return _NONE
    one = row.agreement
    error = one.rmse_offset_removed_deg if removed else one.rmse_deg
    return f"{error:.1f} ({100 * one.coverage.within_95:.0f} %)"


def _title(coordinate: str) -> str:
    known = FAMILIES.get(coordinate)
    return known.title if known else coordinate.replace("_", " ").capitalize()


def _number(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}" if np.isfinite(value) else _NONE


def _zero(value: float) -> float:
    """No minus sign before a rounded zero."""
    return 0.0 if abs(value) < 0.05 else value


def _span(limits: Interval) -> str:
    if not np.isfinite(limits.low):
        return _NONE
    return f"{_zero(limits.low):+.1f} to {_zero(limits.high):+.1f}"


def _correlation(icc: Interval) -> str:
    if not np.isfinite(icc.value):
        return _NONE
    return f"{icc.value + 0.0:.2f} ({icc.low:.2f} to {icc.high:.2f})".replace("-0.00", "0.00")


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _rule(n: int) -> str:
    return "|" + "---|" * n
