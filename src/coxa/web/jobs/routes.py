"""Jobs as pages and for programs; the report and the film that they leave; two recordings side by side."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from coxa.adapters.jobs.table import JobTable
from coxa.adapters.store.records import SqlRecords
from coxa.app.jobs import Job, JobState
from coxa.app.record import Entry, Kind, Person
from coxa.bootstrap import comparing
from coxa.bootstrap.jobs import queue_assessment, retry, uploads_of
from coxa.bootstrap.reporting import report_pdf
from coxa.catalog.protocols import library
from coxa.model.errors import SourceError
from coxa.web.answers import page
from coxa.web.asked import Asked, Asking, Seen, TheRecord, Trained
from coxa.web.errors import NotHereError
from coxa.web.jobs.models import JobIn, JobOut, JobsPage, job_out

router = APIRouter()
Key = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", description="As it was given.")]
EntryId = Annotated[str, Query(pattern=r"^[0-9a-f-]{36}$|^$")]
_PRIVATE = {"Cache-Control": "private, no-store"}


def _job(records: SqlRecords, person: Person, key: str) -> Job:
    found = JobTable(records.engine).get(person.id, key)
    if found is None:
        raise NotHereError
    return found


@router.post("/api/people/{person_id}/jobs", status_code=201, tags=["jobs"])
def make_job(services: Asked, viewer: Asking, person: Trained, told: JobIn) -> JobOut:
    """Read a test from uploaded files, in the background.

    What the files are is found by their content. They become recordings of the person once they are read.
    """
    uploads = uploads_of(services.records, services.settings.upload_mb)
    job = queue_assessment(services.records, uploads, person, told.files, told.wanted(), viewer.account)
    services.metrics.jobs.labels(job.kind, job.state.value).inc()
    return job_out(job)


@router.get("/api/people/{person_id}/jobs", tags=["jobs"])
def all_jobs(
    person: Trained,
    records: TheRecord,
    at: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    count: Annotated[int, Query(ge=1, le=100)] = 20,
) -> JobsPage:
    """Jobs of a person, newest first."""
    found = JobTable(records.engine).of_person(person.id)
    return JobsPage(jobs=[job_out(one) for one in found[at : at + count]], total=len(found))


@router.get("/api/people/{person_id}/jobs/{job_id}", tags=["jobs"])
def one_job(person: Trained, records: TheRecord, job_id: Key) -> JobOut:
    """Where a job is."""
    return job_out(_job(records, person, job_id))


@router.post("/api/people/{person_id}/jobs/{job_id}/cancel", tags=["jobs"])
def cancel_job(person: Trained, records: TheRecord, job_id: Key) -> JobOut:
    """End a job; one that is over stays as it is."""
    job = _job(records, person, job_id)
    if JobTable(records.engine).cancel(person.id, job.id) and job.state is JobState.QUEUED:
        records.waiting.drop(person.id, job.id)
    return job_out(_job(records, person, job_id))


@router.post("/api/people/{person_id}/jobs/{job_id}/retry", tags=["jobs"])
def retry_job(person: Trained, records: TheRecord, job_id: Key) -> JobOut:
    """Do a job again that failed, from the files that are still here."""
    _job(records, person, job_id)
    if not retry(records, person, job_id):
        raise SourceError("this job cannot be done again", "upload the recording again")
    return job_out(_job(records, person, job_id))


@router.get("/p/{person_id}/jobs/{job_id}", include_in_schema=False)
def job_page(request: Request, person: Trained, records: TheRecord, job_id: Key) -> Response:
    """How far it is."""
    return page(request, "jobs/job.html", _told(records, person, job_id))


@router.get("/p/{person_id}/jobs/{job_id}/state", include_in_schema=False)
def job_state(request: Request, person: Trained, records: TheRecord, job_id: Key) -> Response:
    """The part of the page that changes; once it is done, the result takes its place."""
    values = _told(records, person, job_id)
    headers = {"HX-Redirect": str(values["result"])} if values["result"] else None
    return page(request, "jobs/state.html", values, headers=headers)


@router.post("/p/{person_id}/jobs/{job_id}/cancel", include_in_schema=False)
def cancel_on_page(person: Trained, records: TheRecord, job_id: Key) -> Response:
    """End it."""
    cancel_job(person, records, job_id)
    return RedirectResponse(f"/p/{person.id}/jobs/{job_id}", 303)


@router.post("/p/{person_id}/jobs/{job_id}/retry", include_in_schema=False)
def retry_on_page(person: Trained, records: TheRecord, job_id: Key) -> Response:
    """Once more."""
    retry_job(person, records, job_id)
    return RedirectResponse(f"/p/{person.id}/jobs/{job_id}", 303)


def _told(records: SqlRecords, person: Person, key: str) -> dict[str, object]:
    job = job_out(_job(records, person, key))
    first = f"/p/{person.id}/results/{job.assessments[0]}" if job.assessments else ""
    place = records.waiting.place(person.id, key)
    return {
        "person": person,
        "job": job,
        "title": library().titles.get(job.protocol, job.protocol),
        "result": first,
        "can_retry": job.state is JobState.FAILED and place.is_dir(),
    }


def _entry(records: SqlRecords, person: Person, kinds: tuple[Kind, ...], key: str) -> Entry:
    for kind in kinds:
        found = records.entry(person.id, kind, key)
        if found is not None:
            return found
    raise NotHereError


@router.get("/p/{person_id}/results/{entry_id}/report.pdf", include_in_schema=False)
def report(person: Seen, records: TheRecord, entry_id: Key) -> Response:
    """The report for print: the one that was made with the recording, else from what is kept of it."""
    entry = _entry(records, person, (Kind.ASSESSMENT,), entry_id)
    name = f'inline; filename="coxa-{entry.label}-{entry.on}.pdf"'
    headers = {**_PRIVATE, "Content-Disposition": name}
    return Response(report_pdf(records, entry), 200, headers, "application/pdf")


@router.get("/p/{person_id}/films/{entry_id}", include_in_schema=False)
def film(person: Seen, records: TheRecord, entry_id: Key) -> Response:
    """A film of the record, in parts if the browser asks so."""
    entry = _entry(records, person, (Kind.MOTION, Kind.RECORDING), entry_id)
    media_type = str(entry.document.get("media_type", ""))
    if entry.file is None or not media_type.startswith("video/"):
        raise NotHereError
    return FileResponse(records.path_of(entry.file), media_type=media_type, headers=_PRIVATE)


@router.get("/p/{person_id}/compare", include_in_schema=False)
def compare(request: Request, person: Seen, records: TheRecord, a: EntryId = "", b: EntryId = "") -> Response:
    """Two tests: their films in step, their measures with what is more than the error of measuring."""
    kept = records.entries(person.id, Kind.ASSESSMENT)
    values: dict[str, object] = {"person": person, "tests": comparing.choices(kept), "a": a, "b": b}
    if a and b:
        pair = [_entry(records, person, (Kind.ASSESSMENT,), key) for key in (a, b)]
        found = comparing.compared(records, person, pair[0], pair[1], kept)
        in_step = [[asdict(one) for one in side.moments] for side in (found.before, found.after)]
        values |= {"compared": found, "moments": in_step}
    return page(request, "jobs/compare.html", values)
