"""The printed pages: rendered as a printer would, every tag is there at its true size and place."""

from __future__ import annotations

import itertools
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from typer.testing import CliRunner

from coxa.adapters.tags.dictionaries import dictionary
from coxa.adapters.tags.pdf import PAPER_MM, base_mm
from coxa.adapters.tags.service import print_pages
from coxa.catalog import loader
from coxa.cli.main import app
from coxa.model.errors import NothingToMeasureError, OutputError

PX_PER_MM = 6.0
NAMES = tuple(board.name for board in loader.tag_boards().boards)


def _pages(path: Path) -> list[np.ndarray]:
    scale = PX_PER_MM * 25.4 / 72.0
    return [
        np.array(page.render(scale=scale, grayscale=True).to_pil().convert("L"))
        for page in pypdfium2.PdfDocument(path)
    ]


def _tags(page: np.ndarray, name: str) -> dict[int, np.ndarray]:
    corners, ids, _ = cv2.aruco.ArucoDetector(dictionary(name)).detectMarkers(page)
    return {int(i): c.reshape(4, 2) for i, c in zip(np.ravel(ids), corners, strict=True)}


@pytest.mark.parametrize("paper", PAPER_MM)
def test_every_tag_is_printed_at_its_size(paper: str, tmp_path: Path) -> None:
    boards = loader.tag_boards()
    out = tmp_path / "boards.pdf"
    assert print_pages(out, NAMES, paper) == len(NAMES)
    for board, page in zip(boards.boards, _pages(out), strict=True):
        assert np.allclose(page.shape, np.array(PAPER_MM[paper][::-1]) * PX_PER_MM, atol=2)
        found = _tags(page, boards.dictionary)
        assert set(found) == {*board.left_ids, *board.right_ids}
        for corners in found.values():
            side = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1) / PX_PER_MM
            assert side == pytest.approx(np.full(4, boards.shape.tag_mm), abs=0.35)
        # The board's up is the page's right: the first corner of every tag is its page's upper right.
        for corners in found.values():
            assert (
                np.all(corners[0] == [corners[:, 0].max(), corners[:, 1].min()])
                or np.abs(corners[0] - [corners[:, 0].max(), corners[:, 1].min()]).max() < 3
            )
        _as_folded(board, found, boards.shape.face_mm)


def _as_folded(board: object, found: dict[int, np.ndarray], face_mm: float) -> None:
    """Left face above right face on the page; tags stacked from the board's top, the page's right."""
    left, right = board.left_ids, board.right_ids  # type: ignore[attr-defined]
    for a, b in zip(left, right, strict=True):
        apart = (found[b].mean(axis=0) - found[a].mean(axis=0)) / PX_PER_MM
        assert apart == pytest.approx([0.0, face_mm], abs=0.3)
    for upper, lower in itertools.pairwise(left):
        assert found[upper][:, 0].mean() > found[lower][:, 0].mean()


def test_nothing_lies_outside_what_printers_print(tmp_path: Path) -> None:
    for paper in PAPER_MM:
        out = tmp_path / f"{paper}.pdf"
        print_pages(out, (*NAMES, "calibration"), paper)
        for page in _pages(out):
            edge = round(5 * PX_PER_MM)
            inner = page[edge:-edge, edge:-edge]
            assert (page < 250).sum() == (inner < 250).sum()


def test_the_ruler_measures_100_mm(tmp_path: Path) -> None:
    out = tmp_path / "sacrum.pdf"
    print_pages(out, ("sacrum",), "a4")
    page = pypdfium2.PdfDocument(out)[0]
    text = page.get_textpage()
    places = {}
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        words = text.get_text_bounded(left, bottom, right, top).strip()
        places[words] = bottom
    assert (places["90"] - places["10"]) / 72 * 25.4 == pytest.approx(80.0, abs=0.05)


def test_chess_page_is_found(tmp_path: Path) -> None:
    page = loader.chess_page()
    out = tmp_path / "chess.pdf"
    print_pages(out, ("calibration",), "letter")
    board = cv2.aruco.CharucoBoard(
        (page.columns, page.rows), page.square_mm, page.tag_mm, dictionary(page.dictionary)
    )
    corners, ids, _, _ = cv2.aruco.CharucoDetector(board).detectBoard(_pages(out)[0])
    assert len(ids) == (page.columns - 1) * (page.rows - 1)
    places = dict(zip(np.ravel(ids).tolist(), np.reshape(corners, (-1, 2)), strict=True))
    assert np.linalg.norm(places[1] - places[0]) / PX_PER_MM == pytest.approx(page.square_mm, abs=0.05)


def test_unknown_boards_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingToMeasureError, match="elbow"):
        print_pages(tmp_path / "a.pdf", ("elbow",), "a4")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        print_pages(tmp_path, ("sacrum",), "a4")


def test_command_prints_two_pages(tmp_path: Path) -> None:
    out = tmp_path / "tags.pdf"
    result = CliRunner().invoke(app, ["tags", "print", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "2 pages" in result.output
    assert out.exists()


@pytest.mark.parametrize("paper", list(PAPER_MM))
def test_the_outline_of_the_folded_end_stays_clear_of_the_words(tmp_path: Path, paper: str) -> None:
    """It grew when boards were folded less, over the last of the steps."""
    boards = loader.tag_boards()
    path = tmp_path / "boards.pdf"
    print_pages(path, NAMES, paper)
    for page in pypdfium2.PdfDocument(path):
        words = page.get_textpage()
        search = words.search("The arrow points up")
        start, count = search.get_next()
        lowest = min(words.get_charbox(start + k)[1] for k in range(count)) * 25.4 / 72
        long = boards.shape.glue_mm + base_mm(boards) + 2 * boards.shape.face_mm
        outline_top = 0.5 * (PAPER_MM[paper][1] - long) + 2.0 + base_mm(boards)
        assert lowest > outline_top + 1.0
