"""Pages of results, and the report for print."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from markupsafe import Markup

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.app.today import newest
from coxa.bootstrap.results import Result, report_pdf, result
from coxa.catalog.protocols import library
from coxa.report.assessment.sheet import NO_DIAGNOSIS
from coxa.report.assessment.words import angle, plain_angle, side_word
from coxa.specs.protocol import ProtocolSpec
from coxa.web.answers import page
from coxa.web.asked import Seen, TheRecord
from coxa.web.errors import NotHereError
from coxa.web.guided.battery import BATTERY, next_of_battery

router = APIRouter(include_in_schema=False)

#: Beginnings of the names of figures that need the recording.
_OVER_TIME = ("rhythm-", "time-")
EntryId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]


@router.get("/p/{person_id}/results")
def all_results(request: Request, person: Seen, records: TheRecord) -> Response:
    """Every test, newest first."""
    entries = newest(records.entries(person.id, Kind.ASSESSMENT))
    return page(
        request, "results/list.html", {"person": person, "entries": entries, "titles": library().titles}
    )


@router.get("/p/{person_id}/results/{entry_id}")
def one_result(request: Request, person: Seen, records: TheRecord, entry_id: EntryId) -> Response:
    """What one test found."""
    found = result(records, person, entry_id)
    if found is None:
        raise NotHereError
    values = {"person": person, "entry_id": entry_id, **_shown(found)}
    values["next"] = _next(records, person, found)
    return page(request, "results/result.html", values)


@router.get("/p/{person_id}/results/{entry_id}/over-time")
def over_time(request: Request, person: Seen, records: TheRecord, entry_id: EntryId) -> Response:
    """The figures that need the recording: how the movement went."""
    found = result(records, person, entry_id, over_time=True)
    if found is None:
        raise NotHereError
    figures = [
        (chapter, one)
        for chapter in found.sheet.chapters
        for one in chapter.figures
        if one.key.startswith(_OVER_TIME)
    ]
    return page(request, "results/over_time.html", {"person": person, "figures": figures, "svg": Markup})


@router.get("/p/{person_id}/results/{entry_id}/report.pdf")
def report(person: Seen, records: TheRecord, entry_id: EntryId) -> Response:
    """The report for print."""
    made = report_pdf(records, person, entry_id)
    if made is None:
        raise NotHereError
    told = {"content-disposition": f'inline; filename="coxa-{entry_id[:8]}.pdf"'}
    return Response(made, media_type="application/pdf", headers=told)


def _next(records: SqlRecords, person: Person, found: Result) -> ProtocolSpec | None:
    """The battery's next test, behind one of its own; None: there is none, or it was done."""
    known, name = library().protocols, found.protocol.id
    if name not in known[BATTERY].parts or found.on != date.today():
        return None
    following = next_of_battery(records.entries(person.id, Kind.ASSESSMENT), date.today(), after=name)
    return known.get(following)


def _shown(found: Result) -> dict[str, object]:
    return {
        "found": found,
        "sheet": found.sheet,
        "svg": Markup,
        "angle": angle,
        "plain_angle": plain_angle,
        "side_word": side_word,
        "no_diagnosis": NO_DIAGNOSIS,
        "titles": {one.id: one.title for one in found.protocol.quantities},
    }
