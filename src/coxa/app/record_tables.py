"""What is kept of a person as tidy tables, for people who count: a row a figure, the unit in the name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from coxa.app.record import Entry, Kind, Person, Records
from coxa.app.record_documents import Pain, value_of
from coxa.model.training import LogEntry

#: Of an assessment whose maker did not say what it came from.
_UNTOLD = "unknown"


class Type(StrEnum):
    """Of the values of a column."""

    DAY = "day"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind.

    Attributes:
        name: of the table.
        columns: name of each to its type.
        rows: a value a column: a date, a number, a text; None: not told.
    """

    name: str
    columns: Mapping[str, Type]
    rows: tuple[tuple[Any, ...], ...]


_DAY, _NUMBER, _TEXT = Type.DAY, Type.NUMBER, Type.TEXT
_MEASURES = {
    "person": _TEXT, "date": _DAY, "test": _TEXT, "quantity": _TEXT, "side": _TEXT, "value_deg": _NUMBER,
    "sd_deg": _NUMBER, "minimal_detectable_deg": _NUMBER, "verdict": _TEXT, "observability": _TEXT,
    "source_kind": _TEXT,
}  # fmt: skip
_SESSIONS = {
    "person": _TEXT, "date": _DAY, "exercise": _TEXT, "done": _TEXT, "form_percent": _NUMBER,
    "effort_of_10": _NUMBER, "pain_before_of_10": _NUMBER, "pain_of_10": _NUMBER,
    "pain_next_morning_of_10": _NUMBER, "symptoms": _TEXT, "sets": _NUMBER, "repetitions": _NUMBER,
    "load_kg": _NUMBER, "note": _TEXT,
}  # fmt: skip
_PAIN = {
    "person": _TEXT, "date": _DAY, "pain_of_10": _NUMBER, "when": _TEXT, "exercise": _TEXT, "where": _TEXT,
    "words": _TEXT,
}  # fmt: skip


def tables(records: Records, person: Person) -> tuple[Table, ...]:
    """Measures, sessions and pain of one person, by day.

    Raises:
        SourceError: an entry is not of its kind.
    """
    log = [
        value_of(one.kind, one.document, f"session of {one.on}")
        for one in records.entries(person.id, Kind.SESSION)
    ]
    found = (
        ("measures", _MEASURES, _measures(records.entries(person.id, Kind.ASSESSMENT))),
        ("sessions", _SESSIONS, map(_session, log)),
        ("pain", _PAIN, _pain(records.entries(person.id, Kind.PAIN), log)),
    )
    return tuple(
        # Sorting keeps the order of what was kept of one day.
        Table(name, columns, tuple(sorted(((person.id, *row) for row in rows), key=lambda row: row[1])))
        for name, columns, rows in found
    )


def _measures(entries: Iterable[Entry]) -> Iterator[tuple[Any, ...]]:
    for entry in entries:
        source = _source_kind(entry.document)
        for result in entry.document["results"]:
            level = str(result.get("observability") or "")
            # Where the source cannot tell, no figure is shown.
            shown = result if level != "not observable" else {}
            figures = [shown.get(key) for key in ("value_deg", "sd_deg", "minimal_detectable_deg")]
            what = (entry.document["protocol"], result["quantity"], result["side"])
            yield entry.on, *what, *figures, str(result.get("verdict") or ""), level, source


def _source_kind(assessment: Mapping[str, Any]) -> str:
    """What it was measured with: as its provenance says, else the ending of the file it was read from."""
    provenance, source = assessment.get("provenance"), assessment.get("source")
    told = provenance.get("kind") if isinstance(provenance, Mapping) else None
    if isinstance(told, str) and told:
        return told
    return PurePath(source).suffix.lstrip(".").lower() or _UNTOLD if isinstance(source, str) else _UNTOLD


def _session(one: LogEntry) -> tuple[Any, ...]:
    form = None if one.form is None else round(100 * one.form, 6)
    symptoms = "; ".join(symptom.value for symptom in one.symptoms)
    return (
        one.on, one.exercise, one.done.value, form, one.effort, one.pain_before, one.pain,
        one.pain_next_morning, symptoms, one.sets, one.repetitions, one.load_kg, one.note,
    )  # fmt: skip


def _pain(told: Iterable[Entry], log: Iterable[LogEntry]) -> Iterator[tuple[Any, ...]]:
    for entry in told:
        value: Pain = value_of(entry.kind, entry.document, f"pain of {entry.on}")
        yield entry.on, value.score, "told", "", value.where, value.words
    for one in log:
        for when, on, score in (
            ("before", one.on, one.pain_before),
            ("during", one.on, one.pain),
            ("next morning", one.on + timedelta(days=1), one.pain_next_morning),
        ):
            if score is not None:
                yield on, score, when, one.exercise, "", ""
