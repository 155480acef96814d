"""The record takes any words for words: kept as they are or refused plainly, never run, never a path."""

from __future__ import annotations

import csv
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from coxa.adapters.sinks.record_tables import harmless, write_tables
from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Entry, Kind, Person, StoredFile, clean_name, find_person, name_key
from coxa.app.record_documents import KeptFile, Note, Pain, day, document_of, number
from coxa.app.record_tables import Table, Type
from coxa.bootstrap import recording
from coxa.cli.main import app
from coxa.model.errors import CoxaError
from tests.support import stores

DAY = date(2026, 3, 2)
FEW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
HOSTILE = (
    "Robert'); DROP TABLE people;--",
    "' OR '1'='1",
    '" OR 1=1 --',
    "x'; DELETE FROM notes WHERE ''='",
    "%",
    "_",
    "$1 ? :name %s {0} {{7*7}} ${HOME} `id`",
    "../../../../etc/passwd",
    "..\\..\\windows\\system32",
    "/etc/passwd",
    "C:\\con\\nul",
    "file:///etc/passwd",
    "a\x00b",
    "\x1b[2J\x1b]0;owned\x07",
    "<script>alert(1)</script>",
    "=cmd|'/C calc'!A0",
    "ليلى \u202egnp.exe",
    "👩🏽\u200d🦽",
    "e\u0301" * 150,
    "Z" + "\u0300" * 199,
    "李" * 201,
    "\ud800",
    "\ufeff\u200b",
    "-rf",
    "--help",
    "A" * 100_000,
)
WORDS = (
    st.sampled_from(HOSTILE)
    | st.text(max_size=60)
    | st.text("'\";-/\\.%_\x00=+@<>&\u202e\u0301🦵א", max_size=30)
)
UNSEEN = ("\ufeff\u200b", "\u0301", "\u202eecila", "a\u2066b", "\u00a0", "\U000e0001")
PEOPLE = ("ליאת", "\u0645\u06cc\u200c\u062e\u0648", "李", "O'Brien-Smith", "👩🏽\u200d🦽", "X Æ A-12", "7")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlRecords]:
    with stores.opened(tmp_path_factory.mktemp("record") / "data", None) as made:
        made.add_person(Person("", "Witness"))
        yield made


def witness(records: SqlRecords) -> Person:
    """Somebody to whom nothing may happen."""
    return find_person(records.people(), "Witness")


@FEW
@given(WORDS)
def test_any_name_is_kept_and_found_or_refused(records: SqlRecords, name: str) -> None:
    before = len(records.people())
    try:
        made = records.add_person(Person("", name))
    except CoxaError:
        assert len(records.people()) == before
        return
    assert made in records.people()
    assert made.name == unicodedata.normalize("NFC", " ".join(name.split()))
    assert sum(name_key(one.name) == name_key(name) for one in records.people()) >= 1
    records.erase(made.id)
    assert len(records.people()) == before
    assert witness(records)


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_can_be_seen_and_leaves_the_line_as_it_is(name: str) -> None:
    with pytest.raises(CoxaError):
        clean_name(name)


@pytest.mark.parametrize("name", PEOPLE)
def test_names_of_people_are_names(name: str) -> None:
    assert clean_name(name) == name


@FEW
@given(WORDS)
def test_nobody_is_found_by_anything_but_name_or_id(records: SqlRecords, who: str) -> None:
    try:
        found = find_person(records.people(), who)
    except CoxaError:
        return
    assert name_key(found.name) == name_key(who) or found.id.startswith(who.lower())


@FEW
@given(WORDS)
def test_words_for_an_id_reach_nobody(records: SqlRecords, key: str) -> None:
    person = witness(records)
    records.add([Entry(person.id, Kind.NOTE, DAY, {"text": "stays"})])
    for reach in (records.erase, records.audit, lambda one: records.entries(one, Kind.NOTE)):
        try:
            assert not reach(key)
        except CoxaError:
            continue
    assert records.entries(person.id, Kind.NOTE)
    assert witness(records) == person


@FEW
@given(WORDS, WORDS)
def test_free_text_comes_back_as_it_was_or_is_refused(records: SqlRecords, text: str, where: str) -> None:
    person = witness(records)
    kept = [(Kind.NOTE, Note(text)), (Kind.PAIN, Pain(3.0, where, text))]
    for kind, value in kept:
        try:
            made = recording.keep(records, person, kind, value, DAY)
        except CoxaError:
            continue
        (back,) = [one for one in records.entries(person.id, kind) if one.id == made.id]
        assert back.document == document_of(value)


@FEW
@given(WORDS)
@example("ab/../../cd")
def test_no_words_are_a_path_out_of_the_folder(records: SqlRecords, words: str) -> None:
    try:
        path = records.path_of(StoredFile(words, 1))
    except CoxaError:
        return
    assert path.resolve().is_relative_to((records.blobs.folder).resolve())


