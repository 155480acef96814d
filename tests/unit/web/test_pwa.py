"""What is installed, and who may keep what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coxa.app.record import Person
from coxa.web.access import Role, Tie, Viewer
from coxa.web.pwa.keeping import HEADER, forget, keep
from coxa.web.static import FOLDER, Assets
from tests.unit.web.conftest import PAGE

ANNA = Person("00000000-0000-4000-8000-000000000001", "Anna")
OWNER = Viewer(None, "", Role.ADMIN)
CLINICIAN = Viewer("c", "C", Role.CLINICIAN, {ANNA.id: Tie.CLINICIAN})
HERSELF = Viewer("a", "A", Role.PERSON, {ANNA.id: Tie.SELF})


@pytest.mark.parametrize(
    ("viewer", "kept"),
    [(OWNER, True), (HERSELF, True), (CLINICIAN, False), (replace(HERSELF, ties={}), False)],
)
def test_only_ones_own_pages_are_kept(viewer: Viewer, kept: bool) -> None:
    assert bool(keep(viewer, ANNA)) is kept
    assert keep(viewer, ANNA, date(2026, 11, 22)).get(HEADER, "").endswith("2026-11-22") is kept
    assert forget(ANNA) == {HEADER: f"{ANNA.id} never"}


@pytest.mark.parametrize("viewer", [OWNER, CLINICIAN, HERSELF])
def test_a_browser_in_somebodys_hands_keeps_nothing(viewer: Viewer) -> None:
    assert keep(replace(viewer, kiosk=ANNA.id), ANNA) == forget(ANNA)


def test_the_manifest_names_icons_that_there_are(client: TestClient) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    told = answer.json()
    assert (told["display"], told["start_url"], told["scope"]) == ("standalone", "/", "/")
    assert {one["sizes"] for one in told["icons"]} >= {"192x192", "512x512"}
    assert "maskable" in {one["purpose"] for one in told["icons"]}
    sources = Path(__file__).parents[3] / "frontend"
    for icon in told["icons"]:
        assert (sources / "icons" / icon["src"].rsplit("/", 1)[1]).is_file()


def test_the_worker_is_the_builds_own(client: TestClient, assets: Assets) -> None:
    assert client.get("/service-worker.js").status_code == 422
    app = assets.folder / "app"
    app.mkdir()
    for name in ("base.js", "offline.js"):
        (app / name).write_text('import{a}from"./parts/shared-AB12.js";')
    (app / "service-worker.js").write_text("self.addEventListener('fetch', () => {});")
    answer = client.get("/service-worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.text.startswith('self.coxa = {"build": "build"')
    assert answer.text.count("/static/build/app/parts/shared-AB12.js") == 1
    assert "importScripts" not in answer.text


@pytest.mark.skipif(not (FOLDER / "app" / "service-worker.js").is_file(), reason="make setup builds it")
def test_the_built_worker_needs_no_other_script() -> None:
    text = (FOLDER / "app" / "service-worker.js").read_text(encoding="utf-8")
    assert not any(word in text for word in ("importScripts", 'from"', "import(", "export{"))


def test_the_page_without_a_connection_tells_of_nobody(client: TestClient, person: Person) -> None:
    shown = client.get("/offline", headers=PAGE).text
    assert "No connection" in shown
    assert person.name not in shown
    assert 'data-csrf=""' in shown


@pytest.mark.parametrize("path", ["", "/me", "/progress", "/screen", "/test"])
def test_other_pages_are_not_kept(client: TestClient, person: Person, path: str) -> None:
    answer = client.get(f"/p/{person.id}{path}", headers=PAGE)
    assert HEADER not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
