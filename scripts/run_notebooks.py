"""Execute the notebooks of the documentation and keep what they show.

    python scripts/run_notebooks.py [--check]

With ``--check`` nothing is written: it is only seen whether each runs to its end.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "notebooks"
_CELL_S = 300


def execute(path: Path) -> nbformat.NotebookNode:
    """A notebook with what its cells show.

    Raises:
        CellExecutionError: a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(notebook, timeout=_CELL_S, resources={"metadata": {"path": str(FOLDER)}})
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when it ran is nobody's matter
    return notebook


def main() -> int:
    """All of them; 1 where one fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    asked = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    failed = 0
    for path in sorted(FOLDER.glob("*.ipynb")):
        try:
            found = execute(path)
        except CellExecutionError as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            failed = 1
            continue
        if not asked.check:
            nbformat.write(found, path)
        print(f"{path.name}: {sum(cell.cell_type == 'code' for cell in found.cells)} cells")
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
