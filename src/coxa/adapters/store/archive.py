"""The archive: a zip of rows as JSON lines, files by content, and a manifest with the hash of each member.

The same content makes the same bytes. What is read is trusted in nothing: names, sizes,
hashes and rows are checked before anything is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, BinaryIO

from coxa import __version__
from coxa.adapters.sinks.guard import whole_file
from coxa.adapters.store.schema import HEAD, metadata
from coxa.model.errors import SourceError

SCHEMA = "coxa.record"
SCHEMA_VERSION = 1
_MANIFEST = "manifest.json"
_DAMAGED = (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error)
_NAMES = re.compile(r"manifest\.json|rows/[a-z]{1,20}\.jsonl|files/[0-9a-f]{64}")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CHUNK = 1 << 20
_MOST_MEMBERS = 1_000_000
_MOST_ROW_BYTES = 4_000_000_000
_LONGEST_LINE = 80_000_000
_DENSEST, _SMALL = 200, 1_000_000  # times smaller than its content: rows that pack better are a trap
_REMEDY = "export it again; it was damaged, altered, or is no archive of Coxa"

Row = Mapping[str, Any]


class ArchiveWriter:
    """Writes members one after the other, the manifest last.

    Args:
        archive: to write into.
        scope: ``person`` or ``record``.
    """

    def __init__(self, archive: zipfile.ZipFile, scope: str) -> None:
        self._archive = archive
        self._scope = scope
        self._members: dict[str, dict[str, Any]] = {}

    def rows(self, table: str, rows: Iterable[Row]) -> None:
        """The rows of one table, as JSON lines."""
        lines = (json.dumps(dict(row), ensure_ascii=False, sort_keys=True).encode() + b"\n" for row in rows)
        self._write(f"rows/{table}.jsonl", lines, zipfile.ZIP_DEFLATED)

    def file(self, sha256: str, content: BinaryIO) -> None:
        """One file, as it is."""
        self._write(f"files/{sha256}", iter(lambda: content.read(_CHUNK), b""), zipfile.ZIP_STORED)

    def finish(self) -> None:
        """The manifest."""
        manifest = {
            "schema": SCHEMA,
            "schema_version": SCHEMA_VERSION,
            "scope": self._scope,
            "coxa": __version__,
            "record": HEAD,
            "members": self._members,
        }
        text = json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n"
        self._write(_MANIFEST, [text], zipfile.ZIP_DEFLATED)

    def _write(self, name: str, chunks: Iterable[bytes], how: int) -> None:
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type, info.external_attr = how, 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                member.write(chunk)
        self._members[name] = {"sha256": digest.hexdigest(), "size_bytes": size}


def written(path: Path, scope: str, fill: Any) -> None:
    """Make an archive that is there whole or not at all; ``fill`` is given the writer.

    Raises:
        OutputError: it cannot be written.
    """
    with whole_file(path) as aside:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as target:
            with zipfile.ZipFile(target, "w") as archive:
                writer = ArchiveWriter(archive, scope)
                fill(writer)
                writer.finish()
            target.flush()
            os.fsync(target.fileno())


class ArchiveReader:
    """An archive whose members are all there, no more, each with the hash that the manifest says.

    Args:
        path: the file.
        scope: that is wanted.

    Raises:
        SourceError: it is something else, damaged, or made to do harm.
    """

    def __init__(self, path: Path, scope: str) -> None:
        self.path = path
        try:
            self._archive = zipfile.ZipFile(path)
        except OSError as error:
            raise SourceError(
                f"{path}: {error.strerror or error}", "name an archive that coxa export or coxa backup wrote"
            ) from error
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise SourceError(f"{path}: cannot be read as an archive ({error})", _REMEDY) from error
        try:
            self._require_harmless()
            self._manifest = self._read_manifest(scope)
            self._require_hashes()
        except BaseException:
            self._archive.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Rows of one table; none where it has no member.

        Raises:
            SourceError: a line is no row of this table.
        """
        name = f"rows/{table}.jsonl"
        if name not in self._manifest["members"]:
            return
        columns = {column.name for column in metadata.tables[table].columns} - {"seq"}
        with self._archive.open(name) as member:
            for number, line in enumerate(_lines(member, self.path), 1):
                try:
                    row = json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise self._refusal(f"{name}, line {number}: no JSON") from error
                if not isinstance(row, dict) or set(row) != columns:
                    raise self._refusal(f"{name}, line {number}: not the columns of {table}")
                yield row

    def files(self) -> list[str]:
        """Hashes of the files."""
        named = sorted(name for name in self._manifest["members"] if name.startswith("files/"))
        return [name.removeprefix("files/") for name in named]

    def open_file(self, sha256: str) -> IO[bytes]:
        """The content of one."""
        return self._archive.open(f"files/{sha256}")

    def _refusal(self, why: str) -> SourceError:
        return SourceError(f"{self.path}: {why}", _REMEDY)

    def _require_harmless(self) -> None:
        """Before anything is unpacked: names, how it is packed, how large it says it is."""
        members = self._archive.infolist()
        names = [one.filename for one in members]
        if len(members) > _MOST_MEMBERS or len(set(names)) != len(names):
            raise self._refusal("too many members, or the same one twice")
        for one in members:
            if not _NAMES.fullmatch(one.filename):
                raise self._refusal(f"a member is called {one.filename!r:.80}")
            stored = zipfile.ZIP_STORED if one.filename.startswith("files/") else zipfile.ZIP_DEFLATED
            if one.flag_bits & 1 or one.compress_type != stored:
                raise self._refusal(f"{one.filename} is packed in another way")
            dense = one.file_size > _SMALL and one.file_size > _DENSEST * max(one.compress_size, 1)
            if stored == zipfile.ZIP_DEFLATED and (dense or one.file_size > _MOST_ROW_BYTES):
                raise self._refusal(f"{one.filename} would unpack to {one.file_size} bytes")

    def _read_manifest(self, scope: str) -> dict[str, Any]:
        try:
            if self._archive.getinfo(_MANIFEST).file_size > _LONGEST_LINE:
                raise ValueError
            manifest = json.loads(self._archive.read(_MANIFEST))
            known = manifest["schema"] == SCHEMA and isinstance(manifest["members"], dict)
            version, found = (manifest["schema_version"], manifest["record"]), manifest["scope"]
        except (KeyError, ValueError, TypeError, AttributeError, *_DAMAGED) as error:
            raise self._refusal("its manifest cannot be read") from error
        if not known or set(manifest["members"]) != set(self._archive.namelist()) - {_MANIFEST}:
            raise self._refusal("its manifest does not tell of what is in it")
        if version != (SCHEMA_VERSION, HEAD):
            raise SourceError(
                f"{self.path}: it is of version {version[1]!r:.20}, this Coxa reads {HEAD}",
                "import it with the Coxa that made it, and bring its record up to date",
            )
        if found != scope:
            right = "coxa import" if scope == "record" else "coxa backup --restore"
            raise SourceError(f"{self.path}: it is of a {found!r:.20}, not of a {scope}", f"use `{right}`")
        return dict(manifest)

    def _require_hashes(self) -> None:
        for name, told in self._manifest["members"].items():
            digest = hashlib.sha256()
            try:
                with self._archive.open(name) as member:
                    while chunk := member.read(_CHUNK):
                        digest.update(chunk)
            except _DAMAGED as error:
                raise self._refusal(f"{name} is damaged") from error
            if not isinstance(told, dict) or told.get("sha256") != digest.hexdigest():
                raise self._refusal(f"{name} is not what the manifest says")
            if name.startswith("files/") and name != f"files/{digest.hexdigest()}":
                raise self._refusal(f"{name} has another content than its name says")


def _lines(member: IO[bytes], path: Path) -> Iterator[bytes]:
    while line := member.readline(_LONGEST_LINE):
        if not line.endswith(b"\n"):
            raise SourceError(f"{path}: a row is too long, or cut off", _REMEDY)
        yield line
