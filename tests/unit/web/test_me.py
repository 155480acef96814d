"""One's own record: what is kept is said, put right, taken away, removed with proof."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from datetime import date

import pytest
from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.app.record_documents import Note, Pain
from coxa.bootstrap import recording
from coxa.web.me.routes import endings
from coxa.web.pwa.keeping import HEADER
from tests.unit.web.conftest import PAGE


@pytest.fixture
def kept(records: SqlRecords, person: Person) -> Person:
    recording.keep(records, person, Kind.PAIN, Pain(2.0, "left groin"))
    recording.keep(records, person, Kind.NOTE, Note("=SUM(A1) is a word of mine"))
    return person


def test_everything_is_counted_and_told(client: TestClient, kept: Person) -> None:
    shown = client.get(f"/p/{kept.id}/me", headers=PAGE).text
    assert "<dt>Pain told</dt><dd>1</dd>" in shown
    assert "<dt>Notes</dt><dd>1</dd>" in shown
    assert shown.count("<td>added</td>") == 3
    assert "left groin" not in shown


def test_details_are_put_right(client: TestClient, records: SqlRecords, person: Person) -> None:
    told = {"name": "  Anna   Muster ", "born": "1981-02-03", "sex": "", "height_cm": "171,5"}
    assert client.post(f"/p/{person.id}/me", data=told, headers=PAGE).status_code == 303
    changed = records.person(person.id)
    assert changed is not None
    assert (changed.name, changed.born, changed.sex) == ("Anna Muster", date(1981, 2, 3), None)
    assert changed.height_m == pytest.approx(1.715)
    assert records.audit(person.id)[-1].action == "changed"


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"born": "yesterday"}, {"born": "2999-01-01"}, {"height_cm": "5"}, {"sex": "x"}]
)
def test_details_that_make_no_sense_are_refused(
    client: TestClient, records: SqlRecords, person: Person, wrong: dict[str, str]
) -> None:
    answer = client.post(f"/p/{person.id}/me", data={"name": "Anna", **wrong}, headers=PAGE)
    assert answer.status_code == 422
    assert records.person(person.id) == person


@pytest.mark.parametrize("ending", endings())
def test_it_is_taken_away_under_a_name_that_tells_nobody(
    client: TestClient, kept: Person, ending: str
) -> None:
    answer = client.get(f"/p/{kept.id}/me/coxa.{ending}")
    assert answer.status_code == 200
    assert answer.content
    assert "Anna" not in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"


def test_the_tables_are_three(client: TestClient, kept: Person) -> None:
    packed = zipfile.ZipFile(io.BytesIO(client.get(f"/p/{kept.id}/me/coxa.csv").content))
    assert sorted(packed.namelist()) == ["coxa-measures.csv", "coxa-pain.csv", "coxa-sessions.csv"]


def test_nobody_is_removed_without_the_name(client: TestClient, records: SqlRecords, kept: Person) -> None:
    assert "Type your name" in client.get(f"/p/{kept.id}/me/delete", headers=PAGE).text
    answer = client.post(f"/p/{kept.id}/me/delete", data={"typed": "Anna"}, headers=PAGE)
    assert answer.status_code == 422
    assert "Nothing was removed" in answer.text
    assert records.person(kept.id) is not None


def test_removing_shows_its_proof_and_leaves_nothing(
    client: TestClient, records: SqlRecords, kept: Person
) -> None:
    answer = client.post(f"/p/{kept.id}/me/delete", data={"typed": "anna beispiel"}, headers=PAGE)
    assert answer.status_code == 200
    assert answer.headers[HEADER] == f"{kept.id} never"
    proof = re.search(r"base64,([^\"]+)", answer.text)
    assert proof is not None
    told = json.loads(base64.b64decode(proof[1]))
    assert (told["left"], told["rows"]["pain"]) == (0, 1)
    assert records.person(kept.id) is None
    assert client.get(f"/p/{kept.id}/me", headers=PAGE).status_code == 404
    assert client.get("/", headers=PAGE).headers["location"] == "/welcome"
