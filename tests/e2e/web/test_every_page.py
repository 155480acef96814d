"""Every page, on a desktop and on a phone: it opens, fits, and has no serious fault of accessibility."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from coxa.adapters.store.records import SqlRecords
from tests.support.browser import DESKTOP, PHONE, Site, visiting, why_no_browser
from tests.support.pages import addresses
from tests.support.practice import BUSY, FLAGGED

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
#: For whoever wants to look.
SCREENS = ROOT / ".build" / "screens"
LOOKS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("desktop", BUSY, {"viewport": DESKTOP, "color_scheme": "light"}),
    ("phone", BUSY, {"viewport": PHONE, "color_scheme": "dark", "has_touch": True}),
    ("phone", FLAGGED, {"viewport": PHONE, "color_scheme": "light", "has_touch": True}),
)

pytestmark = [
    pytest.mark.skipif(bool(why_no_browser()), reason=why_no_browser()),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci"),
]


def found_by_axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    told = page.evaluate(
        "() => axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag', values: "
        "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})"
    )
    return [
        f"{one['impact']} {one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for one in told["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


def too_wide(page: Page) -> list[str]:
    """Parts that stick out of the picture to the right, outside of what scrolls on purpose."""
    return list(
        page.evaluate(
            """() => document.documentElement.scrollWidth <= window.innerWidth + 1 ? [] :
            [...document.querySelectorAll('main *, header *')].filter(one =>
              one.getBoundingClientRect().right > window.innerWidth + 1 && !one.closest('.scroll'))
            .slice(0, 4).map(one => one.outerHTML.slice(0, 100))"""
        )
    )


def looked_at(page: Page, address: str, picture: Path, *, refusals: bool) -> list[str]:
    """What is wrong with a page; ``refusals``: a page that says why not is as good."""
    answer = page.goto(address, wait_until="load")
    if answer is None or answer.status >= 500 or (answer.status >= 400 and not refusals):
        return [f"answered {answer and answer.status}"]
    page.wait_for_timeout(150)
    page.screenshot(path=picture, full_page=True)
    return found_by_axe(page) + [f"sticks out: {one}" for one in too_wide(page)]


@pytest.mark.parametrize(("look", "who", "options"), LOOKS, ids=[f"{one[1]}-{one[0]}" for one in LOOKS])
def test_every_page_opens_fits_and_is_accessible(
    browser: Browser, practised_site: Site, practised: Path, look: str, who: str, options: dict[str, Any]
) -> None:
    records = SqlRecords.open(practised)
    person = next(one for one in records.people() if one.name == who)
    wanted = list(addresses(records, person))
    records.close()
    SCREENS.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    with visiting(browser, practised_site, **options) as context:
        page = context.new_page()
        for template, address in wanted:
            if address is None:
                continue
            name = re.sub(r"[^a-z_]+", "-", template.strip("/")).strip("-") or "front"
            picture = SCREENS / f"{who.split(maxsplit=1)[0].lower()}-{name}-{look}.png"
            # Whom a red flag stops is refused some pages.
            faults += [
                f"{template}: {one}" for one in looked_at(page, address, picture, refusals=who != BUSY)
            ]
    assert not faults, "\n".join(faults)


def test_every_page_is_filled(practised: Path) -> None:
    """A page that no test can open is a page that nobody looks at."""
    records = SqlRecords.open(practised)
    person = next(one for one in records.people() if one.name == BUSY)
    empty = [template for template, address in addresses(records, person) if address is None]
    records.close()
    assert set(empty) <= {"/p/{person_id}/jobs/{job_id}", "/invitation/{token}"}, empty
