"""From wishes to a plan, a session counted by oneself, and charts, as a person does it."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import BrowserContext, expect

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.app.record_documents import value_of
from coxa.bootstrap import training
from coxa.model.screening import Screen
from tests.support.browser import Site
from tests.support.plans import HEALTHY
from tests.support.trained import trained_person

_SLOW_MS = 60_000
TODAY = date.today()


def test_wishes_plan_and_a_session_counted_by_oneself(context: BrowserContext, site: Site) -> None:
    context.set_default_timeout(_SLOW_MS)
    records = SqlRecords.open(site.data)
    person = records.add_person(Person("", "Anna"))
    training.screen_person(records, person, Screen(TODAY, HEALTHY, 40.0))
    page, home = context.new_page(), f"/p/{person.id}"
    page.goto(f"{home}/plan")
    page.get_by_label("Minutes a session").fill("15")
    page.get_by_label("a ball of the size of a fist").check()
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_role("heading", name="Why this plan")).to_be_visible()
    page.get_by_role("link", name="Begin").click()
    page.get_by_label("1", exact=True).check()
    page.get_by_role("button", name="Begin").click()

    page.get_by_role("link", name="With the camera").click()
    expect(page.locator("[data-place]")).to_have_text(re.compile(r"^1/\d+$"))
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url(f"**{home}/session")

    counter = page.locator("[data-counter]")
    expect(counter.locator("[data-shown]")).to_have_text(re.compile(r"^0/\d+$"))
    counter.get_by_role("button", name="Begin the set").click()
    expect(counter.locator("[data-said]")).not_to_be_empty()
    counter.get_by_role("button", name="The set is done").click()
    expect(counter.get_by_label("Sets done")).to_have_value("1")
    counter.get_by_label("Clean, nearly all of them").check()
    counter.get_by_role("group", name="The most pain while doing it").get_by_label("2", exact=True).check()
    counter.get_by_role("button", name="Done").click()
    expect(page.locator("[data-done]")).to_have_count(1)
    (entry,) = records.entries(person.id, Kind.SESSION)
    told = value_of(entry.kind, entry.document)
    assert (told.sets, told.form, told.pain, told.pain_before) == (1, 0.95, 2.0, 1.0)

    page.get_by_role("link", name="Something feels wrong").click()
    page.get_by_role("button", name="Numbness").click()
    expect(page.get_by_role("heading", name="No exercise now")).to_be_visible()
    page.goto(f"{home}/plan")
    expect(page.get_by_role("heading", name="No exercise now")).to_be_visible()
    records.close()


def test_charts_are_drawn_and_their_tables_say_the_same(context: BrowserContext, site: Site) -> None:
    context.set_default_timeout(_SLOW_MS)
    records = SqlRecords.open(site.data)
    person = trained_person(records, TODAY, weeks=2)
    records.close()
    page = context.new_page()
    page.goto(f"/p/{person.id}/progress")
    expect(page.get_by_role("heading", name="Progress")).to_be_visible()
    for chart in page.locator("[data-chart], [data-pain]").all():
        chart.scroll_into_view_if_needed()
        canvas = chart.locator("canvas")
        expect(canvas).to_be_visible()
        inked = canvas.evaluate(
            "one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some(v => v)"
        )
        assert inked
    page.get_by_text("As a table").first.click()
    expect(page.get_by_role("table").nth(1)).to_contain_text("±")
    with page.expect_download() as paper:
        page.get_by_role("link", name="As PDF").click()
    assert paper.value.path().read_bytes().startswith(b"%PDF")
