"""The same landmarks give the same counts and cues through the browser's socket as in `coxa coach FILE`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

from coxa import bootstrap
from coxa.adapters.formats import writer_of
from coxa.adapters.store.records import SqlRecords
from coxa.app.live import Layout
from coxa.app.record import Kind, Person
from coxa.app.record_documents import value_of
from coxa.bootstrap.coaching import Wanted
from coxa.bootstrap.training import screen_person
from coxa.catalog.planning import triage
from coxa.model.coaching import Cue
from coxa.model.recording import Recording
from coxa.model.screening import Answer, Screen
from coxa.web.app import create_app
from coxa.web.settings import ServeSettings
from coxa.web.static import Assets
from tests.support.live import demonstrated, fov_of, frames_of, hello_of, points_of, with_fault

PLACE = "127.0.0.1"
HEIGHT_M = 1.7
DETECTOR = "blazepose_lite"


class Case(NamedTuple):
    """An exercise, how much of it, and a fault that is done; empty: none."""

    exercise: str
    side: str | None
    repetitions: int | None
    hold_s: float | None
    fault: str
    kinds: frozenset[str]


CASES = (
    Case("squat", None, 3, None, "", frozenset({"go", "count", "done"})),
    Case("squat", None, 0, None, "leans_aside", frozenset({"go", "count", "fault", "praise"})),
    Case("seated_ir_lift_off", "left", 3, None, "", frozenset({"go", "count"})),
    Case("marching", None, 2, None, "", frozenset({"go", "count"})),
    Case("single_leg_stance", "right", None, 5.0, "", frozenset({"go", "hold", "done"})),
    Case("single_leg_stance", "right", None, 0.0, "trunk_leans", frozenset({"go", "hold", "fault"})),
)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    """An empty record."""
    opened = SqlRecords.open(tmp_path / "record")
    yield opened
    opened.close()


@pytest.fixture
def client(tmp_path: Path, records: SqlRecords) -> Iterator[TestClient]:
    """A page without a browser."""
    static = tmp_path / "static"
    static.mkdir()
    app = create_app(ServeSettings(data=tmp_path / "record"), records, Assets(static, "build"))
    with TestClient(app, base_url=f"http://{PLACE}") as asked:
        asked.headers["x-csrf-token"] = asked.get("/api/csrf").json()["csrf"]
        yield asked


@pytest.fixture
def person(records: SqlRecords) -> Person:
    """Somebody who may exercise today."""
    made = records.add_person(Person("", "Anna Beispiel", height_m=HEIGHT_M))
    answers = {one.id: Answer.NO for one in triage().questions}
    screen_person(records, made, Screen(date.today(), answers, 40.0))
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.exercise}-{case.fault or 'well'}")
def test_the_socket_says_what_coxa_coach_says_of_the_file(
    case: Case, client: TestClient, records: SqlRecords, person: Person, tmp_path: Path
) -> None:
    """Kinds, words, rules, sides, numbers and times; and the log has the same counts."""
    recording = _filmed(case)
    wanted = Wanted(case.side, 1, case.repetitions, case.hold_s)
    found = bootstrap.coach([_kept(recording, tmp_path)], case.exercise, wanted=wanted)
    said = _through_the_socket(client, person, case, recording)
    assert said == [_told(cue) for cue in found.cues]
    assert {one["kind"] for one in said} >= case.kinds
    (entry,) = records.entries(person.id, Kind.SESSION)
    log = value_of(Kind.SESSION, entry.document)
    assert log.exercise == case.exercise
    if case.repetitions is not None:
        full = [one for one in found.summary.repetitions if one.full]
        assert log.repetitions * len({one.side for one in full}) == len(full)


def _filmed(case: Case) -> Recording:
    side = case.side or "right"
    if case.fault:
        return with_fault(case.exercise, case.fault, side)
    return demonstrated(case.exercise, side=side)


def _kept(recording: Recording, folder: Path) -> Path:
    """The landmarks as a file, as exact as they travel."""
    (image,) = recording.image_points
    layout = Layout(image.camera.width_px, image.camera.height_px, DETECTOR, fov_of(recording), HEIGHT_M)
    path = folder / "landmarks.parquet"
    writer_of(path)(layout.recording(recording.time_s, points_of(image)), path)
    return path


def _through_the_socket(
    client: TestClient, person: Person, case: Case, recording: Recording
) -> list[dict[str, Any]]:
    asked = {
        "kind": "coach",
        "exercise": case.exercise,
        "side": case.side,
        "sets": 1,
        "repetitions": case.repetitions,
        "hold_s": case.hold_s,
    }
    made = client.post(f"/api/people/{person.id}/sets", json=asked)
    address = f"ws://{PLACE}{made.json()['socket']}"
    said: list[dict[str, Any]] = []
    with client.websocket_connect(address, headers={"origin": f"http://{PLACE}"}) as socket:
        socket.send_json(hello_of(recording, DETECTOR, fov_deg=fov_of(recording)))
        assert socket.receive_json()["type"] == "ready"
        for frame in frames_of(recording):
            socket.send_bytes(frame)
            scene = socket.receive_json()
            said += scene["cues"]
            if scene["status"] == "done":
                break
        else:
            socket.send_json({"type": "end"})
        assert socket.receive_json()["entry"]
    return said


def _told(cue: Cue) -> dict[str, Any]:
    return {
        "time_s": cue.time_s,
        "kind": cue.kind.value,
        "words": cue.words,
        "rule": cue.rule,
        "side": cue.side,
        "highlight": cue.highlight,
        "number": cue.number,
    }
