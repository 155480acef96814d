"""The coach's page with a camera: a film in place of the person, the real pose network in the browser."""

from __future__ import annotations

from collections.abc import Iterator

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, Playwright

from coxa.web.static import FOLDER
from tests.support.browser import Site, chromium, served, visiting, write_webcam
from tests.support.coach_pages import listening, part, shown, spoken, trained, wait_for
from tests.support.reference import ABSENT, reference_folder

#: A rendered person who bows from the hips, seen from the side: two seconds from standing to bowed.
FILM = "rendered/c_hinge_neutral_female.mp4"
MOST_POSE_BYTES = 20_000_000
MOST_FIRST_BYTES = 300_000


@pytest.fixture(scope="module")
def pictures() -> list[NDArray[np.uint8]]:
    folder = reference_folder()
    if folder is None or not (folder / FILM).exists():
        pytest.skip(ABSENT)
    with av.open(str(folder / FILM)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


@pytest.fixture(scope="module")
def filmed(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory, pictures: list[NDArray[np.uint8]]
) -> Iterator[Browser]:
    """A browser whose camera sees the film forwards and backwards again and again: somebody who hinges.

    No film of several repetitions is among the recordings, so one is played there and back.
    """
    there_and_back = [pictures[0]] * 45 + pictures + pictures[::-1] + [pictures[0]] * 15
    webcam = write_webcam(tmp_path_factory.mktemp("film") / "webcam.mjpeg", there_and_back)
    with chromium(playwright, webcam) as opened:
        yield opened


def _sizes(page: Page) -> int:
    """Bytes that travelled for the page so far, as the browser counts them."""
    return int(
        page.evaluate(
            "() => ['resource', 'navigation'].flatMap((kind) => performance.getEntriesByType(kind))"
            ".reduce((sum, one) => sum + one.transferSize, 0)"
        )
    )


def _sent(name: str) -> int:
    """Bytes of a static file as it travels."""
    packed = FOLDER / f"{name}.gz"
    return (packed if packed.exists() else FOLDER / name).stat().st_size


def test_a_set_of_a_film_is_counted_and_little_travels(filmed: Browser, site: Site) -> None:
    person = trained(site.data)
    with visiting(filmed, site) as context:
        listening(context)
        page = context.new_page()
        page.goto(f"/p/{person}/coach/hip_hinge_wall?sets=1&repetitions=2", timeout=60_000)
        page.wait_for_load_state("networkidle")
        before = _sizes(page)
        assert before < MOST_FIRST_BYTES, f"{before} bytes before the camera"
        page.click('[data-part="start"]')
        wait_for(page, lambda: shown(page, "summary"), 120, "the summary")
        assert "2 repetitions" in part(page, "counted")
        assert [one for one in spoken(page) if one.isdigit()] == ["1", "2"]
        kept = page.evaluate("() => JSON.parse(localStorage.getItem('coxa-pose'))")
        assert kept["delegate"] == "CPU"  # a processor that only plays at graphics is not taken for one


@pytest.mark.skipif(not (FOLDER / "pose").is_dir(), reason="the app's scripts are not built: make setup")
def test_the_pose_network_travels_in_less_than_20_mb() -> None:
    """Both sizes, which only a fast machine loads; workers' transfers are not told to the page."""
    names = [path.relative_to(FOLDER) for path in FOLDER.glob("pose/*") if path.suffix != ".gz"]
    assert {"pose_landmarker_lite.task", "pose_landmarker_full.task"} <= {name.name for name in names}
    assert sum(_sent(str(name)) for name in (*names, "app/pose.js")) < MOST_POSE_BYTES


@pytest.fixture(scope="module")
def site(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("camera") / "record") as running:
        yield running
