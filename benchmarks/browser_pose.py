"""Frames a second of the coach's page beside bare pose inference in the same browser.

Run: ``python benchmarks/browser_pose.py --webcam FILM --pairs 20 --seconds 4``.

One Chromium, one film as its camera, the same network in both. Two pages are open and take turns of a few
seconds, while the other one is held at the door of its worker. One does nothing but hand the newest picture
of the camera to the worker once it is free; the other is the coach's page, with all it does besides: drawing,
the socket, counting, words. Pictures that the worker answered are counted from outside, in both alike. What
counts is the ratio within a pair, since the machine's other work moves both.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import av
from playwright.sync_api import BrowserContext, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.browser import chromium, served, why_no_browser, write_webcam
from tests.support.coach_pages import trained

#: Counts what workers answer, and how long the network took, in whatever page; holds pictures at the door.
_COUNTING = """
window.looked = [];
window.held = null;
window.release = null;
window.hold = () => { window.held = new Promise((then) => { window.release = then; }); };
window.let = () => { window.release?.(); window.held = null; };
window.Worker = class extends Worker {
  constructor(...told) {
    super(...told);
    this.addEventListener('message', ({data}) => {
      if (data.kind === 'seen') window.looked.push(data.tookMs);
    });
  }
  postMessage(message, transfer) {
    if (message.kind !== 'look' || !window.held) return super.postMessage(message, transfer);
    window.held.then(() => super.postMessage(message, transfer));
  }
};
"""
_SETTLES_MS = 400
_BARE = """async ([script, base, network]) => {
  const stream = await navigator.mediaDevices.getUserMedia(
    {video: {width: {ideal: 640}, height: {ideal: 480}, frameRate: {ideal: 30}}});
  const video = Object.assign(document.createElement('video'), {muted: true, srcObject: stream});
  document.body.append(video);
  await video.play();
  const worker = new Worker(script, {type: 'module'});
  const answer = () => new Promise((resolve) => { worker.onmessage = ({data}) => resolve(data); });
  worker.postMessage({kind: 'load', base: new URL(base, location.href).href, network});
  await answer();
  let fresh = false, free = true;
  const watch = () => video.requestVideoFrameCallback(() => { fresh = true; void look(); watch(); });
  const look = async () => {
    if (!free || !fresh) return;
    [free, fresh] = [false, false];
    const picture = await createImageBitmap(video);
    const told = answer();
    worker.postMessage({kind: 'look', turn: 1, timeMs: performance.now(), picture}, [picture]);
    (await told).picture.close();
    free = true;
    void look();
  };
  watch();
}"""


class Measured(NamedTuple):
    """One turn: frames a second, and the median of what the network took, ms."""

    rate_hz: float
    took_ms: float


def measured(page: Page, seconds: float) -> Measured:
    """Frames of a page's turn."""
    page.evaluate("() => window.let()")
    page.wait_for_timeout(_SETTLES_MS)
    begun, since = page.evaluate("() => [window.looked.length, performance.now()]")
    page.wait_for_timeout(seconds * 1000)
    took, until = page.evaluate("(from) => [window.looked.slice(from), performance.now()]", begun)
    page.evaluate("() => window.hold()")
    page.wait_for_timeout(_SETTLES_MS)
    return Measured(1000 * len(took) / (until - since), statistics.median(took) if took else float("nan"))


def bare(context: BrowserContext, address: str) -> Page:
    """Nothing but the network."""
    page = context.new_page()
    page.goto(address)
    told = page.evaluate("() => JSON.parse(document.getElementById('page-data').textContent).files")
    page.goto("/health")
    network = {"size": "lite", "delegate": "CPU"}
    page.evaluate(_BARE, [told["script"], told["base"], network])
    page.wait_for_timeout(3000)
    page.evaluate("() => window.hold()")
    return page


def coached(context: BrowserContext, address: str) -> Page:
    """The coach's page, once a set is under way."""
    page = context.new_page()
    page.goto(address)
    page.click('[data-part="start"]')
    for _ in range(480):
        if page.get_attribute("[data-live]", "data-phase") == "work":
            page.evaluate("() => window.hold()")
            return page
        page.wait_for_timeout(250)
    raise SystemExit("the set did not begin: choose a film in which somebody does the exercise")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--webcam", type=Path, required=True, help="somebody who does the exercise")
    parser.add_argument("--exercise", default="squat")
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=4.0)
    told = parser.parse_args()
    if why := why_no_browser():
        raise SystemExit(why)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        with av.open(str(told.webcam)) as film:
            pictures = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
        webcam = write_webcam(folder / "webcam.mjpeg", pictures)
        person = trained(folder / "record")
        address = f"/p/{person}/coach/{told.exercise}?sets=1&repetitions=0"
        with served(folder / "record") as site, chromium(playwright, webcam) as browser:
            pages = {}
            for make in (coached, bare):
                context = browser.new_context(base_url=site.url)
                context.set_default_timeout(120_000)
                context.add_init_script(_COUNTING)
                pages[make.__name__] = make(context, address)
            print(f"network of the coach's page: {_chosen(pages['coached'])}")
            ratios = []
            for pair in range(told.pairs):
                names = ["bare", "coached"] if pair % 2 == 0 else ["coached", "bare"]
                found = {name: measured(pages[name], told.seconds) for name in names}
                ratios.append(found["coached"].rate_hz / found["bare"].rate_hz)
                words = ", ".join(f"{n} {m.rate_hz:.2f} Hz ({m.took_ms:.0f} ms)" for n, m in found.items())
                print(f"pair {pair + 1}: {words}; ratio {ratios[-1]:.3f}", flush=True)
            low, middle, high = statistics.quantiles(ratios, n=4)
            spread = f"quartiles {low:.3f} and {high:.3f}"
            print(f"coach's page / bare: median {middle:.3f} of {len(ratios)} pairs, {spread}")


def _chosen(page: Page) -> str:
    kept = page.evaluate("() => JSON.parse(localStorage.getItem('coxa-pose'))")
    return f"{kept['size']} on the {kept['delegate']}"


if __name__ == "__main__":
    main()
