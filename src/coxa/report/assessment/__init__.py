"""Assessments made readable: for machines, as a page, and for print."""

from coxa.report.assessment.document import document

__all__ = ["document"]
