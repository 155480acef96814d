"""Files looked into and converted."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from coxa.bootstrap.runs import estimator_of

if TYPE_CHECKING:
    from coxa.app.convert import Converted
    from coxa.app.inspect import Contents
    from coxa.app.request import ReadOptions
    from coxa.model.recording import Recording


def convert(
    source: str | Path, target: str | Path, reading: ReadOptions, overwrite: bool = False
) -> Converted:
    """Write what a file holds in another format.

    Raises:
        SourceError: the source cannot be read.
        OutputError: the target exists, or its format cannot hold this, or it cannot be written.
    """
    from coxa.adapters import formats
    from coxa.adapters.sinks.guard import LeftOut
    from coxa.app.convert import convert as run

    writer = formats.writer_of(Path(target))

    def write(recording: Recording, path: Path) -> tuple[str, ...]:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", LeftOut)
            writer(recording, path)
        return tuple(str(one.message) for one in said if issubclass(one.category, LeftOut))

    return run(formats.open_recording(Path(source), reading), Path(target), write, overwrite)


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
