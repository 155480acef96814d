"""Guided tests: what may be chosen, what is kept, how results are waited for."""

from __future__ import annotations

import time
from datetime import date

import numpy as np
from fastapi import FastAPI
from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Entry, Kind, Person
from coxa.bootstrap.guided import keep_take
from coxa.catalog.protocols import library
from coxa.model.screening import Answer
from coxa.web.guided.battery import choices, next_of_battery
from coxa.web.guided.working import Working
from tests.support.takes import LAYOUT
from tests.unit.web.conftest import PAGE
from tests.unit.web.test_home import measured, screened

TEST = "hip_abduction"


def still(records: SqlRecords, person: Person, side: str = "left", live_set: str = "") -> Entry:
    """A take of somebody who does not move."""
    seen = LAYOUT.recording(np.arange(4) / 15, np.full((4, 33, 4), 0.5, np.float32))
    return keep_take(records, person, TEST, side, seen, live_set=live_set)


def test_the_battery_has_the_six_motions(client: TestClient, records: SqlRecords, person: Person) -> None:
    screened(records, person)
    text = client.get(f"/p/{person.id}/test", headers=PAGE).text
    for part in library().protocols["hip_passport"].parts:
        assert f'href="/p/{person.id}/test/{part}"' in text
    assert "Take the whole battery" in text


def test_the_battery_goes_on_behind_what_was_done(records: SqlRecords, person: Person) -> None:
    kept = [measured(records, person)]  # hip abduction
    parts = library().protocols["hip_passport"].parts
    assert next_of_battery([], date.today()) == parts[0]
    assert next_of_battery(kept, date.today(), after=TEST) == "hip_adduction"
    own, others = choices(kept, date.today())
    assert [one.protocol.id for one in own if one.done] == [TEST]
    assert not {one.protocol.id for one in own} & {one.protocol.id for one in others}
    assert all(one.told or one.untold for one in (*own, *others))


def test_every_test_shows_where_the_camera_goes(
    client: TestClient, records: SqlRecords, person: Person
) -> None:
    screened(records, person)
    for name, spec in library().protocols.items():
        answer = client.get(f"/p/{person.id}/test/{name}", headers=PAGE)
        if spec.kind == "battery":
            assert answer.headers["location"].endswith(f"/test/{spec.parts[0]}?battery=true")
            continue
        drawn = answer.text.count('<svg class="placement"')
        assert drawn == 2 * (2 if spec.sides == "each" else 1), name
        assert spec.camera.view == "overhead" or f">{spec.camera.distance_m:g} m<" in answer.text, name


def test_no_test_without_a_screen_nor_with_a_red_flag(
    client: TestClient, records: SqlRecords, person: Person
) -> None:
    for road in ("/test", f"/test/{TEST}"):
        assert client.get(f"/p/{person.id}{road}", headers=PAGE).headers["location"].endswith("/screen")
    screened(records, person, saddle_numbness=Answer.YES)
    for road in ("/test", f"/test/{TEST}"):
        assert client.get(f"/p/{person.id}{road}", headers=PAGE).headers["location"].endswith("/outcome")


def test_a_live_set_leaves_one_take(records: SqlRecords, person: Person) -> None:
    one, other = (still(records, person, live_set="s1") for _ in range(2))
    assert one.id == other.id
    assert still(records, person, live_set="s2").id != one.id


def test_a_set_that_is_not_there_is_not_kept(client: TestClient, person: Person) -> None:
    address = f"/api/people/{person.id}/tests/{TEST}/takes"
    answer = client.post(address, json={"live_set": person.id})
    assert answer.status_code == 404


def test_what_cannot_be_measured_is_said_and_can_be_tried_again(
    client: TestClient, app: FastAPI, records: SqlRecords, person: Person
) -> None:
    take = still(records, person)
    address = f"/api/people/{person.id}/tests/{TEST}/results"
    where = client.post(address, json={"takes": [take.id]}).json()["url"]
    working: Working = app.state.assessing
    for _ in range(600):
        if not working.under_way([take]):
            break
        time.sleep(0.05)
    text = client.get(where, headers=PAGE).text
    assert "notice warn" in text
    assert "Measure it once more" in text


def test_results_wait_for_their_assessment(client: TestClient, records: SqlRecords, person: Person) -> None:
    take = still(records, person)
    address = f"/p/{person.id}/test/{TEST}/result?take={take.id}"
    assert "Measure it once more" in client.get(address, headers=PAGE).text
    document = {"protocol": TEST, "title": "Hip abduction", "results": [], "findings": []}
    made = Entry(person.id, Kind.ASSESSMENT, date.today(), document, TEST, {"recording": take.id})
    entry = records.add([made])[0]
    assert client.get(address, headers=PAGE).headers["location"] == f"/p/{person.id}/results/{entry.id}"


def test_takes_of_others_are_not_assessed(
    client: TestClient, records: SqlRecords, person: Person, stranger: Person
) -> None:
    take = still(records, person)
    address = f"/api/people/{stranger.id}/tests/{TEST}/results"
    assert client.post(address, json={"takes": [take.id]}).status_code == 422
