"""Small plots as inline SVG. They stretch to any width; words and numbers stay HTML beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.model.motion import Observability
from coxa.report.trace import Trace
from coxa.report.wording import number

Floats = NDArray[np.float64]

#: Units of every plot's view box; half a pixel or less on any screen.
WIDTH, HEIGHT = 2000, 400

_MAX_WEAK_BAND_DEG = 20.0  # a weak band may leave the picture: it must not flatten the curves
_MIN_SPAN_DEG = 10.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A label beside a plot, at a percentage from its left or top edge."""

    percent: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """SVG shapes in a box of :data:`WIDTH` by :data:`HEIGHT`, and the ticks around it."""

    shapes: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    return [float(step * k) + 0.0 for k in np.arange(first, last + 1)]


def degree_ticks(low_deg: float, high_deg: float, at_most: int = 6) -> list[float]:
    """Round angles from ``low_deg`` to ``high_deg``, in steps people count angles in."""
    steps = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 45.0, 90.0, 180.0, 360.0)
    step = next((s for s in steps if (high_deg - low_deg) / s <= at_most), 720.0)
    return _multiples(low_deg, high_deg, step)


def time_ticks(start_s: float, end_s: float) -> list[tuple[float, str]]:
    """Round times and their labels; minutes once the recording is longer than two of them."""
    span = end_s - start_s
    if span <= 120.0:
        rough = span / 6
        magnitude = 10.0 ** np.floor(np.log10(rough))
        step = magnitude * next(m for m in (1.0, 2.0, 5.0, 10.0) if m * magnitude >= rough)
        return [(t, f"{t:g} s") for t in _multiples(start_s, end_s, step)]
    steps = (30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0)
    step = next((s for s in steps if s >= span / 6), 3600.0 * np.ceil(span / 6 / 3600.0))
    times = np.arange(np.ceil(start_s / step), end_s // step + 1) * step
    return [(float(t), f"{int(t) // 60}:{int(t) % 60:02d} min") for t in times]


def y_limits(trace: Trace, columns: Sequence[int]) -> tuple[float, float]:
    """Limits that hold the curves and the bands of what was observed, deg."""
    low, high = trace.low_deg[:, columns], trace.high_deg[:, columns]
    if not np.isfinite(low).any():
        return 0.0, _MIN_SPAN_DEG
    weak = trace.level[:, columns] != Observability.OBSERVED
    below = low - trace.band_low_deg[:, columns]
    above = trace.band_high_deg[:, columns] - high
    bottom = np.nanmin(low - np.where(weak, np.minimum(below, _MAX_WEAK_BAND_DEG), below))
    top = np.nanmax(high + np.where(weak, np.minimum(above, _MAX_WEAK_BAND_DEG), above))
    missing = max(_MIN_SPAN_DEG - (top - bottom), 0.08 * (top - bottom))
    return float(bottom - 0.5 * missing), float(top + 0.5 * missing)


def runs(mask: NDArray[np.bool_]) -> Iterator[slice]:
    """Consecutive stretches of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    for start, stop in edges.reshape(-1, 2):
        yield slice(int(start), int(stop))


def path(x: NDArray[np.int64], y: NDArray[np.int64]) -> str:
    """Points (n,), (n,) as the shortest SVG path: relative, whole units."""
    steps = " ".join(f"{dx} {dy}" for dx, dy in zip(np.diff(x), np.diff(y), strict=True))
    return f"M{x[0]} {y[0]}l{steps}".replace(" -", "-") if steps else f"M{x[0]} {y[0]}h1"


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where time and angle lie in the view box."""

    start_s: float
    end_s: float
    low_deg: float
    high_deg: float

    def x_share(self, time_s: Floats) -> Floats:
        return (time_s - self.start_s) / (self.end_s - self.start_s)

    def y_share(self, value_deg: Floats) -> Floats:
        return (self.high_deg - value_deg) / (self.high_deg - self.low_deg)

    def x(self, time_s: Floats) -> NDArray[np.int64]:
        return np.rint(WIDTH * self.x_share(time_s)).astype(np.int64)

    def y(self, value_deg: Floats) -> NDArray[np.int64]:
        inside = np.clip(self.y_share(value_deg), -1.0, 2.0)
        return np.rint(HEIGHT * inside).astype(np.int64)


def curves(trace: Trace, sides: Sequence[tuple[str, int]]) -> Plot:
    """Angles over time with their 95 % bands.

    Args:
        trace: what to draw.
        sides: pairs of side (``left``, ``right`` or ``""``) and column of the trace.
    """
    start_s = float(trace.time_s[0])
    end_s = max(float(trace.time_s[-1]), start_s + 1e-3)
    frame = _Frame(start_s, end_s, *y_limits(trace, [column for _, column in sides]))
    bands, lines = [], []
    for side, column in sides:
        for level in (Observability.OBSERVED, Observability.WEAK):
            names = f"{side or 'single'} {level.label}"
            for rows in _stretches(trace, column, level):
                x = frame.x(trace.time_s[rows])
                low, high, band_low, band_high = (
                    frame.y(values[rows, column])
                    for values in (trace.low_deg, trace.high_deg, trace.band_low_deg, trace.band_high_deg)
                )
                bands.append(_ribbon(f"band {names}", x, band_low, band_high))
                lines.append(_line(names, x, low, high))
    y_marks = degree_ticks(frame.low_deg, frame.high_deg)
    return Plot(
        shapes=_grid(frame, y_marks) + "".join(bands) + "".join(lines),
        x_ticks=tuple(
            Tick(float(100 * frame.x_share(np.asarray(time_s))), text)
            for time_s, text in time_ticks(start_s, end_s)
        ),
        y_ticks=tuple(
            Tick(float(100 * frame.y_share(np.asarray(mark))), f"{number(mark)}°") for mark in y_marks
        ),
    )


def _stretches(trace: Trace, column: int, level: Observability) -> Iterator[slice]:
    """Rows of one level, each reaching over to where the next stretch begins."""
    for run in runs(trace.level[:, column] == level):
        goes_on = run.stop < len(trace.time_s) and np.isfinite(trace.low_deg[run.stop, column])
        yield slice(run.start, run.stop + 1 if goes_on else run.stop)


def _grid(frame: _Frame, marks: Sequence[float]) -> str:
    return "".join(
        f'<path class="{"zero" if mark == 0 else "grid"}" d="M0 {y}h{WIDTH}"/>'
        for mark, y in zip(marks, frame.y(np.array(marks)), strict=True)
    )


def _ribbon(names: str, x: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]) -> str:
    outline = path(np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]]))
    return f'<path class="{names}" d="{outline}z"/>'


def _line(names: str, x: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64]) -> str:
    """A line, or where a bucket holds many frames the envelope of it."""
    if np.array_equal(low, high):
        return f'<path class="line {names}" d="{path(x, low)}"/>'
    return _ribbon(f"line envelope {names}", x, low, high)


def span_bar(low: float, high: float, errors: tuple[float, float], limits: tuple[float, float]) -> str:
    """A bar from ``low`` to ``high`` with a 95 % whisker at both ends; all in degrees."""

    def to_x(value: float) -> int:
        return round(min(max((value - limits[0]) / (limits[1] - limits[0]), 0.0), 1.0) * WIDTH)

    whiskers = "".join(
        f'<path class="whisker" d="M{to_x(at - error)} 12H{to_x(at + error)}"/>'
        for at, error in ((low, errors[0]), (high, errors[1]))
    )
    zero = f'<path class="zero" d="M{to_x(0.0)} 0v24"/>' if limits[0] <= 0.0 <= limits[1] else ""
    x = to_x(low)
    return f'{zero}{whiskers}<rect class="span" x="{x}" y="7" width="{max(to_x(high) - x, 4)}" height="10"/>'
