"""The pose network in the browser's worker says of a picture what Python's says of it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from io import BytesIO

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page

from coxa.adapters.vision.tracker import BlazePoseTracker
from coxa.app.ports import VideoFrame
from coxa.web.static import Assets
from tests.support.browser import Site
from tests.support.reference import ABSENT, reference_folder

FILM = "rendered/c_hinge_neutral_male.mp4"
_LOOK = """async ([script, base, size, data]) => {
  const worker = new Worker(script, {type: 'module'});
  const ask = (message, transfer = []) => new Promise((resolve) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.postMessage(message, transfer);
  });
  const network = {size, delegate: 'CPU'};
  const loaded = await ask({kind: 'load', base: new URL(base, location.href).href, network});
  if (loaded.kind !== 'loaded') throw new Error(loaded.reason);
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
  const seen = await ask({kind: 'look', turn: 1, timeMs: 1, picture}, [picture]);
  worker.terminate();
  return [Array.from(seen.landmarks), seen.brightness, seen.picture.width];
}"""


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Iterator[Page]:
    opened = context.new_page()
    opened.goto("/health")
    yield opened
    opened.close()


@pytest.mark.parametrize("size", ["lite", "full"])
def test_browser_and_python_see_the_same(page: Page, size: str) -> None:
    """On one picture, so that no filter over time has a say."""
    folder = reference_folder()
    if folder is None or not (folder / FILM).exists():
        pytest.skip(ABSENT)
    with av.open(str(folder / FILM)) as film:
        rgb = next(film.decode(video=0)).to_ndarray(format="rgb24")
    kept = BytesIO()
    Image.fromarray(rgb).save(kept, "PNG")
    assets = Assets.found()
    told = [assets.url("app/pose.js"), assets.url("pose/"), size, base64.b64encode(kept.getvalue()).decode()]
    values, brightness, width_px = page.evaluate(_LOOK, told)
    seen = np.array(values).reshape(33, 4)
    own = BlazePoseTracker(size).track(VideoFrame(0, 0.0, rgb))
    assert own is not None
    apart_px = np.linalg.norm(seen[:, :2] - own.position_px, axis=1)
    print(f"{size}: median {np.median(apart_px):.2f} px, most {apart_px.max():.2f}")
    assert np.median(apart_px) < 2.0
    assert np.abs(seen[:, 2] - own.world_m[:, 2]).max() < 0.05
    assert np.abs(seen[:, 3] - own.visibility).max() < 0.15
    assert brightness == pytest.approx(rgb.mean() / 255, abs=0.03)
    assert width_px == rgb.shape[1]  # the picture comes back whole
