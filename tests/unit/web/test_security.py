"""What must be closed, is: every route that there is, and every one that comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Person, new_id
from coxa.app.roles import Role, Tie
from coxa.web.app import ROUTERS, create_app
from coxa.web.security.doors import is_open, person_in
from coxa.web.settings import MOST_BODY_BYTES, ServeSettings
from coxa.web.static import Assets
from tests.unit.web.conftest import PAGE
from tests.unit.web.served import CHEAP, SECURE, House

#: Pages that others may see who are not signed in; whoever adds one says so here too.
OPEN = {
    "/sign-in", "/api/sign-in", "/api/sign-in/passkey", "/api/sign-in/passkey/options", "/api/csrf",
    "/invitation/{token}", "/language", "/health", "/metrics", "/manifest.webmanifest",
    "/service-worker.js", "/offline",
}  # fmt: skip
#: A phone that is paired by the code on the main screen.
OPEN_TO_PHONES = re.compile(r"/(api/)?phone/\{code\}.*")
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def routes() -> Iterator[APIRoute | APIWebSocketRoute]:
    def inside(found: object) -> Iterator[APIRoute | APIWebSocketRoute]:
        for one in getattr(found, "routes", ()):
            if isinstance(one, (APIRoute, APIWebSocketRoute)):
                yield one
            else:
                yield from inside(getattr(one, "router", None) or getattr(one, "original_router", one))

    for router in ROUTERS:
        yield from inside(router)


def filled(path: str, person: str = "") -> str:
    """With ids that there are not, in every place."""
    return re.sub(
        r"\{(\w+)(?::\w+)?\}", lambda hole: person if person and hole[1] == "person_id" else new_id(), path
    )


def asked(browser: TestClient, method: str, path: str, **more: object) -> int:
    return browser.request(method, path, headers=PAGE, **more).status_code  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    (folder / "static").mkdir()
    (folder / "static" / "app.js").write_text("1")
    records = SqlRecords.open(folder / "record")
    settings = ServeSettings(
        data=folder / "record", accounts=True, behind_proxy=True, hosts=("coxa.test",), upload_mb=3
    )
    made = House(create_app(settings, records, Assets(folder / "static", "build")))
    made.app.state.services = replace(
        made.services, security=replace(made.services.security, passwords=CHEAP)
    )
    # Every route is asked several times within seconds.
    made.services.security.of_accounts.wait_s = made.services.security.of_addresses.wait_s = lambda key: 0.0  # type: ignore[method-assign]
    made.account("anna")
    made.account("doctor", Role.CLINICIAN)
    made.account("root", Role.ADMIN)
    yield made
    records.close()


@pytest.fixture(scope="module")
def anna(house: House) -> tuple[TestClient, Person]:
    person = house.services.records.add_person(Person("", "Anna"))
    account = house.services.accounts.by_login("anna")
    assert account is not None
    house.services.accounts.tie(account.id, person.id, Tie.SELF)
    return house.browser("anna"), person


@pytest.fixture(scope="module")
def other(house: House) -> Person:
    return house.services.records.add_person(Person("", "Somebody Else"))


def test_there_are_routes_to_test() -> None:
    paths = [one.path for one in routes()]
    assert len(paths) > 25
    assert "/p/{person_id}" in paths
    assert "/admin/accounts/{account_id}/disable" in paths


def test_nothing_is_open_that_is_not_named_here(house: House) -> None:
    stranger = house.browser()
    wrong = []
    for route in routes():
        meant = route.path in OPEN or OPEN_TO_PHONES.fullmatch(route.path) is not None
        if is_open(filled(route.path)) != meant:
            wrong.append(f"{route.path}: open {not meant}")
        if meant or isinstance(route, APIWebSocketRoute):
            continue
        for method in route.methods:
            page = stranger.request(method, filled(route.path), headers=PAGE)
            if page.status_code != 401 and "/sign-in" not in page.headers.get("location", ""):
                wrong.append(f"{method} {route.path}: {page.status_code}")
            data = stranger.request(method, filled(route.path))
            if data.status_code != 401:
                wrong.append(f"{method} {route.path}: {data.status_code} for programs")
    assert wrong == []


def test_another_persons_rooms_are_not_there(
    house: House, anna: tuple[TestClient, Person], other: Person
) -> None:
    """Whoever asks: a person, a clinician of others, an administrator; and nobody's id looks the same."""
    browsers = {"person": anna[0], "clinician": house.browser("doctor"), "admin": house.browser("root")}
    wrong = []
    for route in routes():
        if "{person_id}" not in route.path or isinstance(route, APIWebSocketRoute):
            continue
        for who, browser in browsers.items():
            for whose in (other.id, new_id()):
                wrong += [
                    f"{who} {method} {route.path}: {status}"
                    for method in route.methods
                    if (status := asked(browser, method, filled(route.path, whose))) != 404
                ]
    assert wrong == []


