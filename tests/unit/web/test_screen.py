"""The safety screen in the browser: the engine judges, nothing is taken as answered."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.catalog.planning import triage
from coxa.web.screen.form import groups
from tests.unit.web.conftest import PAGE

NO = {one.id: "no" for one in triage().questions}


def test_every_question_is_asked_and_none_is_answered(client: TestClient, person: Person) -> None:
    text = client.get(f"/p/{person.id}/screen", headers=PAGE).text
    asked = {one.id for each in groups(triage(), person, date.today()) for one in each.questions}
    assert asked == {one.id for one in triage().questions} - {"growing_hip"}
    assert set(re.findall(r'name="(\w+)" value="yes"', text)) == asked
    assert " checked" not in text


def test_the_young_are_asked_about_growing_hips(person: Person) -> None:
    young = replace(person, born=date(date.today().year - 12, 1, 1))
    unknown = replace(person, born=None)
    for one in (young, unknown):
        assert "growing_hip" in {q.id for each in groups(triage(), one, date.today()) for q in each.questions}


def test_clear_answers_lead_on(client: TestClient, records: SqlRecords, person: Person) -> None:
    answer = client.post(f"/p/{person.id}/screen", data=NO, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/p/{person.id}/screen/outcome")
    assert records.entries(person.id, Kind.SCREEN)[0].document["outcome"]["status"] == "clear"
    assert f"/p/{person.id}/camera" in client.get(answer.headers["location"], headers=PAGE).text


@pytest.mark.parametrize("told", ["yes", "not sure"])
def test_a_red_flag_stops_and_says_whom_to_see(client: TestClient, person: Person, told: str) -> None:
    client.post(f"/p/{person.id}/screen", data={**NO, "saddle_numbness": told}, headers=PAGE)
    text = client.get(f"/p/{person.id}/screen/outcome", headers=PAGE).text
    assert "See the emergency department, now" in text
    for road in ("/test", "/camera", "/session", "/coach"):
        assert f'class="button big" href="/p/{person.id}{road}' not in text


def test_a_red_flag_stops_while_other_questions_are_open(client: TestClient, person: Person) -> None:
    answer = client.post(f"/p/{person.id}/screen", data={"saddle_numbness": "yes"}, headers=PAGE)
    assert answer.headers["location"].endswith("/outcome")


def test_open_questions_are_asked_again(client: TestClient, records: SqlRecords, person: Person) -> None:
    told = {**NO, "fever": "", "lump": "maybe"}
    answer = client.post(f"/p/{person.id}/screen", data=told, headers=PAGE)
    assert answer.status_code == 422
    assert set(re.findall(r'id="open-(\w+)"', answer.text)) == {"fever", "lump"}
    assert answer.text.count(" checked") == len(NO) - 3  # the two, and the one that is for the young
    assert records.entries(person.id, Kind.SCREEN)[-1].document["outcome"]["status"] == "incomplete"


def test_cautions_say_what_is_left_out(client: TestClient, person: Person) -> None:
    client.post(f"/p/{person.id}/screen", data={**NO, "hip_replacement": "yes"}, headers=PAGE)
    text = client.get(f"/p/{person.id}/screen/outcome", headers=PAGE).text
    assert "artificial hip" in text
    assert f"/p/{person.id}/camera" in text


def test_free_text_only_brings_questions_up(client: TestClient, person: Person) -> None:
    told = {**NO, "notes": "I am incontinent since <b>yesterday</b>"}
    client.post(f"/p/{person.id}/screen", data=told, headers=PAGE)
    text = client.get(f"/p/{person.id}/screen/outcome", headers=PAGE).text
    assert "You can begin" in text
    assert "Look at my answers again" in text


def test_nobody_screens_who_is_not_there(client: TestClient) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    assert client.get(f"/p/{nobody}/screen", headers=PAGE).status_code == 404
    assert client.post(f"/p/{nobody}/screen", data=NO, headers=PAGE).status_code == 404
