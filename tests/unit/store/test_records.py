from __future__ import annotations

import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import SQLAlchemyError

from coxa.adapters.store import database
from coxa.adapters.store.accounts import SqlAccounts
from coxa.adapters.store.records import SqlRecords
from coxa.adapters.store.schema import audit
from coxa.app.accounts import new_account
from coxa.app.record import Entry, Kind, Person, StoredFile, find_person, new_id
from coxa.app.roles import Role, Tie
from coxa.model.errors import CoxaError, SourceError
from tests.support import stores

DAY = date(2026, 3, 1)


def note(person: Person, words: str = "fine", **more: object) -> Entry:
    return replace(Entry(person.id, Kind.NOTE, DAY, {"text": words}), **more)  # type: ignore[arg-type]


def test_what_was_kept_is_there_after_opening_again(tmp_path: Path, url: str | None) -> None:
    with stores.opened(tmp_path / "data", url) as records:
        person = records.add_person(Person("", "Ада", date(1990, 2, 28), "female", 1.7))
        kept = records.add([note(person, "3,5 ° \u0000 \U0001f9b5")])[0]
    with stores.opened(tmp_path / "data", url) as records:
        assert records.people() == [person]
        assert records.entries(person.id, Kind.NOTE) == [kept]
        assert {"coxa", "record"} <= kept.provenance.keys()


def test_entries_come_by_day_and_then_as_they_were_kept(records: SqlRecords) -> None:
    person = records.add_person(Person("", "A"))
    days = [3, 1, 2, 1, 1]
    records.add([note(person, str(n), on=date(2026, 1, day)) for n, day in enumerate(days)])
    found = records.entries(person.id, Kind.NOTE)
    assert [one.document["text"] for one in found] == ["1", "3", "4", "2", "0"]
    assert len(records.entries(person.id, Kind.NOTE, since=date(2026, 1, 2))) == 2


def test_an_entry_that_was_replaced_is_kept_but_not_current(records: SqlRecords) -> None:
    person = records.add_person(Person("", "A"))
    old = records.add([note(person, "old")])[0]
    new = records.add([note(person, "new", replaces=old.id)])[0]
    assert records.entries(person.id, Kind.NOTE) == [new]
    assert records.entries(person.id, Kind.NOTE, replaced=True) == [old, new]
    with pytest.raises(SourceError, match="replaced before"):
        records.add([note(person, "again", replaces=old.id)])


def test_nobody_replaces_somebody_elses_entry(records: SqlRecords) -> None:
    one, other = (records.add_person(Person("", name)) for name in "AB")
    theirs = records.add([note(other)])[0]
    with pytest.raises(SourceError):
        records.add([note(one, replaces=theirs.id)])


def test_all_entries_are_kept_or_none(records: SqlRecords) -> None:
    person = records.add_person(Person("", "A"))
    with pytest.raises(SourceError):
        records.add([note(person), note(replace(person, id=new_id()))])
    with pytest.raises(SourceError, match="JSON"):
        records.add([note(person), replace(note(person), document={"x": float("nan")})])
    assert records.entries(person.id, Kind.NOTE) == []


@pytest.mark.parametrize(
    "words", ["'; DROP TABLE people; --", '" OR 1=1 --', "%s ? :id {0}", "../../etc/passwd", "\ud800"]
)
def test_hostile_words_are_words_or_refused(records: SqlRecords, words: str) -> None:
    try:
        person = records.add_person(Person("", words))
        records.add([note(person, words, label=words)])
    except SourceError:
        assert words == "\ud800"
        assert records.people() == []
        return
    assert find_person(records.people(), words) == person
    assert records.entries(person.id, Kind.NOTE)[0].label == words
    assert records.entries(words, Kind.NOTE) == []


def test_after_text_that_is_none_the_record_answers_as_before(records: SqlRecords) -> None:
    person = records.add_person(Person("", "A"))
    for _ in range(3):
        with pytest.raises(SourceError, match="text"):
            records.entries("\ud800", Kind.NOTE)
        with pytest.raises(SourceError):
            records.add([note(person, label="\ud800")])
        assert records.people() == [person]
        assert records.entries(person.id, Kind.NOTE) == []


