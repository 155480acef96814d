"""The executed notebooks as pages: their words, their code, and what it showed when they were kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat

from coxa_docs.markdown import page, toctree

_FOLDER = Path(__file__).parents[2] / "notebooks"


def write(folder: Path) -> set[Path]:
    """A page a notebook and the list of them; returns the files."""
    from coxa_docs.reference import write as write_file

    found = sorted(_FOLDER.glob("*.ipynb"))
    pages = {folder / f"{path.stem}.md": page(_lines(path)) for path in found}
    pages[folder / "index.md"] = page(_index([path.stem for path in found]))
    for path, text in pages.items():
        write_file(path, text)
    return set(pages)


def _index(names: list[str]) -> Iterator[str]:
    yield from ("# Notebooks", "")
    yield "Each runs as it stands, with made-up people whose truth is known; the tests run them and compare."
    yield "The files are in `docs/notebooks`."
    yield ""
    for name in names:
        yield f"- [](project:{name}.md)"
    yield ""
    yield from toctree(names)


def _lines(path: Path) -> Iterator[str]:
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            yield from (cell.source, "")
        elif cell.cell_type == "code":
            yield from ("```python", cell.source, "```", "")
            shown = "".join(_text(one) for one in cell.outputs).rstrip()
            if shown:
                yield from ("```text", shown, "```", "")


def _text(output: nbformat.NotebookNode) -> str:
    return str(output.get("text") or output.get("data", {}).get("text/plain", "")).rstrip("\n") + "\n"
