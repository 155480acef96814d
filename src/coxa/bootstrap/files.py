"""Files looked into and converted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coxa.bootstrap.measuring import estimator_of

if TYPE_CHECKING:
    from coxa.app.inspect import Contents
    from coxa.app.request import ReadOptions
    from coxa.model.recording import Recording


def convert(
    source: str | Path, target: str | Path, reading: ReadOptions, overwrite: bool = False
) -> Recording:
    """Write what a file holds in another format; returns what was written.

    Raises:
        SourceError: the source cannot be read.
        OutputError: the target exists, or its format cannot hold this, or it cannot be written.
    """
    from coxa.adapters import formats
    from coxa.app.convert import convert as run

    reader = formats.open_recording(Path(source), reading)
    return run(reader, Path(target), formats.writer_of(Path(target)), overwrite)


def inspect(source: str | Path, reading: ReadOptions) -> Contents:
    """What is in a file, what can be measured from it and what cannot.

    Raises:
        SourceError: the source cannot be read.
    """
    from coxa.adapters import formats
    from coxa.app.inspect import contents_of, contents_of_video

    path = Path(source)
    if not formats.is_recording(path):
        from coxa.adapters.sources.video import PyAvVideo

        return contents_of_video(PyAvVideo(path).info)
    reader = formats.open_recording(path, reading)
    return contents_of(reader, lambda sample: estimator_of(path, sample, reading.mapping))
