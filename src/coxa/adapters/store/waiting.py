"""Files that are on their way into the record: being sent, or waiting for the job that reads them.

``uploads/PERSON/KEY/``: all of a person's go in one sweep. Nothing here is part of the record, of exports or
of backups.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Container, Iterator
from pathlib import Path

from coxa.adapters.sinks.guard import writing
from coxa.adapters.store.database import private_folder
from coxa.model.errors import SourceError

_ID = re.compile(r"[0-9a-f-]{36}")


class Waiting:
    """A folder of folders: one a person, in it one an upload or job.

    Args:
        folder: made as needed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, person: str) -> Path:
        """Where a person's are.

        Raises:
            SourceError: this is no id; no other name is ever opened.
        """
        return self.folder / _checked(person)

    def place(self, person: str, key: str) -> Path:
        """Where one upload or job of a person is, there or not.

        Raises:
            SourceError: one of them is no id.
        """
        return self.of(person) / _checked(key)

    def make(self, person: str, key: str) -> Path:
        """A new place that only its owner may look into.

        Raises:
            OutputError: it cannot be made.
        """
        place = self.place(person, key)
        private_folder(self.folder)
        private_folder(place.parent)
        with writing(place):
            place.mkdir(mode=0o700)
        return place

    def size_bytes(self, person: str) -> int:
        """Of all files of a person."""
        return sum(_size(one) for one in self.of(person).rglob("*"))

    def drop(self, person: str, key: str) -> None:
        """Remove one, if it is there."""
        shutil.rmtree(self.place(person, key), ignore_errors=True)

    def forget(self, person: str) -> None:
        """Remove everything of a person."""
        shutil.rmtree(self.of(person), ignore_errors=True)

    def tidy(self, older_than_s: float, wanted: Container[str]) -> int:
        """Remove what is old and not wanted; how many.

        Args:
            older_than_s: since it was last touched.
            wanted: ids that stay for now, however old.
        """
        before, removed = time.time() - older_than_s, 0
        for place in list(self._all()):
            if place.name not in wanted and _touched(place) < before:
                shutil.rmtree(place, ignore_errors=True)
                removed += 1
        return removed

    def _all(self) -> Iterator[Path]:
        for person in _folders(self.folder):
            yield from _folders(person)


def _checked(key: str) -> str:
    if not _ID.fullmatch(key):
        raise SourceError(f"{key!r:.60} is no id", "name one that Coxa gave")
    return key


def _folders(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if one.is_dir()] if folder.is_dir() else []


def _touched(place: Path) -> float:
    """When it, or a file in it, was last written; others may be removing it meanwhile."""
    times = []
    for one in (place, *place.rglob("*")):
        try:
            times.append(one.stat().st_mtime)
        except OSError:
            continue
    return max(times, default=0.0)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
