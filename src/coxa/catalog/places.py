"""Where others put their own files of the catalogue: installed packages, and folders that are named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from coxa.model.errors import SpecError


@cache
def entry_points(group: str) -> metadata.EntryPoints:
    """Of installed packages, which stay as they are while a process lives; to look for them takes 6 ms."""
    return metadata.entry_points(group=group)


def places(group: str, variable: str, folder: Path | None, what: str) -> Iterator[Traversable]:
    """Folders of installed packages, the folder that is named, and those that the environment names.

    Args:
        group: of entry points, each a package that holds files.
        variable: of the environment, folders separated as in PATH.
        folder: named by the person; None: none.
        what: the folders hold, for the error.

    Raises:
        SpecError: there is no such folder.
    """
    for point in entry_points(group=group):
        yield files(point.load())
    told = [folder] if folder is not None else []
    for place in [*told, *(Path(part) for part in os.environ.get(variable, "").split(os.pathsep) if part)]:
        if not place.is_dir():
            raise SpecError(f"{place}: there is no such folder of {what}", "name a folder that exists")
        yield place


def entries(place: Traversable, suffix: str) -> list[Traversable]:
    """The files of a folder whose names end so, by name; none where there is no such folder."""
    if not place.is_dir():
        return []
    return sorted((one for one in place.iterdir() if one.name.endswith(suffix)), key=lambda one: one.name)


def text_of(entry: Traversable) -> str:
    """The content of a file.

    Raises:
        SpecError: it cannot be read as UTF-8.
    """
    try:
        return entry.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{entry.name}: cannot be read ({error})", "save it as UTF-8 text") from error
