"""The coach's page, cards and demonstrations; what the pages' script finds in them."""

from __future__ import annotations

import json
import re
import struct
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Person
from coxa.bootstrap.training import screen_person
from coxa.catalog.exercises import exercises
from coxa.catalog.planning import planning
from coxa.model.screening import Answer, Screen
from coxa.web.coach.card import card_of
from tests.unit.web.conftest import PAGE

SCRIPTS = Path(__file__).parents[3] / "frontend" / "src"


@pytest.fixture
def cleared(records: SqlRecords, person: Person) -> Person:
    """Somebody whom the screen lets exercise."""
    _screened(records, person, {})
    return person


def _screened(records: SqlRecords, person: Person, told: dict[str, Answer]) -> None:
    answers = {one.id: told.get(one.id, Answer.NO) for one in planning().triage.questions}
    screen_person(records, person, Screen(date.today(), answers, 40.0))


def _coach(client: TestClient, person: Person, exercise: str = "squat") -> str:
    answer = client.get(f"/p/{person.id}/coach/{exercise}", headers=PAGE)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def _told(text: str, name: str) -> dict[str, object]:
    found = re.search(rf'id="{name}">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return dict(json.loads(found.group(1)))


def test_the_page_brings_all_that_its_script_asks_for(client: TestClient, cleared: Person) -> None:
    text = _coach(client, cleared)
    sources = [path.read_text() for path in SCRIPTS.glob("live/*.ts")]
    sources += [path.read_text() for path in SCRIPTS.glob("demonstration/*.ts")]
    script = "\n".join(sources)
    parts = set(re.findall(r'(?:part(?:<\w+>)?|shown|text|rows|click)\("([a-z-]+)"', script))
    assert len(parts) > 20
    assert parts <= set(re.findall(r'data-part="([a-z-]+)"', text))


def test_every_word_that_the_script_says_is_in_the_page(client: TestClient, cleared: Person) -> None:
    words = _told(_coach(client, cleared), "live-words")
    script = "\n".join(path.read_text() for path in SCRIPTS.glob("live/*.ts"))
    keys = set(re.findall(r'(?:told\(this\.words, |this\.tell\()"([a-z_]+)"', script))
    assert len(keys) > 15
    assert keys <= set(words)
    for trouble in ("denied", "none", "busy", "insecure", "ended", "broken", "network", "asking", "loading"):
        assert words[trouble]
        assert words[f"{trouble}_hint"]
    assert words["set_of"] == "Set %(set)s of %(sets)s"


def test_nothing_of_the_page_is_run_that_is_no_file(client: TestClient, cleared: Person) -> None:
    text = _coach(client, cleared)
    assert " style=" not in text
    assert not re.findall(r"\son[a-z]+=", text)
    for kind in re.findall(r"<script([^>]*)>", text):
        assert "src=" in kind or "application/json" in kind


def test_where_no_exercise_is_allowed_none_is_shown(client: TestClient, person: Person) -> None:
    answer = client.get(f"/p/{person.id}/coach/squat", headers=PAGE)
    assert answer.status_code == 422
    assert "data-live" not in answer.text
    assert f"/p/{person.id}/screen" in answer.text


def test_what_a_caution_leaves_out_is_not_coached(
    client: TestClient, records: SqlRecords, person: Person
) -> None:
    triage = planning().triage
    caution, exercise = next((one, one.avoid[0]) for one in triage.cautions if one.avoid)
    asked = (*caution.when.all_of, *caution.when.any_of)
    _screened(records, person, dict.fromkeys(asked, Answer.YES))
    answer = client.get(f"/p/{person.id}/coach/{exercise}", headers=PAGE)
    assert answer.status_code == 422
    assert "data-live" not in answer.text


def test_the_address_may_say_how_much(client: TestClient, cleared: Person) -> None:
    asked = f"/p/{cleared.id}/coach/clam?side=left&sets=1&repetitions=3"
    answer = client.get(asked, headers=PAGE)
    assert _told(answer.text, "page-data")["dose"] == {"side": "left", "sets": 1, "repetitions": 3}
    assert client.get(f"/p/{cleared.id}/coach/clam?sets=0", headers=PAGE).status_code == 422


def test_nobody_elses_page_and_no_exercise_that_is_none(client: TestClient, cleared: Person) -> None:
    assert client.get(f"/p/{cleared.id}/coach/no_such_thing", headers=PAGE).status_code == 404
    assert client.get("/p/00000000-0000-0000-0000-000000000000/coach/squat", headers=PAGE).status_code == 404
    assert client.get("/api/exercises/no_such_thing/demonstration/left.glb").status_code == 404
    assert client.get("/api/exercises/squat/demonstration/up.glb").status_code == 422


def test_a_card_says_how_it_is_done(client: TestClient, cleared: Person) -> None:
    card = client.get(f"/api/people/{cleared.id}/exercises/clam").json()
    assert card["sides"] == ["left", "right"]
    assert card["setup"]
    assert card["phases"]
    assert set(card["demonstration"]) == {"left", "right"}


def test_a_demonstration_is_a_gltf_packed_where_it_may_be(client: TestClient, cleared: Person) -> None:
    (address,) = card_of(exercises()["squat"], "en").demonstration.values()
    packed = client.get(address)
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] == "model/gltf-binary"
    magic, version, length = struct.unpack("<III", packed.content[:12])
    assert (magic, version, length) == (0x46546C67, 2, len(packed.content))
    plain = client.get(address, headers={"accept-encoding": "identity"})
    assert plain.content == packed.content
    assert "content-encoding" not in plain.headers
