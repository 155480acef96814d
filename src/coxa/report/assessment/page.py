"""Assessments as one HTML page that needs nothing else, neither network nor script."""

from __future__ import annotations

from markupsafe import Markup

from coxa import __version__
from coxa.report import palette
from coxa.report.assessment.canvas import clean
from coxa.report.assessment.figures.pictures import alt_of, data_address, rows_of
from coxa.report.assessment.sheet import NO_DIAGNOSIS, Sheet
from coxa.report.assessment.words import seconds
from coxa.report.templates import template


def page(sheet: Sheet) -> str:
    """The whole page."""
    text = template("assessment/page.html.j2").render(
        sheet=sheet,
        palette=palette,
        no_diagnosis=NO_DIAGNOSIS,
        version=__version__,
        svg=Markup,
        rows_of=rows_of,
        data_address=data_address,
        alt_of=alt_of,
        seconds=seconds,
    )
    return clean(text)
