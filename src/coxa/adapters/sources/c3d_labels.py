"""What the points of a C3D file are: markers of whom, stored angles, other results of a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coxa.adapters.sources.c3d_parameters import Parameters
from coxa.model.errors import SourceError

#: Groups of labels that are results of a model, not points in the room, if the file says no more.
_RESULTS = ("ANGLES", "FORCES", "MOMENTS", "POWERS", "SCALARS", "MODELED_MARKERS")


@dataclass(frozen=True, slots=True)
class Labels:
    """Which columns of the file are what.

    Attributes:
        people: whom the file holds.
        person: of whom the following are; empty: one without a name.
        markers: name without the person -> column.
        angles: name without the person -> column.
        notes: what was left out.
    """

    people: tuple[str, ...]
    person: str
    markers: dict[str, int]
    angles: dict[str, int]
    notes: tuple[str, ...]


def read_labels(path: Path, known: Parameters, n_points: int, person: str | None) -> Labels:
    """Sort the points.

    Args:
        path: for the errors.
        known: the file's parameters.
        n_points: in each frame.
        person: whom to read; None: the only one.

    Raises:
        SourceError: several people and none told, or nobody of that name.
    """
    labels = known.words("POINT", "LABELS")[:n_points]
    results = _results(known)
    columns = {i: label for i, label in enumerate(labels) if label and not label.startswith("*")}
    markers = {i: label for i, label in columns.items() if not _kind(label, results)}
    people, prefixed = _people(known, list(markers.values()))
    who = _chosen(path, people, person)
    notes = []
    if unnamed := n_points - len(columns):
        notes.append(f"{unnamed} of {n_points} points have no name and are left out")
    angles = {i: label for i, label in columns.items() if _kind(label, results) == "ANGLES"}
    if others := len(columns) - len(markers) - len(angles):
        notes.append(f"{others} results of a model (forces, moments, powers and the like) are left out")
    wanted = who if prefixed else ""
    strangers = prefixed and len(people) > 1
    return Labels(
        people,
        who,
        _of_one(markers, wanted, strangers, notes),
        _of_one(angles, wanted, strangers, notes),
        tuple(notes),
    )


def subject_number(known: Parameters, labels: Labels) -> int:
    """Which of the file's subjects this is, from 0."""
    names = known.words("SUBJECTS", "NAMES")
    return names.index(labels.person) if labels.person in names else 0


def _results(known: Parameters) -> dict[str, str]:
    """Label -> the group of results it is listed in."""
    told = known.words("POINT", "TYPE_GROUPS")
    groups = {*_RESULTS, *(group.upper() for group in told[::2])}
    groups -= {group.upper() for group, kind in zip(told[::2], told[1::2], strict=False) if kind == "MARKER"}
    groups -= {"LABELS", "DESCRIPTIONS"}
    return {label: group for group in sorted(groups) for label in known.words("POINT", group)}


def _kind(label: str, results: dict[str, str]) -> str:
    return results.get(label) or results.get(_split(label)[1], "")


def _split(label: str) -> tuple[str, str]:
    """Whose it is, and the name: ``Subject:LASI``."""
    who, colon, name = label.partition(":")
    return (who, name) if colon and who and name else ("", label)


def _people(known: Parameters, labels: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Names, and whether the labels bear them."""
    prefixes = tuple(dict.fromkeys(who for who, _ in map(_split, labels) if who))
    if prefixes:
        return prefixes, True
    names = tuple(name for name in known.words("SUBJECTS", "NAMES") if name)
    return (names if len(names) == 1 else ()), False


def _chosen(path: Path, people: tuple[str, ...], person: str | None) -> str:
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


def _of_one(columns: dict[int, str], who: str, strangers: bool, notes: list[str]) -> dict[str, int]:
    """Name -> column of one person; names that stand twice are nobody's."""
    mine: list[tuple[str, int]] = []
    for column, label in columns.items():
        prefix, name = _split(label)
        if not who:
            mine.append((label, column))
        elif prefix == who or not (prefix or strangers):
            mine.append((name, column))
    counts = Counter(name for name, _ in mine)
    if twice := [name for name, count in counts.items() if count > 1]:
        notes.append(f"several points have the same name and are left out: {', '.join(twice)}")
    return {name: column for name, column in mine if counts[name] == 1}
