"""The notebooks of the documentation run to their end, and show what they did when they were kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def text_of(cell) -> str:  # type: ignore[no-untyped-def]
    """What a cell shows as text."""
    parts = [one.get("text") or one.get("data", {}).get("text/plain", "") for one in cell.outputs]
    return "".join(parts)


def test_there_are_three() -> None:
    assert len(NOTEBOOKS) == 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_again_what_it_showed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "OMP_NUM_THREADS", "1")
    kept = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(fresh, timeout=300, resources={"metadata": {"path": str(FOLDER)}}).execute()
    cells = [
        (one, other) for one, other in zip(kept.cells, fresh.cells, strict=True) if one.cell_type == "code"
    ]
    assert cells
    for one, other in cells:
        # A digest holds the versions, and so changes with them.
        shown, again = (
            [line for line in text_of(cell).splitlines() if "digest" not in line] for cell in (one, other)
        )
        assert shown == again
