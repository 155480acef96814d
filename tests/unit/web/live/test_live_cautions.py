"""What a caution of the screen leaves out is not coached, by the socket's road either."""

from __future__ import annotations

from datetime import date

import pytest

from coxa.adapters.store.records import SqlRecords
from coxa.app.live_sets import Asked
from coxa.app.record import Person
from coxa.bootstrap.live import require_allowed
from coxa.bootstrap.training import screen_person
from coxa.catalog.exercises import exercises
from coxa.model.errors import SourceError
from coxa.model.screening import Answer, Screen
from coxa.plan.admitted import cautions_against
from tests.support.plans import HEALTHY


@pytest.mark.parametrize("answer", ["hip_replacement", "pregnant", "recent_surgery"])
def test_what_a_caution_leaves_out_is_refused_and_nothing_else(
    records: SqlRecords, person: Person, answer: str
) -> None:
    today = date.today()
    screen = screen_person(records, person, Screen(today, {**HEALTHY, answer: Answer.YES}, 40.0))
    assert screen.allows_exercise
    left_out = {name for name, spec in exercises().items() if cautions_against(screen, spec)}
    assert left_out and left_out != set(exercises())
    refused = set()
    for name in exercises():
        try:
            require_allowed(records, person, Asked("coach", name), today)
        except SourceError:
            refused.add(name)
    assert refused == left_out
