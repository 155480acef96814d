from __future__ import annotations

import json
from datetime import date

import pytest

from coxa.model.errors import SourceError
from coxa.model.plain import from_plain, to_plain
from coxa.model.plan import Availability, Programme, Track
from coxa.model.screening import Answer, Screen, ScreenOutcome, ScreenStatus
from coxa.model.training import Done, LogEntry, Stage, Symptom

DAY = date(2026, 11, 22)
PROGRAMME = Programme(
    id="hinge",
    title="Hinge",
    begins=DAY,
    weeks=(),
    tracks=(Track("hinge", "", 1.0, Stage.ACTIVATE, 0, DAY),),
    retests=(),
    screen=ScreenOutcome(ScreenStatus.CLEAR, DAY),
    availability=Availability(weekdays=(0, 2), equipment=("band",)),
)
LOGGED = LogEntry(DAY, "clam", Done.PARTLY, form=0.8, pain=2.0, symptoms=(Symptom.NUMBNESS,), note="Hüfte")
SCREENED = Screen(DAY, {"fever": Answer.NOT_SURE}, age_y=44.0, notes="l'été")


@pytest.mark.parametrize("value", [PROGRAMME, LOGGED, SCREENED])
def test_a_value_survives_json(value: object) -> None:
    text = json.dumps(to_plain(value))
    assert from_plain(type(value), json.loads(text)) == value


def test_the_schema_is_named() -> None:
    assert to_plain(LOGGED)["schema"] == "coxa.log_entry"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "coxa.programme"}, "coxa.programme"),
        ({"schema_version": 99}, "99"),
        ({"schema_version": True}, "True"),
        ({"on": "yesterday"}, "on"),
        ({"done": "perhaps"}, "done"),
        ({"colour": "red"}, "colour"),
        ({"pain": "a lot"}, "pain"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(change: dict[str, object], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        from_plain(LogEntry, {**to_plain(LOGGED), **change}, "log.json")
