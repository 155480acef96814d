"""Where the reference recordings are; they are no part of Coxa."""

from __future__ import annotations

import os
from pathlib import Path

from coxa.model.errors import SourceError

VARIABLE = "COXA_REFERENCE_DATA"
_BESIDE = Path("..") / "shared" / "data"  # of the folder one works in


def reference_folder(told: Path | None = None, working: Path | None = None) -> Path:
    """The folder of reference recordings.

    Args:
        told: by the person; else the environment says, else it is beside ``working``.
        working: a checkout of Coxa; None: the working folder.

    Raises:
        SourceError: it is not there.
    """
    environment = os.environ.get(VARIABLE)
    named = told or (Path(environment) if environment else None)
    folder = named or (working or Path.cwd()) / _BESIDE
    if not folder.is_dir():
        raise SourceError(
            f"{folder}: there is no folder of reference recordings",
            f"name it with --data, or with the environment variable {VARIABLE}",
        )
    return folder
