"""Screenshots of the app with a practice of made-up people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from album import Entry, keep
from playwright.sync_api import Browser, Page

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Person
from coxa.bootstrap.guided import assess_takes, keep_take
from coxa.simulate.cheating import Cheat
from tests.support.browser import DESKTOP, PHONE, Site, visiting
from tests.support.practice import BUSY, practice
from tests.support.takes import take

TEST, CHEAT = "seated_hip_rotation", Cheat("trunk_lean", 16.0, 0.4)
#: Whether every image in the picture is there; those below it are loaded when they come into it.
_LOADED = """() => [...document.images].every(
  (one) => one.complete || one.getBoundingClientRect().top > innerHeight)"""
_LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": DESKTOP, "color_scheme": "light"},
    "desktop, dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light", "has_touch": True},
    "phone, dark": {"viewport": PHONE, "color_scheme": "dark", "has_touch": True},
    "Deutsch": {"viewport": DESKTOP, "color_scheme": "light", "locale": "de-DE"},
}


@dataclass(frozen=True, slots=True)
class Shot:
    """One page to be looked at.

    Attributes:
        entry: of the gallery.
        address: with PERSON and RESULT to be filled in.
        look: of ``_LOOKS``.
        part: only this part of the page; empty: what a screen shows.
    """

    entry: Entry
    address: str
    look: str = "desktop"
    part: str = ""


def _shot(name: str, heading: str, words: str, address: str, look: str = "desktop", part: str = "") -> Shot:
    return Shot(Entry(name, heading, words), address, look, part)


SHOTS = (
    _shot("today", "Day by day", "Today: what is next, and why.", "/p/PERSON"),
    _shot(
        "plan", "Day by day", "The week: each exercise with its reason; days can be moved.", "/p/PERSON/plan"
    ),
    _shot(
        "session", "Day by day", "The session on a phone, in the dark.", "/p/PERSON/session", "phone, dark"
    ),
    _shot("screen", "Day by day", "The safety screen, before any exercise.", "/p/PERSON/screen", "phone"),
    _shot("tests", "Testing", "The tests, with what each tells and what it does not.", "/p/PERSON/test"),
    _shot(
        "guided",
        "Testing",
        "A guided test begins: where the camera goes, what to do.",
        f"/p/PERSON/test/{TEST}",
    ),
    _shot(
        "result",
        "Testing",
        "A result: both sides at a glance, with their 95 % intervals, and what it means in one sentence.",
        "/p/PERSON/results/RESULT",
    ),
    _shot(
        "ledger",
        "Testing",
        "Who did the moving, repetition by repetition: the seen motion, and what else moved; "
        "beyond the red line is more than the test lets pass.",
        "/p/PERSON/results/RESULT",
        part="figure.report:has-text('Who did the moving'):has-text('Right') >> nth=0",
    ),
    _shot(
        "progress",
        "Progress",
        "Progress: bands are 95 % intervals; a change is called real only beyond the error of measuring.",
        "/p/PERSON/progress",
        part=".charts >> nth=0",
    ),
    _shot("clients", "Practices", "A clinician's people, whoever needs a look first.", "/clients"),
    _shot("client", "Practices", "One client: both sides, programme, decisions.", "/clients/PERSON"),
    _shot("boards", "More than a film", "Printed boards, and where they are worn.", "/p/PERSON/tags"),
    _shot("phone", "More than a film", "A phone on the bone as an inclinometer.", "/p/PERSON/phone", "phone"),
    _shot("german", "Day by day", "The same week in German.", "/p/PERSON/plan", "Deutsch"),
    _shot("dark", "Progress", "Progress in the dark.", "/p/PERSON/progress", "phone, dark"),
)


def fill(data: Path) -> tuple[str, str]:
    """A practice, and a test that was really measured: of simulated landmarks; ids of person and result."""
    records = SqlRecords.open(data)
    try:
        person = practice(records, date.today())[BUSY]
        made = _measured(records, person)
        return person.id, made
    finally:
        records.close()


def _measured(records: SqlRecords, person: Person) -> str:
    takes = [
        keep_take(records, person, TEST, side, take(TEST, side, 3, CHEAT if side == "right" else None, seed))
        for seed, side in enumerate(("left", "right"))
    ]
    return assess_takes(records, person, takes)[0].id


def shots(browser: Browser, site: Site, person: str, result: str) -> Iterator[Entry]:
    """Take them all; a look is one window."""
    for look, options in _LOOKS.items():
        with visiting(browser, site, **options) as context:
            page = context.new_page()
            for shot in SHOTS:
                if shot.look == look:
                    page.goto(shot.address.replace("PERSON", person).replace("RESULT", result))
                    yield keep(shot.entry, _taken(page, shot.part))


def _taken(page: Page, part: str) -> bytes:
    page.wait_for_load_state("networkidle")
    if part:
        found = page.locator(part)
        found.scroll_into_view_if_needed()
        _wait_for_drawings(page)
        return found.screenshot()
    _wait_for_drawings(page)
    return page.screenshot()


def _wait_for_drawings(page: Page) -> None:
    """Until what is in the picture is loaded; drawings of charts need a moment more."""
    for _ in range(100):
        page.wait_for_timeout(300)
        if page.evaluate(_LOADED):
            break
    page.wait_for_timeout(700)
