"""The coach at work: its page in a browser, played picture by picture with time held in between."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

from album import BUILD, Entry, keep_moving
from person import FOV_DEG, RATE_HZ, Taken, kept
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.support.browser import Site, visiting
from tests.support.coach_pages import listening

COACH = Entry(
    "coach",
    "Training",
    "The coach counts squats in the browser; beside it the exercise as it should be. The person is rendered; "
    "network, filter and coach are the ones of the app.",
)
_SIZE = {"width": 1060, "height": 660}
_WIDE_PX = 820
_BEFORE = 110
#: What is shown of the page: below the bar.
_CLIP = {"x": 0.0, "y": 60.0, "width": 1060.0, "height": 600.0}
_SOURCE = """
// Time of the page: goes on only when told; the browser's own stays as it is.
let nowMs = 0, timers = [], last = 0;
const frame = window.requestAnimationFrame.bind(window);
performance.now = () => nowMs;
window.requestAnimationFrame = (then) => frame(() => then(nowMs));
window.setTimeout = (then, ms = 0, ...more) => {
  timers.push({ id: ++last, at: nowMs + ms, then: () => then(...more) });
  return last;
};
window.clearTimeout = (id) => { timers = timers.filter((one) => one.id !== id); };
window.pass = (ms) => {
  const until = nowMs + ms;
  for (;;) {
    const due = timers.filter((one) => one.at <= until).sort((a, b) => a.at - b.at)[0];
    if (!due) break;
    timers = timers.filter((one) => one !== due);
    nowMs = Math.max(nowMs, due.at);
    due.then();
  }
  nowMs = until;
};
let told = null;
window.coxaSource = {
  detector: "blazepose_full",
  fovDeg: FOV,
  start(tell) { told = tell; },
  stop() { told = null; },
};
window.shown = async (timeS, picture, points) => {
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes(picture)], { type: "image/jpeg" }));
  const landmarks = points ? new Float32Array(bytes(points).buffer) : null;
  const [widthPx, heightPx] = [bitmap.width, bitmap.height];
  told?.({ timeS, landmarks, brightness: 0.5, widthPx, heightPx, picture: bitmap, tookMs: 20 });
};
"""


def _pass(page: Page, milliseconds: int, patience_ms: int = 30) -> None:
    """Time of the page goes on by so much; what it asked for is waited for."""
    page.evaluate("(ms) => window.pass(ms)", milliseconds)
    page.wait_for_timeout(patience_ms)


def _show(page: Page, one: Taken, time_s: float) -> None:
    jpeg = BytesIO()
    Image.fromarray(one.rgb).save(jpeg, "jpeg", quality=92)
    points = "" if one.landmarks is None else base64.b64encode(one.landmarks.astype("<f4").tobytes()).decode()
    page.evaluate(
        "([at, picture, points]) => window.shown(at, picture, points)",
        [time_s, base64.b64encode(jpeg.getvalue()).decode(), points],
    )
    for _ in range(100):
        state: dict[str, Any] = page.evaluate("() => ({...document.querySelector('[data-live]').dataset})")
        if float(state.get("sceneS") or 0) >= time_s - 1e-6:
            return
        page.wait_for_timeout(10)


def coach(browser: Browser, site: Site, person: str, folder: Path = BUILD) -> Entry:
    """Play the squats to the coach's page and keep what it showed."""
    taken = kept(folder)
    pictures = []
    with visiting(browser, site, viewport=_SIZE, color_scheme="light") as context:
        listening(context)
        context.add_init_script(_SOURCE.replace("FOV", f"{FOV_DEG:.2f}"))
        page = context.new_page()
        page.goto(f"/p/{person}/coach/squat?sets=1&repetitions=3")
        for _ in range(40):
            _pass(page, 50)
        page.click('[data-part="start"]')
        time_s = 1.0
        # Somebody stands there until the socket is open, and what cannot be seen was told.
        for _ in range(_BEFORE):
            _show(page, taken[0], time_s)
            _pass(page, round(1000 / RATE_HZ), 5)
            time_s += 1 / RATE_HZ
        page.click('[data-part="play"]')
        for one in taken:
            _show(page, one, time_s)
            _pass(page, round(1000 / RATE_HZ), 10)
            shot = page.screenshot(clip=_CLIP)  # type: ignore[arg-type]
            picture = Image.open(BytesIO(shot)).convert("RGB")
            height = round(picture.height * _WIDE_PX / picture.width)
            pictures.append(picture.resize((_WIDE_PX, height), Image.Resampling.LANCZOS))
            time_s += 1 / RATE_HZ
    return keep_moving(COACH, pictures, round(1000 / RATE_HZ))
