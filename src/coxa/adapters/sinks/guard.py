"""What the operating system refuses becomes an OutputError that says what to do."""

from __future__ import annotations

import errno
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from coxa.model.errors import OutputError


class LeftOut(UserWarning):
    """A format could not hold something of a recording."""


_REMEDIES = {
    errno.ENOSPC: ("the disk is full", "free some space, or choose a folder on another disk"),
    errno.EDQUOT: ("your disk quota is used up", "free some space, or choose another folder"),
    errno.EFBIG: (
        "the file grew larger than allowed",
        "raise the limit, or measure a part with --from and --to",
    ),
    errno.EACCES: ("permission denied", "choose a folder you may write to"),
    errno.EPERM: ("permission denied", "choose a folder you may write to"),
    errno.EROFS: ("the disk is read-only", "choose a folder you may write to"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter name"),
}


def output_error(path: Path, error: OSError) -> OutputError:
    """The OutputError for a refused operation on ``path``."""
    words = error.strerror or str(error)
    why, remedy = _REMEDIES.get(error.errno or 0, (words, "choose another folder"))
    return OutputError(f"cannot write {path}: {why}", remedy)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Translate every OSError of the block into an OutputError naming ``path``."""
    try:
        yield
    except OSError as error:
        raise output_error(path, error) from error


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary file beside ``path`` that takes its place at the end, or leaves no trace.

    Every OSError of the block becomes an OutputError naming ``path``.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with writing(path):
            yield temporary
            temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def warn_left_out(path: Path, what: Sequence[str]) -> None:
    """Say what the format cannot hold."""
    if what:
        warnings.warn(f"{path}: this format cannot hold {', '.join(what)}: left out", LeftOut, stacklevel=3)
