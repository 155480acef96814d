"""Progress as a page: figures with their errors, tables beside charts, the same on paper."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.app.record_documents import Pain
from coxa.bootstrap import recording
from coxa.web.progress.charts import charts
from tests.support.plans import rotation
from tests.support.trained import assess
from tests.unit.web.conftest import PAGE

TODAY = date.today()


@pytest.fixture
def measured(records: SqlRecords, person: Person) -> Person:
    """The left side changed beyond the error, the right one did not."""
    assess(records, person, TODAY - timedelta(days=28), rotation(18, 34))
    assess(records, person, TODAY - timedelta(days=14), rotation(24, 35))
    assess(records, person, TODAY, rotation(33, 33))
    recording.keep(records, person, Kind.PAIN, Pain(3.0), TODAY)
    return person


def test_both_sides_of_a_quantity_are_one_chart(records: SqlRecords, measured: Person) -> None:
    internal = charts(recording.progress(records, measured))[0]
    assert internal.real
    assert [one.side for one in internal.measures] == ["left", "right"]
    assert [row.on for row in internal.rows] == sorted((row.on for row in internal.rows), reverse=True)
    assert internal.rows[0].cells[0] == pytest.approx((33.0, 1.96 * 2.0))


def test_what_is_real_is_said_and_what_is_drawn_is_in_a_table(client: TestClient, measured: Person) -> None:
    shown = client.get(f"/p/{measured.id}/progress", headers=PAGE).text
    assert shown.count("real change") == 1
    assert "no change for certain" in shown
    data = json.loads(re.search(r'id="page-data">(.*?)</script>', shown, re.DOTALL)[1])  # type: ignore[index]
    points = data["charts"][0]["series"][0]["points"]
    assert [value for _, value, _ in points] == [18.0, 24.0, 33.0]
    low, high = data["charts"][0]["series"][0]["limits"]
    assert low < 18 < high < 33
    for _, value, half in points:
        assert f"{value:g}° ± {half:.1f}°" in shown
    assert data["pain"] == [[TODAY.isoformat(), 3.0]]


def test_nothing_measured_is_said(client: TestClient, person: Person) -> None:
    shown = client.get(f"/p/{person.id}/progress", headers=PAGE).text
    assert "Nothing has been measured yet" in shown
    assert "No session was due yet" in shown


def test_it_is_a_pdf_too_and_that_is_noted(client: TestClient, records: SqlRecords, measured: Person) -> None:
    answer = client.get(f"/p/{measured.id}/progress/report.pdf")
    assert answer.content.startswith(b"%PDF")
    assert records.audit(measured.id)[-1].action == "exported"
