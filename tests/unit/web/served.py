"""A server for several, with accounts, asked without a network."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI
from starlette.testclient import TestClient

from coxa.adapters.passwords import Argon2Passwords
from coxa.app.accounts import Account, add_account, new_account
from coxa.app.roles import Role
from coxa.catalog.access import access
from coxa.specs.access import HashingSpec
from coxa.web.services import Services

GOOD = "seven quiet herons wade"
SECURE = "https://coxa.test"
CHEAP = Argon2Passwords(
    HashingSpec(time_cost=1, memory_kib=8, parallelism=1, at_once=4, source="tests", trust="DESIGN")
)


@dataclass(frozen=True)
class House:
    """A server and what it knows."""

    app: FastAPI

    @property
    def services(self) -> Services:
        services: Services = self.app.state.services
        return services

    def account(self, login: str, role: Role = Role.PERSON) -> Account:
        """A new account, with the password of all of them."""
        made = new_account(login, login.title(), role)
        return add_account(self.services.accounts, CHEAP, access(), made, GOOD)

    def browser(self, login: str | None = None, password: str = GOOD, base_url: str = SECURE) -> TestClient:
        """A new browser, with its token; signed in, if told as whom."""
        made = TestClient(self.app, base_url=base_url, follow_redirects=False)
        made.headers["x-csrf-token"] = made.get("/api/csrf").json()["csrf"]
        if login is not None:
            answer = made.post("/api/sign-in", json={"login": login, "password": password})
            assert answer.status_code == 200, answer.text
            made.headers["x-csrf-token"] = answer.json()["csrf"]
        return made
