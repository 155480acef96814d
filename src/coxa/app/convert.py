"""Write what a file holds in another format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from coxa.app.ports import RecordingReader
from coxa.app.recorded import FRAMES_AT_ONCE
from coxa.model.errors import NothingToMeasureError, OutputError
from coxa.model.recording import Recording


def convert(
    reader: RecordingReader, target: Path, write: Callable[[Recording, Path], None], overwrite: bool
) -> Recording:
    """Read all of it, write all of it; returns what was written.

    Raises:
        NothingToMeasureError: there is no frame.
        OutputError: the target exists and is not to be replaced, or what the writer refuses.
    """
    if target.exists() and not overwrite:
        raise OutputError(f"{target} exists", "replace it with --overwrite, or name another file")
    parts = list(reader.parts(FRAMES_AT_ONCE))
    if not parts:
        raise NothingToMeasureError(f"{reader.header.path}: there is no frame", "record some movement")
    recording = Recording.concatenate(parts)
    write(recording, target)
    return recording
