"""From what was uploaded to what is kept: once, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer

import pytest

from coxa.adapters.jobs.table import JobTable
from coxa.adapters.store.records import SqlRecords
from coxa.app.jobs import Job, JobState, Role
from coxa.app.record import Kind, Person
from coxa.bootstrap.jobs import Worker, retry
from coxa.bootstrap.reporting import report_pdf
from coxa.catalog.loader import upload_rules
from coxa.model.errors import CoxaError, SourceError
from tests.support.uploads import motion_file, poisoned, queued, sent

ROOT = Path(__file__).parents[3]


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    opened = SqlRecords.open(tmp_path / "record")
    yield opened
    opened.close()


@pytest.fixture
def person(records: SqlRecords) -> Person:
    return records.add_person(Person("", "Anna", sex="female", height_m=1.68))


def now(records: SqlRecords, job: Job) -> Job:
    found = JobTable(records.engine).get(job.person, job.id)
    assert found is not None
    return found


def kept(records: SqlRecords, person: Person) -> int:
    return sum(len(records.entries(person.id, kind)) for kind in Kind)


def test_an_upload_becomes_a_recording_an_assessment_and_a_report(
    records: SqlRecords, person: Person, tmp_path: Path
) -> None:
    content = motion_file(tmp_path)
    job = queued(records, person, "../Messung 1.parquet", content)
    assert Worker(records).step(Event())
    done = now(records, job)
    assert done.state is JobState.DONE, done.message
    recording = records.entries(person.id, Kind.RECORDING)[0]
    assert recording.document["name"] == "Messung 1.parquet"
    assert recording.file is not None
    assert records.path_of(recording.file).read_bytes() == content
    found = records.entries(person.id, Kind.ASSESSMENT)
    assert [one.id for one in found] == done.result["assessments"]
    assert "one side of the pelvis lifted by 9" in found[0].document["findings"][0]["words"]
    assert found[0].document["source"] == "Messung 1.parquet", "no folder of the server is told"
    assert report_pdf(records, found[0]).startswith(b"%PDF-")
    assert not list(records.waiting.of(person.id).iterdir()), "nothing waits any more"
    assert not Worker(records).step(Event())


def test_poisoned_files_are_refused_in_words_and_not_kept(
    records: SqlRecords, person: Person, tmp_path: Path
) -> None:
    worker = Worker(records)
    for what, (name, content) in poisoned(tmp_path).items():
        try:
            job = queued(records, person, name, content)
        except SourceError as error:
            assert error.fault, what
            assert error.remedy, what
        else:
            assert worker.step(Event())
            failed = now(records, job)
            assert failed.state is JobState.FAILED, what
            assert failed.message, what
            assert failed.result["remedy"], what
            assert "broke" not in failed.message, f"{what}: nobody foresaw it"
            assert str(tmp_path) not in failed.message, what
            records.waiting.forget(person.id)
        assert kept(records, person) == 0, what


WORK = "tests.support.sandboxed"


def test_what_the_decoder_does_not_survive_the_worker_does(
    records: SqlRecords, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    content = motion_file(tmp_path)
    bad = queued(records, person, "bad.parquet", content)
    good = queued(records, person, "good.parquet", content)
    assert Worker(records, work=f"{WORK}:crashes").step(Event())
    assert now(records, bad).state is JobState.FAILED
    assert Worker(records).step(Event())
    assert now(records, good).state is JobState.DONE
    assert len(records.entries(person.id, Kind.ASSESSMENT)) == 1
    assert retry(records, person, bad.id), "its files are still there"
    assert now(records, bad).state is JobState.QUEUED


def test_links_that_a_taken_over_process_left_are_not_followed(
    records: SqlRecords, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coxa.adapters.sandbox.run import Ended, How
    from coxa.bootstrap import jobs

    secret = tmp_path / "secret.pdf"
    secret.write_bytes(b"somebody else's")

    def taken_over(_: str, folder: Path, *__: object) -> Ended:
        out = folder / "out" / "assessment"
        out.mkdir(parents=True)
        (out / "assessment.pdf").symlink_to(secret)
        (out / "assessment.json").write_text(
            '{"schema": "coxa.assessment", "assessments": [{"protocol": "x", "results": []}]}'
        )
        return Ended(How.DONE, {"recordings": 10**9})

    monkeypatch.setattr(jobs, "run_confined", taken_over)
    job = queued(records, person, "a.parquet", motion_file(tmp_path))
    assert Worker(records).step(Event())
    assert now(records, job).state is JobState.FAILED
    assert kept(records, person) == 0


def test_cancelling_ends_the_process_and_keeps_nothing(
    records: SqlRecords, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    rules = upload_rules().model_copy(update={"beat_s": 0.1})
    job = queued(records, person, "a.parquet", motion_file(tmp_path))
    began = time.monotonic()
    Timer(1.5, lambda: JobTable(records.engine).cancel(person.id, job.id)).start()
    assert Worker(records, rules, f"{WORK}:hangs").step(Event())
    assert time.monotonic() - began < 15
    assert now(records, job).state is JobState.CANCELLED
    assert kept(records, person) == 0
    assert not list(records.waiting.of(person.id).iterdir())


def test_a_killed_worker_s_job_is_done_once_by_the_next(
    records: SqlRecords, person: Person, tmp_path: Path
) -> None:
    job = queued(records, person, "a.parquet", motion_file(tmp_path))
    command = [sys.executable, "-m", "coxa", "worker", "--data", str(tmp_path / "record")]
    command += ["--parent", str(os.getpid())]
    with subprocess.Popen(command) as first:
        until = time.monotonic() + 60
        while now(records, job).state is JobState.QUEUED and time.monotonic() < until:
            time.sleep(0.02)
        first.kill()
    assert now(records, job).state is JobState.RUNNING, "killed in the middle of it"
    table = JobTable(records.engine)
    time.sleep(0.3)
    assert table.recover(0.2, 3) == 1
    assert Worker(records).step(Event())
    done = now(records, job)
    assert done.state is JobState.DONE
    assert done.attempts == 2
    assert len(records.entries(person.id, Kind.ASSESSMENT)) == 1
    assert not Worker(records).step(Event())


def test_a_stopped_worker_hands_its_job_back(
    records: SqlRecords, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    job = queued(records, person, "a.parquet", motion_file(tmp_path))
    stop = Event()
    Timer(1.0, stop.set).start()
    Worker(records, work=f"{WORK}:hangs").run(stop)
    back = now(records, job)
    assert back.state is JobState.QUEUED
    assert back.attempts == 0
    assert (records.waiting.place(person.id, job.id) / "in" / "a.parquet").exists()


def test_files_that_do_not_go_together_are_refused(
    records: SqlRecords, person: Person, tmp_path: Path
) -> None:
    from coxa.app.jobs import AssessRequest
    from coxa.bootstrap.jobs import queue_assessment, uploads_of

    uploads, content = uploads_of(records, 100), motion_file(tmp_path)
    wanted = AssessRequest("seated_hip_rotation", ())
    lens = sent(records, person, "lens.toml", b"a = 1\n", Role.CALIBRATION)
    whole = sent(records, person, "a.parquet", content)
    half = uploads.announce(person.id, "b.parquet", len(content), Role.RECORDING).id
    other = records.add_person(Person("", "Somebody else"))
    for keys in ([], [lens], [whole, whole], [half], ["0" * 36]):
        with pytest.raises(CoxaError):
            queue_assessment(records, uploads, person, keys, wanted)
    with pytest.raises(CoxaError):
        queue_assessment(records, uploads, other, [whole], wanted)
    with pytest.raises(CoxaError):
        queue_assessment(records, uploads, person, [whole], AssessRequest("hip_passport", ()))
    assert queue_assessment(records, uploads, person, [whole], wanted).state is JobState.QUEUED
