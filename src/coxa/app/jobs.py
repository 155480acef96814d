"""Work that runs in the background: what was asked for, how far it is, and that it is done once.

A job is a row. Whoever claims it holds it by the moment of claiming: a worker that was taken for lost and
comes back finds that its attempt is over, and what it made is not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class JobState(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self in (JobState.QUEUED, JobState.RUNNING)


class Role(StrEnum):
    """What a file is in a job."""

    RECORDING = "recording"
    CALIBRATION = "calibration"
    MAPPING = "mapping"
    STATIC = "static"
    PHONE = "phone"
    HELPED = "helped"


@dataclass(frozen=True, slots=True)
class JobFile:
    """A file of a job.

    Attributes:
        name: cleaned; also its name in the folder of the job.
        role: what it is.
        media_type: by its content.
    """

    name: str
    role: Role = Role.RECORDING
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class AssessRequest:
    """A test to be read from recordings that were uploaded.

    Attributes:
        protocol: id of the test.
        files: in the folder of the job.
        sides: ``left``, ``right``; empty: all that the test has.
        height_m: stature; None: as the record has it.
        pose: pose network: ``lite``, ``full`` or ``heavy``; None: the truest that is installed.
        on: day of the recording, ISO 8601.
    """

    protocol: str
    files: tuple[JobFile, ...]
    sides: tuple[str, ...] = ()
    height_m: float | None = None
    pose: str | None = None
    on: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work for one person.

    Attributes:
        id: of it.
        person: whose.
        kind: ``assess``.
        state: where it is.
        request: what was asked for, as plain JSON.
        progress: 0..1.
        message: what it is at, or why it failed.
        result: once done: ids of entries; once failed: the remedy.
        attempts: how often it was begun.
        account: who asked; None: the owner.
        created_at: UTC, ISO 8601 with microseconds, as the others.
        started_at: of the newest attempt.
        heartbeat_at: last sign of life.
        finished_at: done, failed or cancelled.
    """

    id: str
    person: str
    kind: str
    state: JobState
    request: Mapping[str, Any]
    progress: float = 0.0
    message: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 0
    account: str | None = None
    created_at: str = ""
    started_at: str | None = None
    heartbeat_at: str | None = None
    finished_at: str | None = None

    @property
    def seconds_left(self) -> float | None:
        """As the work has gone so far; None: too early to say, or not under way."""
        if self.state is not JobState.RUNNING or not self.started_at or not self.heartbeat_at:
            return None
        if self.progress < _TELLING:
            return None
        gone = (datetime.fromisoformat(self.heartbeat_at) - datetime.fromisoformat(self.started_at)).seconds
        return gone * (1.0 - self.progress) / self.progress

    @property
    def can_be_tried_again(self) -> bool:
        """Whether it failed and its files may still be there."""
        return self.state is JobState.FAILED


#: Less than this much done says nothing of the rest.
_TELLING = 0.05


class LostJobError(Exception):
    """The job is not this attempt's any more: cancelled, erased, or given to another worker."""
