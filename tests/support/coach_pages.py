"""The coach's page in a browser: somebody who may exercise, and landmarks played in place of a camera."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext, Page

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Person
from coxa.bootstrap.training import screen_person
from coxa.catalog.planning import planning
from coxa.model.recording import Recording
from coxa.model.screening import Answer, Screen
from tests.support.live import fov_of, points_of

#: Speech that is heard by the test alone: browsers without a screen have no voices.
_EARS = """
window.spoken = [];
window.speechSynthesis.speak = (one) => {
  window.spoken.push(one.text);
  setTimeout(() => one.onend?.(), 20);
};
"""
#: Recorded landmarks in place of a camera, again and again; each once the one before was answered, so that
#: nothing is dropped however busy the machine is. Without a connection, or paused, time goes on as it does
#: for a camera.
_SOURCE = """(([data, width, height, fovDeg, stepS, leastMs, mostMs]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const points = new Float32Array(bytes.buffer);
  const last = points.length / 132 - 1;
  let at = 0, timeS = 1, told = null;
  const live = () => document.querySelector("[data-live]").dataset;
  const open = () => live().link === "open" && live().phase !== "paused";
  const answered = () => !open() || Number(live().sceneS) >= timeS;
  const waited = (then, sinceMs) => {
    if (answered() || performance.now() - sinceMs > mostMs) return then();
    setTimeout(() => waited(then, sinceMs), 2);
  };
  window.coxaSource = {
    detector: "blazepose_lite",
    fovDeg,
    start(tell) {
      told = tell;
      const step = () => {
        if (told !== tell) return;
        timeS += stepS;
        const from = (at % (last + 1)) * 132;
        if (live().link) at += 1;
        tell({ timeS, landmarks: points.slice(from, from + 132), brightness: NaN,
               widthPx: width, heightPx: height, picture: null, tookMs: NaN });
        setTimeout(() => waited(step, performance.now()), open() ? leastMs : 1000 * stepS);
      };
      step();
    },
    stop() { told = null; },
  };
})"""


def trained(data: Path, name: str = "Anna Beispiel") -> str:
    """Id of somebody of a record whom the screen lets exercise."""
    records = SqlRecords.open(data)
    try:
        person = records.add_person(Person("", name, date(1980, 5, 17), "female", 1.7))
        answers = {one.id: Answer.NO for one in planning().triage.questions}
        screen_person(records, person, Screen(date.today(), answers, 40.0))
        return person.id
    finally:
        records.close()


def listening(context: BrowserContext) -> None:
    """What pages of the context say can be read by :func:`spoken`."""
    context.add_init_script(_EARS)


def spoken(page: Page) -> list[str]:
    """What the page said so far."""
    return list(page.evaluate("() => window.spoken"))


def played(
    recording: Recording, rate_hz: float = 15.0, least_ms: float = 1.0, most_ms: float = 3000.0
) -> str:
    """A script for a context or a page: its camera sees what was recorded.

    Args:
        recording: landmarks of one camera.
        rate_hz: of the camera.
        least_ms: between two frames.
        most_ms: until the next frame, where the one before is not answered.
    """
    (image,) = recording.image_points
    points: NDArray[np.float32] = points_of(image)
    data = base64.b64encode(points.astype("<f4").tobytes()).decode()
    camera = image.camera
    told = [data, camera.width_px, camera.height_px, fov_of(recording), 1 / rate_hz, least_ms, most_ms]
    return f"{_SOURCE}({json.dumps(told)})"


def part(page: Page, name: str) -> str:
    """Text of a part of the page."""
    return str(page.text_content(f'[data-part="{name}"]') or "")


def number(page: Page) -> int:
    """Repetitions that the page shows; 0 before the first."""
    return int(part(page, "number") or 0)


def shown(page: Page, name: str) -> bool:
    """Whether a part can be seen."""
    return page.is_visible(f'[data-part="{name}"]')


def wait_for(page: Page, done: Callable[[], Any], seconds: float = 60.0, what: str = "it") -> None:
    """Until something is so; the page's policy allows no strings to be run, so it is asked again."""
    for _ in range(int(seconds * 20)):
        if done():
            return
        page.wait_for_timeout(50)
    state = page.evaluate("() => ({...document.querySelector('[data-live]').dataset})")
    raise AssertionError(f"{what} was not so after {seconds:g} s: {state}, {spoken(page)}")


def coached(page: Page, person: str, exercise: str, **dose: Any) -> None:
    """The page of an exercise, its camera started."""
    asked = "&".join(f"{name}={value}" for name, value in dose.items())
    # The first page of a server reads the catalogues.
    page.goto(f"/p/{person}/coach/{exercise}?{asked}", timeout=60_000)
    page.click('[data-part="start"]')
