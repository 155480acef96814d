"""What an entry of each kind says, and that it says it: nothing else comes into the record, by no road."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from coxa.app.record import Kind
from coxa.model.errors import SourceError
from coxa.model.people import OLDEST_Y, SHORTEST_M, TALLEST_M
from coxa.model.plain import from_plain, to_plain
from coxa.model.plan import Programme
from coxa.model.screening import Screen, ScreenOutcome
from coxa.model.training import LogEntry, RetestResult

_LONGEST_TEXT = 20_000
_HIGHEST = 10.0


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person agreed to.

    Attributes:
        words: as it was read to them.
        given: False: taken back.
    """

    words: str
    given: bool = True


@dataclass(frozen=True, slots=True)
class Screened:
    """A screen and what it said.

    Attributes:
        screen: the answers.
        outcome: of them.
    """

    screen: Screen
    outcome: ScreenOutcome


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A recording, or the motion that was made of one.

    Attributes:
        name: of the file, without its folder.
        media_type: of it.
        words: about it.
    """

    name: str
    media_type: str = "application/octet-stream"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Pain:
    """How much it hurts.

    Attributes:
        score: 0 (none) to 10 (the worst there is).
        where: in the person's words.
        words: more of it; it may bring up a question, it decides nothing.
    """

    score: float
    where: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Anything.

    Attributes:
        text: of it.
    """

    text: str


_TYPES: dict[Kind, type[Any]] = {
    Kind.CONSENT: Consent,
    Kind.SCREEN: Screened,
    Kind.RECORDING: KeptFile,
    Kind.MOTION: KeptFile,
    Kind.PROGRAMME: Programme,
    Kind.SESSION: LogEntry,
    Kind.RETEST: RetestResult,
    Kind.PAIN: Pain,
    Kind.NOTE: Note,
}
#: Figures of the person's own estimate, on 0..10 each.
_SCALES = ("pain", "pain_before", "pain_next_morning", "effort", "score")


def document_of(value: Any) -> dict[str, Any]:
    """A value as an entry keeps it."""
    return to_plain(value)


def value_of(kind: Kind, document: Mapping[str, Any], name: str = "the record") -> Any:
    """What a document says, checked; an assessment stays the mapping that it is.

    Raises:
        SourceError: it is not of this kind.
    """
    if kind is Kind.ASSESSMENT:
        _require_assessment(document, name)
        return document
    value = from_plain(_TYPES[kind], document, name)
    _require_scales(value, name)
    if isinstance(value, Programme):
        require_safe(value, name)
    return value


def require_safe(programme: Programme, name: str = "the programme") -> None:
    """No exercise where the screen allows none.

    Raises:
        SourceError: there is some.
    """
    if programme.weeks and not programme.screen.allows_exercise:
        raise SourceError(
            f"{name}: it has exercises, but its screen allows none", "screen again, then plan again"
        )


def _require_scales(value: Any, name: str) -> None:
    for scale in _SCALES:
        figure = getattr(value, scale, None)
        if figure is not None and not 0 <= figure <= _HIGHEST:
            raise SourceError(f"{name}: {scale} is {figure}, which is not within 0 and 10", "correct it")
    for text in ("words", "text", "note", "where"):
        if len(getattr(value, text, "")) > _LONGEST_TEXT:
            raise SourceError(f"{name}: {text} is too long", "keep it as a file")


def _require_assessment(document: Mapping[str, Any], name: str) -> None:
    results = document.get("results")
    whole = isinstance(document.get("protocol"), str) and isinstance(results, list)
    if not whole or not all(_is_result(one) for one in results or ()):
        raise SourceError(f"{name}: this is no assessment of Coxa", "name the assessment.json of coxa assess")


def _is_result(one: Any) -> bool:
    if not isinstance(one, Mapping) or not isinstance(one.get("quantity"), str):
        return False
    figures = [one.get(key) for key in ("value_deg", "sd_deg", "minimal_detectable_deg")]
    # A bool is an int to Python, not to people.
    return isinstance(one.get("side"), str) and all(
        figure is None or (isinstance(figure, int | float) and not isinstance(figure, bool))
        for figure in figures
    )


def day(text: str) -> date:
    """A day as people write it: ``2026-03-01``, ``1.3.2026``, ``today``; which is the month is never guessed.

    Raises:
        SourceError: it is none, or can be read in two ways.
    """
    remedy = "write year-month-day, such as 2026-03-01, or day.month.year"
    plain = text.strip()
    if plain.casefold() == "today":
        return date.today()
    try:
        if plain.count(".") == 2:
            d, m, y = (part.strip() for part in plain.split("."))
            if len(y) != 4 or not (d.isdecimal() and m.isdecimal() and y.isdecimal()):
                raise ValueError
            return date(int(y), int(m), int(d))
        if len(plain) != len("2026-03-01") or not plain.isascii():
            raise ValueError
        return date.fromisoformat(plain)
    except ValueError as error:
        raise SourceError(f"{text!r:.40} is no day", remedy) from error


def birthday(text: str) -> date:
    """A day on which somebody alive can have been born.

    Raises:
        SourceError: it is none.
    """
    return require_birthday(day(text))


def require_birthday(born: date) -> date:
    """The day, if somebody alive can have been born on it.

    Raises:
        SourceError: nobody can.
    """
    if not 0 <= (date.today() - born).days <= OLDEST_Y * 366:
        raise SourceError(
            f"{born} is nobody's birthday", f"give a day from the last {OLDEST_Y} years, such as 1980-05-17"
        )
    return born


def stature_m(text: str, per_m: float = 1.0) -> float:
    """How tall somebody is, in m.

    Args:
        text: as people write numbers.
        per_m: units a metre: 100 where centimetres are asked for.

    Raises:
        SourceError: it is no number, or nobody is.
    """
    return number(text, "the height", SHORTEST_M * per_m, TALLEST_M * per_m) / per_m


def number(text: str, what: str, low: float, high: float) -> float:
    """A number as people write it, with a point or a comma.

    Raises:
        SourceError: it is none, or not within the bounds.
    """
    plain = text.strip().replace(",", ".", 1) if text.count(",") == 1 and "." not in text else text.strip()
    try:
        value = float(plain) if "_" not in plain else float("nan")
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise SourceError(f"{what} is {text!r:.40}", f"give a number from {low:g} to {high:g}")
    return value
