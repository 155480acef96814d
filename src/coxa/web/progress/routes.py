"""Charts with their errors, what of a change is real, and the same on paper."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from coxa.bootstrap import recording
from coxa.catalog.protocols import library
from coxa.report.progress import print as for_print
from coxa.web.answers import locale_of, page
from coxa.web.asked import Seen, TakenAway, TheRecord
from coxa.web.languages import translations
from coxa.web.progress.charts import charts, drawn

router = APIRouter(include_in_schema=False)


@router.get("/p/{person_id}/progress")
def progress(request: Request, person: Seen, records: TheRecord) -> Response:
    """How the person is getting on."""
    found = recording.progress(records, person)
    values: dict[str, Any] = {
        "person": person,
        "of": found,
        "charts": charts(found),
        "drawn": drawn(found, _words(request)),
        "titles": library().titles,
    }
    return page(request, "progress/progress.html", values)


@router.get("/p/{person_id}/progress/report.pdf")
def report(person: TakenAway, records: TheRecord) -> Response:
    """On one sheet, for print or to be shared."""
    content = for_print.pdf(recording.progress(records, person))
    records.note_action("exported", person.id)
    told = {"content-disposition": 'attachment; filename="coxa-progress.pdf"'}
    return Response(content, media_type="application/pdf", headers=told)


def _words(request: Request) -> dict[str, str]:
    _ = translations(locale_of(request)).gettext
    return {"left": _("left"), "right": _("right"), "value": _("value"), "pain": _("pain")}
