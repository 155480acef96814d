"""The coach's page with a camera: a film in place of the person, the real pose network in the browser."""

from __future__ import annotations

from collections.abc import Iterator

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, Playwright

from tests.support.browser import Site, chromium, served, visiting, write_webcam
from tests.support.coach_pages import coached, listening, part, shown, spoken, trained, wait_for
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


def test_a_set_of_a_film_is_counted_and_little_travels(filmed: Browser, site: Site) -> None:
    person = trained(site.data)
    bytes_of_pose = 0
    with visiting(filmed, site) as context:
        listening(context)
        page = context.new_page()

        def travelled(response: object) -> None:
            nonlocal bytes_of_pose
            url, sizes = response.url, response.request.sizes()  # type: ignore[attr-defined]
            if "/pose/" in url or url.endswith("/pose.js"):
                bytes_of_pose += sizes["responseBodySize"]

        page.on("response", travelled)
        page.goto(f"/p/{person}/coach/hip_hinge_wall?sets=1&repetitions=2")
        page.wait_for_load_state("networkidle")
        before = _sizes(page)
        assert before < MOST_FIRST_BYTES, f"{before} bytes before the camera"
        page.click('[data-part="start"]')
        wait_for(page, lambda: shown(page, "summary"), 120, "the summary")
        assert "2 repetitions" in part(page, "counted")
        assert [one for one in spoken(page) if one.isdigit()] == ["1", "2"]
        assert 0 < bytes_of_pose < MOST_POSE_BYTES
        print(f"{before} bytes before the camera, {bytes_of_pose} for the pose network")


def test_the_choice_of_the_network_is_remembered(filmed: Browser, site: Site) -> None:
    person = trained(site.data, "Ben Beispiel")
    with visiting(filmed, site) as context:
        page = context.new_page()
        coached(page, person, "hip_hinge_wall")
        wait_for(page, lambda: page.get_attribute("[data-live]", "data-camera") == "on", 90, "the mirror")
        kept = page.evaluate("() => JSON.parse(localStorage.getItem('coxa-pose'))")
        assert (kept["size"], kept["delegate"]) in {("lite", "CPU"), ("full", "CPU")}  # no GPU here


@pytest.fixture(scope="module")
def site(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("camera") / "record") as running:
        yield running
