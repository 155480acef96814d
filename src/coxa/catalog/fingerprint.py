"""One figure for everything the catalogue says: results of two catalogues are not to be mixed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from coxa.catalog.places import places
from coxa.catalog.protocols import GROUP, VARIABLE

_DATA = (".yaml", ".csv", ".xml")
_NO_MATTER = frozenset({"cohort.yaml"})  # how work is shared out changes no result


@cache
def catalogue_hash(protocols: Path | None = None) -> str:
    """SHA-256 of the catalogue's data and of the protocols and norms that others added.

    Args:
        protocols: folder of protocols of one's own.

    Raises:
        SpecError: there is no such folder.
    """
    told = hashlib.sha256()
    for place in (files("coxa.catalog"), *places(GROUP, VARIABLE, protocols, "protocols")):
        for name, entry in sorted(_entries(place, "")):
            told.update(f"{name}\0".encode())
            told.update(hashlib.sha256(entry.read_bytes()).digest())
    return told.hexdigest()


def _entries(place: Traversable, above: str) -> Iterator[tuple[str, Traversable]]:
    for entry in place.iterdir():
        name = f"{above}{entry.name}"
        if entry.is_dir():
            yield from _entries(entry, f"{name}/")
        elif entry.name.endswith(_DATA) and name not in _NO_MATTER:
            yield name, entry
