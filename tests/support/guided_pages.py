"""Somebody before the camera of a guided test in a real browser: a simulated person, faster than life."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.support.takes import landmarks

#: The page is told that so much time passes between pictures, which come in less.
_STEP_S, _EVERY_MS = 1 / 15, 33
_PLAY = """
(takes) => {
  let timer = 0, frame = 0, phase = "", timeS = performance.now() / 1000;
  const root = () => document.querySelector("[data-guided]").dataset;
  const side = () => document.querySelector("[data-picture]:not([hidden])")?.dataset.picture ?? "";
  globalThis.coxaSource = {
    detector: "blazepose_lite",
    start(tell) {
      clearInterval(timer);
      timer = setInterval(() => {
        const take = takes[side()] ?? Object.values(takes)[0];
        if (root().phase !== phase) { phase = root().phase; frame = 0; }
        const at = phase === "recording" ? frame++ % take.length : 0;
        timeS += STEP_S;
        const landmarks = new Float32Array(take[at]);
        tell({ timeS, landmarks, brightness: 0.5, widthPx: 640, heightPx: 480, picture: null, tookMs: 1 });
      }, EVERY_MS);
    },
    stop() { clearInterval(timer); },
  };
}
"""


def stands_before(page: Page, protocol: str, sides: tuple[str, ...], n: int = 2) -> None:
    """From now on the page sees a simulated person, who moves while it records, again and again."""
    page.wait_for_selector("[data-guided]")  # what was clicked may still lead here
    takes: dict[str, Any] = {side: _rows(protocol, side, n) for side in sides}
    page.evaluate(_PLAY.replace("STEP_S", str(_STEP_S)).replace("EVERY_MS", str(_EVERY_MS)), takes)


def _rows(protocol: str, side: str, n: int) -> list[list[float]]:
    _, points = landmarks(protocol, side, n)
    return [[round(float(value), 3) for value in frame.ravel()] for frame in points]


def phase(page: Page, wanted: str, within_s: float = 60.0) -> None:
    """Wait until the test is there."""
    page.wait_for_selector(f'[data-guided][data-phase="{wanted}"]', timeout=1000 * within_s)
