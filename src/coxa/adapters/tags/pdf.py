"""The pages to print: a board to cut out and fold, true to size, and how to wear it; the chess page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from coxa.adapters.sinks.guard import writing
from coxa.adapters.tags.dictionaries import modules
from coxa.model.errors import OutputError
from coxa.report.tags import Area, Drawing, Stroke, folded, on_strap, wearing
from coxa.specs.tags import BoardSet, BoardSpec, ChessPage

Floats = NDArray[np.float64]

MM = 72.0 / 25.4
PAPER_MM = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
MARGIN_MM = 10.0
GAP_MM = 9.0
RULER_MM = 100.0
WIDE_MM = 90.0
TONES = {
    "body": (0.90, 0.91, 0.93),
    "line": (0.25, 0.28, 0.33),
    "strap": (0.13, 0.48, 0.50),
    "board": (0.10, 0.11, 0.13),
    "paper": (1.0, 1.0, 1.0),
    "shade": (0.86, 0.88, 0.90),
    "accent": (0.13, 0.48, 0.50),
}
STEPS = (
    "Print at 100 % (actual size) on stiff paper, 160 g or more: the ruler is 100 mm long.",
    "Cut along the solid lines, and the two slits in the base.",
    "Fold backwards along the dashed lines, over the edge of a ruler.",
    "Glue the grey tab under the free edge of the last face. The folded end must fit the outline.",
    "Pull the strap through the slits, behind the board. The arrow points up.",
)


def write_pages(path: Path, boards: BoardSet, page: ChessPage, names: Sequence[str], paper: str) -> int:
    """Write a page for every named board, and the chess page for ``calibration``; returns their number.

    Raises:
        OutputError: the file cannot be written.
    """
    pages = [
        _chess(page) if name == "calibration" else _board_page(boards, boards.board(name)) for name in names
    ]
    return _written(path, paper, "Coxa boards", pages)


def _written(path: Path, paper: str, title: str, pages: list[Any]) -> int:
    held = io.BytesIO()
    canvas = Canvas(held, pagesize=tuple(side * MM for side in PAPER_MM[paper]), invariant=1)
    canvas.setTitle(title)
    for draw in pages:
        canvas.saveState()
        canvas.scale(MM, MM)
        draw(canvas, *PAPER_MM[paper])
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    if path.is_dir():
        raise OutputError(f"{path} is a folder", "name a file to write with --out")
    with writing(path):
        rough = path.with_name(f".{path.name}.part")
        try:
            rough.write_bytes(held.getvalue())
            rough.replace(path)
        finally:
            rough.unlink(missing_ok=True)
    return len(pages)


def base_mm(boards: BoardSet) -> float:
    """Width of the base of every board."""
    return float(2.0 * boards.shape.face_mm * np.cos(np.radians(boards.shape.slope_deg)))


def _board_page(boards: BoardSet, board: BoardSpec) -> Any:
    def draw(canvas: Canvas, width: float, height: float) -> None:
        shape = boards.shape
        base = base_mm(boards)
        long = shape.glue_mm + base + 2 * shape.face_mm
        top = 0.5 * (height + long)
        _strip(canvas, boards, board, MARGIN_MM, top)
        left = MARGIN_MM + board.ridge_mm + GAP_MM
        _column(canvas, boards, board, left, width - MARGIN_MM, top, 0.5 * (height - long))

    return draw


def _strip(canvas: Canvas, boards: BoardSet, board: BoardSpec, left: float, top: float) -> None:
    """The strip runs down the page: tab, base, left face, right face. The board's up is the page's right."""
    shape, ridge = boards.shape, board.ridge_mm
    base = base_mm(boards)
    y_base = top - shape.glue_mm
    y_left = y_base - base
    y_right = y_left - shape.face_mm
    bottom = y_right - shape.face_mm
    slant = 0.6 * shape.glue_mm
    tab = [(left + slant, top), (left + ridge - slant, top), (left + ridge, y_base), (left, y_base)]
    _polygon(canvas, tab, fill="shade")
    _text(canvas, left + 0.5 * ridge, top - 0.5 * shape.glue_mm - 1.2, "glue", 9, centred=True)
    _line(canvas, [tab[3], tab[0], tab[1], tab[2], (left + ridge, bottom), (left, bottom), tab[3]], 0.35)
    for y in (y_base, y_left, y_right):
        _line(canvas, [(left, y), (left + ridge, y)], 0.3, dashed=True)
    _base(canvas, boards, board, left, y_base)
    for y, ids in ((y_left, board.left_ids), (y_right, board.right_ids)):
        step = ridge / len(ids)
        for k, tag in enumerate(ids):
            # Stacked from the top of the board, which is the right of the page.
            _tag(canvas, boards, tag, left + ridge - (k + 0.5) * step, y - 0.5 * shape.face_mm)


def _base(canvas: Canvas, boards: BoardSet, board: BoardSpec, left: float, top: float) -> None:
    shape, ridge, base = boards.shape, board.ridge_mm, base_mm(boards)
    middle, y = left + 0.5 * ridge, top - 0.5 * base
    for slit in (top - shape.slit_inset_mm, top - base + shape.slit_inset_mm):
        for side in (-0.8, 0.8):
            ends = [(middle - 0.5 * shape.slit_mm, slit + side), (middle + 0.5 * shape.slit_mm, slit + side)]
            _line(canvas, ends, 0.3)
        for end in (-0.5, 0.5):
            x = middle + end * shape.slit_mm
            _line(canvas, [(x, slit - 0.8), (x, slit + 0.8)], 0.3)
    _text(canvas, middle, top - shape.slit_inset_mm - 5.5, "slit for the strap", 7, centred=True)
    _text(canvas, middle, top - base + shape.slit_inset_mm + 3.5, "slit for the strap", 7, centred=True)
    _line(canvas, [(middle - 14, y - 4), (middle + 14, y - 4)], 0.8, tone="accent")
    head = [(middle + 14, y - 4 + 2.4), (middle + 19, y - 4), (middle + 14, y - 4 - 2.4)]
    _polygon(canvas, head, fill="accent")
    _text(canvas, middle, y + 7, board.title, 15, bold=True, centred=True)
    _text(canvas, middle, y + 1, "up, towards the head", 8, centred=True)
    _text(canvas, middle, y - 14, "this side lies on the body", 8, centred=True)
    _text(canvas, middle, y - 20, _version(boards, board), 5, centred=True, tone="line")


def _version(boards: BoardSet, board: BoardSpec) -> str:
    ids = ", ".join(str(tag) for tag in (*board.left_ids, *board.right_ids))
    return f"Coxa boards v{boards.version}   {board.name}   {boards.dictionary}: {ids}"


def _tag(canvas: Canvas, boards: BoardSet, tag: int, x: float, y: float) -> None:
    """A tag whose up is the page's right, its middle at (x, y)."""
    white = modules(boards.dictionary, tag)
    canvas.saveState()
    canvas.translate(x, y)
    canvas.rotate(-90)
    _code(canvas, white, boards.shape.tag_mm)
    canvas.restoreState()


