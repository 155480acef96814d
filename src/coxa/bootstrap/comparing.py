"""Two tests of one person side by side, with their films where there are any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from coxa.app.compare import Moment, Row, moments, rows
from coxa.app.record import Entry, Kind, Person, Records
from coxa.catalog.loader import assess_rules
from coxa.catalog.protocols import library


@dataclass(frozen=True, slots=True)
class Choice:
    """A test that can be compared.

    Attributes:
        entry: id.
        on: the day.
        protocol: id of the test.
        title: of the test.
        nth: which of that day's, from 1; 0: the only one.
    """

    entry: str
    on: date
    protocol: str
    title: str
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two.

    Attributes:
        entry: id.
        on: the day.
        title: of the test.
        film: entry of its film; empty: there is none.
        moments: its repetitions.
        nth: which of that day's, from 1; 0: the only one.
    """

    entry: str
    on: date
    title: str
    film: str
    moments: tuple[Moment, ...]
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """Both.

    Attributes:
        before: the first that was named.
        after: the second.
        rows: measures; empty: they are different tests.
        titles: of quantities.
    """

    before: Side
    after: Side
    rows: tuple[Row, ...]
    titles: dict[str, str]


def choices(entries: Sequence[Entry]) -> tuple[Choice, ...]:
    """Tests, newest first."""
    known, nth = library().protocols, _nth_of_day(entries)
    return tuple(
        Choice(
            one.id,
            one.on,
            one.label,
            known[one.label].title if one.label in known else one.label,
            nth[one.id],
        )
        for one in reversed(entries)
    )


def _nth_of_day(entries: Sequence[Entry]) -> dict[str, int]:
    """Entry -> which of its day's runs of the same test, from 1; 0: the only one."""
    alike: dict[tuple[date, str], list[str]] = {}
    for one in entries:
        alike.setdefault((one.on, one.label), []).append(one.id)
    return {
        name: place if len(names) > 1 else 0
        for names in alike.values()
        for place, name in enumerate(names, start=1)
    }


def compared(
    records: Records, person: Person, before: Entry, after: Entry, kept: Sequence[Entry]
) -> Compared:
    """Two assessments of one person.

    Args:
        records: where their films are.
        person: whose they are.
        before: an assessment.
        after: another.
        kept: all of the person's, oldest first.
    """
    films = films_of(records, person)
    nth = _nth_of_day(kept)
    told = [_side(one, films, nth.get(one.id, 0)) for one in (before, after)]
    same = before.document["protocol"] == after.document["protocol"]
    found = rows(before.document, after.document, assess_rules()) if same else ()
    protocol = library().protocols.get(str(before.document["protocol"]))
    titles = {} if protocol is None else {one.id: one.title for one in protocol.quantities}
    return Compared(told[0], told[1], found, titles)


def films_of(records: Records, person: Person) -> dict[tuple[str, str], str]:
    """Job and recording's place in it -> entry of the film, the one with the skeleton where there is one."""
    found: dict[tuple[str, str], str] = {}
    for kind in (Kind.RECORDING, Kind.MOTION):
        for one in records.entries(person.id, kind):
            job = one.provenance.get("job")
            if not job or not str(one.document.get("media_type", "")).startswith("video/"):
                continue
            place = str(one.provenance.get("recording", ""))
            found[str(job), place] = one.id
    return found


def _side(entry: Entry, films: dict[tuple[str, str], str], nth: int) -> Side:
    job, place = str(entry.provenance.get("job", "")), str(entry.provenance.get("recording", ""))
    known = library().protocols.get(entry.label)
    film = films.get((job, place)) or films.get((job, "")) or ""
    title = entry.label if known is None else known.title
    return Side(entry.id, entry.on, title, film, moments(entry.document), nth)