def test_a_file_is_kept_by_its_content_and_once(records: SqlRecords, tmp_path: Path) -> None:
    person = records.add_person(Person("", "A"))
    sources = [tmp_path / "one", tmp_path / "two"]
    for source in sources:
        source.write_bytes(b"a film")
    entries = [replace(note(person), kind=Kind.RECORDING) for _ in sources]
    kept = records.add(entries, dict(enumerate(sources)))
    assert kept[0].file == kept[1].file
    assert kept[0].file is not None
    path = records.path_of(kept[0].file)
    assert path.read_bytes() == b"a film"
    assert list(records.blobs.all()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert records.collect() == []


def test_no_other_file_is_reached_by_name(records: SqlRecords) -> None:
    for name in ("../record.sqlite", "/etc/passwd", "a" * 63, "A" * 64, ""):
        with pytest.raises(SourceError):
            records.path_of(StoredFile(name, 1))


def test_what_no_entry_names_is_collected(records: SqlRecords, tmp_path: Path) -> None:
    source = tmp_path / "film"
    source.write_bytes(b"a film")
    with pytest.raises(SourceError):
        records.add([replace(note(Person(new_id(), "nobody")), kind=Kind.RECORDING)], {0: source})
    assert len(list(records.blobs.all())) == 1
    assert records.blobs.leftovers()
    removed = records.collect()
    assert list(records.blobs.all()) == []
    assert len(removed) == 2
    assert not records.blobs.leftovers()


def test_the_audit_trail_is_append_only(records: SqlRecords) -> None:
    person = records.add_person(Person("", "A"))
    records.add([note(person)])
    records.note_action("exported", person.id)
    for statement in (update(audit).values(action="nothing"), delete(audit)):
        with pytest.raises(SQLAlchemyError, match="append only"), records.engine.begin() as connection:
            connection.execute(statement)
    assert [one.action for one in records.audit(person.id)] == ["added", "added", "exported"]


def test_erasing_leaves_nothing_of_one_and_all_of_the_other(
    records: SqlRecords, tmp_path: Path, url: str | None
) -> None:
    secret, shared = tmp_path / "secret", tmp_path / "shared"
    secret.write_bytes(b"only mine")
    shared.write_bytes(b"of both")
    mine, theirs = (records.add_person(Person("", name)) for name in ("Xanthippe-Unique", "B"))
    film = replace(note(mine), kind=Kind.RECORDING)
    records.add([film, film, note(mine, "a sentence nobody else wrote")], {0: secret, 1: shared})
    records.add([replace(film, person=theirs.id), note(theirs)], {0: shared})
    accounts = SqlAccounts(records.engine)
    for whose, login in ((mine, "mine"), (theirs, "theirs")):
        account = accounts.add(new_account(login, login, Role.PERSON), None)
        accounts.tie(account.id, whose.id, Tie.SELF)
        accounts.note("signed_in", account.id)
    before = [records.entries(theirs.id, kind) for kind in Kind]
    erased = records.erase(mine.id)
    assert erased.left == 0
    assert erased.rows["people"] == 1
    assert (erased.rows["recordings"], erased.rows["notes"], erased.rows["audit"]) == (2, 1, 5)
    assert [one.login for one in accounts.everybody()] == ["theirs"]
    assert [one.size_bytes for one in erased.files] == [len(b"only mine")]
    assert records.people() == [theirs]
    assert [records.entries(theirs.id, kind) for kind in Kind] == before
    assert [path.read_bytes() for path in records.blobs.all()] == [b"of both"]
    assert len(records.audit(theirs.id)) == 3
    if url is None:
        assert erased.traces == 0
        content = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("record*"))
        for word in (b"Xanthippe", b"nobody else wrote", mine.id.encode()):
            assert word not in content
    with pytest.raises(SourceError):
        records.erase(mine.id)


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    with stores.opened(tmp_path / "data", None):
        for path in [tmp_path / "data", *(tmp_path / "data").rglob("*")]:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_names_are_found_in_any_script_and_composition() -> None:
    people = [
        Person("aaaa1", "Zoë"),
        Person("bbbb2", "ζωή"),
        Person("cccc3", "李 小龍"),
        Person("dddd4", "Zoë X"),
    ]
    assert find_person(people, "ZOE\u0308").id == "aaaa1"
    assert find_person(people, "ΖΩΉ").id == "bbbb2"
    assert find_person(people, " 李  小龍").id == "cccc3"
    assert find_person(people, "dddd").id == "dddd4"
    with pytest.raises(SourceError):
        find_person(people, "")


@pytest.mark.parametrize(
    "bad", ["mysql://x/y", "postgresql://[", "nonsense", "postgresql+nothing://u:geheim@h/d", "sqlite:///x"]
)
def test_a_wrong_url_is_refused_without_its_password(tmp_path: Path, bad: str) -> None:
    with pytest.raises(CoxaError) as refused:
        SqlRecords.open(tmp_path, bad)
    assert "geheim" not in str(refused.value)


def test_a_server_that_does_not_answer_is_refused_without_its_password(tmp_path: Path) -> None:
    pytest.importorskip("pg8000")
    with pytest.raises(CoxaError) as refused:
        SqlRecords.open(tmp_path, f"postgresql://me:geheim@/coxa?host={tmp_path}")
    assert "geheim" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "record.sqlite").write_bytes(b"a letter to my aunt" * 100)
    with pytest.raises(SourceError, match="no SQLite database"):
        SqlRecords.open(tmp_path)
    assert (tmp_path / "record.sqlite").read_bytes().startswith(b"a letter")


def test_a_newer_record_is_refused(records: SqlRecords) -> None:
    with database.writing(records.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SourceError, match="newer Coxa"):
        database.migrate(records.engine)
