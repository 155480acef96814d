from __future__ import annotations

import struct
from datetime import date

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from starlette.testclient import TestClient, WebSocketDenialResponse

from coxa.adapters.store.records import SqlRecords
from coxa.app.phone_live import Gathered, Reading
from coxa.app.record import Kind, Person
from coxa.bootstrap.phone_live import keep_worn
from coxa.catalog.access import access
from coxa.model.errors import CoxaError
from coxa.web.errors import NotHereError
from coxa.web.phone.messages import MOST_READINGS, readings
from coxa.web.phone.pairing import Pairings
from tests.unit.web.conftest import HOST, PAGE

ASKED = {"protocol": "seated_hip_rotation", "quantity": "internal_rotation", "side": "left"}
OURS = {"origin": HOST}
SOCKET = HOST.replace("http", "ws")


def frame(*told: tuple[float, float, float, float, float]) -> bytes:
    return struct.pack("<BBH", 3, 1, len(told)) + b"".join(struct.pack("<dffff", *one) for one in told)


def made(client: TestClient, person: Person, token: str) -> dict[str, str]:
    answer = client.post(f"/api/people/{person.id}/phones", json=ASKED, headers={"x-csrf-token": token})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture
def token(client: TestClient, person: Person) -> str:
    page = client.get(f"/p/{person.id}/phone", headers=PAGE).text
    return page.split('data-csrf="', 1)[1].split('"', 1)[0]


def test_readings_are_read_and_nonsense_is_not() -> None:
    (one,) = readings(frame((1.5, 1.0, 0.0, 0.0, 0.0)))
    assert one == Reading(1.5, 1.0, 0.0, 0.0, 0.0)
    for wrong in (
        b"",
        b"\3",
        frame(),
        frame((1.5, 1.0, 0.0, 0.0, 0.0))[:-1],
        frame((float("nan"), 1.0, 0.0, 0.0, 0.0)),
        frame((1.0, 0.5, 0.0, 0.0, 0.0)),
        frame((1.0, float("nan"), 0.0, 0.0, 0.0)),
        frame(*[(float(k), 1.0, 0.0, 0.0, 0.0) for k in range(MOST_READINGS + 1)]),
        b"\1" + frame((1.5, 1.0, 0.0, 0.0, 0.0))[1:],
    ):
        with pytest.raises(ValueError):
            list(readings(wrong))


def test_a_code_is_good_for_one_phone_only(client: TestClient, person: Person, token: str) -> None:
    code = made(client, person, token)["code"]
    first = client.get(f"/phone/{code}", headers=PAGE)
    assert first.status_code == 200
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie and f"Path=/phone/{code}" in cookie and "samesite=strict" in cookie.lower()
    assert client.get(f"/phone/{code}", headers=PAGE).status_code == 200  # the same phone
    client.cookies.clear()
    assert client.get(f"/phone/{code}", headers=PAGE).status_code == 404
    assert client.get("/phone/aaaaaaaaaaaa", headers=PAGE).status_code == 404
    with (
        pytest.raises(WebSocketDenialResponse),
        client.websocket_connect(f"{SOCKET}/phone/{code}/send", headers=OURS),
    ):
        pass


def test_codes_end(monkeypatch: pytest.MonkeyPatch, person: Person) -> None:
    now = [0.0]
    monkeypatch.setattr("coxa.web.phone.pairing.time.monotonic", lambda: now[0])
    pairings = Pairings(access().phones)
    code = pairings.begin(person.id, "seated_hip_rotation", "internal_rotation", "left").code
    now[0] = 601.0
    with pytest.raises(NotHereError):
        pairings.opened(code, "")


def test_one_person_has_a_few_codes_and_the_oldest_gives_way(person: Person) -> None:
    pairings = Pairings(access().phones)
    codes = [pairings.begin(person.id, "seated_hip_rotation", "", "left").code for _ in range(8)]
    assert len(set(codes)) == 8
    pairings.opened(codes[-1], "")
    with pytest.raises(NotHereError):
        pairings.opened(codes[0], "")


def test_somebody_elses_code_is_not_watched(
    client: TestClient, person: Person, stranger: Person, token: str
) -> None:
    code = made(client, person, token)["code"]
    path = f"/api/people/{stranger.id}/phones/{code}/watch"
    with pytest.raises(WebSocketDenialResponse), client.websocket_connect(SOCKET + path, headers=OURS):
        pass


def test_what_is_not_understood_closes_the_line(client: TestClient, person: Person, token: str) -> None:
    code = made(client, person, token)["code"]
    client.get(f"/phone/{code}", headers=PAGE)
    for wrong in (b"nonsense", '{"type": "tap", "more": 1}', "{", '{"type": "ping", "t": NaN}'):
        with client.websocket_connect(f"{SOCKET}/phone/{code}/send", headers=OURS) as phone:
            phone.receive_json()
            if isinstance(wrong, bytes):
                phone.send_bytes(wrong)
            else:
                phone.send_text(wrong)
            assert phone.receive()["type"] == "websocket.close"


def test_a_finish_without_a_reading_says_so(client: TestClient, person: Person, token: str) -> None:
    told = made(client, person, token)
    client.get(f"/phone/{told['code']}", headers=PAGE)
    with client.websocket_connect(SOCKET + told["socket"], headers=OURS) as main:
        assert main.receive_json()["state"] == "gone"
        main.send_json({"type": "finish"})
        assert main.receive_json()["type"] == "problem"


def swinging(range_deg: float = 30.0, rate_hz: float = 60.0) -> Gathered:
    """An upright phone on a hanging shank, screen north; it swings sideways, three times each way."""
    upright = Rotation.from_matrix(np.array([[-1.0, 0, 0], [0, 0, 1.0], [0, 1.0, 0]]))
    gathered = Gathered()
    for k in range(int(13 * rate_hz)):
        t = k / rate_hz
        swing = range_deg * np.sin((t - 2.0) * 2 * np.pi / 3) if 2.0 <= t < 11.0 else 0.0
        x, y, z, w = (Rotation.from_euler("Y", swing, degrees=True) * upright).as_quat()
        gathered.add(Reading(100.0 + t, w, x, y, z))
    return gathered


def test_a_worn_phone_gives_the_whole_test(records: SqlRecords, person: Person) -> None:
    entry = keep_worn(records, person, swinging(), "seated_hip_rotation", "right", date.today())
    found = {one["quantity"]: one for one in entry.document["results"]}
    for quantity in ("internal_rotation", "external_rotation"):
        assert found[quantity]["value_deg"] == pytest.approx(30.0, abs=1.0)
        assert found[quantity]["observability"] == "observed"
        assert found[quantity]["side"] == "right"
    (kept,) = records.entries(person.id, Kind.RECORDING)
    assert kept.file is not None and kept.file.size_bytes > 10_000


def test_a_phone_that_lies_on_the_table_is_refused(records: SqlRecords, person: Person) -> None:
    gathered = Gathered()
    for k in range(300):
        gathered.add(Reading(k / 60, 1.0, 0.0, 0.0, 0.0))
    with pytest.raises(CoxaError):
        keep_worn(records, person, gathered, "seated_hip_rotation", "right", date.today())
    assert records.entries(person.id, Kind.RECORDING) == []
