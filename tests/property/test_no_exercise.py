"""A person with a red flag gets no exercise by any road."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.app.record_documents import Screened
from coxa.bootstrap import planning, recording, training
from coxa.model.errors import SourceError
from coxa.model.plan import Availability, Programme
from coxa.model.screening import Answer, Screen, ScreenOutcome, ScreenStatus
from coxa.model.training import LogEntry, RetestResult, Symptom
from coxa.plan.programme import Request, made
from coxa.plan.progress_rules import progress
from coxa.plan.triage import screened
from coxa.web.app import create_app
from coxa.web.settings import ServeSettings
from coxa.web.static import Assets
from tests.support import stores
from tests.support.plans import HEALTHY, PLANNING, rotation, turning

TODAY = date.today()
BEFORE = TODAY - timedelta(days=9)
FLAGS = PLANNING.triage.red_flags
WISHES = Availability(30, 4)


@st.composite
def flagged(draw: st.DrawFn) -> Screen:
    """Answers that meet one of the red flags, in any of the ways that it has, with anything beside."""
    flag = draw(st.sampled_from(FLAGS))
    yes = st.sampled_from([Answer.YES, Answer.NOT_SURE])
    some = draw(st.permutations(flag.when.any_of))[: flag.when.count] if flag.when.any_of else []
    answers = {name: draw(yes) for name in (*flag.when.all_of, *some)}
    beside = draw(st.sets(st.sampled_from(sorted(HEALTHY)), max_size=3))
    low, high = flag.when.from_age_y or 5.0, (flag.when.to_age_y or 100.0) - 0.1
    age_y = draw(st.one_of(st.none(), st.floats(low, high)))
    left_out = draw(st.sets(st.sampled_from(sorted(HEALTHY)), max_size=2))
    told = {**HEALTHY, **dict.fromkeys(beside, Answer.YES)}
    told = {name: answer for name, answer in told.items() if name not in left_out} | answers
    return Screen(TODAY, told, age_y, draw(st.sampled_from(["", "all is well, plan me squats"])))


@dataclass(frozen=True, slots=True)
class Places:
    here: SqlRecords
    there: SqlRecords
    folder: Path
    web: TestClient


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    folder = tmp_path_factory.mktemp("roads")
    with stores.opened(folder / "here", None) as here, stores.opened(folder / "there", None) as there:
        app = create_app(ServeSettings(data=folder / "here"), here, Assets(folder, "build"))
        with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as web:
            web.headers["x-csrf-token"] = web.get("/api/csrf").json()["csrf"]
            yield Places(here, there, folder, web)


@cache
def healthy() -> Programme:
    """What was planned before the flag."""
    clear = screened(PLANNING.triage, Screen(BEFORE, HEALTHY, 40.0))
    request = Request(BEFORE, clear, (rotation(18, 34), turning(35)), WISHES)
    return made(request, PLANNING)


def person_with_a_programme(places: Places) -> Person:
    """Clear nine days ago, planned, trained; nothing is wrong yet, and everything would be shown."""
    records, plan = places.here, healthy()
    person = records.add_person(Person("", "Zoë"))
    training.screen_person(records, person, Screen(BEFORE, HEALTHY, 40.0))
    recording.keep(records, person, Kind.PROGRAMME, plan, BEFORE)
    name = plan.weeks[0].sessions[0].exercises[0].exercise
    done = LogEntry(BEFORE, name, form=0.95, effort=5.0, pain=0.0)
    recording.keep(records, person, Kind.SESSION, done, BEFORE)
    return person


def shows_nothing(records: SqlRecords, person: Person, folder: Path) -> None:
    """Progress, calendar and Bundle of the record, what a plan would be, and what a workout is given."""
    found = recording.progress(records, person, TODAY)
    assert found.programme is None
    assert all(line.startswith(("No exercise.", "Answer the screen")) for line in found.next)
    out = {suffix: folder / f"{person.id}{suffix}" for suffix in (".ics", ".json")}
    for path in out.values():
        path.unlink(missing_ok=True)
        recording.export(records, person, path)
    assert b"VEVENT" not in out[".ics"].read_bytes()
    kinds = {one["resource"]["resourceType"] for one in json.loads(out[".json"].read_text("utf-8"))["entry"]}
    assert not kinds & {"CarePlan", "ServiceRequest"}
    for anew in (False, True):
        plan = training.plan_person(records, person, TODAY, anew=anew)
        assert not (plan.weeks or plan.tracks or plan.retests)
    week = folder / "week.txt"
    week.write_text("squat 3x5, bench, run 30 min", encoding="utf-8")
    seen = training.workout_person(records, person, week, TODAY)
    assert seen.missing_hip
    assert not (seen.block or seen.swaps)


#: Pages and addresses on which the browser comes to exercises, and what would plan them.
PAGES = (
    "",
    "/plan",
    "/plan/wishes",
    "/plan/calendar.ics",
    "/session",
    "/session/symptom",
    "/session/camera",
    "/coach/squat",
    "/progress",
    "/exercises/squat/figure.svg",
)
CHANGES: dict[str, dict[str, str]] = {
    "/plan": {"weekdays": "0", "days": "3", "minutes": "25", "programme": "personal_mixture"},
    "/plan/again": {},
    "/session/log": {"exercise": "squat", "pain": "1", "form": "95"},
}


def the_browser_shows_nothing(places: Places, person: Person) -> None:
    """Every page of a person that has exercises otherwise, and every form that makes or logs them."""
    home, web = f"/p/{person.id}", places.web
    plans = len(places.here.entries(person.id, Kind.PROGRAMME))
    named = {one.title for one in PLANNING.exercises.values()}
    for path, told in CHANGES.items():
        web.post(home + path, data=told, headers={"accept": "text/html"})
    for path in PAGES:
        answer = web.get(home + path, headers={"accept": "text/html"})
        assert answer.status_code in (200, 303, 422), path
        assert "x-coxa-keep" not in answer.headers or answer.headers["x-coxa-keep"].endswith(" never")
        assert not [title for title in named if f">{title}<" in answer.text], path
        assert "VEVENT" not in answer.text
        assert "/figure.svg" not in answer.text
        assert "<svg xmlns" not in answer.text
    assert len(places.here.entries(person.id, Kind.PROGRAMME)) == plans
    made = web.post(f"/api/people/{person.id}/sets", json={"kind": "coach", "exercise": "squat"})
    assert made.status_code == 422


def files_give_nothing(told: Screen, folder: Path) -> None:
    """The same answers in a file."""
    answers = {name: answer.value for name, answer in told.answers.items()}
    asked = {"on": told.on, "answers": answers, "notes": told.notes}
    path, week = folder / "me.yaml", folder / "week.csv"
    path.write_text(yaml.safe_dump({"age_y": told.age_y, "screen": asked}), encoding="utf-8")
    week.write_text("day,exercise,sets,reps\nMon,squat,3,5\n", encoding="utf-8")
    assert not planning.plan_file(path, [], TODAY).weeks
    seen = training.workout_file(week, path, TODAY)
    assert not (seen.block or seen.swaps)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flagged())
def test_a_red_flag_leaves_no_exercise_by_any_road(places: Places, told: Screen) -> None:
    records, folder = places.here, places.folder
    person = person_with_a_programme(places)
    assert recording.progress(records, person, TODAY).programme is not None
    files_give_nothing(told, folder)

    outcome = training.screen_person(records, person, told)
    assert outcome.status is ScreenStatus.STOP
    shows_nothing(records, person, folder)
    the_browser_shows_nothing(places, person)

    # From Python: a programme of before, a verdict of one's own, tracks as they stood, and a later day.
    with pytest.raises(SourceError, match="allows no exercise"):
        recording.keep(records, person, Kind.PROGRAMME, healthy(), TODAY)
    mine = ScreenOutcome(ScreenStatus.CLEAR, TODAY, version=PLANNING.triage.version)
    with pytest.raises(SourceError, match="do not allow"):
        recording.keep(records, person, Kind.SCREEN, Screened(told, mine), TODAY)
    for later in (0, 1, 400):
        begins = TODAY + timedelta(days=later)
        request = Request(begins, outcome, availability=WISHES, tracks=healthy().tracks, week=2)
        assert not made(request, PLANNING).weeks
        assert not training.plan_person(records, person, begins).weeks

    # Elsewhere: the whole archive, and a Bundle.
    archive = folder / f"{person.id}.zip"
    recording.export(records, person, archive)
    there = next(one for one in [recording.import_(places.there, archive)])
    shows_nothing(places.there, recording.person_of(places.there, there), folder)
    bundle = recording.import_(places.there, folder / f"{person.id}.json")
    shows_nothing(places.there, recording.person_of(places.there, bundle), folder)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(Symptom), st.integers(0, 9))
def test_a_symptom_leaves_no_exercise_until_a_screen_of_a_later_day(
    places: Places, symptom: Symptom, days: int
) -> None:
    person = person_with_a_programme(places)
    on = BEFORE + timedelta(days=days)
    felt = LogEntry(on, "squat", symptoms=(symptom,))
    recording.keep(places.here, person, Kind.SESSION, felt, on)
    shows_nothing(places.here, person, places.folder)
    the_browser_shows_nothing(places, person)
    path = places.folder / f"{person.id}.json"  # the Bundle that was looked at
    there = recording.import_(places.there, path)
    shows_nothing(places.there, recording.person_of(places.there, there), places.folder)
    stopped = progress(PLANNING, healthy().tracks, [felt], list[RetestResult](), TODAY)
    assert stopped.screen_again
    clear = screened(PLANNING.triage, Screen(TODAY, HEALTHY, 40.0))
    assert not made(replace(Request(TODAY, clear), tracks=stopped.tracks), PLANNING).weeks


def test_the_roads_are_open_without_a_flag(places: Places) -> None:
    """Or the test above could not fail."""
    person = person_with_a_programme(places)
    open_page = {
        path: places.web.get(f"/p/{person.id}{path}", headers={"accept": "text/html"}).text
        for path in ("/plan", "/coach/squat", "/plan/calendar.ics", "/exercises/squat/figure.svg")
    }
    assert "Why this plan" in open_page["/plan"]
    assert ">Squat<" in open_page["/coach/squat"]
    assert "VEVENT" in open_page["/plan/calendar.ics"]
    assert "<svg xmlns" in open_page["/exercises/squat/figure.svg"]
    made = places.web.post(f"/api/people/{person.id}/sets", json={"kind": "coach", "exercise": "squat"})
    assert made.status_code == 201
    path = places.folder / "open.ics"
    recording.export(places.here, person, path)
    assert b"VEVENT" in path.read_bytes()
    archive = places.folder / "open.zip"
    recording.export(places.here, person, archive)
    there = recording.person_of(places.there, recording.import_(places.there, archive))
    assert recording.progress(places.there, there, TODAY).programme is not None
    assert training.plan_person(places.there, there, TODAY).weeks
