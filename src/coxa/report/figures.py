"""Drawings of a validation: waveforms over the reference, ranges after Bland and Altman, and coverage.

Colours stay apart for colour-blind eyes, people by the shape of their mark too. The same figures give the
same bytes: no date, no random names.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import numpy as np

from coxa.app.agreement import Sample
from coxa.app.statistics import limits_of_agreement, resampled
from coxa.app.validate import Piece, SourceResult, Validation
from coxa.model.errors import AssetError
from coxa.model.normal import Z95
from coxa.report.labels import FAMILIES
from coxa.report.palette import (
    INK_ON_WHITE,
    LEFT_ON_WHITE,
    MUTED_ON_WHITE,
    PEOPLE_ON_WHITE,
)
from coxa.specs.validation import FigureSpec

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "coxa",
    "svg.fonttype": "path",
    "font.size": 9.0,
    "axes.titlesize": 9.0,
    "axes.labelsize": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": MUTED_ON_WHITE,
    "axes.labelcolor": INK_ON_WHITE,
    "axes.linewidth": 0.7,
    "text.color": INK_ON_WHITE,
    "xtick.color": MUTED_ON_WHITE,
    "ytick.color": MUTED_ON_WHITE,
    "legend.frameon": False,
}
_MARKS = ("o", "s", "^", "D", "v", "P")
_PERCENT = np.linspace(0.0, 100.0, 101)
_LEAST_WIDTH = 6.4  # inches: room for a title
_MIN_SPAN_DEG = 20.0  # a panel shows at least this much: small errors shall look small


def waveforms(source: SourceResult, form: str = "svg") -> bytes | None:
    """One person's first repetition of each movement, Coxa with its 95% interval over the reference."""
    drawn = source.spec.figure
    if drawn is None:
        return None
    with _style():
        shape = len(drawn.waveforms), len(drawn.motions)
        figure = _new_figure(max(2.0 * shape[1] + 0.9, _LEAST_WIDTH), 1.45 * shape[0] + 0.9)
        axes = figure.subplots(*shape, squeeze=False, sharex=True, sharey="row")
        for row, coordinate in zip(axes, drawn.waveforms, strict=True):
            for one, motion in zip(row, drawn.motions, strict=True):
                _waveform(one, _first(source, drawn, coordinate, motion))
            _show_enough(row[0])
            row[0].set_ylabel(_wrapped(coordinate))
        for one, motion in zip(axes[0], drawn.motions, strict=True):
            one.set_title(_two_lines(source.spec.motions[motion]), color=INK_ON_WHITE)
        for one in axes[-1]:
            one.set_xticks([0, 50, 100])
            one.set_xlabel("% of the repetition")
        handles, labels = axes[0][0].get_legend_handles_labels()
        who = source.spec.people[drawn.person]
        where = source.spec.conditions.get(drawn.condition, "")
        figure.legend(handles, labels, loc="outside lower center", ncols=3)
        figure.suptitle(", ".join(filter(None, [f"First repetition of {who}", where])), x=0.01, ha="left")
        return _saved(figure, form)


def ranges(source: SourceResult, form: str = "svg") -> bytes | None:
    """Bland-Altman: range of motion of every repetition, Coxa less reference, with 95% limits."""
    drawn = source.spec.figure
    if drawn is None or not drawn.ranges:
        return None
    with _style():
        n = len(drawn.ranges)
        figure = _new_figure(max(2.6 * n + 0.4, _LEAST_WIDTH), 3.4)
        axes = figure.subplots(1, n, squeeze=False)[0]
        for one, coordinate in zip(axes, drawn.ranges, strict=True):
            _bland_altman(one, source, drawn, coordinate)
        axes[0].set_ylabel("range by Coxa less reference [deg]")
        handles, labels = axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), handletextpad=0.1)
        where = source.spec.conditions.get(drawn.condition, "")
        figure.suptitle(", ".join(filter(None, ["Range of motion", where])), x=0.01, ha="left")
        return _saved(figure, form)


