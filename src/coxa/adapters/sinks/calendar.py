"""Sessions and retests of a programme as an iCalendar feed (RFC 5545), with reminders."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from icalendar import Alarm, Calendar, Event

from coxa.adapters.sinks.guard import whole_file
from coxa.model.plan import PlannedSession, Programme, SessionKind

_REMINDER = timedelta(hours=8)  # of the day itself: at eight in the morning


def write_calendar(programme: Programme | None, person: str, path: Path, since: date) -> None:
    """Write the feed.

    Args:
        programme: in force; None: a feed without events, so that what a calendar shows goes away.
        person: id; events keep their identity from one feed to the next.
        path: of the file.
        since: earlier days are left out.

    Raises:
        OutputError: it cannot be written.
    """
    with whole_file(path) as aside:
        aside.write_bytes(calendar(programme, person, since))


def calendar(programme: Programme | None, person: str, since: date) -> bytes:
    """The feed. Events are days, not hours: nobody told when the person has time."""
    feed = Calendar()
    feed.add("prodid", "-//Coxa//Programme//EN")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    if programme is None:
        return bytes(feed.to_ical())
    stamp = datetime(programme.begins.year, programme.begins.month, programme.begins.day, tzinfo=UTC)
    for week in programme.weeks:
        for session in week.sessions:
            if session.on >= since:
                feed.add_component(_session(session, person, stamp))
    for retest in programme.retests:
        if retest.on >= since:
            what = ", ".join(name.replace("_", " ") for name in retest.protocols)
            feed.add_component(_event(retest.on, "Measure again", what, f"{person}/retest", stamp))
    return bytes(feed.to_ical())


def _session(session: PlannedSession, person: str, stamp: datetime) -> Event:
    minutes = round(session.duration_s / 60)
    title = "Training" if session.kind is SessionKind.FULL else "Short training"
    lines = [f"{one.title}: {_dose(one.sets, one.repetitions, one.hold_s)}" for one in session.exercises]
    return _event(
        session.on, f"{title}, {minutes} min", "\n".join(lines), f"{person}/{session.kind.value}", stamp
    )


def _dose(sets: int, repetitions: int | None, hold_s: float | None) -> str:
    if repetitions is not None:
        return f"{sets} x {repetitions}"
    return f"{sets} x {hold_s:g} s" if hold_s is not None else f"{sets} sets"


def _event(on: date, title: str, words: str, what: str, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, f'coxa/{what}/{on}')}@coxa")
    event.add("dtstamp", stamp)
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", title)
    event.add("description", words)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", _REMINDER)
    event.add_component(alarm)
    return event
