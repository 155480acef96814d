"""Every operation of the API with made-up input: nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from starlette.testclient import TestClient

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Person
from coxa.app.roles import Tie
from coxa.web.app import create_app
from coxa.web.settings import ServeSettings
from coxa.web.static import Assets
from tests.unit.web.served import CHEAP, House

schemathesis = pytest.importorskip("schemathesis")
EXAMPLES = settings(
    max_examples=4,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, TestClient, str]]:
    folder = tmp_path_factory.mktemp("api")
    records = SqlRecords.open(folder / "record")
    person = records.add_person(Person("", "Anna"))
    told = ServeSettings(data=folder / "record", accounts=True, hosts=("testserver",))
    house = House(create_app(told, records, Assets(folder, "build")))
    house.app.state.services = replace(
        house.services, security=replace(house.services.security, passwords=CHEAP)
    )
    security = house.services.security
    security.of_accounts.wait_s = security.by_address.wait_s = lambda key: 0.0  # type: ignore[method-assign]
    house.services.accounts.tie(house.account("anna").id, person.id, Tie.SELF)
    yield house.app, house.browser("anna", base_url="http://testserver"), person.id
    records.close()


@pytest.fixture(scope="module")
def api(server: tuple[Any, TestClient, str]) -> Any:
    app, client, _ = server
    return schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=_signed_in(client))


def _signed_in(client: TestClient) -> dict[str, str]:
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return {"cookie": cookies, "x-csrf-token": client.headers["x-csrf-token"]}


def test_no_input_breaks_the_server(api: Any, server: tuple[Any, TestClient, str]) -> None:
    """With the id of somebody there is, so that more than the door is tried."""
    _, client, person = server
    tried: list[str] = []

    def answered(case: Any) -> None:
        if "person_id" in (case.path_parameters or {}):
            case.path_parameters["person_id"] = person
        answer = case.call(headers={**(case.headers or {}), **_signed_in(client)})
        assert answer.status_code < 500, f"{case.as_curl_command()} {answer.text[:300]}"
        assert answer.status_code not in (401, 403) or "sign-in" in case.path, case.as_curl_command()

    for found in api.get_all_operations():
        operation = found.ok()
        EXAMPLES(given(case=operation.as_strategy())(answered))()
        tried.append(operation.label)
    assert len(tried) > 10
