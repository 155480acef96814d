"""Whose a marker is, where names say it (``Ann:LASI``), and names that stand twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from coxa.model.errors import SourceError


def split(label: str) -> tuple[str, str]:
    """The person, or an empty word, and the name without."""
    who, colon, name = label.partition(":")
    return (who, name) if colon and who and name else ("", label)


def people_in(labels: Iterable[str]) -> tuple[str, ...]:
    """Everybody whose name stands before a marker's."""
    return tuple(dict.fromkeys(who for who, _ in map(split, labels) if who))


def chosen(path: Path, people: tuple[str, ...], person: str | None) -> str:
    """Whom to read; empty: the only one, who has no name.

    Raises:
        SourceError: several people and none told, or nobody of that name.
    """
    if person is None:
        if len(people) > 1:
            raise SourceError(
                f"{path}: it holds {len(people)} people", f"name one with --person: {', '.join(people)}"
            )
        return people[0] if people else ""
    if person not in people:
        there = f"--person may be: {', '.join(people)}" if people else "leave --person out"
        raise SourceError(f"{path}: nobody in it is called {person!r}", there)
    return person


def columns_of(
    labels: Mapping[int, str], who: str, alone: bool, notes: list[str], what: str = "points"
) -> dict[str, int]:
    """Name -> column of one person; names that stand twice are nobody's.

    Args:
        labels: column -> label.
        who: the person before the names; empty: names bear none.
        alone: whether what bears no person is this one's too.
        notes: told what is left out.
        what: the columns are, for people to read.
    """
    mine: list[tuple[str, int]] = []
    for column, label in labels.items():
        prefix, name = split(label)
        if not who:
            mine.append((label, column))
        elif prefix == who or (alone and not prefix):
            mine.append((name, column))
    counts = Counter(name for name, _ in mine)
    if twice := [name for name, count in counts.items() if count > 1]:
        notes.append(f"several {what} have the same name and are left out: {', '.join(twice)}")
    return {name: column for name, column in mine if counts[name] == 1}
