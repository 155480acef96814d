"""Frames a second of the coach's page beside bare pose inference in the same browser.

Run: ``python benchmarks/browser_pose.py --webcam FILM --pairs 4 --seconds 12``.

One Chromium, one film as its camera, one pose worker with the same network. In turn: a page that does
nothing but hand the newest picture of the camera to the worker once it is free, and the coach's page with all
it does besides: drawing, the socket, counting, words. Pictures that the worker answered are counted from
outside, in both alike. What counts is the ratio within a pair, since the machine's other work moves both.
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

#: Counts what workers answer, and how long the network took, in whatever page.
_COUNTING = """
window.looked = [];
window.Worker = class extends Worker {
  constructor(...told) {
    super(...told);
    this.addEventListener('message', ({data}) => {
      if (data.kind === 'seen') window.looked.push(data.tookMs);
    });
  }
};
"""
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
    """One run: frames a second, and the median of what the network took, ms."""

    rate_hz: float
    took_ms: float


def measured(page: Page, seconds: float) -> Measured:
    """Frames of a page that is under way."""
    begun, since = page.evaluate("() => [window.looked.length, performance.now()]")
    page.wait_for_timeout(seconds * 1000)
    took, until = page.evaluate("(from) => [window.looked.slice(from), performance.now()]", begun)
    return Measured(1000 * len(took) / (until - since), statistics.median(took))


def bare(context: BrowserContext, person: str, exercise: str, seconds: float) -> Measured:
    """Nothing but the network."""
    page = context.new_page()
    page.goto(f"/p/{person}/coach/{exercise}")
    told = page.evaluate("() => JSON.parse(document.getElementById('page-data').textContent).files")
    page.goto("/health")
    network = {"size": "lite", "delegate": "CPU"}
    page.evaluate(_BARE, [told["script"], told["base"], network])
    page.wait_for_timeout(4000)
    found = measured(page, seconds)
    page.close()
    return found


def coached(context: BrowserContext, person: str, exercise: str, seconds: float) -> Measured:
    """The coach's page, once a set is under way."""
    page = context.new_page()
    page.goto(f"/p/{person}/coach/{exercise}?sets=1&repetitions=0")
    page.click('[data-part="start"]')
    for _ in range(240):
        if page.get_attribute("[data-live]", "data-phase") == "work":
            break
        page.wait_for_timeout(250)
    else:
        raise SystemExit("the set did not begin: choose a film in which somebody does the exercise")
    page.wait_for_timeout(2000)
    found = measured(page, seconds)
    page.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--webcam", type=Path, required=True, help="somebody who does the exercise")
    parser.add_argument("--exercise", default="squat")
    parser.add_argument("--pairs", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=12.0)
    told = parser.parse_args()
    if why := why_no_browser():
        raise SystemExit(why)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        with av.open(str(told.webcam)) as film:
            pictures = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
        webcam = write_webcam(folder / "webcam.mjpeg", pictures)
        person = trained(folder / "record")
        with served(folder / "record") as site, chromium(playwright, webcam) as browser:
            context = browser.new_context(base_url=site.url)
            context.add_init_script(_COUNTING)
            coached(context, person, told.exercise, 1.0)  # the first probes the machine, and compiles
            ratios = []
            for pair in range(told.pairs):
                runs = [bare, coached] if pair % 2 == 0 else [coached, bare]
                found = {run.__name__: run(context, person, told.exercise, told.seconds) for run in runs}
                ratios.append(found["coached"].rate_hz / found["bare"].rate_hz)
                words = ", ".join(f"{n} {m.rate_hz:.2f} Hz ({m.took_ms:.0f} ms)" for n, m in found.items())
                print(f"pair {pair + 1}: {words}; ratio {ratios[-1]:.3f}", flush=True)
            print(f"coach's page / bare: median {statistics.median(ratios):.3f} of {len(ratios)} pairs")


if __name__ == "__main__":
    main()
