"""Figures that the commands make: of a rendered person's film, of a made-up cohort, of the catalogue."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from album import BUILD, Entry, keep
from person import RATE_HZ, kept
from PIL import Image
from playwright.sync_api import Browser

from coxa.bootstrap.cohort import CohortOptions, cohort
from tests.support import films
from tests.support.cohorts import WORK, trial

_SEEN_AT_S = 8.3  # low in the second squat
_COACHED_AT_S = 12.7  # low in the third: what cannot be seen was said long ago
_HEIGHT_M = "1.73"
_WIDE = {"width": 1100, "height": 900}

OVERLAY = Entry(
    "overlay",
    "Measuring",
    "A frame of `overlay.mp4`: the film with the skeleton and the key angles, each with its interval.",
)
REPORT = Entry(
    "report",
    "Measuring",
    "The report of a film begins with what was asked, hip or back, and says where the film cannot tell.",
)
WAVES = Entry(
    "waveforms",
    "Measuring",
    "Angles over time with their 95 % bands; where nothing is drawn, nothing was observed.",
)
COACHED = Entry(
    "coached", "Training", "A frame of `coached.mp4`: count, cue and the part of the body that it is about."
)
HINGE = Entry("hip_hinge_dowel", "Training", "Every exercise has a moving figure, made from its file.", "svg")
BOARD = Entry("board", "More than a film", "A board to print, fold and wear: a tag on each of its faces.")
COHORT = Entry(
    "cohort",
    "Research",
    "The page of a cohort: groups compared, what is missing, and why. Its people are made up.",
)


def made(browser: Browser) -> Iterator[Entry]:
    """All of them."""
    BUILD.mkdir(parents=True, exist_ok=True)
    film = films.write(BUILD / "squats.mp4", (one.rgb for one in kept(BUILD)), round(RATE_HZ))
    yield from _measured(browser, film)
    yield _coached(film)
    yield _figure()
    yield _board()
    yield _cohort(browser)


def _coxa(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "coxa", *map(str, arguments)], cwd=BUILD, check=True)


def _frame(film: Path, at_s: float) -> Image.Image:
    pictures = list(films.pictures(film))
    return Image.fromarray(pictures[min(round(at_s * RATE_HZ), len(pictures) - 1)])


def _measured(browser: Browser, film: Path) -> Iterator[Entry]:
    out = BUILD / "measured"
    _coxa("measure", film, "--height-m", _HEIGHT_M, "--out", out, "--overwrite", "--quiet")
    yield keep(OVERLAY, _frame(out / "overlay.mp4", _SEEN_AT_S))
    page = browser.new_page(viewport=_WIDE)
    page.goto((out / "report.html").as_uri())
    yield keep(REPORT, page.screenshot())
    figure = page.locator("section[aria-labelledby=over-time] figure", has_text="Knee flexion").first
    figure.scroll_into_view_if_needed()
    yield keep(WAVES, figure.screenshot())
    page.close()


def _coached(film: Path) -> Entry:
    out = BUILD / "coached"
    _coxa(
        "coach", film, "--exercise", "squat", "--height-m", _HEIGHT_M, "--out", out, "--overwrite", "--quiet"
    )
    return keep(COACHED, _frame(out / "coached.mp4", _COACHED_AT_S))


def _figure() -> Entry:
    out = BUILD / "figures"
    _coxa("exercises", "figures", "--out", out, "--overwrite", "--quiet")
    HINGE.path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(next(out.rglob("hip_hinge_dowel.svg")), HINGE.path)
    return HINGE


def _board() -> Entry:
    _coxa("tags", "print", "sacrum", "--out", BUILD / "board.pdf")
    page = pypdfium2.PdfDocument(BUILD / "board.pdf")[0]
    return keep(BOARD, page.render(scale=1.4).to_pil(), 900)


def _cohort(browser: Browser) -> Entry:
    recordings, table = BUILD / "recordings", BUILD / "cohort"
    shutil.rmtree(recordings, ignore_errors=True)
    shutil.rmtree(table, ignore_errors=True)
    manifest = trial(recordings)
    cohort([str(manifest)], "deep_squat", str(table), CohortOptions(engine="serial", work=WORK))
    page = browser.new_page(viewport=_WIDE)
    page.goto(next(table.rglob("*.html")).as_uri())
    picture = page.screenshot()
    page.close()
    return keep(COHORT, picture)
