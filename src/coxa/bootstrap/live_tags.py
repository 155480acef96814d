"""Printed boards in the app: what a browser must know to find them, their pages, how they are worn."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from coxa.bootstrap.printing import print_boards
from coxa.catalog import loader


@cache
def printed() -> dict[str, Any]:
    """What a browser looks for: tags of each board, the code of each tag, modules along its side."""
    from coxa.adapters.tags.dictionaries import modules

    boards = loader.tag_boards()
    of_board = {board.name: [*board.left_ids, *board.right_ids] for board in boards.boards}
    codes: dict[str, int] = {}
    for tag in (tag for tags in of_board.values() for tag in tags):
        inner = modules(boards.dictionary, tag)[1:-1, 1:-1]
        codes[str(tag)] = int("".join("1" if white else "0" for white in inner.ravel()), 2)
    return {"boards": of_board, "codes": codes, "modules": len(modules(boards.dictionary, 0))}


def board_pages(names: tuple[str, ...], paper: str) -> bytes:
    """A PDF of some boards, a page each, true to size.

    Raises:
        NothingToMeasureError: there is no such board.
        OutputError: it cannot be made.
    """
    with tempfile.TemporaryDirectory(prefix="coxa-boards-") as folder:
        path = Path(folder) / "boards.pdf"
        print_boards(path, names, paper)
        return path.read_bytes()
