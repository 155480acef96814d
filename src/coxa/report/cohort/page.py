"""The page of a cohort: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from coxa import __version__
from coxa.app.cohort.mixed import Model
from coxa.app.cohort.summary import CohortSummary
from coxa.app.statistics import Interval
from coxa.report import palette
from coxa.report.cohort import charts
from coxa.report.templates import template
from coxa.specs.protocol import ProtocolSpec

_MOST = 40  # lines of a table of reasons


def page(of: CohortSummary, protocols: Mapping[str, ProtocolSpec]) -> str:
    """The whole page.

    Args:
        of: the table in short.
        protocols: for the titles of tests and quantities.
    """
    titles = {
        (name, quantity.id): (spec.title, quantity.title)
        for name, spec in protocols.items()
        for quantity in spec.quantities
    }

    def title(protocol: str, quantity: str) -> str:
        return titles.get((protocol, quantity), ("", quantity.replace("_", " ")))[1]

    tests = {name: spec.title for name, spec in protocols.items()}
    drawn = [charts.chart(one, title(one.protocol, one.quantity), of.groups) for one in of.compared]
    return template("cohort/page.html.j2").render(
        of=of,
        tests=tests,
        title=title,
        charts=list(zip(of.compared, drawn, strict=True)),
        told=[(one, charts.shares(one)) for one in of.told],
        width=charts.WIDTH,
        bar=charts.BAR,
        most=_MOST,
        interval=interval,
        p_words=p_words,
        unit=lambda name: "°" if name == "deg" else f" {name}",
        spread=spread,
        palette=palette,
        version=__version__,
        done=dict(of.by_status).get("done", 0),
    )


def interval(of: Interval, digits: int = 1) -> str:
    """``3.1 (1.2 to 5.0)``; a dash where it is not known."""
    if of.value != of.value:
        return "-"
    return f"{of.value:.{digits}f} ({of.low:.{digits}f} to {of.high:.{digits}f})"


def p_words(p: float) -> str:
    """``0.03``, or that it is smaller than what is worth telling."""
    return "-" if p != p else "< 0.001" if p < 0.001 else f"{p:.3f}"  # noqa: PLR0124 - NaN


def spread(model: Model) -> str:
    """Between people and within, in words."""
    unit = "°" if model.unit == "deg" else f" {model.unit}"
    return f"between people {model.person_sd:.1f}{unit}, within {model.rest_sd:.1f}{unit}"
