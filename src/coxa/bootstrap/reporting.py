"""The report of an assessment of the record, for print."""

from __future__ import annotations

from coxa.adapters.sources.assessments import assessment_of
from coxa.app.record import Entry, Records
from coxa.catalog.protocols import library
from coxa.report.assessment.case import Case
from coxa.report.assessment.print import pdf
from coxa.report.assessment.sheet import sheet

_PDF = b"%PDF-"


def report_pdf(records: Records, entry: Entry) -> bytes:
    """The one that was made with the recording, with pictures; else made now from what is kept.

    Args:
        records: where its file is.
        entry: an assessment.

    Raises:
        CoxaError: its protocol is not in the catalogue any more, or a field of it is wrong.
    """
    if entry.file is not None:
        content = records.path_of(entry.file).read_bytes()
        if content.startswith(_PDF):
            return content
    found = assessment_of(entry.document, "the assessment")
    return pdf(sheet([Case(found, library().protocol(found.protocol))]))
