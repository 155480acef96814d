"""What the points of a C3D file are: markers of whom, stored angles, other results of a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coxa.adapters.sources.c3d_parameters import Parameters
from coxa.adapters.sources.marker_names import chosen, columns_of, people_in, split
from coxa.catalog.loader import angle_conventions

#: Groups of labels that are results of a model, not points in the room, if the file says no more.
_RESULTS = ("ANGLES", "FORCES", "MOMENTS", "POWERS", "SCALARS", "MODELED_MARKERS")

#: The convention of the angles that such files store.
ANGLES = "plug_in_gait"


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
    kinds = {i: results.get(label) or results.get(split(label)[1], "") for i, label in columns.items()}
    markers = {i: label for i, label in columns.items() if not kinds[i]}
    angles = {i: label for i, label in columns.items() if kinds[i] == "ANGLES"}
    people, prefixed = _people(known, list(markers.values()))
    who = chosen(path, people, person)
    notes = []
    if unnamed := n_points - len(columns):
        notes.append(f"{unnamed} of {n_points} points have no name and are left out")
    if others := len(columns) - len(markers) - len(angles):
        notes.append(f"{others} results of a model (forces, moments, powers and the like) are left out")
    wanted, alone = who if prefixed else "", len(people) == 1
    return Labels(
        people,
        who,
        columns_of(markers, wanted, alone, notes),
        columns_of(angles, wanted, alone, notes),
        tuple(notes),
    )


def subject_number(known: Parameters, labels: Labels) -> int:
    """Which of the file's subjects this is, from 0."""
    names = known.words("SUBJECTS", "NAMES")
    return names.index(labels.person) if labels.person in names else 0


def _results(known: Parameters) -> dict[str, str]:
    """Label -> the group of results it is listed in; well-known angles need not be listed."""
    told = known.words("POINT", "TYPE_GROUPS")
    groups = {*_RESULTS, *(group.upper() for group in told[::2])}
    groups -= {group.upper() for group, kind in zip(told[::2], told[1::2], strict=False) if kind == "MARKER"}
    groups -= {"LABELS", "DESCRIPTIONS"}
    usual = {name.partition(".")[0]: "ANGLES" for name in angle_conventions().conventions[ANGLES].names()}
    return usual | {label: group for group in sorted(groups) for label in known.words("POINT", group)}


def _people(known: Parameters, labels: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Names, and whether the labels bear them."""
    if prefixes := people_in(labels):
        return prefixes, True
    names = tuple(name for name in known.words("SUBJECTS", "NAMES") if name)
    return (names if len(names) == 1 else ()), False
