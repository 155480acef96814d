"""The page of printed boards: pages to print, how to wear them, what a browser is told to look for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.adapters.tags.dictionaries import modules
from coxa.app.record import Person
from coxa.bootstrap.live_tags import printed
from coxa.catalog import loader
from tests.support.browser_tags import ROOT, in_browser, in_python, shot
from tests.support.tag_pictures import Film
from tests.unit.web.conftest import PAGE
from tests.unit.web.test_home import screened

NODE = shutil.which("node") is not None and (ROOT / "node_modules/js-aruco2").exists()


def page_data(text: str) -> dict[str, object]:
    told = text.partition('<script type="application/json" id="page-data">')[2].partition("</script>")[0]
    found: dict[str, object] = json.loads(told)
    return found


def test_every_board_can_be_printed_and_is_shown_worn(client: TestClient, person: Person) -> None:
    text = client.get(f"/p/{person.id}/tags", headers=PAGE).text
    boards = loader.tag_boards().boards
    assert text.count('<svg class="worn-board"') == len(boards)
    for board in boards:
        assert f'name="board" value="{board.name}"' in text
    assert page_data(text)["tags"]["printed"] == json.loads(json.dumps(printed()))  # type: ignore[index]


def test_boards_come_as_a_pdf(client: TestClient, person: Person) -> None:
    answer = client.get(f"/p/{person.id}/tags/boards.pdf?board=sacrum&board=t12&paper=letter")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert answer.content.count(b"/Type /Page\n") == 2 or b"/Count 2" in answer.content


def test_a_board_that_is_none_is_refused(client: TestClient, person: Person) -> None:
    answer = client.get(f"/p/{person.id}/tags/boards.pdf?board=elbow", headers=PAGE)
    assert answer.status_code == 422
    assert "elbow" in answer.text


def test_boards_of_nobody_are_not_here(client: TestClient) -> None:
    assert client.get("/p/00000000-0000-4000-8000-000000000000/tags", headers=PAGE).status_code == 404


def test_a_guided_test_asks_whether_boards_are_worn(
    client: TestClient, records: SqlRecords, person: Person
) -> None:
    screened(records, person)
    text = client.get(f"/p/{person.id}/test/hip_abduction", headers=PAGE).text
    assert 'data-part="wear-tags"' in text
    assert 'id="tag-words"' in text
    assert page_data(text)["tags"]["titles"]["t12"] == "T12"  # type: ignore[index]


def test_codes_are_those_that_are_printed() -> None:
    told = printed()
    boards = loader.tag_boards()
    for tag, code in told["codes"].items():
        inner = [int(bit) for bit in f"{code:016b}"]
        np.testing.assert_array_equal(modules(boards.dictionary, int(tag))[1:-1, 1:-1].ravel(), inner)
    assert len(set(told["codes"].values())) == len(told["codes"])


@pytest.mark.skipif(not NODE, reason="node and its packages are not installed: make setup")
def test_a_browser_finds_what_opencv_finds(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    shots = [shot(rng, (1280, 720), 2.2, turn_deg, Film(noise=3.0)) for turn_deg in (-20.0, 0.0, 15.0)]
    for one, looked in zip(shots, in_browser(tmp_path, [one.grey for one in shots]), strict=True):
        opencv = in_python(one.grey)
        assert set(looked.tags) == set(opencv) == set(one.truth)
        for tag, (corners, spread_px) in looked.tags.items():
            assert np.median(np.linalg.norm(corners - opencv[tag], axis=1)) < 0.1
            assert np.linalg.norm(corners - one.truth[tag], axis=1).max() < 0.7
            assert 0.0 < spread_px < 0.5


@pytest.mark.skipif(not NODE, reason="node and its packages are not installed: make setup")
def test_a_browser_sees_nothing_where_nothing_is_and_follows_what_moves(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    first = shot(rng, (640, 480), 1.2, 0.0, Film(noise=2.0))
    moved = [np.roll(first.grey, 4 * k, axis=1) for k in range(4)]
    empty = np.full_like(first.grey, 128)
    found = in_browser(tmp_path, [*moved, empty], anew=False)
    for k, looked in enumerate(found[:-1]):
        assert set(looked.tags) == set(first.truth)
        for tag, (corners, _) in looked.tags.items():
            shifted = first.truth[tag] + [4 * k, 0]
            assert np.linalg.norm(corners - shifted, axis=1).max() < 0.7
    assert not found[-1].tags