def test_rooms_of_people_are_guarded_twice() -> None:
    """By the doors, and by what each route asks for: one of the two may be forgotten one day."""
    rooms = [one for one in routes() if "{person_id}" in one.path]
    assert [one.path for one in rooms if person_in(filled(one.path, new_id())) is None] == []
    # Sockets ask in their own words; they are tried below.
    pages = [one for one in rooms if isinstance(one, APIRoute)]
    unasked = [one.path for one in pages if not any(map(_asks, _all_dependants(one.dependant.dependencies)))]
    assert unasked == []


def _asks(dependant) -> bool:  # type: ignore[no-untyped-def]
    return getattr(dependant.call, "__qualname__", "").startswith("_for.")


def _all_dependants(found: list) -> Iterator:  # type: ignore[type-arg]
    for one in found:
        yield one
        yield from _all_dependants(one.dependencies)


def test_no_change_is_taken_without_the_token_of_our_page(
    house: House, anna: tuple[TestClient, Person]
) -> None:
    mine, person = house.browser("anna"), anna[1]
    del mine.headers["x-csrf-token"]
    wrong = []
    for route in routes():
        if isinstance(route, APIWebSocketRoute):
            continue
        for method in route.methods & UNSAFE:
            path = filled(route.path, person.id)
            for name, headers in {
                "no token": {},
                "another token": {"x-csrf-token": "0" * 64},
                "another page": {"origin": "https://evil.example"},
                "the same name, another port": {"origin": "https://coxa.test:8443"},
                "no page at all": {"origin": "null"},
            }.items():
                status = mine.request(method, path, headers=headers).status_code
                if status != 403:
                    wrong.append(f"{method} {route.path}, {name}: {status}")
    assert wrong == []


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"origin": "http://coxa.test"},
     {"origin": "https://coxa.test.evil.example"}, {"sec-fetch-site": "cross-site"},
     {"sec-fetch-site": "same-site"}],
)  # fmt: skip
def test_a_right_token_from_another_page_is_refused(house: House, headers: dict[str, str]) -> None:
    browser = house.browser("anna")
    assert browser.post("/language", data={"locale": "de"}, headers=headers).status_code == 403
    assert browser.get("/api/viewer", headers=headers).status_code == 403
    own = {"origin": SECURE, "sec-fetch-site": "same-origin"}
    assert browser.post("/language", data={"locale": "de"}, headers=own).status_code == 303


def test_a_link_from_elsewhere_opens_the_page(house: House) -> None:
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert house.browser("anna").get("/account", headers={**PAGE, **link}).status_code == 200
    framed = {**link, "sec-fetch-dest": "iframe"}
    assert house.browser("anna").get("/account", headers={**PAGE, **framed}).status_code == 403