def _code(canvas: Canvas, white: NDArray[np.bool_], side: float) -> None:
    """A coded square about (0, 0). Runs of black are drawn as one, so that no hairline shows between them."""
    n = len(white)
    module = side / n
    canvas.setFillColorRGB(0, 0, 0)
    path = canvas.beginPath()
    path.rect(-0.5 * side, -0.5 * side, side, side)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    for row in range(n):
        for column in range(n):
            if not white[row, column]:
                continue
            x, y = -0.5 * side + column * module, 0.5 * side - (row + 1) * module
            right = column + 1 < n and white[row, column + 1]
            below = row + 1 < n and white[row + 1, column]
            grown_x, grown_y = (0.05 if right else 0.0), (0.05 if below else 0.0)
            canvas.rect(x, y - grown_y, module + grown_x, module + grown_y, stroke=0, fill=1)


def _column(
    canvas: Canvas, boards: BoardSet, board: BoardSpec, left: float, right: float, top: float, bottom: float
) -> None:
    wide = right - left
    y = top - 8.0
    _text(canvas, left, y, board.title, 22, bold=True)
    y = _paragraph(canvas, left, y - 7.0, wide, board.wear, 9.5)
    room = y - bottom - base_mm(boards) - _steps_height(wide) - 19.0
    y = _figure(canvas, boards, board, left, y - 3.0, wide, room)
    for number, step in enumerate(STEPS, start=1):
        _text(canvas, left, y, str(number), 9.5, bold=True, tone="accent")
        y = _paragraph(canvas, left + 5.0, y, wide - 5.0, step, 8.5) - 1.0
    base = base_mm(boards)
    _ruler(canvas, left + 1.0, bottom + 6.0)
    if wide > WIDE_MM:
        canvas.saveState()
        canvas.translate(left + 85.0, bottom + 52.0)
        _shapes(canvas, on_strap(board, boards), 0.32)
        canvas.restoreState()
        _text(canvas, left + 85.0, bottom + 30.0, "the folded board on its strap", 7, centred=True)
    canvas.saveState()
    canvas.translate(left + 51.5, bottom + 2.0)
    canvas.rotate(90)
    _shapes(canvas, folded(boards.shape.face_mm, base), 1.0)
    _text(canvas, 0.5 * base, 4.0, "the folded board, seen from its end", 7, centred=True)
    _text(canvas, 0.5 * base, 8.5, f"{boards.shape.slope_deg:.0f}\u00b0 at both ends", 7, centred=True)
    canvas.restoreState()


def _steps_height(wide: float) -> float:
    lines = sum(len(simpleSplit(step, "Helvetica", 8.5, (wide - 5.0) * MM)) for step in STEPS)
    return lines * 1.25 * 8.5 / MM + len(STEPS)


