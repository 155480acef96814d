"""Jobs as the API tells them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from coxa.app.jobs import AssessRequest, Job, JobState, Role
from coxa.model.plain import from_plain
from coxa.specs.person import Stature

UploadId = Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]


class JobIn(BaseModel):
    """A test to be read from files that were uploaded."""

    files: list[UploadId] = Field(min_length=1, max_length=100, description="Ids of uploads, all complete.")
    protocol: str = Field(max_length=80, description="Id of the test; see /api/protocols.")
    sides: list[Literal["left", "right"]] = Field([], max_length=2, description="Empty: all the test has.")
    height_m: Stature | None = Field(None, description="None: as the record has it.")
    pose: Literal["lite", "full", "heavy"] | None = Field(
        None, description="The larger, the truer and slower. None: the truest that the server has."
    )
    on: date | None = Field(None, description="Day of the recording; None: today.")

    def wanted(self) -> AssessRequest:
        """Everything but the files."""
        on = (self.on or date.today()).isoformat()
        return AssessRequest(
            self.protocol, (), tuple(dict.fromkeys(self.sides)), self.height_m, self.pose, on
        )


class FileOut(BaseModel):
    """A file of a job."""

    name: str
    role: Role
    media_type: str


class JobOut(BaseModel):
    """Where a job is, and what it left."""

    id: str
    kind: str
    state: JobState
    progress: float = Field(description="0..1.")
    seconds_left: float | None = Field(description="As it has gone so far; None: too early to say.")
    message: str = Field(description="What it is at, or why it failed.")
    remedy: str = Field(description="What can be done where it failed.")
    attempts: int
    protocol: str
    files: list[FileOut]
    created_at: str
    finished_at: str | None
    assessments: list[str] = Field(description="Entries that were made, once it is done.")
    recordings: list[str]
    motions: list[str]


class JobsPage(BaseModel):
    """Some of the jobs of a person, newest first."""

    jobs: list[JobOut]
    total: int


def job_out(job: Job) -> JobOut:
    """As the API tells it."""
    asked = from_plain(AssessRequest, job.request, "the job")
    return JobOut(
        id=job.id,
        kind=job.kind,
        state=job.state,
        progress=job.progress,
        seconds_left=job.seconds_left,
        message=job.message,
        remedy=str(job.result.get("remedy", "")),
        attempts=job.attempts,
        protocol=asked.protocol,
        files=[FileOut(name=one.name, role=one.role, media_type=one.media_type) for one in asked.files],
        created_at=job.created_at,
        finished_at=job.finished_at,
        assessments=list(job.result.get("assessments", ())),
        recordings=list(job.result.get("recordings", ())),
        motions=list(job.result.get("motions", ())),
    )
