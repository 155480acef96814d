"""Jobs as rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from coxa.adapters.store import database
from coxa.adapters.store.app_schema import jobs
from coxa.app.jobs import Job, JobState, LostJobError
from coxa.app.record import canonical, new_id, now

_OPEN = (JobState.QUEUED.value, JobState.RUNNING.value)
_LONGEST_MESSAGE = 1000
_GAVE_UP = "The work was cut off {attempts} times"
_GAVE_UP_REMEDY = "Try again when the machine is quiet; a smaller part of the recording needs less."


class JobTable:
    """The queue of a database.

    Args:
        engine: of a database with the newest schema.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        person: str,
        kind: str,
        request: Mapping[str, Any],
        account: str | None = None,
        key: str = "",
    ) -> Job:
        """Queue a job; ``key``: its id, where its files are there already."""
        row: dict[str, Any] = {
            "id": key or new_id(),
            "person_id": person,
            "account_id": account,
            "kind": kind,
            "state": JobState.QUEUED.value,
            "request": canonical(request, "the request"),
            "progress": 0.0,
            "message": "",
            "result": "{}",
            "attempts": 0,
            "created_at": now(),
            "started_at": None,
            "heartbeat_at": None,
            "finished_at": None,
        }
        with database.writing(self._engine) as connection:
            connection.execute(insert(jobs), [row])
        return job_of(row)

    def get(self, person: str, key: str) -> Job | None:
        """One of a person; None: there is none of this id."""
        query = select(jobs).where(jobs.c.id == key, jobs.c.person_id == person)
        with database.reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else job_of(row)

    def of_person(self, person: str) -> Sequence[Job]:
        """Newest first."""
        query = select(jobs).where(jobs.c.person_id == person).order_by(jobs.c.id.desc())
        with database.reading(self._engine) as connection:
            return [job_of(row) for row in connection.execute(query).mappings()]

    def ids(self) -> set[str]:
        """Of all jobs whose files may still be needed: open ones, and those that failed."""
        query = select(jobs.c.id).where(jobs.c.state.in_((*_OPEN, JobState.FAILED.value)))
        with database.reading(self._engine) as connection:
            return set(connection.execute(query).scalars())

    def counts(self) -> dict[str, int]:
        """How many are in each state."""
        query = select(jobs.c.state, func.count()).group_by(jobs.c.state)
        with database.reading(self._engine) as connection:
            return {str(state): int(count) for state, count in connection.execute(query)}

    def claim(self) -> Job | None:
        """The oldest that waits, now running and ours; None: nothing waits."""
        waiting = select(jobs.c.id).where(jobs.c.state == JobState.QUEUED.value).order_by(jobs.c.id).limit(1)
        with database.reading(self._engine) as connection:  # a look costs no lock
            key = connection.execute(waiting).scalar()
        if key is None:
            return None
        at = now()
        begun = {
            "state": JobState.RUNNING.value,
            "attempts": jobs.c.attempts + 1,
            "started_at": at,
            "heartbeat_at": at,
            "progress": 0.0,
            "message": "",
        }
        with database.writing(self._engine) as connection:
            taken = connection.execute(
                update(jobs).where(jobs.c.id == key, jobs.c.state == JobState.QUEUED.value).values(**begun)
            )
            if not taken.rowcount:  # somebody was quicker
                return None
            row = connection.execute(select(jobs).where(jobs.c.id == key)).mappings().one()
        return job_of(row)

    def beat(self, job: Job, progress: float, message: str) -> bool:
        """A sign of life; False: it is not ours any more."""
        with database.writing(self._engine) as connection:
            return self._change(
                connection,
                job,
                progress=min(max(progress, 0.0), 1.0),
                message=message[:_LONGEST_MESSAGE],
                heartbeat_at=now(),
            )

    def finish(self, connection: Connection, job: Job, result: Mapping[str, Any]) -> None:
        """Done, in the transaction that keeps what was made.

        Raises:
            LostJobError: it is not ours any more; nothing is to be kept.
        """
        done = self._change(
            connection,
            job,
            state=JobState.DONE.value,
            progress=1.0,
            message="",
            result=canonical(result, "the result"),
            finished_at=now(),
        )
        if not done:
            raise LostJobError

    def fail(self, job: Job, fault: str, remedy: str) -> None:
        """It cannot be done; without effect where it is not ours any more."""
        with database.writing(self._engine) as connection:
            self._change(
                connection,
                job,
                state=JobState.FAILED.value,
                message=fault[:_LONGEST_MESSAGE],
                result=canonical({"remedy": remedy[:_LONGEST_MESSAGE]}),
                finished_at=now(),
            )

    def release(self, job: Job) -> None:
        """Back into the queue: whoever does it stops, and it was not its fault."""
        with database.writing(self._engine) as connection:
            self._change(connection, job, state=JobState.QUEUED.value, attempts=job.attempts - 1)

    def cancel(self, person: str, key: str) -> bool:
        """Not wanted any more; False: it was over already."""
        query = (
            update(jobs)
            .where(jobs.c.id == key, jobs.c.person_id == person, jobs.c.state.in_(_OPEN))
            .values(state=JobState.CANCELLED.value, finished_at=now())
        )
        with database.writing(self._engine) as connection:
            return bool(connection.execute(query).rowcount)

    def retry(self, person: str, key: str) -> bool:
        """Once more, from the beginning; False: it did not fail."""
        anew = {
            "state": JobState.QUEUED.value,
            "attempts": 0,
            "progress": 0.0,
            "message": "",
            "result": "{}",
            "finished_at": None,
        }
        query = (
            update(jobs)
            .where(jobs.c.id == key, jobs.c.person_id == person, jobs.c.state == JobState.FAILED.value)
            .values(**anew)
        )
        with database.writing(self._engine) as connection:
            return bool(connection.execute(query).rowcount)

    def recover(self, lost_after_s: float, most_attempts: int) -> int:
        """Queue those again whose worker was lost, as often as it may be; how many."""
        silent = (datetime.now(UTC) - timedelta(seconds=lost_after_s)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        lost = (jobs.c.state == JobState.RUNNING.value) & (jobs.c.heartbeat_at < silent)
        with database.reading(self._engine) as connection:
            if connection.execute(select(jobs.c.id).where(lost).limit(1)).first() is None:
                return 0
        told = {
            "state": JobState.FAILED.value,
            "message": _GAVE_UP.format(attempts=most_attempts),
            "result": canonical({"remedy": _GAVE_UP_REMEDY}),
            "finished_at": now(),
        }
        with database.writing(self._engine) as connection:
            given_up = update(jobs).where(lost, jobs.c.attempts >= most_attempts).values(**told)
            connection.execute(given_up)
            again = update(jobs).where(lost).values(state=JobState.QUEUED.value, progress=0.0)
            return int(connection.execute(again).rowcount)

    def _change(self, connection: Connection, job: Job, **values: Any) -> bool:
        """Only while it is this attempt's."""
        ours = (
            (jobs.c.id == job.id)
            & (jobs.c.started_at == job.started_at)
            & (jobs.c.state == JobState.RUNNING.value)
        )
        return bool(connection.execute(update(jobs).where(ours).values(**values)).rowcount)


def job_of(row: Mapping[Any, Any]) -> Job:
    """From a row."""
    return Job(
        id=row["id"],
        person=row["person_id"],
        account=row["account_id"],
        kind=row["kind"],
        state=JobState(row["state"]),
        request=json.loads(row["request"]),
        progress=row["progress"],
        message=row["message"],
        result=json.loads(row["result"]),
        attempts=row["attempts"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        heartbeat_at=row["heartbeat_at"],
        finished_at=row["finished_at"],
    )
