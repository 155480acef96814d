"""The figures of an assessment in rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from coxa import __version__
from coxa.model.assessment import Estimate, SideResult
from coxa.model.motion import Observability
from coxa.report.assessment.canvas import Table
from coxa.report.assessment.case import Case
from coxa.report.assessment.figures.ledger import head_of, row_of
from coxa.report.assessment.figures.rhythm import coordinate_words
from coxa.report.assessment.words import DASH, angle, figure_of, plain_angle, side_word
from coxa.report.wording import number

_SIDES = ("right", "left")  # as one faces the person

#: Further figures by the last part of their name.
_MEASURES = {
    "cycle": "Stride time",
    "stance_share": "Stance, share of the stride",
    "internal_at_loading": "Hip turning inwards at loading",
    "external_towards_push_off": "Hip turning outwards towards push-off",
    "other_motion": "{other}: how far it went along",
    "other_share": "{other}: its share of both motions",
    "other_share_at_60": "{other}: how much of it was done at 60 % of the motion",
    "before_other": "{mover}: motion before the other began",
    "onset_delay": "{other}: began later by",
    "in_phase": "Time both move the same way",
    "anti_phase": "Time both move against each other",
    "proximal": "Time mostly the one moves that should stay ({other})",
    "distal": "Time mostly the one moves that should ({mover})",
    "relative_phase": "Relative phase, mean size",
    "score": "Independence (ours; nothing published stands behind its scale)",
}


def results(case: Case) -> Iterator[Table]:
    """What each side reached, sides and dates compared, and further figures."""
    rows = tuple(_result(case, one) for one in case.told())
    if rows:
        head = (
            "Motion",
            "Result (95 %)",
            "Repetitions that count",
            "Verdict",
            "Smallest real change",
            "Read from",
        )
        yield Table(head, rows, "Results")
    compared = tuple(
        (
            one.words,
            angle(one.difference),
            number(one.probability, 2) if np.isfinite(one.probability) else DASH,
            plain_angle(one.mdc),
            "yes" if one.real else "no",
        )
        for one in case.assessment.comparisons
    )
    if compared:
        compared_head = (
            "Compared",
            "Difference (95 %)",
            "Probability of this direction",
            "Least that would show",
            "Counts",
        )
        yield Table(compared_head, compared, "Compared")
    further = tuple(_further(case))
    if further:
        columns = 4 if any(row[3] != DASH for row in further) else 3
        names = ("Figure", "Right", "Left", "No side")[:columns]
        yield Table(names, tuple(row[:columns] for row in further), "Further figures")


def _result(case: Case, one: SideResult) -> tuple[str, ...]:
    counted = sum(rep.counts for rep in one.repetitions)
    weak = ", weak" if one.level is Observability.WEAK else ""
    quantity = case.quantity(one)
    read = one.coordinate.replace("_", " ")
    if quantity is not None:
        what = "at the end range" if quantity.result == "peak" else "from the start"
        read += f" ({quantity.reading}, {what})"
    return (
        side_word(one.side, case.title_of(one.quantity)),
        angle(one.result) + weak,
        f"{counted} of {len(one.repetitions)}",
        one.verdict.value,
        plain_angle(one.mdc),
        read,
    )


def _further(case: Case) -> Iterator[tuple[str, ...]]:
    rows: dict[str, dict[str, Estimate]] = {}
    for name, figure in case.assessment.measures.items():
        if figure.known:
            title, side = _named(case, name)
            rows.setdefault(title, {})[side] = figure
    for title, sides in rows.items():
        cells = (figure_of(sides[side]) if side in sides else DASH for side in (*_SIDES, ""))
        yield title, *cells


def _named(case: Case, name: str) -> tuple[str, str]:
    """Title and side of a figure's name, such as ``range.hip_flexion_left.left``."""
    parts = name.split(".")
    side = next((one for one in parts if one in _SIDES), "")
    parts = [one for one in parts if one not in _SIDES]
    if parts[0] == "range" and len(parts) == 2:
        coordinate = parts[1].removesuffix(f"_{side}")
        quantity = next(
            (q for q in case.protocol.quantities if q.coordinate.replace("_SIDE", "") == coordinate), None
        )
        return f"Range: {quantity.title if quantity else coordinate.replace('_', ' ')}", side
    other, mover = (coordinate_words(one) for one in case.protocol.dissociation or ("", ""))
    title = _MEASURES.get(parts[-1], parts[-1].replace("_", " ")).format(other=other, mover=mover)
    several = len(case.protocol.quantities) > 1
    if len(parts) > 1 and several:
        return f"{case.title_of(parts[0])} · {title}", side
    return title, side


def repetitions(case: Case) -> Iterator[Table]:
    """One table a side and quantity, one row a repetition."""
    for one in case.told():
        if not one.repetitions:
            continue
        parts = {entry.part: entry.within for rep in one.repetitions for entry in rep.ledger}
        yield Table(
            head_of(case.rules, parts),
            tuple(row_of(rep, case.rules, parts) for rep in one.repetitions),
            f"Repetitions: {side_word(one.side, case.title_of(one.quantity))}",
        )


def summary(cases: Sequence[Case]) -> Table:
    """Every motion of a battery, both sides beside each other."""
    rows: dict[tuple[str, str], dict[str, SideResult]] = {}
    titles: dict[tuple[str, str], str] = {}
    compared: dict[tuple[str, str], str] = {}
    for case in cases:
        for result in case.assessment.results:
            place = case.assessment.protocol, result.quantity
            sides = rows.setdefault(place, {})
            if result.side not in sides or result.result.known:  # each side may have a recording of its own
                sides[result.side] = result
            titles[place] = case.title_of(result.quantity)
        for one in case.assessment.comparisons:
            if one.of == "left-right":
                mark = "counts" if one.real else "within error"
                compared[case.assessment.protocol, one.quantity] = f"{angle(one.difference)}, {mark}"
    return Table(
        ("Motion", "Right", "Left", "Left less right", "Reference people"),
        tuple(
            (
                titles[place],
                _cell(sides.get("right"), sides.get("")),
                _cell(sides.get("left"), sides.get("")),
                compared.get(place, DASH),
                _reference(sides),
            )
            for place, sides in rows.items()
        ),
        "All motions",
    )


def _cell(one: SideResult | None, other: SideResult | None) -> str:
    result = one or other
    if result is None:
        return "not done"
    if result.level is Observability.NOT_OBSERVABLE:
        return "not told" if result.repetitions else "not done, or not seen"
    if not result.result.known:
        return "none that counts"
    weak = ", weak" if result.level is Observability.WEAK else ""
    return f"{angle(result.result)}, {result.verdict.value}{weak}"


def _reference(sides: dict[str, SideResult]) -> str:
    words = {
        side: one.norm.band + ("" if one.norm.verified else " (unverified)")
        for side in (*_SIDES, "")
        if (one := sides.get(side)) is not None and one.norm is not None
    }
    if len(set(words.values())) == 1:
        return f"{'both ' if len(words) > 1 else ''}{next(iter(words.values()))}"
    return ", ".join(f"{side} {word}" for side, word in words.items()) or "none applies"


def provenance(cases: Sequence[Case]) -> Iterator[tuple[str, str]]:
    """Versions and whatever else was kept with the results."""
    yield "Coxa", __version__
    for case in cases:
        found = case.assessment
        yield found.title, f"protocol {found.protocol}, version {found.protocol_version}"
    kept = {(str(key), str(value)) for case in cases for key, value in case.assessment.provenance.items()}
    for key, value in sorted(kept):
        yield key.replace("_", " "), value
