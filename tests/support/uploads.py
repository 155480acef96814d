"""Recordings to upload: small sound ones, and poisoned ones."""

from __future__ import annotations

import asyncio
import io
import struct
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np

from coxa.adapters.sinks.parquet import MotionParquetSink
from coxa.adapters.store.records import SqlRecords
from coxa.app.jobs import AssessRequest, Job, Role
from coxa.app.record import Person
from coxa.bootstrap.jobs import queue_assessment, uploads_of
from coxa.model.recording import Recording
from tests.support import films
from tests.support.assessed import seated

PROTOCOL = "seated_hip_rotation"


def motion_file(folder: Path) -> bytes:
    """Seated rotation: the right pelvis hikes by 9 degrees."""
    motion, path = seated(3, 9.0), folder / "made.parquet"
    sink = MotionParquetSink(path)
    sink.write(Recording(motion.time_s), motion)
    sink.commit()
    return path.read_bytes()


def sent(records: SqlRecords, person: Person, name: str, content: bytes, role: Role = Role.RECORDING) -> str:
    """Upload a file; its id."""
    uploads = uploads_of(records, 100)
    upload = uploads.announce(person.id, name, len(content), role)

    async def body() -> AsyncIterator[bytes]:
        yield content

    return asyncio.run(uploads.append(person.id, upload, 0, body())).id


def queued(records: SqlRecords, person: Person, name: str, content: bytes, protocol: str = PROTOCOL) -> Job:
    """A job of one file."""
    key = sent(records, person, name, content)
    return queue_assessment(
        records, uploads_of(records, 100), person, [key], AssessRequest(protocol, (), pose="lite")
    )


def poisoned(folder: Path) -> dict[str, tuple[str, bytes]]:
    """What is wrong -> name and content; each must be refused in words, and none kept."""
    noise = np.random.default_rng(1).bytes(20_000)
    room = films.write(folder / "room.mp4", films.empty_room(20, (160, 120)), index_first=False)
    whole = room.read_bytes()
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("film.mp4", bytes(1 << 20))
    deep = b"[" * 200_000
    return {
        "noise called a film": ("film.mp4", noise),
        "noise after the head of a film": ("film.mp4", whole[:40] + noise),
        "a film whose header claims giant pictures": ("film.mp4", giant(whole)),
        "a zip": ("film.zip", zipped.getvalue()),
        "a zip called C3D": ("trial.c3d", zipped.getvalue()),
        "brackets without end": ("points.json", deep),
        "a Parquet that inflates": ("motion.parquet", inflating(folder)),
        "a playlist": ("film.mp4", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
        "a program": ("film.mp4", b"\x7fELF" + noise),
    }


def giant(film: bytes) -> bytes:
    """Pictures of 65,535 by 65,535 pixels, by the header of the track and of the coder."""
    told = film
    for box, at in ((b"tkhd", 76), (b"avc1", 24)):
        place = told.find(box)
        assert place > 0
        size = (
            struct.pack(">II", 65535 << 16, 65535 << 16)
            if box == b"tkhd"
            else struct.pack(">HH", *[65535] * 2)
        )
        begin = place + 4 + at
        told = told[:begin] + size + told[begin + len(size) :]
    return told


def inflating(folder: Path) -> bytes:
    """A table of one number, eighty million times, in a few kilobytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path, group = folder / "inflating.parquet", 4_000_000
    schema = pa.schema([("time_s", pa.float64())])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        part = pa.table({"time_s": np.zeros(group)}, schema=schema)
        for _ in range(20):
            writer.write_table(part)
    return path.read_bytes()
