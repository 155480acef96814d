"""Pages of results: all that the report says, what changed, what was not told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.app.before import changes
from coxa.app.record import Entry, Kind, Person
from coxa.catalog.loader import assess_rules
from coxa.model.assessment import Assessment, Silence
from coxa.report.assessment import document
from tests.support.assessed import nothing_seen, seated_case
from tests.unit.web.conftest import PAGE


def kept(records: SqlRecords, person: Person, found: Assessment, ago: int = 0, run: str = "") -> Entry:
    told = document([found])["assessments"][0]
    provenance = {"run": run} if run else {}
    on = date.today() - timedelta(ago)
    return records.add([Entry(person.id, Kind.ASSESSMENT, on, told, found.protocol, provenance)])[0]


def asked(client: TestClient, person: Person, entry: Entry) -> str:
    answer = client.get(f"/p/{person.id}/results/{entry.id}", headers=PAGE)
    assert answer.status_code == 200
    return answer.text


def shifted(found: Assessment, deg: float) -> Assessment:
    return replace(
        found,
        results=tuple(
            replace(one, result=replace(one.result, value=one.result.value + np.radians(deg)))
            for one in found.results
        ),
    )


def test_a_result_says_who_did_the_moving(client: TestClient, records: SqlRecords, person: Person) -> None:
    text = asked(client, person, kept(records, person, seated_case().assessment))
    for said in ("pelvis lifted", "Who did the moving", "Smallest real change", "not a diagnosis"):
        assert said in text
    assert "style=" not in text
    assert "<script>" not in text


def test_every_figure_has_its_words(client: TestClient, records: SqlRecords, person: Person) -> None:
    text = asked(client, person, kept(records, person, seated_case().assessment))
    figures = re.findall(r'<figure class="drawn report".*?</figure>', text, re.DOTALL)
    assert len(figures) >= 4
    for one in figures:
        assert "<svg" in one
        assert re.search(r'role="img" aria-label="[^"]{20,}"', one)
        assert "The same in words" in one


def test_what_was_not_observable_is_said(client: TestClient, records: SqlRecords, person: Person) -> None:
    hidden = Silence("Tucking", "The back is not seen.", "", "pelvis_anterior_tilt")
    found = replace(nothing_seen().assessment, silences=(hidden,))
    text = asked(client, person, kept(records, person, found))
    for said in (
        "Tucking",
        "A phone on the sacrum",
        "What this recording cannot tell",
        "What you could add",
        "not observable",
    ):
        assert said in text


def test_both_sides_of_one_run_are_one_result(
    client: TestClient, records: SqlRecords, person: Person
) -> None:
    whole = seated_case().assessment
    one, other = (
        replace(whole, results=tuple(each for each in whole.results if each.side == side))
        for side in ("left", "right")
    )
    entries = [kept(records, person, each, run="r1") for each in (one, other)]
    pages = [asked(client, person, each) for each in entries]
    listed = client.get(f"/p/{person.id}/results", headers=PAGE).text
    assert [one.id in listed for one in entries] == [True, False]
    for text in pages:
        assert ">Seated hip rotation, internal and external, left<" in text
        assert ">Seated hip rotation, internal and external, right<" in text
        assert "All motions" in text


def test_changes_beyond_the_error_are_told_from_those_within(
    client: TestClient, records: SqlRecords, person: Person
) -> None:
    found = seated_case().assessment
    kept(records, person, found, ago=30)
    text = asked(client, person, kept(records, person, shifted(found, 12.0)))
    assert "a real change" in text
    assert "within the error" not in text
    again = asked(client, person, kept(records, person, shifted(found, 12.5)))
    assert "a real change" not in again
    assert "within the error" in again


@pytest.mark.parametrize("deg", [-40.0, -3.0, 0.0, 3.0, 40.0])
def test_a_change_is_real_beyond_what_is_detectable(deg: float) -> None:
    found = seated_case().assessment
    told = changes([shifted(found, deg)], [found], assess_rules())
    assert len(told) == 4
    for one in told:
        assert np.degrees(one.difference.value) == pytest.approx(deg)
        assert one.real == (abs(np.radians(deg)) > one.detectable)


def test_the_report_is_a_pdf(client: TestClient, records: SqlRecords, person: Person) -> None:
    entry = kept(records, person, seated_case().assessment)
    answer = client.get(f"/p/{person.id}/results/{entry.id}/report.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_results_of_others_are_not_there(
    client: TestClient, records: SqlRecords, person: Person, stranger: Person
) -> None:
    entry = kept(records, person, seated_case().assessment)
    for road in ("", "/over-time", "/report.pdf"):
        for whose, key in ((stranger.id, entry.id), (person.id, person.id)):
            answer = client.get(f"/p/{whose}/results/{key}{road}", headers=PAGE)
            assert answer.status_code == 404


def test_all_results_are_listed(client: TestClient, records: SqlRecords, person: Person) -> None:
    assert "Nothing has been measured" in client.get(f"/p/{person.id}/results", headers=PAGE).text
    entry = kept(records, person, seated_case().assessment)
    assert entry.id in client.get(f"/p/{person.id}/results", headers=PAGE).text
