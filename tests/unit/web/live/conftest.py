"""A person whom the safety screen clears, and sets of theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Person
from coxa.bootstrap.training import screen_person
from coxa.catalog.planning import triage
from coxa.model.screening import Answer, Screen

ORIGIN = {"origin": "http://127.0.0.1"}


@pytest.fixture
def cleared(records: SqlRecords, person: Person) -> Person:
    """The person, who may exercise today."""
    answers = {one.id: Answer.NO for one in triage().questions}
    assert screen_person(records, person, Screen(date.today(), answers, 40.0)).allows_exercise
    return person


@pytest.fixture
def begin(client: TestClient, cleared: Person) -> Callable[..., str]:
    """Makes a set; the address of its socket."""

    def made(**asked: Any) -> str:
        answer = client.post(f"/api/people/{cleared.id}/sets", json=asked)
        assert answer.status_code == 201, answer.text
        return f"ws://127.0.0.1{answer.json()['socket']}"

    return made
