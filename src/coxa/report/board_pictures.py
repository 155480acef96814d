"""How boards are worn, as SVG that takes its colours from the page it stands in."""

from __future__ import annotations

from html import escape

import numpy as np

from coxa.report.tags import Area, Drawing, wearing
from coxa.specs.tags import BoardSet, BoardSpec

_HALF_WIDE, _HIGH = 0.22, 1.02
_PX = 400.0  # of a stature


def worn_picture(board: BoardSpec, boards: BoardSet, alt: str) -> str:
    """A person who wears one board.

    Args:
        board: which.
        boards: its version: how wide a base is.
        alt: what the picture shows, in the reader's language.
    """
    base_mm = 2.0 * boards.shape.face_mm * float(np.cos(np.radians(boards.shape.slope_deg)))
    box = f"{-_HALF_WIDE * _PX:.0f} {-_HIGH * _PX:.0f} {2 * _HALF_WIDE * _PX:.0f} {(_HIGH + 0.01) * _PX:.0f}"
    return (
        f'<svg class="worn-board" viewBox="{box}" role="img" aria-label="{escape(alt)}">'
        f"{_shapes(wearing(board, base_mm))}</svg>"
    )


def _shapes(drawing: Drawing) -> str:
    parts = []
    for shape in drawing:
        points = " ".join(f"{_PX * x:.1f},{-_PX * y:.1f}" for x, y in shape.points.tolist())
        if isinstance(shape, Area):
            name = f"{shape.fill} edge" if shape.edge else shape.fill
            parts.append(f'<polygon class="{name}" points="{points}"/>')
        else:
            parts.append(f'<polyline class="{shape.tone}" points="{points}"/>')
    return "".join(parts)
