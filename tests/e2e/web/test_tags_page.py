"""Printed boards in a real browser: a fake camera shows rendered ones, the page says which it reads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Playwright, expect

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Person
from tests.support.browser import Site, chromium, visiting, write_webcam
from tests.support.browser_tags import shot
from tests.support.tag_pictures import Film


@pytest.fixture(scope="module")
def boards(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera sees sacrum and T12, still, in a cluttered room."""
    seen = shot(np.random.default_rng(7), (1280, 720), 2.0, 5.0, Film(noise=2.0))
    picture = np.repeat(seen.grey[..., None], 3, axis=2)
    webcam = write_webcam(tmp_path_factory.mktemp("film") / "webcam.mjpeg", [picture] * 15)
    with chromium(playwright, webcam) as opened:
        yield opened


def test_the_page_says_which_boards_it_reads(boards: Browser, site: Site) -> None:
    records = SqlRecords.open(site.data)
    person = records.add_person(Person("", "Anna Beispiel"))
    records.close()
    with visiting(boards, site) as context:
        page = context.new_page()
        page.goto(f"/p/{person.id}/tags", timeout=60_000)
        page.get_by_role("button", name="Start the camera").click()
        told = page.locator('[data-part="tags"]')
        expect(told).to_have_text("Sacrum seen · T12 seen", timeout=60_000)
        assert page.locator("canvas").evaluate("(canvas) => canvas.width") >= 1280