def test_the_token_is_that_of_this_browser(house: House) -> None:
    mine, theirs = house.browser(), house.browser()
    mine.headers["x-csrf-token"] = theirs.headers["x-csrf-token"]
    assert mine.post("/language", data={"locale": "de"}).status_code == 403
    signed_in = house.browser("anna")
    signed_in.headers["x-csrf-token"] = house.browser("anna").headers["x-csrf-token"]
    assert signed_in.post("/language", data={"locale": "de"}).status_code == 403


def test_forms_bring_the_token_as_a_field(house: House) -> None:
    browser = house.browser()
    token = browser.headers.pop("x-csrf-token")
    told = {"csrf": token, "locale": "de"}
    assert browser.post("/language", data=told).status_code == 303
    assert browser.post("/language", data=told, files={"file": b"x" * 200_000}).status_code == 303
    boundary = {"content-type": "multipart/form-data; boundary=b"}
    part = b'\r\n--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n'
    late = part % b"file" + b"x" * 200_000 + part % b"csrf" + token.encode() + b"\r\n--b--\r\n"
    assert browser.post("/language", content=late, headers=boundary).status_code == 403
    assert browser.post("/language", data={**told, "csrf": "0" * 64}).status_code == 403
    as_text = {"content-type": "text/plain"}
    assert browser.post("/language", content=f"csrf={token}&locale=de", headers=as_text).status_code == 403


def test_sockets_open_from_our_own_pages_to_whom_they_are_for(
    house: House, anna: tuple[TestClient, Person], other: Person
) -> None:
    found = [one for one in routes() if isinstance(one, APIWebSocketRoute)]
    mine, own = anna[0], {"origin": SECURE}
    for route in found:
        tried = [
            (house.browser(), filled(route.path, other.id), own),
            (mine, filled(route.path, other.id), own),
            (mine, filled(route.path, anna[1].id), own),  # of a set that there is not
            (mine, filled(route.path, anna[1].id), {}),
            (mine, filled(route.path, anna[1].id), {"origin": "https://evil.example"}),
        ]
        for browser, path, headers in tried:
            with (
                pytest.raises(WebSocketDisconnect),
                browser.websocket_connect(path, headers=headers) as socket,
            ):
                socket.receive_json()


def test_every_answer_bears_the_headers(house: House, anna: tuple[TestClient, Person]) -> None:
    browser, person = anna
    answers = [
        browser.get(f"/p/{person.id}", headers=PAGE),
        browser.get("/nothing", headers=PAGE),
        browser.get("/nothing"),
        browser.get("/health"),
        browser.get("/static/build/app.js"),
        browser.get("/static/build/nothing.js"),
        browser.get("/health", headers={"host": "evil.example"}),
        browser.post("/language", headers={"x-csrf-token": "", **PAGE}),
        browser.post("/language", content=b"x" * (MOST_BODY_BYTES + 1)),
        house.browser().get("/account", headers=PAGE),
    ]
    assert [one.status_code for one in answers] == [200, 404, 404, 200, 200, 404, 400, 403, 413, 303]
    for one in answers:
        policy = one.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
        assert one.headers["x-content-type-options"] == "nosniff"
        assert one.headers["referrer-policy"] in ("no-referrer", "same-origin")
        assert "max-age" in one.headers["strict-transport-security"]
        assert "server" not in one.headers
    assert answers[0].headers["cache-control"] == "no-store"


