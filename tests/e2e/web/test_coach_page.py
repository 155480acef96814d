"""The coach's page in a real browser, with recorded landmarks in place of a camera."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.model.recording import Recording
from tests.support.browser import Site, chromium, free_port, served, visiting
from tests.support.coach_pages import (
    coached,
    listening,
    number,
    part,
    played,
    shown,
    spoken,
    trained,
    wait_for,
)
from tests.support.live import demonstrated, with_fault

HINGE = "hip_hinge_wall"


@cache
def hinges(repetitions: int, rate_hz: float = 15.0) -> Recording:
    return demonstrated(HINGE, repetitions=repetitions, rate_hz=rate_hz)


@pytest.fixture(scope="module")
def person(site: Site) -> str:
    return trained(site.data)


@pytest.fixture
def heard(context: BrowserContext) -> BrowserContext:
    listening(context)
    return context


def test_a_set_is_counted_spoken_summed_up_and_kept(heard: BrowserContext, site: Site, person: str) -> None:
    heard.add_init_script(played(hinges(3)))
    page = heard.new_page()
    coached(page, person, HINGE, sets=1, repetitions=3)
    wait_for(page, lambda: shown(page, "summary"), what="the summary")
    assert re.fullmatch(r"Set 1 · 3 repetitions", part(page, "counted").strip())
    said = spoken(page)
    assert [one for one in said if one.isdigit()] == ["1", "2", "3"]
    assert said[0].startswith("Take the start position")
    assert shown(page, "unseen")  # the bend of the back: told, not guessed
    records = SqlRecords.open(site.data)
    kept = records.entries(person, Kind.SESSION)
    records.close()
    assert kept[-1].document["exercise"] == HINGE


def test_a_fault_is_said_shown_and_marked_on_the_body(heard: BrowserContext, person: str) -> None:
    heard.add_init_script(played(with_fault("squat", "leans_aside", "right")))
    page = heard.new_page()
    coached(page, person, "squat", sets=1, repetitions=0)
    cue = page.locator('[data-part="cue"][data-kind="fault"][aria-live="assertive"]')
    expect(cue).to_have_text("Weight on both feet.", timeout=60_000)
    amber = """() => {
      const canvas = document.querySelector('[data-part="canvas"]');
      const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      let found = 0;
      for (let k = 0; k < data.length; k += 4) {
        found += data[k] > 240 && Math.abs(data[k + 1] - 180) < 12 && Math.abs(data[k + 2] - 51) < 30;
      }
      return found;
    }"""
    wait_for(page, lambda: page.evaluate(amber) > 30, what="the mark on the trunk")
    assert any("Weight on" in one for one in spoken(page))


def test_pain_stops_at_once_and_is_kept(heard: BrowserContext, site: Site, person: str) -> None:
    heard.add_init_script(played(hinges(3)))
    page = heard.new_page()
    coached(page, person, HINGE, sets=1, repetitions=0)
    wait_for(page, lambda: number(page) > 0, what="a count")
    page.click('[data-part="pain"]')
    expect(page.locator("[data-live]")).to_have_attribute("data-phase", "paused")
    page.click('[data-score="6"]')
    wait_for(page, lambda: shown(page, "summary"), what="the summary")
    records = SqlRecords.open(site.data)
    last = records.entries(person, Kind.SESSION)[-1].document
    records.close()
    assert last["exercise"] == HINGE
    assert 6 in last.values()


def test_sides_switch_and_a_rest_counts_down_without_hands(heard: BrowserContext, person: str) -> None:
    heard.add_init_script(played(hinges(3)))
    page = heard.new_page()
    coached(page, person, HINGE, sets=2, repetitions=1)
    wait_for(page, lambda: page.get_attribute("[data-live]", "data-phase") == "rest", what="the rest")
    first = int(part(page, "number"))
    wait_for(page, lambda: int(part(page, "number")) < first, what="the seconds")
    page.click('[data-part="skip-rest"]')
    wait_for(page, lambda: page.get_attribute("[data-live]", "data-phase") in ("ready", "work"), what="set 2")
    assert "Set 2 of 2" in part(page, "chip")
    assert any(one.startswith("Rest is over") for one in spoken(page))


def test_two_at_once_have_sets_of_their_own(browser: Browser, site: Site, person: str) -> None:
    with visiting(browser, site) as one, visiting(browser, site) as two:
        pages = []
        for context, repetitions in ((one, 2), (two, 3)):
            listening(context)
            context.add_init_script(played(hinges(repetitions)))
            page = context.new_page()
            coached(page, person, HINGE, sets=1, repetitions=repetitions)
            pages.append(page)
        for page, repetitions in zip(pages, (2, 3), strict=True):
            wait_for(page, lambda page=page: shown(page, "summary"), what="the summary")
            assert f"{repetitions} repetitions" in part(page, "counted")


def test_a_slow_device_is_told_what_to_do(heard: BrowserContext, person: str) -> None:
    heard.add_init_script(played(hinges(2, 4.0), rate_hz=4.0))
    page = heard.new_page()
    coached(page, person, HINGE, sets=1)
    wait_for(page, lambda: shown(page, "slow"), what="the banner")
    assert "slow" in part(page, "slow")


def test_a_throttled_processor_still_counts_right(heard: BrowserContext, person: str) -> None:
    heard.add_init_script(played(hinges(3)))
    page = heard.new_page()
    session = heard.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    coached(page, person, HINGE, sets=1, repetitions=2)
    wait_for(page, lambda: shown(page, "summary"), what="the summary")
    assert "2 repetitions" in part(page, "counted")


def test_where_no_exercise_is_allowed_the_page_has_no_coach(context: BrowserContext, site: Site) -> None:
    records = SqlRecords.open(site.data)
    stranger = records.add_person(Person("", "Not Screened")).id
    records.close()
    page = context.new_page()
    page.goto(f"/p/{stranger}/coach/{HINGE}")
    assert page.query_selector("[data-live]") is None


@pytest.mark.parametrize(
    ("arguments", "trouble"), [((), "none"), (("--use-fake-device-for-media-stream",), "denied")]
)
def test_without_a_camera_the_page_says_what_to_do(
    playwright: Playwright, site: Site, person: str, arguments: tuple[str, ...], trouble: str
) -> None:
    with chromium(playwright, None, *arguments) as opened, visiting(opened, site) as context:
        page = context.new_page()
        coached(page, person, HINGE)
        wait_for(page, lambda: page.get_attribute("[data-live]", "data-camera") == trouble, what=trouble)
        assert len(part(page, "panel-hint")) > 20
        assert shown(page, "again")


def test_a_lost_connection_is_told_and_the_set_goes_on(
    playwright: Playwright, browser: Browser, tmp_path: Path
) -> None:
    data, port = tmp_path / "record", free_port()
    person = trained(data)
    with served(data, port=port) as site, visiting(browser, site) as context:
        listening(context)
        context.add_init_script(played(hinges(6)))
        page = context.new_page()
        coached(page, person, HINGE, sets=1, repetitions=0)
        wait_for(page, lambda: number(page) > 0, what="a count")
        site.process.kill()
        site.process.wait()
        wait_for(page, lambda: shown(page, "lost"), what="the banner")
        counted = number(page)
        with served(data, port=port):
            wait_for(page, lambda: not shown(page, "lost"), what="the connection")
            wait_for(page, lambda: number(page) > counted, what="a further count")
            assert "The connection is back." in spoken(page)


@pytest.fixture(scope="module")
def site(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all of these: each test has sets of its own."""
    with served(tmp_path_factory.mktemp("coach") / "record") as running:
        yield running