def coverage(found: Validation, form: str = "svg") -> bytes:
    """How often the stated 95% intervals hold the reference, where both define zero alike."""
    alike = [source for source in found.sources if source.spec.offsets == "error"]
    groups = [(source, condition) for source in alike for condition in source.spec.conditions or ("",)]
    with _style():
        names = list(dict.fromkeys(name for source in alike for name in source.spec.coordinates))
        figure = _new_figure(8.6, 0.27 * len(names) + 1.6 + 0.16 * len(groups))
        axes = figure.subplots()
        axes.axvspan(90, 98, color="#e4efe4", lw=0)
        axes.axvline(95, color="#7aa67a", lw=0.8)
        for k, (source, condition) in enumerate(groups):
            _coverage_marks(axes, source, condition, names, k, len(groups))
        axes.set_yticks(range(len(names)), [_title(name) for name in names], color=INK_ON_WHITE)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_xlim(None, 101)
        axes.set_xlabel(
            "share of frames whose stated 95 % interval holds the reference [%]; green: the aim, 90 to 98"
        )
        axes.grid(axis="y", color="#eceef0", lw=0.6)
        axes.set_axisbelow(True)
        figure.legend(loc="outside lower center", ncols=2, handletextpad=0.2)
        return _saved(figure, form)


def _coverage_marks(
    axes: Axes, source: SourceResult, condition: str, names: Sequence[str], k: int, of: int
) -> None:
    rows = [source.row(name, condition, people=source.judged_people) for name in names]
    place = [
        (100 * row.agreement.coverage.within_95, i + 0.5 * (k - 0.5 * (of - 1)) / max(of, 1))
        for i, row in enumerate(rows)
        if row is not None and row.agreement.n_frames
    ]
    if not place:
        return
    label = source.spec.short + (f", {source.spec.conditions[condition]}" if condition else "")
    colour = PEOPLE_ON_WHITE[k % len(PEOPLE_ON_WHITE)]
    x, y = zip(*place, strict=True)
    once_more = k >= len(_MARKS)  # the marks are used up: hollow ones
    face = "none" if once_more else colour
    axes.scatter(
        x,
        y,
        s=18,
        marker=_MARKS[k % len(_MARKS)],
        facecolors=face,
        edgecolors=colour,
        label=label,
        lw=1.0 if once_more else 0.0,
        zorder=3,
    )


def _first(source: SourceResult, drawn: FigureSpec, coordinate: str, motion: str) -> Piece | None:
    for piece in source.pieces:
        group = f"{drawn.person} {motion} {coordinate}"
        if piece.condition == drawn.condition and piece.sample.group == group:
            return piece
    return None


def _waveform(axes: Axes, piece: Piece | None) -> None:
    axes.margins(x=0.02)
    if piece is None:
        axes.text(0.5, 0.5, "not told", transform=axes.transAxes, ha="center", color=MUTED_ON_WHITE)
        return
    sample = piece.sample
    found, true, sd = (resampled(values) for values in (sample.found_deg, sample.true_deg, sample.sd_deg))
    half = Z95 * sd
    colour = LEFT_ON_WHITE
    axes.plot(_PERCENT, found, color=colour, lw=1.5, label="Coxa")
    axes.fill_between(
        _PERCENT, found - half, found + half, color=colour, alpha=0.16, lw=0, label="its 95 % interval"
    )
    axes.plot(_PERCENT, true, color=INK_ON_WHITE, lw=1.2, ls=(0, (4, 2)), label="reference")


def _show_enough(axes: Axes) -> None:
    low, high = axes.get_ylim()
    lacking = max(_MIN_SPAN_DEG - (high - low), 0.0)
    axes.set_ylim(low - 0.5 * lacking, high + 0.5 * lacking)


