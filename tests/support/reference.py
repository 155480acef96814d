"""Where the reference recordings are: beside the project, or where COXA_REFERENCE_DATA says."""

from __future__ import annotations

from pathlib import Path

from coxa.adapters.reference.folder import reference_folder as find
from coxa.model.errors import SourceError

ROOT = Path(__file__).resolve().parents[2]
ABSENT = "no reference data: not at ../shared/data, and COXA_REFERENCE_DATA names no folder"


def reference_folder() -> Path | None:
    """The folder, or None where it is absent."""
    try:
        return find(working=ROOT)
    except SourceError:
        return None


def required_folder() -> Path:
    """The folder; a benchmark without it stops and says so."""
    folder = reference_folder()
    if folder is None:
        raise SystemExit(ABSENT)
    return folder
