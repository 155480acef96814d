from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from coxa.adapters.store.records import SqlRecords
from coxa.app.progress import Progress, current_programme, progress
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import Pain, Screened, document_of
from coxa.catalog.loader import assess_rules
from coxa.catalog.planning import triage
from coxa.model.plan import Availability, PlannedSession, Programme, Retest, SessionKind, Week
from coxa.model.screening import Referral, Screen, ScreenOutcome, ScreenStatus
from coxa.model.training import Done, LogEntry
from coxa.report.progress.page import page
from coxa.report.progress.words import lines
from tests.support import stores

MONDAY = date(2026, 3, 2)
TODAY = MONDAY + timedelta(days=16)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with stores.opened(tmp_path / "data", None) as made:
        yield made


def measured(
    person: Person, days: int, value: float | None, sd: float = 2.0, level: str = "observed"
) -> Entry:
    result = {"quantity": "internal_rotation", "side": "left", "value_deg": value, "sd_deg": 2.0}
    document = {"protocol": "seated_hip_rotation", "results": [{**result, "observability": level}]}
    return Entry(person.id, Kind.ASSESSMENT, MONDAY + timedelta(days=days), document)


def screen_of(person: Person, status: ScreenStatus, on: date = MONDAY) -> Entry:
    flags = (
        Referral(
            "saddle", "cauda_equina", "Numb between the legs.", "an emergency department", "now", "", ""
        ),
    )
    outcome = ScreenOutcome(
        status, on, flags if status is ScreenStatus.STOP else (), version=triage().version
    )
    return Entry(person.id, Kind.SCREEN, on, document_of(Screened(Screen(on, {}), outcome)))


def programme_of(person: Person) -> Entry:
    days = [MONDAY + timedelta(days=n) for n in (0, 2, 4, 7, 9, 11, 14, 16, 18)]
    sessions = tuple(PlannedSession(on, SessionKind.FULL, (), 600.0) for on in days)
    made = Programme(
        "p", "P", MONDAY, (Week(1, MONDAY, False, {}, sessions),), (),
        (Retest(MONDAY + timedelta(days=28), ("seated_hip_rotation",), ()),),
        ScreenOutcome(ScreenStatus.CLEAR, MONDAY), Availability(),
    )  # fmt: skip
    return Entry(person.id, Kind.PROGRAMME, MONDAY, document_of(made))


def session(person: Person, days: int, pain: float = 1.0, done: Done = Done.DONE) -> Entry:
    on = MONDAY + timedelta(days=days)
    return Entry(person.id, Kind.SESSION, on, document_of(LogEntry(on, "squat", done, pain=pain)))


def told(records: SqlRecords, entries: list[Entry], as_of: date = TODAY) -> Progress:
    records.add(entries)
    return progress(records, records.people()[0], as_of, assess_rules(), triage())


def test_a_change_is_real_only_beyond_the_error(records: SqlRecords) -> None:
    person = records.add_person(Person("", "Zoë"))
    found = told(records, [measured(person, 0, 20.0), measured(person, 7, 24.0)])
    (measure,) = found.measures
    assert measure.since_first is not None
    assert not measure.since_first.real
    assert measure.since_first.detectable_deg == pytest.approx(1.96 * 2.0 * 2**0.5)
    found = told(records, [measured(person, 14, 32.0)])
    (measure,) = found.measures
    assert measure.since_first is not None
    assert measure.since_last is not None
    assert measure.since_first.real
    assert measure.since_first.difference_deg == pytest.approx(12.0)
    assert measure.since_first.probability > 0.99
    assert any("internal rotation left" in one.words for one in found.milestones)


def test_what_was_not_observed_is_no_measurement(records: SqlRecords) -> None:
    person = records.add_person(Person("", "A"))
    found = told(
        records,
        [measured(person, 0, 20.0), measured(person, 1, 90.0, level="weak"), measured(person, 2, None)],
    )
    (measure,) = found.measures
    assert len(measure.points) == 1
    assert measure.untold == 2


def test_adherence_counts_days_that_were_due(records: SqlRecords) -> None:
    person = records.add_person(Person("", "A"))
    entries = [screen_of(person, ScreenStatus.CLEAR), programme_of(person)]
    entries += [session(person, n) for n in (0, 0, 2, 3, 7)]
    entries += [session(person, 9, done=Done.MISSED), session(person, 16, pain=4.0)]
    found = told(records, entries)
    assert (found.adherence.planned, found.adherence.done, found.adherence.extra) == (8, 4, 1)
    assert found.adherence.weeks == (
        (MONDAY, 3, 2),
        (MONDAY + timedelta(7), 3, 1),
        (MONDAY + timedelta(14), 2, 1),
    )
    assert found.pain[-1] == (TODAY, 4.0)
    assert found.next == ("Next session: 2026-03-18.", "Next retest: 2026-03-30 (seated hip rotation).")


def test_the_most_pain_of_a_day_counts(records: SqlRecords) -> None:
    person = records.add_person(Person("", "A"))
    pain = Entry(person.id, Kind.PAIN, MONDAY, document_of(Pain(6.0)))
    assert told(records, [session(person, 0, pain=2.0), pain]).pain == ((MONDAY, 6.0),)


@pytest.mark.parametrize("status", [ScreenStatus.STOP, ScreenStatus.INCOMPLETE])
def test_a_newer_screen_that_stops_takes_the_programme_away(
    records: SqlRecords, status: ScreenStatus
) -> None:
    person = records.add_person(Person("", "A"))
    entries = [screen_of(person, ScreenStatus.CLEAR), programme_of(person)]
    assert told(records, entries).programme is not None
    found = told(records, [screen_of(person, status, TODAY)])
    assert found.programme is None
    assert current_programme(records, person, triage(), TODAY) is None
    assert not any("session" in words for words in found.next)
    if status is ScreenStatus.STOP:
        assert "No exercise" in found.next[0]


def test_without_a_screen_there_is_no_programme(records: SqlRecords) -> None:
    person = records.add_person(Person("", "A"))
    assert told(records, [programme_of(person)]).programme is None


def test_nothing_later_counts(records: SqlRecords) -> None:
    person = records.add_person(Person("", "A"))
    found = told(records, [measured(person, 0, 20.0), measured(person, 20, 40.0), session(person, 30)])
    assert len(found.measures[0].points) == 1
    assert found.pain == ()


def test_lines_and_page_say_it(records: SqlRecords) -> None:
    person = records.add_person(Person("", "<b>Zoë & Co</b>"))
    entries = [screen_of(person, ScreenStatus.CLEAR), programme_of(person)]
    entries += [measured(person, n, 20.0 + n) for n in (0, 7, 14)] + [session(person, n) for n in (0, 2)]
    found = told(records, entries)
    text = "\n".join(lines(found))
    assert "internal rotation left (seated hip rotation): 34° ± 4°" in text
    assert "Done 2 of 8 planned sessions (25%)" in text
    html = page(found)
    assert "<b>Zoë" not in html
    assert html.count("<circle") == 3
    assert "Next session: 2026-03-18" in html


@pytest.mark.parametrize(("after", "real"), [(25.0, False), (25.6, True), (14.4, True), (15.0, False)])
def test_what_is_detectable_is_the_only_limit(records: SqlRecords, after: float, real: bool) -> None:
    """1.96 times the error of a difference of two measurements of 2 degrees each: 5.54."""
    person = records.add_person(Person("", "A"))
    (measure,) = told(records, [measured(person, 0, 20.0), measured(person, 7, after)]).measures
    assert measure.since_first is not None
    assert measure.since_first.real is real
