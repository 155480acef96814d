"""What recordings will tell of a test, before anything is measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coxa.app.additions import Source
    from coxa.app.foretell import Foretold
    from coxa.app.request import ReadOptions
    from coxa.specs.protocol import ProtocolSpec


def foretell(
    recordings: Sequence[str | Path], protocol: str, reading: ReadOptions, protocols: Path | None = None
) -> tuple[Foretold, ...]:
    """What each recording will tell of a test.

    Args:
        recordings: as :func:`assess` takes them.
        protocol: id of the test.
        reading: as for measuring.
        protocols: folder of protocols of one's own.

    Raises:
        SpecError: no such test.
        SourceError: a recording cannot be read.
    """
    from coxa.app import foretell as use_case
    from coxa.catalog.protocols import library

    known = library(protocols)
    asked = known.protocol(protocol)
    found = []
    for part, _, path in (str(one).rpartition("=") for one in recordings):
        test = known.protocols.get(part, asked)
        found.append(use_case.foretell(test, _source(Path(path), test, reading), Path(path).name))
    return tuple(found)


def _source(path: Path, test: ProtocolSpec, reading: ReadOptions) -> Source:
    """What a recording is; a film is taken to be made as the test asks."""
    from coxa.adapters import formats
    from coxa.app.additions import Source
    from coxa.app.foretell import film_as_asked
    from coxa.app.routes import N_SAMPLE, kinds_in

    if not formats.is_recording(path):
        return film_as_asked(test.camera.view)
    return Source(kinds_in(formats.open_recording(path, reading).sample(N_SAMPLE)))
