"""Folders here and elsewhere: one way to read and write whole files, on this machine or through fsspec."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coxa.adapters.sinks.guard import output_error, whole_file
from coxa.model.errors import OutputError, SourceError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_INSTALL = "install what it needs: pip install 'coxa[cohort]' (s3: also s3fs; gcs: also gcsfs)"


def is_address(place: str) -> bool:
    """Whether it is an address of another place than this machine's folders."""
    return "://" in place and not place.startswith("file://")


def file_system(place: str) -> tuple[AbstractFileSystem, str]:
    """What reads and writes there, and the path as it knows it.

    Raises:
        SourceError: nothing here speaks to such places.
    """
    try:
        import fsspec
    except ImportError as error:
        raise SourceError(f"{place}: fsspec is not installed", _INSTALL) from error
    try:
        system, path = fsspec.core.url_to_fs(place)
    except (ImportError, ValueError, OSError) as error:
        raise SourceError(f"{place}: no such place can be reached: {error}", _INSTALL) from error
    return system, str(path)


class Folder:
    """A folder of whole files.

    Args:
        place: a path, or an address that fsspec knows.

    Raises:
        SourceError: nothing here speaks to such places.
    """

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")
        self.local = None if is_address(place) else Path(place.removeprefix("file://")).resolve()
        self._system: Any = None
        self._root = ""
        if self.local is None:
            self._system, self._root = file_system(self.place)

    def put(self, name: str, content: bytes) -> None:
        """A file, whole or not at all.

        Raises:
            OutputError: it cannot be written.
        """
        if self.local is not None:
            path = self.local / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise output_error(path, error) from error
            with whole_file(path) as temporary:
                temporary.write_bytes(content)
            return
        with self._writing(name):
            self._system.pipe_file(f"{self._root}/{name}", content)  # one request: whole or nothing

    def get(self, name: str) -> bytes | None:
        """Content of a file; None: there is none.

        Raises:
            SourceError: it cannot be read.
        """
        try:
            if self.local is not None:
                return (self.local / name).read_bytes()
            content: bytes = self._system.cat_file(f"{self._root}/{name}")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except Exception as error:
            raise self._unreadable(name, error) from error
        return content

    def names(self, below: str) -> list[str]:
        """All files below a folder of it, with that folder's name; none where it is not there."""
        if self.local is not None:
            top = self.local / below
            return [path.relative_to(self.local).as_posix() for path in top.rglob("*") if path.is_file()]
        try:
            self._system.invalidate_cache()
            found = self._system.find(f"{self._root}/{below}")
        except FileNotFoundError:
            return []
        except Exception as error:
            raise self._unreadable(below, error) from error
        return [str(one)[len(self._root) :].lstrip("/") for one in found]

    def drop(self, name: str) -> None:
        """Remove a file, if it is there.

        Raises:
            OutputError: it cannot be removed.
        """
        with self._writing(name):
            if self.local is not None:
                (self.local / name).unlink(missing_ok=True)
            elif self._system.exists(f"{self._root}/{name}"):
                self._system.rm_file(f"{self._root}/{name}")

    @contextmanager
    def _writing(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise output_error(Path(self.place) / name, error) from error
        except Exception as error:  # each store has errors of its own
            remedy = "see that the store can be reached and may be written to, then run again"
            raise OutputError(f"cannot write {self.place}/{name}: {_words(error)}", remedy) from error

    def _unreadable(self, name: str, error: Exception) -> SourceError:
        remedy = "see that it can be reached and read, then run again"
        return SourceError(f"{self.place}/{name} cannot be read: {_words(error)}", remedy)


def _words(error: Any) -> str:
    return f"{type(error).__name__}: {error}"[:300]
