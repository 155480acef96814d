"""What browsers load: packed where they take it, kept for ever, nothing from outside of the folder."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from coxa.web.static import IMMUTABLE, ForeverFiles

WORDS = b"export const words = 1;\n" * 40


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[TestClient]:
    folder = tmp_path / "static"
    (folder / "app").mkdir(parents=True)
    (folder / "app" / "coach.js").write_bytes(WORDS)
    (folder / "app" / "coach.js.gz").write_bytes(gzip.compress(WORDS))
    (folder / "person.jpg").write_bytes(b"picture")
    (tmp_path / "secret").write_text("secret")
    with TestClient(Starlette(routes=[Mount("/static", ForeverFiles(directory=folder))])) as asked:
        yield asked


def test_what_was_packed_travels_packed_to_who_takes_it(browser: TestClient) -> None:
    packed = browser.get("/static/app/coach.js", headers={"accept-encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(WORDS) / 4
    assert packed.content == WORDS
    plain = browser.get("/static/app/coach.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == WORDS
    for answer in (packed, plain):
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["cache-control"] == IMMUTABLE


def test_what_was_not_packed_travels_as_it_is(browser: TestClient) -> None:
    answer = browser.get("/static/person.jpg", headers={"accept-encoding": "gzip"})
    assert answer.content == b"picture"
    assert "content-encoding" not in answer.headers
    assert answer.headers["cache-control"] == IMMUTABLE


def test_what_a_browser_has_is_not_sent_again(browser: TestClient) -> None:
    first = browser.get("/static/app/coach.js")
    again = browser.get("/static/app/coach.js", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("path", ["../secret", "%2e%2e/secret", "app/../../secret", "..%2fsecret"])
def test_nothing_else_is_read(browser: TestClient, path: str) -> None:
    assert browser.get(f"/static/{path}").status_code == 404
