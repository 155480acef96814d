"""Uploads, jobs, reports and films over HTTP: one's own, in order, never too much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest
from starlette.testclient import TestClient

from coxa.adapters.jobs.table import JobTable
from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import KeptFile, document_of
from coxa.bootstrap.jobs import Worker
from coxa.client import Client, JobFailedError, RefusedError
from coxa.report.assessment import document
from tests.support.assessed import seated_case
from tests.support.blocks import blocks
from tests.support.uploads import PROTOCOL, motion_file
from tests.unit.web.conftest import HOST, PAGE

MB = 1 << 20


@pytest.fixture
def program(client: TestClient) -> Iterator[Client]:
    """The Python client, asked without a network."""
    with Client(HOST, transport=client._transport) as made:
        yield made


def announced(client: TestClient, person: Person, size: int, name: str = "film.mp4") -> str:
    answer = client.post(f"/api/people/{person.id}/uploads", json={"name": name, "size_bytes": size})
    assert answer.status_code == 201, answer.text
    return f"/api/people/{person.id}/uploads/{answer.json()['id']}"


def waiting(records: SqlRecords) -> int:
    return sum(one.stat().st_size for one in records.waiting.folder.rglob("content"))


def test_pieces_come_in_order_and_go_on_where_the_line_broke(
    client: TestClient, person: Person, records: SqlRecords
) -> None:
    place = announced(client, person, 10)
    assert client.put(place, params={"at": 0}, content=b"01234").json()["received_bytes"] == 5
    again = client.put(place, params={"at": 0}, content=b"01234")
    assert (again.status_code, again.json()["received_bytes"]) == (409, 5)
    assert client.get(place).json()["received_bytes"] == 5
    assert client.put(place, params={"at": 5}, content=b"56789").json()["received_bytes"] == 10
    assert next(records.waiting.folder.rglob("content")).read_bytes() == b"0123456789"
    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == 404


def test_too_much_is_refused_as_it_comes(client: TestClient, person: Person, records: SqlRecords) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        for _ in range(200):
            read += MB
            yield bytes(MB)

    place = announced(client, person, 100 * MB)
    assert client.put(place, params={"at": 0}, content=endless()).status_code == 413
    assert waiting(records) == 0
    small = announced(client, person, 10)
    assert client.put(small, params={"at": 0}, content=bytes(11)).status_code == 413
    assert waiting(records) == 0


def test_a_recording_beyond_the_limit_is_not_even_begun(client: TestClient, person: Person) -> None:
    told = {"name": "film.mp4", "size_bytes": 3000 * MB}
    answer = client.post(f"/api/people/{person.id}/uploads", json=told)
    assert answer.status_code == 422
    assert "larger than the 2000 MB" in answer.json()["title"]


def test_files_and_jobs_of_others_are_not_there(
    client: TestClient, person: Person, stranger: Person, tmp_path: Path
) -> None:
    content = motion_file(tmp_path)
    place = announced(client, person, len(content), "a.parquet")
    client.put(place, params={"at": 0}, content=content)
    key = place.rpartition("/")[2]
    assert client.get(place.replace(person.id, stranger.id)).status_code == 404
    assert client.put(place.replace(person.id, stranger.id) + "?at=0", content=b"x").status_code == 404
    wanted = {"files": [key], "protocol": PROTOCOL}
    assert client.post(f"/api/people/{stranger.id}/jobs", json=wanted).status_code == 422
    job = client.post(f"/api/people/{person.id}/jobs", json=wanted).json()["id"]
    for address in (f"/api/people/{stranger.id}/jobs/{job}", f"/p/{stranger.id}/jobs/{job}"):
        assert client.get(address).status_code == 404
    assert client.post(f"/api/people/{stranger.id}/jobs/{job}/cancel").status_code == 404
    assert client.get(f"/api/people/{person.id}/jobs/{job}").json()["state"] == "queued"


def test_from_a_program_an_upload_becomes_a_report(
    client: TestClient, program: Client, person: Person, records: SqlRecords, tmp_path: Path
) -> None:
    (tmp_path / "seated.parquet").write_bytes(motion_file(tmp_path))
    assert [one["name"] for one in program.people()] == [person.name]
    assert PROTOCOL in {one["id"] for one in program.protocols()}
    job = program.upload(person.id, [tmp_path / "seated.parquet"], PROTOCOL)
    page = f"/p/{person.id}/jobs/{job['id']}"
    shown = client.get(page, headers=PAGE).text
    assert "Waiting" in shown
    assert 'hx-trigger="every' in shown
    assert Worker(records).step(Event())
    job = program.wait(person.id, job["id"], 1.0)
    found = program.assessment(person.id, job["assessments"][0])
    assert "lifted by 9" in found["document"]["findings"][0]["words"]
    assert [one["id"] for one in program.assessments(person.id)] == job["assessments"]
    assert next(program.entries(person.id, "recordings"))["document"]["name"] == "seated.parquet"
    assert program.report(person.id, found["id"]).startswith(b"%PDF-")
    assert program.progress(person.id)["measures"][0]["protocol"] == PROTOCOL
    assert client.get(f"{page}/state", headers=PAGE).headers["hx-redirect"].endswith(found["id"])
    assert "hx-get" not in client.get(page, headers=PAGE).text


def test_the_programs_example_in_the_documentation_runs(
    client: TestClient, person: Person, records: SqlRecords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it stands, but for the film: in its place are the angles that one would have given."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("coxa.client.Client", partial(Client, transport=client._transport))
    (tmp_path / "seated.parquet").write_bytes(motion_file(tmp_path))
    (block,) = [one for one in blocks() if one.page == "docs/api.md" and one.language == "python"]
    text = block.text.replace("seated.mp4", "seated.parquet").replace(HOST + ":8000", HOST)
    worker, stop = Worker(records), Event()
    working = Thread(
        target=lambda: next(done for _ in range(600) if (done := worker.step(stop)) or stop.wait(0.1))
    )
    working.start()
    exec(compile(text, block.name, "exec"), {})  # noqa: S102 - our own page
    working.join()
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_a_program_is_told_what_failed(
    client: TestClient, program: Client, person: Person, records: SqlRecords, tmp_path: Path
) -> None:
    (tmp_path / "film.mp4").write_bytes(bytes(40))
    with pytest.raises(RefusedError, match="by its content"):
        program.upload(person.id, [tmp_path / "film.mp4"], PROTOCOL)
    (tmp_path / "a.parquet").write_bytes(motion_file(tmp_path))
    job = program.upload(person.id, [tmp_path / "a.parquet"], PROTOCOL)
    assert program.cancel(person.id, job["id"])["state"] == "cancelled"
    with pytest.raises(JobFailedError, match="cancelled"):
        program.wait(person.id, job["id"])
    assert not Worker(records).step(Event())
    table = JobTable(records.engine)
    job = program.upload(person.id, [tmp_path / "a.parquet"], PROTOCOL)
    claimed = table.claim()
    assert claimed is not None
    table.fail(claimed, "It <b>could</b> not", "Do something else")
    shown = client.get(f"/p/{person.id}/jobs/{job['id']}", headers=PAGE).text
    assert "It &lt;b&gt;could" in shown
    assert "Try again" in shown


def test_films_come_in_parts_and_nothing_else_does(
    client: TestClient, person: Person, stranger: Person, records: SqlRecords, tmp_path: Path
) -> None:
    (tmp_path / "film").write_bytes(bytes(range(256)) * 10)
    kept = records.add(
        [
            Entry(
                person.id, Kind.MOTION, date(2026, 3, 1), document_of(KeptFile("overlay.mp4", "video/mp4"))
            ),
            Entry(person.id, Kind.RECORDING, date(2026, 3, 1), document_of(KeptFile("a.html", "text/html"))),
        ],
        {0: tmp_path / "film", 1: tmp_path / "film"},
    )
    place = f"/p/{person.id}/films/{kept[0].id}"
    part = client.get(place, headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    assert part.headers["content-type"] == "video/mp4"
    assert client.get(f"/p/{person.id}/films/{kept[1].id}").status_code == 404
    assert client.get(place.replace(person.id, stranger.id)).status_code == 404
    file = client.get(f"/api/people/{person.id}/entries/recordings/{kept[1].id}/file")
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["content-type"] == "application/octet-stream"


def test_two_tests_side_by_side(client: TestClient, person: Person, records: SqlRecords) -> None:
    assert "not two tests yet" in client.get(f"/p/{person.id}/compare", headers=PAGE).text
    found = document([seated_case().assessment])["assessments"][0]
    kept = records.add([Entry(person.id, Kind.ASSESSMENT, date(2026, 3, 1), found, PROTOCOL)])
    key = kept[0].id
    assert client.get(f"/p/{person.id}/results/{key}/report.pdf").content.startswith(b"%PDF-")
    shown = client.get(f"/p/{person.id}/compare", params={"a": key, "b": key}, headers=PAGE).text
    assert "+0°" in shown
    assert "within the error of" in shown
    assert client.get(f"/p/{person.id}/compare", params={"a": key, "b": "0" * 36}).status_code == 404


def test_before_and_after_on_one_day_are_told_apart(
    client: TestClient, person: Person, records: SqlRecords
) -> None:
    found = document([seated_case().assessment])["assessments"][0]
    days = (date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 8))
    kept = records.add([Entry(person.id, Kind.ASSESSMENT, day, found, PROTOCOL) for day in days])
    asked = {"a": kept[0].id, "b": kept[1].id}
    shown = client.get(f"/p/{person.id}/compare", params=asked, headers=PAGE).text
    heads = re.findall(r"<th scope=.col.>(Mar [^<]+)</th>", shown)
    assert heads == ["Mar 1, 2026 (1)", "Mar 1, 2026 (2)"]
    assert "Mar 8, 2026 ·" in shown


def test_programmes_are_not_shown_where_no_exercise_is_allowed(client: TestClient, person: Person) -> None:
    assert client.get(f"/api/people/{person.id}/programme").json() == {
        "programme": None,
        "allows_exercise": False,
    }
    assert client.get(f"/api/people/{person.id}/entries/programmes").json()["entries"] == []


def test_the_api_is_paged(client: TestClient, person: Person, stranger: Person) -> None:
    first = client.get("/api/people", params={"count": 1}).json()
    second = client.get("/api/people", params={"count": 1, "at": 1}).json()
    assert first["total"] == second["total"] == 2
    assert {first["people"][0]["id"], second["people"][0]["id"]} == {person.id, stranger.id}
