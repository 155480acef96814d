"""Jobs, from what was uploaded to what is kept: queued by the server, done by workers."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Event, Timer
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from coxa import __version__
from coxa.adapters.jobs.table import JobTable
from coxa.adapters.jobs.uploads import Upload, Uploads
from coxa.adapters.sandbox.content import clean, content_of, fitting_name
from coxa.adapters.sandbox.run import Ended, How
from coxa.adapters.sandbox.run import run as run_confined
from coxa.adapters.sinks.guard import writing
from coxa.adapters.store.records import SqlRecords
from coxa.app.jobs import AssessRequest, Job, JobFile, LostJobError, Role
from coxa.app.record import Entry, Kind, Person, new_id
from coxa.app.record_documents import KeptFile, document_of
from coxa.bootstrap.recording import check, read_json, record
from coxa.bootstrap.sandboxed import ASSESSED, INPUTS, OUTPUTS, PHONES, REQUEST, WORK
from coxa.catalog.loader import upload_rules
from coxa.catalog.protocols import library
from coxa.model.errors import ComputeError, CoxaError, SourceError
from coxa.model.plain import from_plain, to_plain

if TYPE_CHECKING:
    from coxa.specs.uploads import UploadRules

ASSESS = "assess"
_TIDY_EVERY = 600
_COMPILE_AFTER_S = 20.0
_AGAIN = "choose the file again"


def uploads_of(records: SqlRecords, most_mb: float) -> Uploads:
    """Files on their way into a record."""
    return Uploads(records.waiting, upload_rules(), most_mb)


def queue_assessment(
    records: SqlRecords,
    uploads: Uploads,
    person: Person,
    keys: Sequence[str],
    wanted: AssessRequest,
    account: str | None = None,
) -> Job:
    """A job of files that were uploaded.

    Args:
        records: where.
        uploads: where the files are.
        person: whose.
        keys: of the uploads, in the order that counts.
        wanted: everything but the files.
        account: who asks.

    Raises:
        SourceError: a file is missing, incomplete, or not what it should be; too many jobs are open.
        SpecError: no such test.
    """
    rules, table = upload_rules(), JobTable(records.engine)
    protocol = library().protocol(wanted.protocol)
    if protocol.kind == "battery":
        raise SourceError(f"“{protocol.title}” is made of several tests", "upload each of them by itself")
    if not 1 <= len(set(keys)) == len(keys) <= rules.most_files:
        raise SourceError("no file, or too many", f"upload 1 to {rules.most_files} files")
    if sum(one.state.open for one in table.of_person(person.id)) >= rules.most_open:
        raise SourceError("several recordings are still being read", "wait until one of them is done")
    found = [_complete(uploads, person, key) for key in keys]
    files = _checked(uploads, person, found, rules)
    _require_roles(files)
    asked = replace(wanted, files=tuple(files), height_m=wanted.height_m or person.height_m)
    key = new_id()
    place = records.waiting.make(person.id, key)
    try:
        _move_in(uploads, person, found, asked, place)
        return table.add(person.id, ASSESS, to_plain(asked), account, key)
    except BaseException:
        records.waiting.drop(person.id, key)
        raise


def _complete(uploads: Uploads, person: Person, key: str) -> Upload:
    found = uploads.get(person.id, key)
    if found is None:
        raise SourceError("a file that was uploaded is not here any more", _AGAIN)
    if not found.complete:
        raise SourceError(f"{found.name:.120} did not come whole", _AGAIN)
    return found


def _checked(uploads: Uploads, person: Person, found: Sequence[Upload], rules: UploadRules) -> list[JobFile]:
    """What they are, by content."""
    files: list[JobFile] = []
    for one in found:
        name = clean(one.name, {file.name for file in files} | {PHONES})
        content = content_of(uploads.path(person.id, one), name, one.role)
        if not content.film and one.size_bytes > rules.text_file_mb * (1 << 20):
            raise SourceError(
                f"{name} is larger than the {rules.text_file_mb:g} MB that a {content.title} file may have",
                "cut it to the test itself",
            )
        name = clean(fitting_name(name, content), {file.name for file in files})
        files.append(JobFile(name, one.role, content.media_type))
    return files


def _require_roles(files: Sequence[JobFile]) -> None:
    roles = [one.role for one in files]
    for role in (Role.CALIBRATION, Role.MAPPING, Role.STATIC, Role.HELPED):
        if roles.count(role) > 1:
            raise SourceError(f"there are several files as {role.value}", "name one")
    if not {Role.RECORDING, Role.PHONE} & set(roles):
        raise SourceError("there is no recording among the files", "add a film or another recording")


def _move_in(
    uploads: Uploads, person: Person, found: Sequence[Upload], asked: AssessRequest, place: Path
) -> None:
    """Into the folder of the job; the uploads are gone then."""
    several = sum(one.role is Role.PHONE for one in asked.files) > 1
    with writing(place):
        for folder in (place / INPUTS, place / INPUTS / PHONES):
            folder.mkdir(mode=0o700)
        for upload, file in zip(found, asked.files, strict=True):
            uploads.path(person.id, upload).rename(_input(place, file, several))
    for upload in found:
        uploads.drop(person.id, upload.id)


def _input(place: Path, file: JobFile, several_phones: bool) -> Path:
    folder = place / INPUTS
    return (folder / PHONES if several_phones and file.role is Role.PHONE else folder) / file.name


def retry(records: SqlRecords, person: Person, key: str) -> bool:
    """Once more, where it failed and its files are still there."""
    here = (records.waiting.place(person.id, key) / INPUTS).is_dir()
    return here and JobTable(records.engine).retry(person.id, key)


class Worker:
    """Does jobs, one after the other, until it is told to stop.

    Args:
        records: of people.
        rules: what a job may cost; None: the catalogue's.
        work: what is done in the sandbox; tests have others.
    """

    def __init__(self, records: SqlRecords, rules: UploadRules | None = None, work: str = WORK) -> None:
        self._records = records
        self._rules = rules or upload_rules()
        self._work = work
        self._table = JobTable(records.engine)

    def run(self, stop: Event) -> None:
        """Until ``stop`` is set; what it is at then goes back into the queue."""
        idle = 0
        while not stop.is_set():
            try:
                if idle % _TIDY_EVERY == 0:
                    self._records.waiting.tidy(self._rules.keep_waiting_h * 3600, self._table.ids())
                self._table.recover(self._rules.lost_after_s, self._rules.most_attempts)
                idle = 0 if self.step(stop) else idle + 1
            except CoxaError:  # the database is away: it may come back
                idle += 1
            if idle:
                stop.wait(self._rules.idle_s)

    def step(self, stop: Event) -> bool:
        """One job, if one waits; whether there was one."""
        job = self._table.claim()
        if job is None:
            return False
        place = self._records.waiting.place(job.person, job.id)
        try:
            self._do(job, place, stop)
        except LostJobError:
            pass
        except CoxaError as error:
            self._table.fail(job, error.fault, error.remedy)
        self._clear_up(job)
        return True

    def _do(self, job: Job, place: Path, stop: Event) -> None:
        person = self._records.person(job.person)
        if person is None or not (place / INPUTS).is_dir():
            raise SourceError("the files of this job are not here any more", "upload them again")
        asked = from_plain(AssessRequest, job.request, "the job")
        self._prepare(place, person, asked)
        beat = _Beat(self._table, job, self._rules.beat_s, stop)
        ended = run_confined(self._work, place, self._rules, beat.go_on)
        if ended.how is How.STOPPED:
            if stop.is_set():
                self._table.release(job)
            return
        if ended.how is How.REFUSED:
            self._table.fail(job, ended.fault, ended.remedy)
            return
        self._keep(job, person, asked, place, ended)

    def _prepare(self, place: Path, person: Person, asked: AssessRequest) -> None:
        """What an earlier attempt left is cleared away."""
        with writing(place):
            shutil.rmtree(place / OUTPUTS, ignore_errors=True)
            (place / OUTPUTS).mkdir(mode=0o700)
            on = date.fromisoformat(asked.on) if asked.on else date.today()
            told = {"request": to_plain(asked), "age_y": person.age_y(on), "sex": person.sex}
            (place / REQUEST).write_text(json.dumps(told), encoding="utf-8")

    def _keep(self, job: Job, person: Person, asked: AssessRequest, place: Path, ended: Ended) -> None:
        """Everything in one transaction, with the row that says that it is done."""
        on = date.fromisoformat(asked.on) if asked.on else date.today()
        made_by = {"job": job.id, "engine": __version__}
        made = [*_inputs(asked, place), *_outputs(place, ended)]
        entries = [
            Entry(person.id, one.kind, on, one.document, one.label, {**made_by, **one.of}) for one in made
        ]
        files = {index: one.path for index, one in enumerate(made)}

        def done(connection: Connection, kept: Sequence[Entry]) -> None:
            ids: dict[str, list[str]] = {}
            for one in kept:
                ids.setdefault(one.kind.value, []).append(one.id)
            self._table.finish(connection, job, ids)

        self._records.add(entries, files, done)

    def _clear_up(self, job: Job) -> None:
        """Files stay where the job will be done again, or may be."""
        with suppress(CoxaError):
            now = self._table.get(job.person, job.id)
            if now is None or not (now.state.open or now.can_be_tried_again):
                self._records.waiting.drop(job.person, job.id)
            if now is None:  # the person was removed meanwhile
                self._records.waiting.forget(job.person)


class _Beat:
    """Signs of life, not more often than needed."""

    def __init__(self, table: JobTable, job: Job, every_s: float, stop: Event) -> None:
        self._table, self._job, self._every_s, self._stop = table, job, every_s, stop
        self._next = 0.0

    def go_on(self, progress: float, words: str) -> bool:
        from time import monotonic

        if self._stop.is_set():
            return False
        if monotonic() < self._next:
            return True
        self._next = monotonic() + self._every_s
        return self._table.beat(self._job, progress, words)


@dataclass(frozen=True, slots=True)
class _Made:
    """An entry to be; ``of``: which recording of the job it is about."""

    kind: Kind
    document: Any
    label: str
    path: Path
    of: Mapping[str, str] = field(default_factory=dict)


def _inputs(asked: AssessRequest, place: Path) -> Iterator[_Made]:
    several = sum(one.role is Role.PHONE for one in asked.files) > 1
    for one in asked.files:
        document = document_of(KeptFile(one.name, one.media_type, one.role.value))
        yield _Made(Kind.RECORDING, document, one.name, _own(place, _input(place, one, several)))


def _outputs(place: Path, ended: Ended) -> Iterator[_Made]:
    """What the sandbox left; it may have been taken over, so nothing but plain files of its own is taken."""
    n = ended.found.get("recordings")
    for index in range(min(n, upload_rules().most_files) if isinstance(n, int) else 0):
        folder = place / OUTPUTS / str(index)
        for name, media_type in (("motion.parquet", _PARQUET), ("overlay.mp4", "video/mp4")):
            if (folder / name).exists():
                document = document_of(KeptFile(name, media_type, str(index)))
                own = _own(place, folder / name)
                yield _Made(Kind.MOTION, document, name, own, {"recording": str(index)})
    folder = place / OUTPUTS / ASSESSED
    told = read_json(_own(place, folder / "assessment.json"))
    found = told.get("assessments")
    if told.get("schema") != "coxa.assessment" or not isinstance(found, list) or not found:
        raise ComputeError("the process that read it left no assessment", "try again")
    report = _own(place, folder / "assessment.pdf")
    for index, one in enumerate(found):
        document = one if isinstance(one, dict) else {}
        check(Kind.ASSESSMENT, document, "the assessment")
        label = str(document["protocol"])
        yield _Made(Kind.ASSESSMENT, document, label, report, {"recording": str(index)})


_PARQUET = "application/vnd.apache.parquet"


def _own(place: Path, path: Path) -> Path:
    """A plain file within the folder of the job, no link to anything else.

    Raises:
        ComputeError: it is not.
    """
    try:
        about = path.lstat()
        plain = stat.S_ISREG(about.st_mode) and about.st_nlink == 1
        if plain and path.resolve(strict=True) == place.resolve() / path.relative_to(place):
            return path
    except OSError:
        pass
    raise ComputeError("a file of this job is not what it should be", "upload the recording again")


def work(data: Path | None, database: str | None, stop: Event, parent: int | None = None) -> None:
    """Do jobs of a record until ``stop`` is set.

    Args:
        data: folder of the record.
        database: URL of PostgreSQL.
        stop: ends it.
        parent: process to end with; None: this one stands alone.

    Raises:
        CoxaError: the record cannot be opened.
    """
    from coxa.adapters.child_processes import die_with

    if parent is not None:
        die_with(parent)
    soon = Timer(_COMPILE_AFTER_S, _compile)
    soon.daemon = True
    soon.start()
    with record(data, database) as records:
        Worker(records).run(stop)
    soon.cancel()


def _compile() -> None:
    """In a process of its own, which ends with this one; what reads uploads may load what comes of it."""
    command = [sys.executable, "-m", "coxa.bootstrap.warming", str(os.getpid())]
    subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).wait()  # noqa: S603 - ourselves
