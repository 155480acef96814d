from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from coxa.adapters.sinks.record_tables import harmless, write_tables
from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import Pain, document_of
from coxa.app.record_tables import Table, Type, tables
from coxa.bootstrap import recording
from coxa.model.errors import OutputError
from coxa.model.training import LogEntry, Symptom
from tests.support import stores

DAY = date(2026, 3, 2)
FORMULAS = (
    "=1+1",
    "+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\uff1d1+1",
    ' =HYPERLINK("http://x")',
    "=cmd|' /C calc'!A0",
)


def kept(records: SqlRecords, note: str = "=1+1") -> Person:
    person = records.add_person(Person("", "=Zoë"))
    results = [
        {"quantity": "internal_rotation", "side": "left", "value_deg": 20.5, "sd_deg": 2.0,
         "minimal_detectable_deg": 5.5, "verdict": "clean", "observability": "observed"},
        {"quantity": "internal_rotation", "side": "right", "value_deg": 90.0, "sd_deg": 40.0,
         "verdict": "not observable", "observability": "not observable"},
    ]  # fmt: skip
    document = {"protocol": "seated_hip_rotation", "source": "film.MP4", "results": results}
    log = LogEntry(
        DAY,
        "squat",
        form=0.9,
        pain=2.5,
        pain_next_morning=4.0,
        symptoms=(Symptom.NUMBNESS,),
        sets=3,
        note=note,
    )
    records.add(
        [
            Entry(person.id, Kind.ASSESSMENT, DAY, document),
            Entry(person.id, Kind.SESSION, DAY, document_of(log)),
            Entry(person.id, Kind.PAIN, date(2026, 3, 1), document_of(Pain(6.0, "left groin", note))),
        ]
    )
    return person


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_tables_say_what_is_kept_with_units(tmp_path: Path) -> None:
    with stores.opened(tmp_path / "data", None) as records:
        person = kept(records)
        written = recording.export(records, person, tmp_path / "zoë.csv")
        assert [one.action for one in records.audit(person.id)][-1] == "exported"
    assert [one.name for one in written] == ["zoë-measures.csv", "zoë-sessions.csv", "zoë-pain.csv"]
    left, right = rows(written[0])
    assert (left["date"], left["test"], left["side"]) == ("2026-03-02", "seated_hip_rotation", "left")
    assert (left["value_deg"], left["sd_deg"], left["verdict"], left["source_kind"]) == (
        "20.5",
        "2.0",
        "clean",
        "mp4",
    )
    assert (right["value_deg"], right["sd_deg"], right["observability"]) == ("", "", "not observable")
    (session,) = rows(written[1])
    assert (session["form_percent"], session["note"], session["symptoms"]) == ("90.0", "'=1+1", "numbness")
    pain = [(one["date"], one["pain_of_10"], one["when"]) for one in rows(written[2])]
    assert pain == [
        ("2026-03-01", "6.0", "told"),
        ("2026-03-02", "2.5", "during"),
        ("2026-03-03", "4.0", "next morning"),
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    table = Table("t", {"day": Type.DAY, "n": Type.NUMBER, "note": Type.TEXT}, ((DAY, -1.5, text),))
    for ending in (".csv", ".parquet", ".xlsx"):
        write_tables([table], tmp_path / f"a{ending}")
    (row,) = rows(tmp_path / "a-t.csv")
    assert row["note"] == "'" + text.replace("\r", "\n")
    assert row["n"] == "-1.5"
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["t"]["C2"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\r", "\n")
    (line,) = pq.read_table(tmp_path / "a-t.parquet").to_pylist()
    assert line == {"day": DAY, "n": -1.5, "note": text}


def test_plain_text_stays_as_it_is() -> None:
    assert harmless("left groin, 3-4 of 10 = bearable") == "left groin, 3-4 of 10 = bearable"


def test_a_workbook_has_days_and_numbers_and_every_text(tmp_path: Path) -> None:
    cells = (
        (DAY, 2.5, "a\x00\x0b\ufffe" + "\U0001f9b5" * 30_000),
        (date(1, 1, 1), float("nan"), ""),
        (None, None, None),
    )
    table = Table("t", {"day": Type.DAY, "n": Type.NUMBER, "note": Type.TEXT}, cells)
    write_tables([table], tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["t"]
    assert sheet["A2"].value.date() == DAY
    assert sheet["B2"].value == 2.5
    assert sheet["C2"].value.startswith("a\ufffd\ufffd\ufffd\U0001f9b5")
    assert sheet["C2"].value.endswith("[cut]")
    assert sheet["A3"].value == "0001-01-01"
    assert sheet["B3"].value is None
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("ending", [".zip", ".json", ".ics", ".csv", ".parquet", ".xlsx"])
def test_nothing_is_replaced_unless_told(tmp_path: Path, ending: str) -> None:
    with stores.opened(tmp_path / "data", None) as records:
        person = kept(records)
        out = tmp_path / f"zoë{ending}"
        written = recording.export(records, person, out)
        written[-1].write_text("mine", encoding="utf-8")
        with pytest.raises(OutputError, match="there already"):
            recording.export(records, person, out)
        assert written[-1].read_text(encoding="utf-8") == "mine"
        recording.export(records, person, out, overwrite=True)
        assert written[-1].read_bytes() != b"mine"
        assert list(tmp_path.glob(".*.part")) == []


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a-pain.csv").mkdir()
    made = [Table(name, {"note": Type.TEXT}, ((json.dumps(name),),)) for name in ("measures", "pain")]
    with pytest.raises(OutputError):
        write_tables(made, tmp_path / "a.csv")
    assert list(tmp_path.glob("*.part")) == list(tmp_path.glob(".*.part")) == []


def test_an_empty_record_has_its_columns(tmp_path: Path) -> None:
    with stores.opened(tmp_path / "data", None) as records:
        person = records.add_person(Person("", "A"))
        assert [len(one.rows) for one in tables(records, person)] == [0, 0, 0]
        for ending in (".csv", ".parquet", ".xlsx"):
            recording.export(records, person, tmp_path / f"a{ending}")
    assert "value_deg" in (tmp_path / "a-measures.csv").read_text(encoding="utf-8")
    assert "value_deg" in pq.read_schema(tmp_path / "a-measures.parquet").names
