"""Files beside the database, named by their content: whole or not there, and none that no entry names."""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from coxa.adapters.sinks.guard import writing as writes
from coxa.adapters.store.database import private_folder
from coxa.app.record import StoredFile
from coxa.model.errors import SourceError

try:
    import fcntl
except ImportError:  # where there is none, leftovers wait until they are asked for
    fcntl = None  # type: ignore[assignment]

_CHUNK = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """A folder of files.

    A file is written aside, brought to the disk, and only then gets its name; the row that names it follows.
    While one writes, nobody collects; what a crash leaves behind is found by its mark in ``incoming``.

    Args:
        folder: for them; made as needed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / "incoming"
        private_folder(folder)
        private_folder(self._incoming)

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Around putting files and committing the rows that name them."""
        with self._locked(shared=True):
            mark = self._incoming / f"{uuid.uuid4()}.open"
            with writes(mark):
                mark.touch(mode=0o600)
            yield
            # Only where all went well: else the mark calls for collecting.
            with suppress(OSError):
                mark.unlink()

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Around reading files: nothing is collected meanwhile."""
        with self._locked(shared=True):
            yield

    def put(self, source: IO[bytes]) -> StoredFile:
        """Copy a file in; the same content is kept once.

        Raises:
            OutputError: no room, or not allowed.
        """
        aside = self._incoming / f"{uuid.uuid4()}.part"
        digest, size = hashlib.sha256(), 0
        with writes(aside):
            with aside.open("xb") as target:
                os.fchmod(target.fileno(), 0o600)
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            stored = StoredFile(digest.hexdigest(), size)
            place = self.path_of(stored.sha256)
            private_folder(place.parent)
            aside.replace(place)
            for folder in (place.parent, self.folder):
                _sync(folder)
        return stored

    def path_of(self, sha256: str) -> Path:
        """Where a file is.

        Raises:
            SourceError: this is no hash; no other name is ever opened.
        """
        if not _SHA256.fullmatch(sha256):
            raise SourceError(f"{sha256!r:.80} is no SHA-256", "name a file of the record")
        return self.folder / sha256[:2] / sha256

    def all(self) -> Iterator[Path]:
        """Every file that has its name."""
        for folder in sorted(self.folder.iterdir()):
            if folder.is_dir() and folder != self._incoming:
                yield from sorted(folder.iterdir())

    def leftovers(self) -> list[Path]:
        """Marks and parts of files of those who write now, or were stopped while writing."""
        return sorted(self._incoming.iterdir())

    def collect(self, named: Callable[[], set[str]], wait: bool = True) -> list[Path]:
        """Remove what no row names and what was never finished.

        Args:
            named: hashes that rows name; asked once nobody writes.
            wait: for writers; else nothing is done while there are some.

        Returns:
            What was removed.
        """
        removed = []
        with suppress(BlockingIOError), self._locked(shared=False, wait=wait):
            known = named()
            for path in [*self._incoming.iterdir(), *self.all()]:
                if path.parent == self._incoming or path.name not in known:
                    path.unlink(missing_ok=True)
                    removed.append(path)
        return removed

    @contextmanager
    def _locked(self, shared: bool, wait: bool = True) -> Iterator[None]:
        path = self.folder / ".lock"
        with writes(path):
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if fcntl is not None:
                how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
                fcntl.flock(handle, how if wait else how | fcntl.LOCK_NB)
            elif not shared and not wait:
                raise BlockingIOError
            yield
        finally:
            os.close(handle)


def _sync(folder: Path) -> None:
    """A name is on the disk once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
