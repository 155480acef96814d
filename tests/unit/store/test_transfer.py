from __future__ import annotations

import hashlib
import json
import random
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from coxa.adapters.store import transfer
from coxa.adapters.store.records import SqlRecords
from coxa.adapters.store.schema import ENTRIES
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import KeptFile, Note, Pain, document_of, value_of
from coxa.model.errors import CoxaError, SourceError
from coxa.model.training import LogEntry
from tests.support import stores

DAY = date(2026, 3, 1)


def fill(records: SqlRecords, folder: Path, name: str = "Zoë Ώρα") -> Person:
    person = records.add_person(Person("", name, date(1988, 2, 29), "female", 1.72))
    film = folder / f"film-{person.id}"
    film.write_bytes(hashlib.shake_256(name.encode()).digest(30_000))
    kept = records.add(
        [
            Entry(
                person.id, Kind.RECORDING, DAY, document_of(KeptFile("squat.mp4", "video/mp4")), "squat.mp4"
            ),
            Entry(person.id, Kind.SESSION, DAY, document_of(LogEntry(DAY, "squat", note="3,5 \U0001f9b5"))),
            Entry(person.id, Kind.PAIN, DAY, document_of(Pain(3.5, "ζ"))),
            Entry(person.id, Kind.NOTE, DAY, document_of(Note("old \0 \"'"))),
            Entry(person.id, Kind.ASSESSMENT, DAY, {"protocol": "p", "results": [], "x": 0.1 + 0.2}),
        ],
        {0: film},
    )
    note = Entry(person.id, Kind.NOTE, DAY, document_of(Note("new")), replaces=kept[3].id)
    records.add([note])
    return person


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def test_export_erase_import_restores_bit_for_bit(records: SqlRecords, tmp_path: Path) -> None:
    fill(records, tmp_path, "somebody else")
    person = fill(records, tmp_path)
    transfer.export_person(records, person.id, tmp_path / "one.zip")
    assert records.erase(person.id).left == 0
    assert transfer.import_person(records, tmp_path / "one.zip", value_of) == person.id
    transfer.export_person(records, person.id, tmp_path / "two.zip")
    one, two = members(tmp_path / "one.zip"), members(tmp_path / "two.zip")
    trail = "rows/audit.jsonl"
    assert two.pop(trail).startswith(one.pop(trail))
    assert one == two
    assert len(one) == 12
    actions = [one.action for one in records.audit(person.id)][-3:]
    # The first export is told of after its archive was made.
    assert actions == ["added", "imported", "exported"]


def test_the_same_content_makes_the_same_archive(records: SqlRecords, tmp_path: Path) -> None:
    fill(records, tmp_path)
    for name in ("one.zip", "two.zip"):
        transfer.back_up(records, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_backup_restores_everything_elsewhere(records: SqlRecords, tmp_path: Path) -> None:
    """Also from PostgreSQL into SQLite."""
    people = [fill(records, tmp_path, name) for name in ("A", "B", "C")]
    records.erase(people.pop().id)
    transfer.back_up(records, tmp_path / "one.zip")
    with stores.opened(tmp_path / "elsewhere", None) as other:
        assert transfer.restore(other, tmp_path / "one.zip", value_of) == 2
        transfer.back_up(other, tmp_path / "two.zip")
        assert other.people() == people
        with pytest.raises(SourceError, match="has people"):
            transfer.restore(other, tmp_path / "one.zip", value_of)
    assert members(tmp_path / "one.zip") == members(tmp_path / "two.zip")


def test_a_backup_while_others_write_is_of_one_moment(records: SqlRecords, tmp_path: Path) -> None:
    person = fill(records, tmp_path)
    url = None if records.engine.dialect.name == "sqlite" else records.engine.url.render_as_string(False)
    with stores.opened(tmp_path / "data", url) as other:
        rows = transfer._rows

        def slowly(*arguments: Any) -> Iterator[Any]:
            other.add([Entry(person.id, kind, DAY, {"protocol": "q", "results": []}) for kind in Kind])
            yield from rows(*arguments)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(transfer, "_rows", slowly)
            transfer.back_up(records, tmp_path / "one.zip")
    found = members(tmp_path / "one.zip")
    # The first row was read before the state was fixed, or none: all tables agree on which.
    counts = {kind: found[f"rows/{kind.value}.jsonl"].count(b'"q\\"') for kind in (Kind.SCREEN, Kind.NOTE)}
    assert set(counts.values()) <= {0, 1}
    assert len(set(counts.values())) == 1
    with records.engine.connect() as connection:
        assert len(connection.execute(select(ENTRIES[Kind.SCREEN])).all()) == 13


def test_somebody_who_is_here_is_not_imported_twice(records: SqlRecords, tmp_path: Path) -> None:
    person = fill(records, tmp_path)
    transfer.export_person(records, person.id, tmp_path / "one.zip")
    with pytest.raises(SourceError, match="already"):
        transfer.import_person(records, tmp_path / "one.zip", value_of)
    with pytest.raises(SourceError, match="backup --restore"):
        transfer.back_up(records, tmp_path / "all.zip")
        transfer.import_person(records, tmp_path / "all.zip", value_of)


# ---- archives that were made to do harm


def rebuilt(source: Path, target: Path, change: Any, resign: bool = True) -> None:
    """The archive with other members; ``resign``: the manifest tells of them, as a careful forger would."""
    with zipfile.ZipFile(source) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content = change(content)
    if resign:
        manifest = json.loads(content["manifest.json"])
        manifest["members"] = {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)}
            for name, data in content.items()
            if name != "manifest.json"
        }
        content["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in content.items():
            how = zipfile.ZIP_STORED if name.startswith("files/") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), data, how)


