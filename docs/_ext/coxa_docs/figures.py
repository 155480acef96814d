"""Animated figures of exercises and tests, as the app draws them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import coxa
from coxa.bootstrap.figures import write_figure
from coxa.catalog.exercises import exercises
from coxa.catalog.protocols import library
from coxa.specs.exercise import ExerciseSpec
from coxa_docs import acted

_SOURCES = ("catalog", "kinematics", "report/demonstration", "simulate", "specs")


def write(folder: Path) -> set[Path]:
    """Draw them, where something that they are made of is newer than they are; returns all of them."""
    newest = max(_changed_s())
    folder.mkdir(parents=True, exist_ok=True)
    found = set()
    for spec in _shown():
        path = folder / f"{spec.id}.svg"
        found.add(path)
        if not path.exists() or path.stat().st_mtime < newest:
            write_figure(spec, path, overwrite=True)
    return found


def _shown() -> Iterator[ExerciseSpec]:
    yield from exercises().values()
    yield from (acted.shown(spec) for spec in library().protocols.values() if acted.is_acted(spec))


def _changed_s() -> Iterator[float]:
    own = Path(coxa.__file__).parent
    yield Path(acted.__file__).stat().st_mtime
    for part in _SOURCES:
        for path in (own / part).rglob("*"):
            if path.suffix in (".py", ".yaml", ".xml"):
                yield path.stat().st_mtime
