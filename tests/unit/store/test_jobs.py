"""Jobs as rows: each is done by one worker at a time, and once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from coxa.adapters.jobs.table import JobTable
from coxa.adapters.store import database
from coxa.adapters.store.app_schema import jobs
from coxa.adapters.store.records import SqlRecords
from coxa.app.jobs import JobState, LostJobError
from coxa.app.record import Entry, Kind, Person
from coxa.model.errors import SourceError

LONG_AGO = "2020-01-01T00:00:00.000000Z"


@pytest.fixture
def person(records: SqlRecords) -> Person:
    return records.add_person(Person("", "Anna"))


@pytest.fixture
def table(records: SqlRecords) -> JobTable:
    return JobTable(records.engine)


def silence(records: SqlRecords, key: str) -> None:
    with database.writing(records.engine) as connection:
        connection.execute(update(jobs).where(jobs.c.id == key).values(heartbeat_at=LONG_AGO))


def note(person: Person) -> Entry:
    return Entry(person.id, Kind.NOTE, date(2026, 3, 1), {"text": "made by the job"})


def test_the_oldest_is_claimed_first_and_by_one_only(table: JobTable, person: Person) -> None:
    first, second = (table.add(person.id, "assess", {"n": n}) for n in range(2))
    claimed = [table.claim(), table.claim(), table.claim()]
    assert [one and one.id for one in claimed] == [first.id, second.id, None]
    assert claimed[0] is not None
    assert claimed[0].state is JobState.RUNNING
    assert claimed[0].attempts == 1


def test_workers_that_ask_at_once_get_different_jobs(table: JobTable, person: Person) -> None:
    made = {table.add(person.id, "assess", {}).id for _ in range(8)}
    got: list[str] = []
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        for _ in range(12):
            job = table.claim()
            if job is not None:
                got.append(job.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(got) == sorted(made)


def test_what_is_made_is_kept_with_the_word_that_it_is_done(
    records: SqlRecords, table: JobTable, person: Person
) -> None:
    table.add(person.id, "assess", {})
    job = table.claim()
    assert job is not None
    kept = records.add([note(person)], None, lambda c, made: table.finish(c, job, {"notes": [made[0].id]}))
    now = table.get(person.id, job.id)
    assert now is not None
    assert now.state is JobState.DONE
    assert now.result == {"notes": [kept[0].id]}


@pytest.mark.parametrize("how", ["cancelled", "given to another", "erased", "failed and tried again"])
def test_a_worker_that_lost_its_job_keeps_nothing(
    records: SqlRecords, table: JobTable, person: Person, how: str
) -> None:
    table.add(person.id, "assess", {})
    job = table.claim()
    assert job is not None
    if how == "cancelled":
        assert table.cancel(person.id, job.id)
    elif how == "given to another":
        silence(records, job.id)
        assert table.recover(20, 3) == 1
        assert table.claim() is not None
    elif how == "failed and tried again":
        table.fail(job, "fault", "remedy")
        assert table.retry(person.id, job.id)
        again = table.claim()
        assert again is not None
        assert again.attempts == job.attempts
    else:
        records.erase(person.id)
    assert not table.beat(job, 0.5, "reading")
    with pytest.raises(SourceError if how == "erased" else LostJobError):
        records.add([note(person)], None, lambda c, _: table.finish(c, job, {}))
    assert not records.entries(person.id, Kind.NOTE)


def test_a_lost_worker_s_job_is_begun_again_so_often_and_then_fails(
    records: SqlRecords, table: JobTable, person: Person
) -> None:
    key = table.add(person.id, "assess", {}).id
    for attempt in (1, 2):
        job = table.claim()
        assert job is not None
        assert job.attempts == attempt
        assert table.recover(20, 2) == 0, "it is alive"
        silence(records, key)
        table.recover(20, 2)
    now = table.get(person.id, key)
    assert now is not None
    assert now.state is JobState.FAILED
    assert "cut off 2 times" in now.message
    assert now.result["remedy"]


def test_a_job_that_is_handed_back_lost_no_attempt(table: JobTable, person: Person) -> None:
    table.add(person.id, "assess", {})
    for _ in range(5):
        job = table.claim()
        assert job is not None
        assert job.attempts == 1
        table.release(job)


def test_what_is_over_stays_over(table: JobTable, person: Person) -> None:
    key = table.add(person.id, "assess", {}).id
    assert table.cancel(person.id, key)
    assert not table.cancel(person.id, key)
    assert not table.retry(person.id, key)
    assert table.claim() is None


def test_jobs_are_one_persons(records: SqlRecords, table: JobTable, person: Person) -> None:
    other = records.add_person(Person("", "Somebody else"))
    key = table.add(person.id, "assess", {}).id
    assert table.get(other.id, key) is None
    assert not table.cancel(other.id, key)
    assert not table.of_person(other.id)
    assert [one.id for one in table.of_person(person.id)] == [key]


def test_time_left_is_as_the_work_has_gone(table: JobTable, person: Person) -> None:
    table.add(person.id, "assess", {})
    job = table.claim()
    assert job is not None
    assert job.seconds_left is None
    started, now = "2026-03-01T10:00:00.000000Z", "2026-03-01T10:02:00.000000Z"
    going = replace(job, started_at=started, heartbeat_at=now, progress=0.75)
    assert going.seconds_left == pytest.approx(40)


def test_erasing_somebody_removes_what_waits_of_them(records: SqlRecords, person: Person) -> None:
    place = records.waiting.make(person.id, "0" * 36)
    (place / "film").write_bytes(b"x")
    erased = records.erase(person.id)
    assert erased.left == 0
    assert not records.waiting.of(person.id).exists()