def _figure(
    canvas: Canvas, boards: BoardSet, board: BoardSpec, left: float, top: float, wide: float, high: float
) -> float:
    canvas.saveState()
    canvas.translate(left + 0.5 * wide, top - high)
    _shapes(canvas, wearing(board, base_mm(boards)), high)
    canvas.restoreState()
    seen = f"seen from {board.picture.seen_from}"
    _text(canvas, left + 0.5 * wide, top - high - 4.5, seen, 7.5, centred=True)
    return top - high - 11.0


def _ruler(canvas: Canvas, x: float, y: float) -> None:
    """100 mm up the page."""
    _line(canvas, [(x, y), (x, y + RULER_MM)], 0.3)
    for mm in range(int(RULER_MM) + 1):
        length = 5.0 if mm % 10 == 0 else 3.2 if mm % 5 == 0 else 1.8
        _line(canvas, [(x, y + mm), (x + length, y + mm)], 0.3 if mm % 10 == 0 else 0.15)
        if mm % 10 == 0:
            _text(canvas, x + 6.0, y + mm - 0.9, str(mm), 6)
    _text(canvas, x, y - 3.6, "100 mm", 6.5, bold=True)


def _chess(page: ChessPage) -> Any:
    def draw(canvas: Canvas, width: float, height: float) -> None:
        wide, high = page.columns * page.square_mm, page.rows * page.square_mm
        left, bottom = 0.5 * (width - wide), 0.5 * (height - high) - 4.0
        tag = 0
        for row in range(page.rows):
            for column in range(page.columns):
                x, y = left + column * page.square_mm, bottom + high - (row + 1) * page.square_mm
                if (row + column) % 2 == 0:
                    canvas.setFillColorRGB(0, 0, 0)
                    canvas.rect(x, y, page.square_mm, page.square_mm, stroke=0, fill=1)
                    continue
                canvas.saveState()
                canvas.translate(x + 0.5 * page.square_mm, y + 0.5 * page.square_mm)
                _code(canvas, modules(page.dictionary, tag), page.tag_mm)
                canvas.restoreState()
                tag += 1
        _text(canvas, left, bottom + high + 6.0, "Camera calibration", 14, bold=True)
        words = (
            "Print at 100 %, glue it on something flat and stiff. Film it for 20 s with the camera you will "
            "use, at the same zoom: near and far, in all corners of the picture, tilted to every side. Then: "
            "coxa camera calibrate"
        )
        _paragraph(canvas, left + 58.0, bottom + high + 9.5, wide - 58.0, words, 6.5)
        squares = f"{page.columns} x {page.rows} squares of {page.square_mm:g} mm"
        small = f"Coxa calibration page v{page.version}   {page.dictionary}   {squares}"
        _text(canvas, left, bottom - 5.0, small, 6)
        canvas.saveState()
        canvas.translate(left + wide - RULER_MM, bottom - 9.0)
        _line(canvas, [(0, 0), (RULER_MM, 0)], 0.3)
        for mm in range(0, 101, 10):
            _line(canvas, [(mm, 0), (mm, 3.0)], 0.3)
        _text(canvas, RULER_MM, -3.2, "100 mm", 6, bold=True, right=True)
        canvas.restoreState()

    return draw


def _shapes(canvas: Canvas, drawing: Drawing, scale: float) -> None:
    for shape in drawing:
        points = [(float(x), float(y)) for x, y in shape.points * scale]
        if isinstance(shape, Area):
            _polygon(canvas, points, fill=shape.fill, edge=shape.edge)
        elif isinstance(shape, Stroke):
            _line(canvas, points, 0.25, dashed=shape.dashed, tone=shape.tone)


def _polygon(canvas: Canvas, points: Sequence[tuple[float, float]], fill: str, edge: bool = False) -> None:
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    path.close()
    canvas.setFillColorRGB(*TONES[fill])
    canvas.setStrokeColorRGB(*TONES["line"])
    canvas.setLineWidth(0.25)
    canvas.setDash()
    canvas.drawPath(path, stroke=int(edge), fill=1)


def _line(
    canvas: Canvas,
    points: Sequence[tuple[float, float]],
    width: float,
    dashed: bool = False,
    tone: str = "line",
) -> None:
    canvas.setStrokeColorRGB(*TONES[tone])
    canvas.setLineWidth(width)
    canvas.setDash(*([[2.2, 1.6]] if dashed else []))
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.setDash()


def _text(
    canvas: Canvas,
    x: float,
    y: float,
    words: str,
    points: float,
    bold: bool = False,
    centred: bool = False,
    right: bool = False,
    tone: str = "board",
) -> None:
    canvas.setFillColorRGB(*TONES[tone])
    canvas.setFont("Helvetica-Bold" if bold else "Helvetica", points / MM)
    put = canvas.drawCentredString if centred else canvas.drawRightString if right else canvas.drawString
    put(x, y, words)


def _paragraph(canvas: Canvas, x: float, y: float, wide: float, words: str, points: float) -> float:
    """Text from (x, y) downwards; returns where the next line would be."""
    for line in simpleSplit(words, "Helvetica", points, wide * MM):
        _text(canvas, x, y, line, points)
        y -= 1.25 * points / MM
    return y
