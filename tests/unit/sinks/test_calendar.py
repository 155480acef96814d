from __future__ import annotations

from datetime import date, timedelta

from icalendar import Calendar

from coxa.adapters.sinks.calendar import calendar
from coxa.model.plan import (
    Availability,
    PlannedExercise,
    PlannedSession,
    Programme,
    Retest,
    SessionKind,
    Week,
)
from coxa.model.screening import ScreenOutcome, ScreenStatus
from coxa.model.training import Stage

DAY = date(2026, 3, 2)
HOSTILE = "Squat; BEGIN:VEVENT\r\nSUMMARY:evil, \\n ζ 李"


def programme() -> Programme:
    one = PlannedExercise("squat", HOSTILE, (), Stage.STRENGTHEN, 3, repetitions=8)
    sessions = tuple(
        PlannedSession(DAY + timedelta(n), SessionKind.FULL if n % 2 else SessionKind.MINIMUM, (one,), 900.0)
        for n in range(6)
    )
    return Programme(
        "p", "P", DAY, (Week(1, DAY, False, {}, sessions),), (),
        (Retest(DAY + timedelta(28), ("seated_hip_rotation",), ()),),
        ScreenOutcome(ScreenStatus.CLEAR, DAY), Availability(),
    )  # fmt: skip


def test_a_reader_finds_every_session_and_retest_with_its_reminder() -> None:
    feed = Calendar.from_ical(calendar(programme(), "me", DAY + timedelta(2)))
    events = feed.walk("VEVENT")
    assert len(events) == 5
    assert [one.decoded("dtstart") for one in events][:2] == [DAY + timedelta(2), DAY + timedelta(3)]
    assert all(len(one.walk("VALARM")) == 1 for one in events)
    assert str(events[1]["summary"]) == "Training, 15 min"
    assert "evil" in str(events[0]["description"])
    assert str(events[-1]["summary"]) == "Measure again"
    assert len({str(one["uid"]) for one in events}) == 5


def test_an_event_keeps_its_identity_and_is_not_anybody_elses() -> None:
    def uids(person: str) -> list[str]:
        return [
            str(one["uid"]) for one in Calendar.from_ical(calendar(programme(), person, DAY)).walk("VEVENT")
        ]

    assert uids("me") == uids("me")
    assert not set(uids("me")) & set(uids("you"))


def test_without_a_programme_the_feed_is_empty() -> None:
    assert Calendar.from_ical(calendar(None, "me", DAY)).walk("VEVENT") == []
