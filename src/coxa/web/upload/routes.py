"""Files on their way in: announced, then sent piece by piece."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from coxa.adapters.jobs.uploads import OutOfStepError, TooLargeError, Upload, Uploads
from coxa.app.jobs import Role
from coxa.bootstrap.jobs import uploads_of
from coxa.bootstrap.machine import truest_network
from coxa.catalog.loader import upload_rules
from coxa.catalog.protocols import library
from coxa.web.answers import page
from coxa.web.asked import Asked, Trained
from coxa.web.errors import PROBLEM, NotHereError

router = APIRouter()
Key = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", description="As it was given.")]


class Announced(BaseModel):
    """A file that will be sent."""

    name: str = Field(min_length=1, max_length=400, description="As its owner calls it, with its ending.")
    size_bytes: int = Field(ge=1, le=1 << 50, description="Exactly.")
    role: Role = Field(Role.RECORDING, description="What it is in the job.")


class UploadOut(BaseModel):
    """How much of a file is here."""

    id: str
    name: str
    role: Role
    size_bytes: int
    received_bytes: int = Field(description="The next piece begins here.")
    chunk_bytes: int = Field(description="The largest piece that is taken.")


def _uploads(services: Asked) -> Uploads:
    return uploads_of(services.records, services.settings.upload_mb)


TheUploads = Annotated[Uploads, Depends(_uploads)]


def _out(upload: Upload) -> UploadOut:
    return UploadOut(
        id=upload.id,
        name=upload.name,
        role=upload.role,
        size_bytes=upload.size_bytes,
        received_bytes=upload.received_bytes,
        chunk_bytes=int(upload_rules().chunk_mb * (1 << 20)),
    )


def _found(uploads: Uploads, person: str, key: str) -> Upload:
    found = uploads.get(person, key)
    if found is None:
        raise NotHereError
    return found


@router.post("/api/people/{person_id}/uploads", status_code=201, tags=["uploads"])
def announce(person: Trained, uploads: TheUploads, told: Announced) -> UploadOut:
    """Announce a file; then send its pieces in order, and name it when a job is made.

    What no job asks for is removed after a day.
    """
    return _out(uploads.announce(person.id, told.name, told.size_bytes, told.role))


@router.get("/api/people/{person_id}/uploads/{upload_id}", tags=["uploads"])
def one_upload(person: Trained, uploads: TheUploads, upload_id: Key) -> UploadOut:
    """How much of a file is here: where to go on after the line broke."""
    return _out(_found(uploads, person.id, upload_id))


@router.put(
    "/api/people/{person_id}/uploads/{upload_id}",
    tags=["uploads"],
    responses={409: {"description": "It does not begin where the last piece ended."}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    response_model=UploadOut,
)
async def piece(
    request: Request,
    person: Trained,
    uploads: TheUploads,
    upload_id: Key,
    at: Annotated[int, Query(ge=0, description="Byte of the file where this piece begins.")],
) -> Response | UploadOut:
    """Send the next piece, as the raw body. It goes to the disk as it comes; too much is refused at once."""
    upload = _found(uploads, person.id, upload_id)
    try:
        return _out(await uploads.append(person.id, upload, at, request.stream()))
    except OutOfStepError as error:
        told = {"type": "about:blank", "title": "The next piece begins elsewhere", "status": 409}
        return JSONResponse({**told, "received_bytes": error.received_bytes}, 409, None, PROBLEM)
    except TooLargeError:
        raise HTTPException(413, "This is more than was announced, or than one piece may have") from None


@router.delete("/api/people/{person_id}/uploads/{upload_id}", status_code=204, tags=["uploads"])
def drop(person: Trained, uploads: TheUploads, upload_id: Key) -> None:
    """Forget a file that was not used."""
    uploads.drop(person.id, _found(uploads, person.id, upload_id).id)


@router.get("/p/{person_id}/upload", include_in_schema=False)
def upload_page(
    request: Request,
    services: Asked,
    person: Trained,
    protocol: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """Choose files and the test they show."""
    rules = upload_rules()
    tests = [one for one in library().protocols.values() if one.kind != "battery"]
    values = {
        "person": person,
        "tests": sorted(tests, key=lambda one: one.title),
        "chosen": protocol,
        "most_mb": services.settings.upload_mb,
        "most_files": rules.most_files,
        "chunk_bytes": int(rules.chunk_mb * (1 << 20)),
        "truest": truest_network(),
    }
    return page(request, "upload/upload.html", values)
