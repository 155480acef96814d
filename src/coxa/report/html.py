"""The report: one HTML file that needs nothing else, neither network nor script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from coxa import __version__
from coxa.report import palette
from coxa.report.film import film_rows
from coxa.report.summary import CoordinateSummary
from coxa.report.svg import HEIGHT, WIDTH
from coxa.report.templates import template
from coxa.report.trace import Trace
from coxa.report.views import charts, figures, highlights, hip_or_back, unobservable
from coxa.report.wording import duration


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page shows.

    Attributes:
        source: where the motion came from, for people to read.
        start_s: time of the first frame.
        end_s: time of the last frame.
        n_frames: how many frames were measured.
        summaries: one a coordinate.
        trace: the curves; None without any frame. Columns as ``summaries``.
        frames_per_bucket: how many frames one point of the curves stands for.
        film: figures about the film (see :mod:`coxa.report.film`).
        fit: figures about the fit, shown as they are.
        created: when the report was made, for people to read; may be empty.
    """

    source: str
    start_s: float
    end_s: float
    n_frames: int
    summaries: tuple[CoordinateSummary, ...]
    trace: Trace | None
    frames_per_bucket: int = 1
    film: Mapping[str, Any] = field(default_factory=dict)
    fit: Mapping[str, Any] = field(default_factory=dict)
    created: str = ""


def render(report: Report) -> str:
    """The whole page."""
    by_name = {summary.coordinate: summary for summary in report.summaries}
    return template("report.html.j2").render(
        report=report,
        length=duration(max(report.end_s - report.start_s, 0.0)) if report.n_frames else "",
        highlights=highlights(by_name),
        hip_or_back=hip_or_back(by_name),
        figures=figures(by_name),
        charts=charts(by_name, report.trace),
        unobservable=unobservable(by_name),
        film=film_rows(report.film),
        film_notes=list(report.film.get("notes", ())),
        fit=film_rows(report.fit),
        palette=palette,
        box=f"0 0 {WIDTH} {HEIGHT}",
        bar_box=f"0 0 {WIDTH} 24",
        svg=Markup,
        version=__version__,
    )
