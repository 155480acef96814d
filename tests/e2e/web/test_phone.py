"""A phone on the body: a second browser is the phone, its orientation scripted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from tests.support.browser import PHONE, Site, served, visiting, why_no_browser

pytestmark = pytest.mark.skipif(bool(why_no_browser()), reason=why_no_browser())

#: Tells an orientation sixty times a second, beta in degrees, as a sensor would.
SENSOR = """(begin) => {
  window.beta = begin;
  setInterval(() => window.dispatchEvent(
    new DeviceOrientationEvent('deviceorientation', {alpha: 200, beta: window.beta, gamma: 4})), 16);
}"""


@pytest.fixture
def who(tmp_path: Path) -> Person:
    records = SqlRecords.open(tmp_path / "record")
    person = records.add_person(Person("", "Anna Beispiel", date(2000, 5, 17), "female", 1.68))
    records.close()
    return person


@pytest.fixture
def site(tmp_path: Path, who: Person) -> Iterator[Site]:
    with served(tmp_path / "record") as running:
        yield running


def paired(main: Page, who: Person, what: str) -> str:
    main.goto(f"/p/{who.id}/phone")
    main.locator(f"label:has-text('{what}')").first.click()
    main.get_by_role("button", name="Pair a phone").click()
    expect(main.locator("#picture svg")).to_be_visible()
    return str(main.locator("#address").get_attribute("href"))


def opened(context: BrowserContext, address: str, beta: float) -> Page:
    phone = context.new_page()
    assert phone.goto(address)
    phone.evaluate(SENSOR, beta)
    phone.locator("#allow").click()
    return phone


def test_place_tap_move_tap_and_it_is_kept(browser: Browser, site: Site, who: Person) -> None:
    with visiting(browser, site) as desk, visiting(browser, site, viewport=PHONE) as pocket:
        main = desk.new_page()
        address = paired(main, who, "Hip internal rotation, seated")
        phone = opened(pocket, address, 90.0)
        expect(main.locator("#state")).to_have_text("the phone is here")
        expect(main.locator("#rate")).to_contain_text("still")
        phone.locator("#tap").click()
        expect(main.locator("#said")).to_contain_text("Zero")
        phone.evaluate("window.beta = 58")
        expect(main.locator("#angle")).to_have_text("32°")
        phone.wait_for_timeout(800)
        main.locator("#tap").click()
        expect(main.locator("#said")).to_contain_text("Read")
        main.locator("#finish").click()
        main.wait_for_url("**/results/*")
    records = SqlRecords.open(site.data)
    (entry,) = records.entries(who.id, Kind.ASSESSMENT)
    records.close()
    (result,) = entry.document["results"]
    assert abs(result["value_deg"] - 32.0) < 0.2
    assert result["quantity"] == "internal_rotation"
    assert 3.0 < result["sd_deg"] < 5.0


def test_a_lost_phone_comes_back_and_a_moving_one_is_not_read(
    browser: Browser, site: Site, who: Person
) -> None:
    with visiting(browser, site) as desk, visiting(browser, site, viewport=PHONE) as pocket:
        main = desk.new_page()
        phone = opened(pocket, paired(main, who, "Hip internal rotation, seated"), 90.0)
        expect(main.locator("#state")).to_have_text("the phone is here")
        phone.evaluate("setInterval(() => { window.beta += 2 }, 16)")
        expect(main.locator("#rate")).to_contain_text("moving")
        main.locator("#tap").click()
        expect(main.locator("#said")).to_contain_text("moved")
        phone.reload()
        expect(main.locator("#state")).to_contain_text("is gone")
        phone.evaluate(SENSOR, 80.0)
        phone.locator("#allow").click()
        expect(main.locator("#state")).to_have_text("the phone is here")
