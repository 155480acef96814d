"""The page of a validation, its drawings and its table: all of them, or none."""

from __future__ import annotations

from pathlib import Path

from coxa.adapters.sinks.guard import writing
from coxa.app.validate import Validation
from coxa.report import figures, validation, validation_data

_TABLE = "table.csv"
_COVERAGE = "coverage.svg"


def write_validation(found: Validation, page: Path) -> None:
    """Write ``page``, and beside it a folder of the same name with drawings and table.

    Raises:
        OutputError: it cannot be written.
        AssetError: the extra ``validate`` is not installed.
    """
    folder = page.with_suffix("")
    content: dict[Path, bytes] = {}
    links: dict[str, list[str]] = {}
    for source in found.sources:
        for name, draw in (("waveforms", figures.waveforms), ("ranges", figures.ranges)):
            drawing = draw(source)
            if drawing is not None:
                path = folder / f"{source.key}_{name}.svg"
                content[path] = drawing
                links.setdefault(source.key, []).append(f"{folder.name}/{path.name}")
    content[folder / _COVERAGE] = figures.coverage(found)
    content[folder / _TABLE] = validation_data.as_csv(found).encode()
    text = validation.document(found, links, f"{folder.name}/{_COVERAGE}", f"{folder.name}/{_TABLE}")
    content[page] = text.encode()
    _write_all(content)


def _write_all(content: dict[Path, bytes]) -> None:
    """Every file beside its place first, then all into place."""
    made: dict[Path, Path] = {}
    try:
        for path, data in content.items():
            with writing(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                made[path] = path.with_name(f".{path.name}.part")
                made[path].write_bytes(data)
        for path, part in made.items():
            with writing(path):
                part.replace(path)
    finally:
        for part in made.values():
            part.unlink(missing_ok=True)
