"""Reference recordings measured anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from coxa.bootstrap.measuring import measure

if TYPE_CHECKING:
    from coxa.app.validate import ReferenceSource, Step, Validation


def validate(
    data: str | Path | None = None,
    *,
    only: Sequence[str] = (),
    quick: bool = False,
    on_progress: Callable[[Step], None] = lambda _: None,
) -> Validation:
    """Measure the reference recordings anew and hold the angles against what others say of them.

    Args:
        data: folder of the reference recordings; None: as the environment says, or beside the checkout.
        only: keys of ``catalog/validation.yaml``; none: all.
        quick: leave out what runs a pose network.
        on_progress: called after every part.

    Raises:
        SourceError: the recordings are not there.
        AssetError: the extra ``validate`` is not installed.
    """
    from coxa.adapters.reference.folder import reference_folder
    from coxa.app.validate import validate as run
    from coxa.catalog import loader

    sources = reference_sources(reference_folder(None if data is None else Path(data)), quick=quick)
    chosen = [source for source in sources if not only or source.key in only]
    return run(chosen, loader.validation(), loader.observability(), on_progress)


def reference_sources(folder: Path, *, quick: bool = False) -> list[ReferenceSource]:
    """Every set of reference recordings, there or not; ``quick``: those without a pose network."""
    from coxa.adapters.reference.four_cameras import FourCameras
    from coxa.adapters.reference.opensim import opensense, opensim_markers
    from coxa.adapters.reference.plug_in_gait import PlugInGait
    from coxa.adapters.reference.rendered import RenderedPeople
    from coxa.adapters.reference.rendered_bench import RenderedBench
    from coxa.adapters.reference.uiprmd import UiprmdMarkers
    from coxa.adapters.reference.uiprmd_keypoints import UiprmdKeypoints

    films: list[ReferenceSource] = []
    if not quick:
        from coxa.adapters.vision.tracker import BlazePoseTracker

        four = Path(".build") / "four_cameras"  # where scripts/fetch_demo.py puts them
        films = [
            RenderedBench(),
            FourCameras(four, measure, BlazePoseTracker),
            RenderedPeople(folder, measure),
        ]
    return [
        *films,  # the slowest first: the others fill the time
        UiprmdKeypoints(folder),
        UiprmdMarkers(folder),
        PlugInGait(folder, measure),
        opensim_markers(folder, measure),
        opensense(folder, measure),
    ]


def write_validation(found: Validation, page: Path) -> None:
    """Write the page of a validation, its drawings and its table.

    Raises:
        OutputError: it cannot be written.
        AssetError: the extra ``validate`` is not installed.
    """
    from coxa.adapters.sinks.validation import write_validation as write

    write(found, page)


def write_taught(path: Path) -> int:
    """Learn the table of observability by view from rendered people; returns how many rows it has.

    Raises:
        SourceError: nobody was drawn yet.
        OutputError: it cannot be written.
    """
    from coxa.adapters.reference.rendered_bench import lessons
    from coxa.adapters.sinks.table_of_rows import write_rows
    from coxa.app.teach import teach
    from coxa.catalog import loader

    rows = teach(lessons(), loader.observability())
    write_rows(rows, path)
    return len(rows)