def test_whoever_it_is_exports_are_the_files_named_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    source = tmp_path_factory.mktemp("source") / "file"
    source.write_bytes(b"content")
    base = tmp_path_factory.mktemp("exports")

    @settings(FEW, max_examples=3)
    @given(WORDS, WORDS)
    @example("../../x", "../../../y")
    @example("=1+1", "/etc/passwd")
    def law(name: str, words: str) -> None:
        folder = base / str(len(list(base.iterdir())))
        folder.mkdir()
        with stores.opened(folder / "data", None) as records:
            try:
                person = records.add_person(Person("", name))
                recording.keep(records, person, Kind.RECORDING, KeptFile(words), DAY, words, source)
                recording.keep(records, person, Kind.NOTE, Note(words), DAY)
                recording.keep(records, person, Kind.PAIN, Pain(2.0, words, words), DAY)
            except CoxaError:
                if not records.people():
                    return
                person = records.people()[0]
            written = {
                path
                for ending in ("zip", "json", "ics", "csv", "parquet", "xlsx")
                for path in recording.export(records, person, folder / f"out.{ending}")
            }
            found = recording.progress(records, person, DAY)
            recording.write_progress(found, folder / "p.html", folder / "p.pdf")
        written |= {folder / "p.html", folder / "p.pdf", folder / "data"}
        assert set(folder.iterdir()) == written
        with zipfile.ZipFile(folder / "out.zip") as archive:
            for member in archive.namelist():
                assert not member.startswith("/")
                assert ".." not in member
                assert "\\" not in member

    law()


@given(WORDS)
def test_no_cell_computes(text: str) -> None:
    assert harmless(text) in (text, f"'{text}")
    assert harmless(text).strip()[:1] not in tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def test_a_table_comes_back_cell_by_cell(tmp_path: Path) -> None:
    @settings(FEW, max_examples=20)
    @given(st.lists(WORDS, min_size=1, max_size=4))
    def law(texts: list[str]) -> None:
        table = Table("t", {"n": Type.NUMBER, "note": Type.TEXT}, tuple((1.5, text) for text in texts))
        write_tables([table], tmp_path / "a.csv")
        with (tmp_path / "a-t.csv").open(encoding="utf-8", newline="") as lines:
            assert [row["n"] for row in csv.DictReader(lines, strict=True)] == ["1.5"] * len(texts)
        write_tables([table], tmp_path / "a.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["t"]
        assert sheet.max_row == 1 + len(texts)
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)

    csv.field_size_limit(1_000_000)
    law()


@given(st.integers(0, 9), st.integers(0, 999), st.sampled_from(".,"))
def test_a_decimal_comma_is_a_point(whole: int, part: int, mark: str) -> None:
    assert number(f" {whole}{mark}{part:03d} ", "pain", 0, 10) == float(f"{whole}.{part:03d}")


@given(st.floats(0, 10), st.sampled_from(["kg", "°", "cm", "%", "/10", " of 10", "\u066b5", "_0", ",0,0"]))
def test_a_unit_is_never_dropped(value: float, unit: str) -> None:
    with pytest.raises(CoxaError):
        number(f"{value:.3f}{unit}", "pain", 0, 10)


@given(st.dates(), st.sampled_from("-./ "), st.permutations([0, 1, 2]), st.booleans())
def test_which_is_the_month_is_never_guessed(on: date, mark: str, order: list[int], short: bool) -> None:
    parts = [f"{on.year % 100:02d}" if short else f"{on.year:04d}", f"{on.month:02d}", f"{on.day:02d}"]
    text = mark.join(parts[place] for place in order)
    try:
        read = day(text)
    except CoxaError:
        return
    assert text in (read.isoformat(), f"{read.day:02d}.{read.month:02d}.{read.year:04d}")


def test_no_words_on_the_command_line_end_in_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COXA_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("COXA_DATABASE", raising=False)
    run = CliRunner()
    first = "Who was there before all words"  # which no text made by chance is taken for
    assert run.invoke(app, ["person", "add", first]).exit_code == 0

    @settings(FEW, max_examples=5)
    @given(WORDS)
    def law(words: str) -> None:
        for arguments in (
            ("person", "add", "--", words),
            ("person", "show", "--", words),
            ("log", "note", first, "--", words),
            ("log", "pain", first, "--where", words, "--", "3,5"),
            ("log", "pain", first, "--", words),
            ("progress", first, "--on", words),
            ("export", "--", words, "/no/such/folder/a.csv"),
        ):
            done = run.invoke(app, list(arguments))
            assert done.exit_code in (0, 2, 3, 5, 6), (arguments, done.output, done.exception)
            assert "Traceback" not in done.output
        assert run.invoke(app, ["person", "show", first]).exit_code == 0

    law()