def _bland_altman(axes: Axes, source: SourceResult, drawn: FigureSpec, coordinate: str) -> None:
    samples = [
        piece.sample
        for piece in source.pieces
        if piece.condition == drawn.condition and piece.sample.coordinate == coordinate
    ]
    shown = [one.where(one.level > 0) for one in samples]
    shown = [one for one in shown if len(one.level) >= 10]
    axes.set_title(f"{_title(coordinate)}, n = {len(shown)}", color=INK_ON_WHITE)
    axes.set_xlabel("mean of both ranges [deg]")
    if not shown:
        return
    mean, difference = np.array([_mean_and_difference(one) for one in shown]).T
    limits = limits_of_agreement(difference, np.array([one.person for one in shown]))
    axes.axhspan(limits.low, limits.high, color="#eef1f5", lw=0)
    widest = max(np.abs(difference).max(), abs(limits.low), abs(limits.high), 0.25 * _MIN_SPAN_DEG)
    axes.set_ylim(-1.12 * widest, 1.12 * widest)
    axes.axhline(limits.value, color=MUTED_ON_WHITE, lw=0.8)
    crowded = limits.high - limits.low < 0.25 * widest
    if crowded:
        half = 0.5 * (limits.high - limits.low)
        _beside(axes, limits.value, f"{limits.value + 0.0:+.1f} ± {half:.1f}".replace("-0.0", "+0.0"))
    else:
        for value in limits:
            _beside(axes, value, f"{value:+.1f}")
        for value in limits[1:]:
            axes.axhline(value, color=MUTED_ON_WHITE, lw=0.8, ls=(0, (4, 3)))
    for k, person in enumerate(source.spec.people):
        own = np.array([one.person == person for one in shown])
        star = "*" if person in source.spec.developed_on else ""
        axes.scatter(
            mean[own],
            difference[own],
            s=14,
            marker=_MARKS[k % len(_MARKS)],
            color=PEOPLE_ON_WHITE[k % len(PEOPLE_ON_WHITE)],
            alpha=0.75,
            lw=0,
            label=source.spec.people[person] + star,
            zorder=3,
        )


def _beside(axes: Axes, value: float, words: str) -> None:
    """Words at the right end of a level."""
    place = (1.0, value)
    axes.annotate(
        words,
        place,
        (2, 0),
        ("axes fraction", "data"),
        "offset points",
        va="center",
        fontsize=8,
        color=MUTED_ON_WHITE,
    )


def _mean_and_difference(sample: Sample) -> tuple[float, float]:
    found, true = float(np.ptp(sample.found_deg)), float(np.ptp(sample.true_deg))
    return 0.5 * (found + true), found - true


def _title(coordinate: str) -> str:
    known = FAMILIES.get(coordinate)
    return known.short if known else coordinate.replace("_", " ")


def _wrapped(coordinate: str) -> str:
    for side in ("left", "right"):
        if coordinate.endswith("_" + side):
            return f"{_title(coordinate.removesuffix('_' + side))},\n{side} [deg]"
    return f"{_title(coordinate)}\n[deg]"


def _two_lines(words: str) -> str:
    if len(words) < 20:
        return words
    middle = min(
        (i for i, letter in enumerate(words) if letter == " "), key=lambda i: abs(i - len(words) / 2)
    )
    return words[:middle] + "\n" + words[middle + 1 :]


def _style() -> AbstractContextManager[None]:
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise AssetError(f"drawings need matplotlib ({error})", "pip install 'coxa[validate]'") from error
    context: AbstractContextManager[None] = mpl.rc_context(_STYLE)
    return context


def _new_figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure as NewFigure

    return NewFigure(figsize=(width, height), layout="constrained")


def _saved(figure: Figure, form: str) -> bytes:
    bytes_ = io.BytesIO()
    metadata = {"Date": None} if form == "svg" else None
    figure.savefig(bytes_, format=form, dpi=110, metadata=metadata)
    return bytes_.getvalue()
