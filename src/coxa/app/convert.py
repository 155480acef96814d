"""Write what a file holds in another format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coxa.app.ports import RecordingReader
from coxa.app.recorded import FRAMES_AT_ONCE
from coxa.model.errors import NothingToMeasureError, OutputError
from coxa.model.recording import Recording


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of a file.

    Attributes:
        n_frames: written.
        left_out: what the new format cannot hold, one sentence each.
    """

    n_frames: int
    left_out: tuple[str, ...]


#: Writes a recording; returns what the format could not hold.
Write = Callable[[Recording, Path], tuple[str, ...]]


def convert(reader: RecordingReader, target: Path, write: Write, overwrite: bool) -> Converted:
    """Read all of it, write all of it.

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
    return Converted(recording.n_frames, write(recording, target))
