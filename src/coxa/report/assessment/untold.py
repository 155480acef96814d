"""What a recording cannot tell, said once: both sides and all that shares a reason together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from coxa.model.assessment import Curve, Silence
from coxa.model.normal import Z95
from coxa.report.assessment.case import Case
from coxa.report.assessment.words import angle

_SIDES = ("left", "right")
_DROWNED = 3.0  # errors so many times as large as the motion leave nothing to see


def untold(case: Case) -> tuple[Silence, ...]:
    """The silences of an assessment as a reader wants them, whole sentences."""
    return grouped(silences(case))


def silences(case: Case) -> tuple[Silence, ...]:
    """Of the assessment, and curves that are not worth drawing."""
    return (*case.assessment.silences, *_drowned(case))


def grouped(found: Iterable[Silence]) -> tuple[Silence, ...]:
    """One for all that share a reason and a remedy."""
    same: dict[tuple[str, str], list[str]] = {}
    for one in found:
        same.setdefault((one.reason, one.remedy), []).append(one.what)
    return tuple(
        Silence(_listed(what), _sentence(reason), _sentence(remedy))
        for (reason, remedy), what in same.items()
    )


def names(found: Iterable[Silence]) -> tuple[str, ...]:
    """What is not told, without sides and parts, each once."""
    return tuple(dict.fromkeys(_sideless(one.what).partition(":")[0] for one in found))


def tells(case: Case, curve: Curve) -> bool:
    """Whether a curve is worth drawing: its range does not drown in the error of it."""
    figure = case.assessment.measures.get(f"range.{curve.quantity}.{curve.side}")
    return figure is None or not figure.known or _DROWNED * figure.value > Z95 * figure.sd


def _drowned(case: Case) -> Iterator[Silence]:
    """Curves that are not worth drawing, on any side that has one."""
    for quantity in case.protocol.quantities:
        named = {quantity.coordinate.replace("SIDE", side) for side in _SIDES}
        curves = [one for one in case.assessment.curves if one.quantity in named]
        if curves and not any(tells(case, one) for one in curves):
            ranges = [case.assessment.measures[f"range.{one.quantity}.{one.side}"] for one in curves]
            least = angle(min(ranges, key=lambda one: one.sd))
            reason = f"its error is many times as large as its motion over the stride ({least})"
            yield Silence(quantity.title, reason, quantity.needs)


def _sideless(what: str) -> str:
    for side in _SIDES:
        what = what.replace(f", {side}", "")
    return what


def _listed(what: Sequence[str]) -> str:
    """Both sides of one thing are one thing."""
    sides: dict[str, list[str]] = {}
    for one in what:
        side = [side for side in _SIDES if f", {side}" in one]
        sides.setdefault(_sideless(one), []).extend(side)
    return "; ".join(f"{name}, {own[0]}" if len(set(own)) == 1 else name for name, own in sides.items())


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}".rstrip(".") + "." if words else ""
