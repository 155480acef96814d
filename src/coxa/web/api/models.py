"""People and entries as the API tells them."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from coxa.app.progress import Measure, Milestone
from coxa.app.record import Entry, Kind, Person
from coxa.specs.person import Stature


class PersonOut(BaseModel):
    """Somebody of the record."""

    id: str
    name: str
    born: date | None
    sex: str | None
    height_m: float | None
    recorded_at: str


class PeoplePage(BaseModel):
    """Some of the people whom the viewer may see, by name."""

    people: list[PersonOut]
    total: int


class PersonIn(BaseModel):
    """Somebody new."""

    name: str = Field(min_length=1, max_length=200)
    born: date | None = None
    sex: Literal["female", "male"] | None = Field(None, description="Chooses among norms.")
    height_m: Stature | None = None


class EntryOut(BaseModel):
    """Something of one person on one day; it is never changed, only replaced."""

    id: str
    kind: Kind
    on: date
    label: str
    document: dict[str, Any] = Field(description="By its kind; see docs/record.md.")
    provenance: dict[str, Any]
    replaces: str | None
    file_sha256: str | None = Field(description="Of the file that belongs to it.")
    file_bytes: int | None
    recorded_at: str


class EntriesPage(BaseModel):
    """Some entries of one kind, newest first."""

    entries: list[EntryOut]
    total: int


class ProtocolOut(BaseModel):
    """A test that can be read from a recording."""

    id: str
    title: str
    kind: str
    purpose: str
    sides: str
    version: int


class ExerciseOut(BaseModel):
    """An exercise of the catalogue."""

    id: str
    title: str


class AdherenceOut(BaseModel):
    """What was done of what was planned."""

    planned: int
    done: int
    extra: int


class ProgressOut(BaseModel):
    """How somebody is getting on."""

    as_of: date
    measures: list[Measure]
    adherence: AdherenceOut
    pain: list[tuple[date, float]] = Field(description="The most of each day that told of any, 0..10.")
    milestones: list[Milestone]
    next: list[str]


class ProgrammeOut(BaseModel):
    """The programme in force."""

    programme: dict[str, Any] | None = Field(
        description="None: there is none, or the screen allows no exercise."
    )
    allows_exercise: bool


def person_out(person: Person) -> PersonOut:
    """As the API tells it."""
    return PersonOut(
        id=person.id,
        name=person.name,
        born=person.born,
        sex=person.sex,
        height_m=person.height_m,
        recorded_at=person.recorded_at,
    )


def entry_out(entry: Entry) -> EntryOut:
    """As the API tells it."""
    return EntryOut(
        id=entry.id,
        kind=entry.kind,
        on=entry.on,
        label=entry.label,
        document=dict(entry.document),
        provenance=dict(entry.provenance),
        replaces=entry.replaces,
        file_sha256=None if entry.file is None else entry.file.sha256,
        file_bytes=None if entry.file is None else entry.file.size_bytes,
        recorded_at=entry.recorded_at,
    )
