"""Builds the gallery from nothing: ``python scripts/gallery``, or only some of it: ``... coach shots made``.

Needs what the tests of the app need: the app's scripts (``make setup``) and Chromium.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from album import OUT, ROOT, Entry, size_of, write_page
from made import BOARD, COACHED, COHORT, HINGE, OVERLAY, REPORT, WAVES, made
from moving import COACH, coach
from playwright.sync_api import sync_playwright
from shots import SHOTS, fill, shots

from tests.support.browser import chromium, served, why_no_browser
from tests.support.coach_pages import trained

PARTS = ("coach", "shots", "made")
MOST_BYTES = 4_000_000
MOST_MOVING_BYTES = 2_500_000
#: As the page has them; the app's pages stand where their part is.
_HEADINGS = (
    "Training",
    "Testing",
    "Day by day",
    "Progress",
    "Measuring",
    "More than a film",
    "Practices",
    "Research",
)


def build(parts: Sequence[str]) -> None:
    """Make these parts, then the page of all that there are."""
    with tempfile.TemporaryDirectory(prefix="coxa-gallery-") as folder:
        data = Path(folder) / "record"
        person, result = fill(data) if "shots" in parts else ("", "")
        learner = trained(data, "Zoë Example")
        with served(data) as site, sync_playwright() as playwright, chromium(playwright) as browser:
            if "shots" in parts:
                for one in shots(browser, site, person, result):
                    print(one.path.relative_to(ROOT))
            if "coach" in parts:
                print(coach(browser, site, learner).path.relative_to(ROOT))
            if "made" in parts:
                for one in made(browser):
                    print(one.path.relative_to(ROOT))


def entries() -> list[Entry]:
    """All of the gallery, in the order of its page."""
    every = [COACH, COACHED, HINGE, *(one.entry for one in SHOTS), OVERLAY, REPORT, WAVES, BOARD, COHORT]
    return sorted(every, key=lambda one: _HEADINGS.index(one.part))


def main() -> None:
    """Build what was asked for; everything where nothing was."""
    parts = sys.argv[1:] or PARTS
    if unknown := set(parts) - set(PARTS):
        sys.exit(f"no part is called {', '.join(unknown)}; there are: {', '.join(PARTS)}")
    if why := why_no_browser():
        sys.exit(f"no pictures can be taken: {why}")
    if set(parts) == set(PARTS):
        shutil.rmtree(OUT, ignore_errors=True)
    build(parts)
    write_page(one for one in entries() if one.path.exists())
    size = size_of(OUT)
    print(f"{OUT.relative_to(ROOT)}: {size / 1e6:.1f} MB")
    if size > MOST_BYTES or COACH.path.stat().st_size > MOST_MOVING_BYTES:
        sys.exit("the gallery has become too large for a repository")


if __name__ == "__main__":
    main()
