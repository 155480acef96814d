"""Assessments as one HTML page that needs nothing else, neither network nor script."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from coxa import __version__
from coxa.report import palette
from coxa.report.assessment.canvas import clean
from coxa.report.assessment.figures.pictures import alt_of, data_address, rows_of
from coxa.report.assessment.sheet import NO_DIAGNOSIS, Sheet
from coxa.report.assessment.words import seconds


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("coxa.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("assessment/page.html.j2")


def page(sheet: Sheet) -> str:
    """The whole page."""
    text = _template().render(
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
