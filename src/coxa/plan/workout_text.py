"""A person's own week of training, read from text: what is not known is kept and named, never dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from coxa.plan.free_text import flattened
from coxa.specs.workout import Movement, WorkoutSpec

_LONGEST = 50_000
_NUMBER = r"\d{1,4}(?:[.,]\d{1,2})?"
_SETS = re.compile(r"(?<![\w.,])(\d{1,2})\s*[x\u00d7*]\s*(\d{1,3})(?![\w])")
_TIME = re.compile(rf"(?<![\w.,])({_NUMBER})\s*(hours|hour|h|std|minutes|minuten|minute|mins|min|m)(?![\w])")
_WEIGHT = re.compile(rf"(?<![\w.,])({_NUMBER})\s*(kg|kilos|kilo|lbs|lb)(?![\w])")
_FIGURE = re.compile(rf"(?<![\w]){_NUMBER}(?![\w])")
#: A comma between figures is a decimal comma; any other ends an item.
_ENDS = re.compile(r"(?:[;\n\r\t|]|,(?!\d)|(?<!\d),|\s\+\s|\u3001|\uff0c)")
_FIELDS = {"exercise"}
_UNITS = {"minutes": "min", "kg": "kg"}
_KG_PER_LB = 0.45359237
_MINUTES = {"h": 60.0, "hour": 60.0, "hours": 60.0, "std": 60.0}
_FILLERS = {
    "and",
    "then",
    "with",
    "at",
    "of",
    "und",
    "dann",
    "mit",
    "et",
    "puis",
    "avec",
    "y",
    "con",
    "the",
    "a",
    "easy",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the week.

    Attributes:
        text: as the person wrote it.
        movement: id; empty: not known.
        weekday: 0..6; None: not told.
        sets: None: not told.
        repetitions: of a set; None: not told.
        minutes: None: not told.
        load_kg: None: not told.
    """

    text: str
    movement: str
    weekday: int | None = None
    sets: int | None = None
    repetitions: int | None = None
    minutes: float | None = None
    load_kg: float | None = None


def read_items(text: str, spec: WorkoutSpec) -> tuple[Item, ...]:
    """The week, item by item.

    Lines may begin with a day ("Mon: squat 3x5, bench"); items end at a comma, a semicolon, a plus or a line.
    "7,5 kg" and "7.5 kg" are the same.
    """
    found: list[Item] = []
    for line in text[:_LONGEST].splitlines():
        weekday, rest = _day(line, spec)
        for piece in _ENDS.split(rest):
            if any(letter.isalpha() for letter in piece):
                found.append(_item(piece.strip(), weekday, spec))
    return tuple(found)


def _day(line: str, spec: WorkoutSpec) -> tuple[int | None, str]:
    head, colon, rest = line.partition(":")
    if not colon:
        head, _, rest = line.strip().partition(" ")
        if flattened(head) not in spec.weekdays or not rest:
            return None, line
    weekday = spec.weekdays.get(flattened(head).strip(" .-*"))
    return (weekday, rest) if weekday is not None else (None, line)


def _item(piece: str, weekday: int | None, spec: WorkoutSpec) -> Item:
    flat = flattened(piece)
    sets, time, weight = _SETS.search(flat), _TIME.search(flat), _WEIGHT.search(flat)
    words = flat
    for pattern in (_SETS, _TIME, _WEIGHT, _FIGURE):
        words = pattern.sub(" ", words)
    known = _movement(words, spec)
    return Item(
        text=piece,
        movement="" if known is None else known.id,
        weekday=weekday,
        sets=None if sets is None else int(sets[1]),
        repetitions=None if sets is None else int(sets[2]),
        minutes=None if time is None else _figure(time[1]) * _MINUTES.get(time[2], 1.0),
        load_kg=None if weight is None else _figure(weight[1]) * (_KG_PER_LB if "lb" in weight[2] else 1.0),
    )


def _figure(text: str) -> float:
    return float(text.replace(",", "."))


def _movement(words: str, spec: WorkoutSpec) -> Movement | None:
    """The longest known name in it."""
    plain = [word for word in re.findall(r"\w+", words) if word not in _FILLERS]
    names = sorted(_names(spec), key=lambda one: (-len(one[0]), one[0]))
    for name, movement in names:
        size = len(name)
        if any(plain[at : at + size] == list(name) for at in range(len(plain) - size + 1)):
            return movement
    return None


def _names(spec: WorkoutSpec) -> Iterator[tuple[tuple[str, ...], Movement]]:
    for one in spec.movements:
        for name in one.names:
            yield tuple(re.findall(r"\w+", flattened(name))), one


def items_of_plain(value: object, spec: WorkoutSpec) -> tuple[Item, ...]:
    """A week as YAML or a table has it: days with their items, or a list of items, or rows of named fields.

    Anything else in it is kept as an item that is not known.
    """
    if isinstance(value, Mapping):
        days = {str(key): one for key, one in value.items()}
        if _FIELDS & {key.casefold() for key in days}:
            return _row(days, spec)
        return tuple(
            replace(item, weekday=spec.weekdays.get(flattened(day).strip(), item.weekday))
            for day, one in days.items()
            for item in items_of_plain(one, spec)
        )
    if isinstance(value, list | tuple):
        return tuple(item for one in value for item in items_of_plain(one, spec))
    return () if value is None else read_items(str(value), spec)


def _row(fields: Mapping[str, object], spec: WorkoutSpec) -> tuple[Item, ...]:
    """One row: ``day``, ``exercise``, ``sets``, ``reps``, ``minutes``, ``kg``; empty fields may stand."""
    told = {key.casefold().strip(): str(one).strip() for key, one in fields.items() if one not in (None, "")}
    name = told.get("exercise", "")
    if not name:
        return ()
    text = " ".join((name, *(f"{told[key]} {unit}" for key, unit in _UNITS.items() if key in told)))
    if "sets" in told and "reps" in told:
        text = f"{text} {told['sets']}x{told['reps']}"
    weekday = spec.weekdays.get(flattened(told.get("day", "")))
    return tuple(replace(item, weekday=weekday, text=name) for item in read_items(text, spec))
