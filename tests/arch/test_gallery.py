"""The gallery is whole and small: every picture of its page is there, and none that is not shown."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
MOST_BYTES, MOST_MOVING_BYTES = 4_000_000, 2_500_000


def test_every_picture_is_there_and_shown() -> None:
    shown = re.findall(r"\]\(gallery/([^)]+)\)", (DOCS / "gallery.md").read_text(encoding="utf-8"))
    assert len(shown) > 10
    assert sorted(shown) == sorted(path.name for path in (DOCS / "gallery").iterdir())


def test_every_picture_has_its_sentence() -> None:
    lines = (DOCS / "gallery.md").read_text(encoding="utf-8").splitlines()
    pictures = [(at, line) for at, line in enumerate(lines) if line.startswith("![")]
    assert all(lines[at + 2] == line[2:].partition("](")[0] for at, line in pictures)


def test_it_is_small_enough_for_a_repository() -> None:
    sizes = {path.name: path.stat().st_size for path in (DOCS / "gallery").iterdir()}
    assert sum(sizes.values()) < MOST_BYTES
    assert sizes["coach.webp"] < MOST_MOVING_BYTES
