"""Printed boards, and cameras calibrated with a printed page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def print_boards(out: Path, names: Sequence[str], paper: str) -> int:
    """Write boards, or the calibration page, to a PDF; returns the number of pages.

    Raises:
        NothingToMeasureError: there is no such board.
        OutputError: the file cannot be written.
    """
    from coxa.adapters.tags.service import print_pages

    return print_pages(out, names, paper)


def calibrate_camera(source: Path, target: Path, square_mm: float | None, overwrite: bool) -> list[str]:
    """Calibrate a camera from a film or pictures of the page, into a TOML; returns what to tell of it.

    Raises:
        SourceError: the film or folder cannot be read.
        NothingToMeasureError: the pictures do not suffice.
        OutputError: the file cannot be written.
    """
    from coxa.adapters.tags.service import calibrate_camera as calibrate

    return list(calibrate(source, target, square_mm, overwrite).lines())
