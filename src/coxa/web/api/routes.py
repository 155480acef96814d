"""Reading the record. Nothing here shows an exercise of a plan that the screen does not allow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse, Response

from coxa.app.clearance import clearance
from coxa.app.progress import current_programme
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import require_birthday
from coxa.bootstrap.recording import progress
from coxa.catalog.exercises import exercises
from coxa.catalog.planning import triage
from coxa.catalog.protocols import library as protocols
from coxa.model.plain import to_plain
from coxa.web.access import Action, may, may_add_person
from coxa.web.api.models import (
    AdherenceOut,
    EntriesPage,
    EntryOut,
    ExerciseOut,
    PeoplePage,
    PersonIn,
    PersonOut,
    ProgrammeOut,
    ProgressOut,
    ProtocolOut,
    entry_out,
    person_out,
)
from coxa.web.asked import Asking, Seen, TakenAway, TheRecord
from coxa.web.errors import NotHereError

router = APIRouter(prefix="/api")
Key = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", description="As it was given.")]
At = Annotated[int, Query(ge=0, le=1_000_000, description="Leave out so many.")]
Count = Annotated[int, Query(ge=1, le=100, description="At most so many.")]


@router.get("/people", tags=["people"])
def people(viewer: Asking, records: TheRecord, at: At = 0, count: Count = 50) -> PeoplePage:
    """Everybody whom you may see."""
    found = [one for one in records.people() if may(viewer, Action.SEE, one.id)]
    return PeoplePage(people=[person_out(one) for one in found[at : at + count]], total=len(found))


@router.post("/people", status_code=201, tags=["people"])
def add_person(viewer: Asking, records: TheRecord, told: PersonIn) -> PersonOut:
    """Somebody new; only without accounts, since with them people come by invitation."""
    if not (viewer.owner and may_add_person(viewer)):
        raise NotHereError
    born = None if told.born is None else require_birthday(told.born)
    return person_out(records.add_person(Person("", told.name, born, told.sex, told.height_m)))


@router.get("/people/{person_id}", tags=["people"])
def one_person(person: Seen) -> PersonOut:
    """What they told of themselves."""
    return person_out(person)


@router.get("/people/{person_id}/entries/{kind}", tags=["entries"])
def entries(
    person: Seen,
    records: TheRecord,
    kind: Kind,
    since: date | None = None,
    replaced: Annotated[bool, Query(description="Also those that newer ones replaced.")] = False,
    at: At = 0,
    count: Count = 20,
) -> EntriesPage:
    """Entries of one kind, newest first."""
    found: Sequence[Entry] = records.entries(person.id, kind, since, replaced)[::-1]
    if not _shown(records, person, kind):
        found = []
    return EntriesPage(entries=[entry_out(one) for one in found[at : at + count]], total=len(found))


@router.get("/people/{person_id}/entries/{kind}/{entry_id}", tags=["entries"])
def one_entry(person: Seen, records: TheRecord, kind: Kind, entry_id: Key) -> EntryOut:
    """One entry."""
    return entry_out(_entry(records, person, kind, entry_id))


@router.get(
    "/people/{person_id}/entries/{kind}/{entry_id}/file",
    tags=["entries"],
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
def entry_file(person: TakenAway, records: TheRecord, kind: Kind, entry_id: Key) -> Response:
    """The file that belongs to an entry, to be kept elsewhere."""
    entry = _entry(records, person, kind, entry_id)
    if entry.file is None:
        raise NotHereError
    name = quote(str(entry.document.get("name") or f"{entry.label}.pdf"), safe="")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Cache-Control": "private, no-store",
    }
    records.note_action("exported", person.id)
    return FileResponse(records.path_of(entry.file), 200, headers, "application/octet-stream")


@router.get("/people/{person_id}/assessments", tags=["entries"])
def assessments(person: Seen, records: TheRecord, at: At = 0, count: Count = 20) -> EntriesPage:
    """Tests, newest first."""
    return entries(person, records, Kind.ASSESSMENT, None, False, at, count)


@router.get("/people/{person_id}/assessments/{entry_id}", tags=["entries"])
def one_assessment(person: Seen, records: TheRecord, entry_id: Key) -> EntryOut:
    """One test, with everything that was found: its document is that of ``assessment.json``."""
    return entry_out(_entry(records, person, Kind.ASSESSMENT, entry_id))


@router.get("/people/{person_id}/progress", tags=["people"])
def how_it_goes(person: Seen, records: TheRecord) -> ProgressOut:
    """Measures over time with what is real change, training done, pain, milestones."""
    found = progress(records, person)
    return ProgressOut(
        as_of=found.as_of,
        measures=list(found.measures),
        adherence=AdherenceOut(
            planned=found.adherence.planned, done=found.adherence.done, extra=found.adherence.extra
        ),
        pain=list(found.pain),
        milestones=list(found.milestones),
        next=list(found.next),
    )


@router.get("/people/{person_id}/programme", tags=["people"])
def programme(person: Seen, records: TheRecord) -> ProgrammeOut:
    """The programme in force, where the newest screen allows exercise."""
    today = date.today()
    found = current_programme(records, person, triage(), today)
    allowed = clearance(records, person, triage(), today).allows_exercise
    return ProgrammeOut(programme=None if found is None else to_plain(found), allows_exercise=allowed)


@router.get("/protocols", tags=["catalogue"])
def all_protocols() -> list[ProtocolOut]:
    """Tests that can be read from recordings."""
    return [
        ProtocolOut(
            id=one.id,
            title=one.title,
            kind=one.kind,
            purpose=one.purpose,
            sides=one.sides,
            version=one.version,
        )
        for one in sorted(protocols().protocols.values(), key=lambda one: one.id)
    ]


@router.get("/exercises", tags=["catalogue"])
def all_exercises() -> list[ExerciseOut]:
    """Exercises that the coach knows; which of them are for somebody, their programme says."""
    return [ExerciseOut(id=name, title=one.title) for name, one in exercises().items()]


def _entry(records: TheRecord, person: Person, kind: Kind, key: str) -> Entry:
    found = records.entry(person.id, kind, key) if _shown(records, person, kind) else None
    if found is None:
        raise NotHereError
    return found


def _shown(records: TheRecord, person: Person, kind: Kind) -> bool:
    """Programmes are exercises: they are shown where exercise is allowed."""
    if kind is not Kind.PROGRAMME:
        return True
    return current_programme(records, person, triage(), date.today()) is not None
