"""Figures that stand alone: SVG with its own letters, the same on a page and in print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
from numpy.typing import NDArray

from coxa.model.assessment import Verdict
from coxa.report.palette import FAINT_ON_WHITE, INK_ON_WHITE, LIMIT_ON_WHITE, MUTED_ON_WHITE

Floats = NDArray[np.float64]

#: Width of every figure in its own units: 12 of them are letters of 9 points on paper.
WIDTH = 680.0
FONTS = "Roboto, system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Without the characters that no document may hold."""
    return _NOT_XML.sub("\ufffd", text)


@dataclass(frozen=True, slots=True)
class Table:
    """What a figure shows, or what none could: head and rows of words."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with its words.

    Attributes:
        key: for links and tests.
        title: over it.
        caption: how to read it.
        svg: the drawing.
        alt: what it shows, for those who hear it.
        table: the same figures in rows; None: the section's table has them.
    """

    key: str
    title: str
    caption: str
    svg: str
    alt: str
    table: Table | None = None


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


@dataclass(slots=True)
class Canvas:
    """Collects shapes; everything has absolute places, everything said is escaped."""

    height: float
    width: float = WIDTH
    _parts: list[str] = field(default_factory=list)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        stroke: str = INK_ON_WHITE,
        width: float = 1.0,
        dash: str = "",
    ) -> None:
        """A straight line."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<path d="M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}" fill="none" stroke="{stroke}" '
            f'stroke-width="{_n(width)}"{dashed}/>'
        )

    def rect(self, x: float, y: float, width: float, height: float, fill: str, opacity: float = 1.0) -> None:
        """A filled box."""
        faded = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
        self._parts.append(
            f'<path d="M{_n(x)} {_n(y)}h{_n(width)}v{_n(height)}h{_n(-width)}z" fill="{fill}"{faded}/>'
        )

    def polyline(
        self,
        x: Iterable[float],
        y: Iterable[float],
        stroke: str,
        width: float = 1.6,
        dash: str = "",
        opacity: float = 1.0,
    ) -> None:
        """Connected points."""
        points = "L".join(f"{_n(a)} {_n(b)}" for a, b in zip(x, y, strict=True))
        if not points:
            return
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        faded = f' stroke-opacity="{opacity:g}"' if opacity < 1 else ""
        self._parts.append(
            f'<path d="M{points}" fill="none" stroke="{stroke}" stroke-width="{_n(width)}" '
            f'stroke-linejoin="round" stroke-linecap="round"{dashed}{faded}/>'
        )

    def ribbon(
        self, x: Sequence[float] | Floats, low: Floats, high: Floats, fill: str, opacity: float = 0.2
    ) -> None:
        """The area between two curves."""
        there = [f"{_n(a)} {_n(b)}" for a, b in zip(x, low, strict=True)]
        back = [f"{_n(a)} {_n(b)}" for a, b in zip(x, high, strict=True)][::-1]
        self._parts.append(f'<path d="M{"L".join(there + back)}z" fill="{fill}" fill-opacity="{opacity:g}"/>')

    def circle(self, x: float, y: float, radius: float, fill: str, stroke: str = "none") -> None:
        """A dot."""
        self._parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{stroke}" '
            'stroke-width="1.5"/>'
        )

    def path(self, shape: str, fill: str = "none", stroke: str = "none", width: float = 1.0) -> None:
        """Any shape of our own making."""
        self._parts.append(
            f'<path d="{shape}" fill="{fill}" stroke="{stroke}" stroke-width="{_n(width)}" '
            'stroke-linecap="round" stroke-linejoin="round"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 12.0,
        fill: str = INK_ON_WHITE,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        """One line of words."""
        weight = ' font-weight="700"' if bold else ""
        where = f' text-anchor="{anchor}"' if anchor != "start" else ""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{fill}"{where}{weight}>'
            f"{escape(clean(words))}</text>"
        )

    def verdict(self, x: float, y: float, verdict: Verdict, size: float = 5.0) -> None:
        """A mark of its own shape for each verdict."""
        mark(self, x, y, verdict, size)

    def svg(self, alt: str) -> str:
        """The whole figure."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(self.width)} {_n(self.height)}" '
            f'width="{_n(self.width)}" height="{_n(self.height)}" role="img" '
            f'aria-label="{escape(clean(alt))}" font-family="{FONTS}">{"".join(self._parts)}</svg>'
        )


def mark(canvas: Canvas, x: float, y: float, verdict: Verdict, size: float = 5.0) -> None:
    """Clean: a tick. Compensated: a triangle. Uncertain: a diamond. Does not count: a cross."""
    s = size
    if verdict is Verdict.CLEAN:
        canvas.circle(x, y, s, INK_ON_WHITE)
        canvas.path(f"M{_n(x - 0.5 * s)} {_n(y)}l{_n(0.4 * s)} {_n(0.4 * s)} {_n(0.6 * s)} {_n(-0.8 * s)}",
                    stroke="#fff", width=1.4)  # fmt: skip
    elif verdict is Verdict.COMPENSATED:
        canvas.path(f"M{_n(x)} {_n(y - s)}L{_n(x + s)} {_n(y + s)}H{_n(x - s)}z", fill=LIMIT_ON_WHITE)
    elif verdict is Verdict.UNCERTAIN:
        canvas.path(
            f"M{_n(x)} {_n(y - s)}L{_n(x + s)} {_n(y)} {_n(x)} {_n(y + s)} {_n(x - s)} {_n(y)}z",
            fill="#fff", stroke=MUTED_ON_WHITE, width=1.6,
        )  # fmt: skip
    elif verdict is Verdict.NOT_VALID:
        r = 0.75 * s
        canvas.line(x - r, y - r, x + r, y + r, LIMIT_ON_WHITE, 2.2)
        canvas.line(x - r, y + r, x + r, y - r, LIMIT_ON_WHITE, 2.2)
    else:
        canvas.line(x - s, y, x + s, y, MUTED_ON_WHITE, 2.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """From figures to places, one way."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a figure; what leaves the scale stays at its edge."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + float(np.clip(share, 0.0, 1.0)) * (self.end - self.start)

    def many(self, values: Floats) -> Floats:
        """The places of figures."""
        share = np.clip((values - self.low) / (self.high - self.low), 0.0, 1.0)
        return self.start + share * (self.end - self.start)


def faint(canvas: Canvas, x1: float, y1: float, x2: float, y2: float) -> None:
    """A line of the grid."""
    canvas.line(x1, y1, x2, y2, FAINT_ON_WHITE)


def whisker(
    canvas: Canvas, scale: Scale, low: float, high: float, y: float, stroke: str = INK_ON_WHITE
) -> None:
    """An error bar lying down; an end that leaves the scale has no mark."""
    canvas.line(scale(low), y, scale(high), y, stroke, 1.2)
    for end in (low, high):
        if scale.low <= end <= scale.high:
            canvas.line(scale(end), y - 2.5, scale(end), y + 2.5, stroke, 1.2)
