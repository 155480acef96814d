"""Animated figures of exercises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coxa.specs.exercise import ExerciseSpec


def write_figure(spec: ExerciseSpec, path: Path, side: str = "right", overwrite: bool = False) -> int:
    """Write an exercise as SVG, GIF, GLB or JSON, as the name ends; returns its number of frames.

    Raises:
        OutputError: the ending is unknown, the file exists, or it cannot be written.
    """
    from coxa.adapters.sinks.figure import write_figure as write

    return write(spec, path, side, overwrite)


def write_figures(
    specs: Mapping[str, ExerciseSpec],
    folder: Path,
    ending: str = ".svg",
    overwrite: bool = False,
    on_done: Callable[[str], None] = lambda _: None,
) -> Path:
    """Write all of them and a page that shows them; returns the page.

    Raises:
        OutputError: a file exists, or cannot be written.
    """
    from coxa.adapters.sinks.figure import write_figures as write

    return write(specs, folder, ending, overwrite, on_done)
