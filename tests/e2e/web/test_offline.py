"""Without a connection: the last plan and today's session are there and say what they are."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Person
from coxa.bootstrap import training
from coxa.model.screening import Screen
from tests.support.browser import PHONE, Site, served, visiting
from tests.support.plans import HEALTHY

TODAY = date.today()
_SLOW_MS = 60_000


def planned(records: SqlRecords, name: str) -> Person:
    person = records.add_person(Person("", name))
    training.screen_person(records, person, Screen(TODAY, HEALTHY, 40.0))
    training.plan_person(records, person, TODAY)
    return person


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Person, Person]]:
    data = tmp_path_factory.mktemp("offline") / "record"
    records = SqlRecords.open(data)
    anna, other = planned(records, "Anna"), planned(records, "Somebody Else")
    records.close()
    yield data, anna, other


@pytest.fixture
def own(people: tuple[Path, Person, Person], browser: Browser) -> Iterator[tuple[BrowserContext, Site]]:
    """A server of its own for each test: they stop it."""
    with served(people[0]) as site, visiting(browser, site, viewport=PHONE) as opened:
        opened.set_default_timeout(_SLOW_MS)
        yield opened, site


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(30)


def kept(page: Page) -> list[str]:
    """What the browser holds of people."""
    found: list[str] = page.evaluate(
        "async () => (await (await caches.open('coxa-kept')).keys()).map((one) => new URL(one.url).pathname)"
    )
    return found


def wait_for_kept(page: Page, *paths: str) -> None:
    """Until the browser holds these pages; without any: until it holds nothing."""
    until = time.monotonic() + _SLOW_MS / 1000
    while time.monotonic() < until:
        found = kept(page)
        if set(paths) <= set(found) and (paths or not found):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"kept: {found}")


def test_the_plan_is_readable_when_the_server_is_gone(
    people: tuple[Path, Person, Person], own: tuple[BrowserContext, Site]
) -> None:
    (_, anna, other), (opened, site) = people, own
    page, home = opened.new_page(), f"/p/{anna.id}"
    page.goto(f"/p/{other.id}/plan")
    wait_for_kept(page, f"/p/{other.id}/session")
    page.goto(f"{home}/plan")
    expect(page.get_by_text("No connection.")).to_be_hidden()
    wait_for_kept(page, f"{home}/session")
    # One person at a time, and of that one only the plan, the session, and their pictures.
    assert {path.split("/")[2] for path in kept(page)} == {anna.id}
    assert {path.split("/")[3] for path in kept(page)} <= {"plan", "session", "exercises"}
    page.goto(f"{home}/me")
    page.goto(f"{home}/progress")
    assert not [path for path in kept(page) if path.endswith(("/me", "/progress"))]

    stop(site.process)
    page.goto(f"{home}/plan")
    expect(page.get_by_role("heading", name="This week")).to_be_visible()
    expect(page.get_by_text("No connection.")).to_be_visible()
    assert page.evaluate("document.body.dataset.csrf") == ""
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Figtree')
    page.goto(f"{home}/session")
    expect(page.get_by_text("This is your copy of")).to_be_visible()
    figure = page.locator("img.exercise").first
    figure.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('img.exercise').naturalWidth > 0")

    # What was not kept says so, and leads to what was.
    page.goto(f"/p/{other.id}/plan")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    page.get_by_role("link", name="Your plan").click()
    expect(page.get_by_role("heading", name="This week")).to_be_visible()


def test_what_is_sent_into_the_void_is_said_and_a_change_forgets(
    people: tuple[Path, Person, Person], own: tuple[BrowserContext, Site]
) -> None:
    (data, anna, _), (opened, site) = people, own
    page, home = opened.new_page(), f"/p/{anna.id}"
    page.goto(f"{home}/plan")
    wait_for_kept(page, f"{home}/session")
    page.goto(f"{home}/me")
    page.get_by_label("Name").fill("Anna Muster")
    with page.expect_navigation():
        page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_label("Name")).to_have_value("Anna Muster")
    wait_for_kept(page, f"{home}/plan", f"{home}/session")
    copy = "async (path) => (await (await (await caches.open('coxa-kept')).match(path)).text())"
    assert "Anna Muster" in page.evaluate(copy, f"{home}/plan")

    page.goto(f"{home}/session")
    page.get_by_label("2", exact=True).check()
    stop(site.process)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("did not arrive")).to_be_visible()

    port = int(site.url.rsplit(":", 1)[1])
    with served(data, port=port):
        page.goto(f"{home}/session")
        page.get_by_label("2", exact=True).check()
        page.get_by_role("button", name="Begin").click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Before you begin")
        wait_for_kept(page, f"{home}/session")
        # A symptom closes the record: no exercise stays in the browser.
        page.goto(f"{home}/session/symptom")
        page.get_by_role("button", name="Numbness").click()
        expect(page.get_by_role("heading", name="No exercise now")).to_be_visible()
        wait_for_kept(page)
        # Deleted: nothing is left in the browser either, and the front door opens.
        page.goto(f"{home}/me/delete")
        page.get_by_label("Type your name").fill("Anna Muster")
        page.get_by_role("button", name="Remove everything").click()
        expect(page.get_by_text("nothing is.")).to_be_visible()
        wait_for_kept(page)
        with page.expect_download() as proof:
            page.get_by_role("link", name="Keep the proof").click()
        assert '"left": 0' in Path(proof.value.path()).read_text("utf-8")
        page.get_by_role("link", name="To the front door").click()
        expect(page.get_by_text("Anna Muster")).to_be_hidden()
