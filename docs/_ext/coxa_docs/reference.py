"""All generated pages: written only where they changed, so that what did not is not built again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coxa_docs import commands, evidence, exercises, figures, http, notebooks, protocols, python


def write_all(folder: Path) -> None:
    """Write every page under ``folder``; a file that nothing writes any more is removed."""
    pages = dict(_pages())
    for name, text in pages.items():
        write(folder / name, text)
    wanted = {folder / name for name in pages} | figures.write(folder / "figures")
    wanted |= notebooks.write(folder / "notebooks")
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in wanted:
            path.unlink()


def _pages() -> Iterator[tuple[str, str]]:
    for one in (exercises, protocols, commands, evidence, http, python):
        yield from one.pages()


def write(path: Path, text: str) -> None:
    """A file, where it is not that already."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
