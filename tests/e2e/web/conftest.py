"""One browser and one server a module; skipped, saying so, where there is no browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from coxa.adapters.store.records import SqlRecords
from tests.support.browser import Site, chromium, served, visiting, why_no_browser
from tests.support.practice import practice


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers."""
    if why := why_no_browser():
        pytest.skip(why)
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium without a camera."""
    with chromium(playwright) as opened:
        yield opened


@pytest.fixture(scope="module")
def site(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with an empty record."""
    folder: Path = tmp_path_factory.mktemp("site")
    with served(folder / "record") as running:
        yield running


@pytest.fixture(scope="module")
def practised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record in which every page has something to show."""
    folder = tmp_path_factory.mktemp("practice") / "record"
    records = SqlRecords.open(folder)
    practice(records, date.today())
    records.close()
    return folder


@pytest.fixture(scope="module")
def practised_site(practised: Path) -> Iterator[Site]:
    """A server with that record."""
    with served(practised) as running:
        yield running


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """Pages of the site; fails on requests to other hosts and on errors in scripts."""
    with visiting(browser, site) as opened:
        yield opened