def test_what_breaks_is_answered_with_headers_and_tells_nothing(
    house: House, anna: tuple[TestClient, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Anna's secret")

    monkeypatch.setattr(SqlRecords, "person", broken)
    answer = anna[0].get("/health")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers


def test_cookies_are_closed_to_scripts_and_other_sites(house: House) -> None:
    browser = house.browser()
    given = [browser.get("/health").headers.get("set-cookie", "")]
    browser.cookies.clear()
    given = [browser.get("/health").headers["set-cookie"]]
    fresh = house.browser()
    told = fresh.post("/api/sign-in", json={"login": "anna", "password": "seven quiet herons wade"})
    given.append(told.headers["set-cookie"])
    for cookie in given:
        parts = {one.strip().lower().partition("=")[0] for one in cookie.split(";")}
        assert cookie.startswith("__Host-coxa")
        assert {"httponly", "secure", "path"} <= parts
        assert "domain" not in parts
        assert "samesite=lax" in cookie.lower()


@pytest.mark.parametrize(
    "host", ["evil.example", "coxa.test.evil.example", "", "127.0.0.1@evil.example", "[::1"]
)
def test_only_our_own_names_are_answered(house: House, host: str) -> None:
    assert house.browser().get("/health", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/static/build/../record/record.sqlite", "/static/build/%2e%2e/record/record.sqlite",
     "/static/build/..%2f..%2frecord/record.sqlite", "/static/build//etc/passwd", "/static/../record",
     "/static/build/%00", "/static/build/app.js%00.html", "/static//build/app.js/../../x"],
)  # fmt: skip
def test_nothing_beside_the_static_files_is_served(house: House, path: str) -> None:
    answer = house.browser().get(path)
    assert answer.status_code in (400, 401, 404)
    assert "SQLite" not in answer.text


def test_bodies_are_bounded_also_where_they_do_not_say_how_long(
    house: House, anna: tuple[TestClient, Person]
) -> None:
    browser, person = anna
    assert browser.post("/language", content=b"x" * (MOST_BODY_BYTES + 1)).status_code == 413
    parts = (b"x" * 100_000 for _ in range(11))
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.post("/language", content=parts, headers=form).status_code == 413
    wrong = {"content-length": "-1"}
    assert browser.post("/language", content=b"x", headers=wrong).status_code == 400
    upload = f"/api/people/{person.id}/uploads"
    assert browser.post(upload, content=b"x" * 5_000_000).status_code == 413


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{" * 100_000),
        ("application/json", b"[" * 200_000),
        ("application/json", b"\xff\xfe\x00"),
        ("application/json; charset=utf-7", b"+AHs-"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data; boundary=" + "x" * 5000, b"--x"),
        ("application/x-www-form-urlencoded", b"login=%ff%00&password=%"),
        ("application/xml", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"),
        ("", b"\x00"),
    ],
)
def test_hostile_bodies_are_refused_not_broken(house: House, kind: str, body: bytes) -> None:
    browser = house.browser("anna")
    for path in ("/api/sign-in", "/sign-in", "/account/password", "/api/account/passkeys"):
        assert 400 <= browser.post(path, content=body, headers={"content-type": kind}).status_code < 500


def test_many_requests_are_slowed_down(tmp_path: Path) -> None:
    records = SqlRecords.open(tmp_path / "record")
    settings = ServeSettings(data=tmp_path / "record", accounts=True, behind_proxy=True, hosts=("coxa.test",))
    house = House(create_app(settings, records, Assets(tmp_path, "build")))
    browser = house.browser()
    statuses = [browser.get("/api/viewer").status_code for _ in range(130)]
    assert statuses[:90] == [401] * 90
    assert 429 in statuses
    records.close()


def test_figures_are_for_this_machine_or_for_who_has_the_token(house: House, tmp_path: Path) -> None:
    assert house.browser("root").get("/metrics").status_code == 404
    records = house.services.records
    settings = replace(house.services.settings, metrics_token="a long token")  # noqa: S106
    own = create_app(settings, records, Assets(tmp_path, "build"))
    browser = TestClient(own, base_url=SECURE)
    assert browser.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 404
    answer = browser.get("/metrics", headers={"authorization": "Bearer a long token"})
    assert answer.status_code == 200
    at_home = create_app(ServeSettings(data=tmp_path / "record"), records, Assets(tmp_path, "build"))
    here = TestClient(at_home, base_url="http://127.0.0.1", client=("127.0.0.1", 5000))
    person = new_id()
    here.get(f"/p/{person}")
    figures = here.get("/metrics").text
    assert 'coxa_requests_total{method="GET",route="/p/{person_id}",status="404"} 1.0' in figures
    assert person not in figures
