"""A record is shared by the person it is about, and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Person
from coxa.app.roles import Role, Tie
from coxa.bootstrap import training
from coxa.model.screening import Screen
from coxa.web.app import create_app
from coxa.web.settings import ServeSettings
from coxa.web.static import Assets
from tests.support.plans import HEALTHY
from tests.unit.web.conftest import PAGE
from tests.unit.web.served import CHEAP, House


@pytest.fixture
def house(tmp_path: Path, records: SqlRecords, assets: Assets, person: Person) -> House:
    """Anna, of whose record it is, and two clinicians."""
    settings = ServeSettings(data=tmp_path / "record", accounts=True, behind_proxy=True, hosts=("coxa.test",))
    made = House(create_app(settings, records, assets))
    services = replace(made.services, security=replace(made.services.security, passwords=CHEAP))
    made.app.state.services = services
    services.accounts.tie(made.account("anna").id, person.id, Tie.SELF)
    made.account("doctor", Role.CLINICIAN)
    made.account("other", Role.CLINICIAN)
    return made


def test_it_is_given_and_taken_back(house: House, person: Person) -> None:
    home, hers, doctor = f"/p/{person.id}", house.browser("anna"), house.browser("doctor")
    assert doctor.get(home, headers=PAGE).status_code == 404
    assert hers.post(f"{home}/me/share", data={"login": "doctor"}, headers=PAGE).status_code == 303
    assert doctor.get(home, headers=PAGE).status_code == 200
    shown = hers.get(f"{home}/me", headers=PAGE).text
    assert "Take it back" in shown
    (tied,) = house.services.accounts.clinicians_of(person.id)
    # Seen is not handed on, nor shown to others.
    assert doctor.post(f"{home}/me/share", data={"login": "other"}, headers=PAGE).status_code == 404
    assert doctor.post(f"{home}/me/unshare", data={"account": tied.id}, headers=PAGE).status_code == 404
    assert "Take it back" not in doctor.get(f"{home}/me", headers=PAGE).text
    assert hers.post(f"{home}/me/unshare", data={"account": tied.id}, headers=PAGE).status_code == 303
    assert doctor.get(home, headers=PAGE).status_code == 404
    actions = [one.action for one in house.services.records.audit(person.id) if one.kind == "accounts"]
    assert {"shared", "unshared"} <= set(actions)


@pytest.mark.parametrize("login", ["nobody", "anna", "", "x" * 150])
def test_a_login_that_is_no_clinicians_looks_like_none(house: House, person: Person, login: str) -> None:
    home, hers = f"/p/{person.id}", house.browser("anna")
    told = {
        hers.post(f"{home}/me/share", data={"login": one}).headers.get("location")
        for one in ("doctor", login or "-")
    }
    assert len(told) == 1
    assert [one.login for one in house.services.accounts.clinicians_of(person.id)] == ["doctor"]
    assert hers.get(home, headers=PAGE).status_code == 200


def test_one_cannot_lock_oneself_out(house: House, person: Person) -> None:
    home, hers = f"/p/{person.id}", house.browser("anna")
    me = house.services.accounts.by_login("anna")
    assert me is not None
    hers.post(f"{home}/me/unshare", data={"account": me.id}, headers=PAGE)
    assert hers.get(home, headers=PAGE).status_code == 200


def test_nobody_elses_pages_are_kept(house: House, records: SqlRecords, person: Person) -> None:
    training.screen_person(records, person, Screen(date.today(), HEALTHY, 40.0))
    training.plan_person(records, person, date.today())
    home, hers = f"/p/{person.id}", house.browser("anna")
    hers.post(f"{home}/me/share", data={"login": "doctor"})
    assert hers.get(f"{home}/plan", headers=PAGE).headers["x-coxa-keep"].startswith(person.id)
    seen = house.browser("doctor").get(f"{home}/plan", headers=PAGE)
    assert "Why this plan" in seen.text
    assert "x-coxa-keep" not in seen.headers
