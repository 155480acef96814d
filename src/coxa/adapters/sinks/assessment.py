"""``assessment.json`` for machines, ``assessment.html`` to read and ``assessment.pdf`` to hand over."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from coxa.adapters.sinks.guard import writing
from coxa.report.assessment import document
from coxa.report.assessment.case import Case
from coxa.report.assessment.page import page
from coxa.report.assessment.print import pdf
from coxa.report.assessment.sheet import sheet


def write_assessment(cases: Sequence[Case], folder: Path, title: str = "") -> None:
    """Write into a folder that exists.

    Args:
        cases: one a test.
        folder: for the three files.
        title: of the battery the tests belong to, if any.

    Raises:
        OutputError: it cannot be written.
    """
    put = sheet(cases, title)
    found = document([case.assessment for case in cases])
    for name, content in (
        (
            "assessment.json",
            (json.dumps(found, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace"),
        ),
        ("assessment.html", page(put).encode()),
        ("assessment.pdf", pdf(put)),
    ):
        path = folder / name
        with writing(path):
            path.write_bytes(content)
