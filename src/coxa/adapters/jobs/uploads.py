"""Files as they come in: piece by piece, each after the one before, so that a broken line costs one piece."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from coxa.adapters.sinks.guard import writing
from coxa.adapters.store.waiting import Waiting
from coxa.app.jobs import Role
from coxa.app.record import canonical, new_id
from coxa.model.errors import OutputError, SourceError
from coxa.specs.uploads import UploadRules

_MB = 1 << 20
_ABOUT, _CONTENT = "about.json", "content"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way.

    Attributes:
        id: of it.
        name: as its sender calls it.
        role: what it is to be.
        size_bytes: as announced; never more is taken.
        received_bytes: that are here.
    """

    id: str
    name: str
    role: Role
    size_bytes: int
    received_bytes: int

    @property
    def complete(self) -> bool:
        """Whether all of it is here."""
        return self.received_bytes == self.size_bytes


class OutOfStepError(Exception):
    """A piece does not begin where the last one ended.

    Args:
        received_bytes: where the next one is to begin.
    """

    def __init__(self, received_bytes: int) -> None:
        super().__init__(received_bytes)
        self.received_bytes = received_bytes


class TooLargeError(Exception):
    """More than was announced, or than one piece may have."""


class Uploads:
    """Files on their way into the record.

    Args:
        waiting: where they wait.
        rules: how much may.
        most_mb: the largest recording.
    """

    def __init__(self, waiting: Waiting, rules: UploadRules, most_mb: float) -> None:
        self._waiting, self._rules, self._most_mb = waiting, rules, most_mb

    def announce(self, person: str, name: str, size_bytes: int, role: Role) -> Upload:
        """Make room for a file.

        Raises:
            SourceError: it is empty, or too large, or too much waits already.
            OutputError: the disk is full.
        """
        self._require_room(person, name, size_bytes, role)
        key = new_id()
        place = self._waiting.make(person, key)
        told = {"name": name, "size_bytes": size_bytes, "role": role.value}
        with writing(place):
            (place / _ABOUT).write_text(canonical(told), encoding="utf-8")
            (place / _CONTENT).touch(mode=0o600)
        return Upload(key, name, role, size_bytes, 0)

    def get(self, person: str, key: str) -> Upload | None:
        """One of a person; None: there is none of this id."""
        place = self._waiting.place(person, key)
        try:
            told = json.loads((place / _ABOUT).read_text(encoding="utf-8"))
            received = (place / _CONTENT).stat().st_size
        except (OSError, ValueError):
            return None
        return Upload(key, told["name"], Role(told["role"]), told["size_bytes"], received)

    def path(self, person: str, upload: Upload) -> Path:
        """Where its bytes are."""
        return self._waiting.place(person, upload.id) / _CONTENT

    async def append(self, person: str, upload: Upload, begins: int, body: AsyncIterator[bytes]) -> Upload:
        """Take one piece, as it comes; what is too much is refused at that moment.

        Raises:
            OutOfStepError: it does not begin where the last one ended.
            TooLargeError: it goes on beyond what was announced, or is no piece but a whole.
            OutputError: the disk is full.
        """
        path = self.path(person, upload)
        with writing(path):
            handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
        try:
            if not _alone(handle):
                raise OutOfStepError(os.fstat(handle).st_size)
            here = os.fstat(handle).st_size
            if begins != here:
                raise OutOfStepError(here)
            most = min(upload.size_bytes, begins + int(self._rules.chunk_mb * _MB))
            try:
                received = await _written(handle, path, begins, most, body)
            except TooLargeError:
                os.ftruncate(handle, begins)
                raise
        finally:
            os.close(handle)
        return Upload(upload.id, upload.name, upload.role, upload.size_bytes, received)

    def drop(self, person: str, key: str) -> None:
        """It is not wanted any more."""
        self._waiting.drop(person, key)

    def _require_room(self, person: str, name: str, size_bytes: int, role: Role) -> None:
        most_mb = self._most_mb if role in (Role.RECORDING, Role.HELPED) else self._rules.side_file_mb
        if size_bytes < 1:
            raise SourceError(f"{name:.120} is empty", "choose the file again")
        if size_bytes > most_mb * _MB:
            raise SourceError(
                f"{name:.120} is larger than the {most_mb:g} MB that are taken here",
                "cut it to the test itself, or export it with smaller pictures",
            )
        waits = self._waiting.size_bytes(person) + size_bytes
        if waits > self._rules.waiting_per_person * self._most_mb * _MB:
            raise SourceError("too many files are waiting to be read", "wait until some of them are done")
        self._waiting.folder.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self._waiting.folder.parent).free
        if size_bytes > free - self._rules.spare_disk_mb * _MB:
            raise OutputError("there is no room for this file on the server's disk", "free some, then again")


async def _written(handle: int, path: Path, begins: int, most: int, body: AsyncIterator[bytes]) -> int:
    at = begins
    async for part in body:
        if at + len(part) > most:
            raise TooLargeError
        with writing(path):
            at += os.pwrite(handle, part, at)
    return at


def _alone(handle: int) -> bool:
    """Whether nobody else sends the same file at this moment."""
    try:
        import fcntl
    except ImportError:
        return True
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