def _with(name: str, data: bytes) -> Any:
    return lambda content: {**content, name: data}


def _row(table: str, **values: Any) -> Any:
    def change(content: dict[str, bytes]) -> dict[str, bytes]:
        name = f"rows/{table}.jsonl"
        rows = [json.loads(line) for line in content[name].splitlines()]
        rows[0] |= values
        return {**content, name: b"".join(json.dumps(row).encode() + b"\n" for row in rows)}

    return change


HARMS: dict[str, Any] = {
    "out of the folder": _with("../../evil", b"x"),
    "absolute": _with("/etc/cron.d/evil", b"x"),
    "backslashes": _with("files\\..\\..\\evil", b"x"),
    "unknown table": _with("rows/sqlite_master.jsonl", b"{}\n"),
    "bomb": _with("rows/pain.jsonl", b" " * 30_000_000),
    "no json": _with("rows/pain.jsonl", b"hello\n"),
    "deep json": _with("rows/pain.jsonl", b"[" * 100_000 + b"\n"),
    "cut off": _with("rows/pain.jsonl", b"{}"),
    "other columns": _row("pain", admin=True),
    "another's": _row("pain", person_id="00000000-0000-4000-8000-000000000000"),
    "wrong id": _row("pain", id="'; DROP TABLE people; --"),
    "wrong day": _row("pain", on_day="2026-02-30"),
    "file that is not there": _row("recordings", file_sha256="0" * 64),
    "path for a file": _row("recordings", file_sha256="../record.sqlite"),
    "document of another kind": _row("pain", document='{"score":11.0}'),
    "document not as written": _row("pain", document='{ "score": 1.0}'),
    "nan": _row("pain", document='{"score":NaN}'),
    "name with control characters": _row("people", name="a\u0007"),
    "replaces a stranger's": _row("notes", replaces="00000000-0000-4000-8000-000000000000"),
    "no sex there is": _row("people", document='{"born":null,"height_m":null,"sex":"x"}'),
    "audit of somebody else": _row("audit", person_id="00000000-0000-4000-8000-000000000000"),
}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    with stores.opened(folder / "data", None) as records:
        transfer.export_person(records, fill(records, folder).id, folder / "one.zip")
    return folder / "one.zip"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlRecords]:
    with stores.opened(tmp_path_factory.mktemp("empty") / "data", None) as records:
        yield records


def refused(records: SqlRecords, path: Path) -> str:
    with pytest.raises(CoxaError) as error:
        transfer.import_person(records, path, value_of)
    assert records.people() == []
    assert list(records.blobs.all()) == []
    return str(error.value)


@pytest.mark.parametrize("harm", HARMS)
def test_a_forged_archive_is_refused_whole(
    exported: Path, empty: SqlRecords, tmp_path: Path, harm: str
) -> None:
    rebuilt(exported, tmp_path / "bad.zip", HARMS[harm])
    refused(empty, tmp_path / "bad.zip")
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize("name", ["rows/pain.jsonl", "rows/people.jsonl"])
def test_a_member_that_is_not_what_the_manifest_says_is_refused(
    exported: Path, empty: SqlRecords, tmp_path: Path, name: str
) -> None:
    rebuilt(exported, tmp_path / "bad.zip", lambda all_: {**all_, name: all_[name] + b"\n"}, resign=False)
    assert "not what the manifest says" in refused(empty, tmp_path / "bad.zip")
    rebuilt(exported, tmp_path / "bad.zip", lambda all_: {n: d for n, d in all_.items() if n != name}, False)
    assert "manifest" in refused(empty, tmp_path / "bad.zip")


def test_a_file_with_another_content_than_its_name_is_refused(
    exported: Path, empty: SqlRecords, tmp_path: Path
) -> None:
    def change(content: dict[str, bytes]) -> dict[str, bytes]:
        return {n: (b"other" if n.startswith("files/") else d) for n, d in content.items()}

    rebuilt(exported, tmp_path / "bad.zip", change)
    assert "another content" in refused(empty, tmp_path / "bad.zip")


def test_flipped_and_cut_bytes_never_pass_unnoticed(
    exported: Path, empty: SqlRecords, tmp_path: Path
) -> None:
    whole, chance = exported.read_bytes(), random.Random(7)  # noqa: S311
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        cut = len(damaged) if chance.random() < 0.7 else chance.randrange(len(damaged))
        (tmp_path / "bad.zip").write_bytes(damaged[:cut])
        try:
            person = transfer.import_person(empty, tmp_path / "bad.zip", value_of)
        except CoxaError:
            assert empty.people() == []
            continue
        # A flip in what nobody reads (a date of the zip): then all must be as it was.
        transfer.export_person(empty, person, tmp_path / "again.zip")
        again, before = members(tmp_path / "again.zip"), members(exported)
        assert again.pop("rows/audit.jsonl").startswith(before.pop("rows/audit.jsonl"))
        assert again == before
        empty.erase(person)


def test_the_archive_itself_is_fine(exported: Path, tmp_path: Path) -> None:
    """Else the refusals above would show nothing."""
    with stores.opened(tmp_path / "data", None) as records:
        rebuilt(exported, tmp_path / "same.zip", lambda content: content)
        transfer.import_person(records, tmp_path / "same.zip", value_of)
        assert len(records.people()) == 1
