"""The page of printed boards, and the boards themselves as a PDF."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from markupsafe import Markup

from coxa.bootstrap.live_tags import board_pages
from coxa.catalog import loader
from coxa.report.board_pictures import worn_picture
from coxa.web.answers import locale_of, page
from coxa.web.asked import Asked, Trained
from coxa.web.tags.told import pose_files, tag_files
from coxa.web.words import N_, said

router = APIRouter()

#: What most people need: the pelvis and the lumbar spine, and how far the trunk turned.
USUAL = ("sacrum", "t12", "upper_back")
Names = Annotated[list[str], Query(max_length=16, alias="board")]


@router.get("/p/{person_id}/tags", include_in_schema=False)
def boards(request: Request, person: Trained, services: Asked) -> Response:
    """Print, wear, see whether they are read."""
    known = loader.tag_boards()
    pictures = {
        board.name: Markup(worn_picture(board, known, said(request, N_("Where the board is worn"))))  # noqa: S704 - our own drawing; words are escaped there
        for board in known.boards
    }
    told = {"voice": locale_of(request), "files": pose_files(services), "tags": tag_files(request, services)}
    values = {"boards": known.boards, "pictures": pictures, "usual": USUAL, "told": told}
    return page(request, "tags/tags.html", {"person": person, **values})


@router.get("/p/{person_id}/tags/boards.pdf", include_in_schema=False)
def printed_boards(person: Trained, board: Names = [], paper: Literal["a4", "letter"] = "a4") -> Response:  # noqa: B006 - never changed
    """Boards to print, a page each; none named: the usual ones."""
    pdf = board_pages(tuple(dict.fromkeys(board)) or USUAL, paper)
    told = {"content-disposition": 'attachment; filename="coxa-boards.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=told)
