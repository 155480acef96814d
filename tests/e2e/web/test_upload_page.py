"""A recording from the disk to its result, in a real browser with a real worker."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from coxa.adapters.jobs.table import JobTable
from coxa.adapters.store.records import SqlRecords
from coxa.app.jobs import JobState
from coxa.app.record import Kind, Person
from tests.support.browser import Site, served, visiting
from tests.support.uploads import PROTOCOL, motion_file

_PATIENCE_MS = 90_000


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("upload") / "record"


@pytest.fixture(scope="module")
def anna(data: Path) -> Person:
    records = SqlRecords.open(data)
    made = records.add_person(Person("", "Anna Beispiel", sex="female", height_m=1.68))
    records.close()
    return made


@pytest.fixture(scope="module")
def site(data: Path, anna: Person) -> Iterator[Site]:
    with served(data) as running:
        yield running


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with visiting(browser, site) as context:
        yield context.new_page()


def choose(page: Page, anna: Person, name: str, content: bytes) -> None:
    page.goto(f"/p/{anna.id}/upload")
    page.get_by_label("Which test does it show?").select_option(PROTOCOL)
    page.set_input_files("#recordings", {"name": name, "mimeType": "", "buffer": content})
    expect(page.get_by_text(f"{name} ·")).to_be_visible()


def test_a_file_is_sent_read_and_shown(page: Page, anna: Person, data: Path, tmp_path: Path) -> None:
    choose(page, anna, "sitting.parquet", motion_file(tmp_path))
    page.get_by_role("button", name="Send and read").click()
    expect(page).to_have_url(re.compile("/jobs/|/results/"))
    expect(page).to_have_url(re.compile("/results/"), timeout=_PATIENCE_MS)
    records = SqlRecords.open(data)
    found = records.entries(anna.id, Kind.ASSESSMENT)
    records.close()
    assert page.url.endswith(found[0].id)
    answer = page.request.get(f"/p/{anna.id}/results/{found[0].id}/report.pdf")
    assert answer.body().startswith(b"%PDF-")


def test_a_file_that_is_none_is_refused_on_the_page(page: Page, anna: Person) -> None:
    choose(page, anna, "film.mp4", bytes(200))
    page.get_by_role("button", name="Send and read").click()
    expect(page.get_by_role("alert")).to_contain_text("no recording that Coxa reads")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("button", name="Send and read")).to_be_enabled()


def test_a_broken_line_goes_on_where_it_broke(page: Page, anna: Person, tmp_path: Path) -> None:
    broken = 0

    def flaky(route) -> None:
        nonlocal broken
        if route.request.method == "PUT" and broken < 2:
            broken += 1
            route.abort()
        else:
            route.continue_()

    choose(page, anna, "again.parquet", motion_file(tmp_path))
    page.route("**/uploads/**", flaky)
    page.get_by_role("button", name="Send and read").click()
    expect(page).to_have_url(re.compile("/jobs/"), timeout=30_000)
    assert broken == 2
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name=re.compile("Cancelled|Done"))).to_be_visible()


def test_the_worker_ends_with_the_server(tmp_path: Path) -> None:
    with served(tmp_path / "record") as running:
        until = time.monotonic() + 30
        while not (workers := _children(running.process.pid)) and time.monotonic() < until:
            time.sleep(0.1)
        assert len(workers) == 1
    until = time.monotonic() + 10
    while any(Path(f"/proc/{one}").exists() for one in workers) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{one}").exists() for one in workers)
    records = SqlRecords.open(tmp_path / "record")
    assert not JobTable(records.engine).counts().get(JobState.RUNNING.value)
    records.close()


def _children(parent: int) -> list[int]:
    found = []
    for one in Path("/proc").glob("[0-9]*/status"):
        try:
            told = one.read_text()
        except OSError:  # it ended meanwhile
            continue
        if f"\nPPid:\t{parent}\n" in told:
            found.append(int(one.parent.name))
    return found
