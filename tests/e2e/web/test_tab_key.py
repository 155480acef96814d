"""By the tab key alone: every control of every page is reached, in order, seen, and left again."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from coxa.adapters.store.records import SqlRecords
from tests.support.browser import Site, visiting, why_no_browser
from tests.support.pages import addresses
from tests.support.practice import BUSY

pytestmark = pytest.mark.skipif(bool(why_no_browser()), reason=why_no_browser())

#: Numbers what the tab key should reach, in the order of the page: of radio buttons of one name only one. A
#: control that does not show, or whose details are closed, is none.
_NUMBER = """() => {
  const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  const found = [...document.querySelectorAll(wanted)].filter((one) =>
    one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }));
  const group = (one) => found.filter((each) =>
    each.type === 'radio' && each.name === one.name && each.form === one.form);
  const stops = found.filter((one) =>
    one.type !== 'radio' || one === (group(one).find((each) => each.checked) ?? group(one)[0]));
  stops.forEach((one, place) => { one.dataset.stop = place; });
  document.activeElement?.blur();
  window.scrollTo(0, 0);
  return stops.map((one) => one.outerHTML.slice(0, 90));
}"""
#: Where the focus is: number of the control (-1: none of them), whether it shows that it is there, whether it
#: is in the picture, and the style that shows it.
_WHERE = """async () => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const ring = (at) => {
    const style = getComputedStyle(at);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  const beside = [one, one.nextElementSibling, one.closest('label, .drop, .choice')].filter(Boolean);
  const inside = () => {
    const box = one.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth;
  };
  // What moves into the picture when it has the focus is there with the next one.
  for (let k = 0; k < 2 && !inside(); k++) await new Promise((then) => requestAnimationFrame(then));
  return {
    stop: Number(one.dataset.stop ?? -1),
    // The parts of a date, and its calendar, show the focus themselves, in the browser's own way.
    shows: one.type === 'date' || beside.some(ring),
    inside: inside(),
    html: one.outerHTML.slice(0, 90),
  };
}"""


def walked(page: Page) -> list[str]:
    """What is wrong with a page for somebody who has no mouse."""
    stops: list[str] = page.evaluate(_NUMBER)
    faults: list[str] = []
    reached: list[int] = []
    for _ in range(2 * len(stops) + 10):
        page.keyboard.press("Tab")
        at: dict[str, Any] | None = page.evaluate(_WHERE)
        if at is None or (reached and at["stop"] == reached[0]):
            break
        if at["stop"] >= 0:
            reached.append(at["stop"])
        faults += [f"no focus is seen on {at['html']}"] * (not at["shows"])
        faults += [f"outside of the picture: {at['html']}"] * (not at["inside"])
    else:
        faults.append(f"trapped: the page is not left after {len(reached)} of {len(stops)} controls")
    faults += [f"not reached: {stops[one]}" for one in sorted(set(range(len(stops))) - set(reached))[:5]]
    late = [now for before, now in pairwise(reached) if now < before]
    return faults + [f"out of order: {stops[one]}" for one in late[:3]]


def test_every_page_can_be_walked_by_the_tab_key(
    browser: Browser, practised_site: Site, practised: Path
) -> None:
    records = SqlRecords.open(practised)
    person = next(one for one in records.people() if one.name == BUSY)
    wanted = [(template, address) for template, address in addresses(records, person) if address]
    records.close()
    assert len(wanted) > 20
    faults: list[str] = []
    # Without motion: a page that scrolls smoothly would be asked where it is on its way.
    with visiting(browser, practised_site, reduced_motion="reduce") as context:
        page = context.new_page()
        for template, address in wanted:
            page.goto(address, wait_until="load")
            faults += [f"{template}: {one}" for one in walked(page)]
    assert not faults, "\n".join(faults)


def test_the_walk_finds_faults(browser: Browser, practised_site: Site) -> None:
    """A page with each of them: a control that cannot be reached, one that shows nothing, a wrong order."""
    with visiting(browser, practised_site) as context:
        page = context.new_page()
        page.goto("/health")
        page.evaluate(
            """() => {
              document.querySelector('main').innerHTML =
                '<button id="quiet">a</button><button tabindex="3">b</button>' +
                '<button id="trap">c</button><a href="/">d</a>';
              const quiet = document.getElementById('quiet');
              quiet.addEventListener('focus', () => { quiet.style.outline = 'none'; });
              document.getElementById('trap').addEventListener('keydown', (event) => event.preventDefault());
            }"""
        )
        told = "\n".join(walked(page))
    for fault in ("no focus is seen", "out of order", "not reached", "trapped"):
        assert fault in told, told
