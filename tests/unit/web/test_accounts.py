"""Signing in and out, one's own account, invitations, all accounts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from coxa.adapters.store.records import SqlRecords
from coxa.app.accounts import Passkey, invite
from coxa.app.record import Person, now
from coxa.app.roles import Role, Tie
from coxa.catalog.access import access
from coxa.web.app import create_app
from coxa.web.settings import ServeSettings
from coxa.web.static import Assets
from tests.unit.web.conftest import PAGE
from tests.unit.web.served import CHEAP, GOOD, House


@pytest.fixture
def house(tmp_path: Path, records: SqlRecords, assets: Assets) -> House:
    settings = ServeSettings(data=tmp_path / "record", accounts=True, behind_proxy=True, hosts=("coxa.test",))
    made = House(create_app(settings, records, assets))
    made.app.state.services = replace(
        made.services, security=replace(made.services.security, passwords=CHEAP)
    )
    return made


def test_the_page_signs_in_and_leads_to_where_somebody_wanted_to_go(house: House) -> None:
    house.account("anna")
    browser = house.browser()
    sent = browser.get("/account", headers=PAGE)
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=/account")
    page = browser.get(sent.headers["location"], headers=PAGE)
    token = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)
    assert token is not None
    del browser.headers["x-csrf-token"]
    told = {"csrf": token[1], "login": " Anna ", "password": GOOD, "next": "/account"}
    answer = browser.post("/sign-in", data=told, headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert "Anna" in browser.get("/account", headers=PAGE).text


def test_a_wrong_password_and_a_login_that_there_is_not_look_the_same(house: House) -> None:
    house.account("anna")
    pages = [
        house.browser().post("/sign-in", data={"login": "x", "password": "y"}, headers=PAGE),
        house.browser().post("/sign-in", data={"login": "anna", "password": "y"}, headers=PAGE),
    ]
    assert [one.status_code for one in pages] == [401, 401]
    plain = [re.sub(r"[0-9a-f]{64}|value=\"(x|anna)\"", "", one.text) for one in pages]
    assert plain[0] == plain[1]


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\t/evil.example",
     "", "evil", "/a\\..\\b", "/\n/evil.example"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(house: House, target: str) -> None:
    house.account("anna")
    browser = house.browser()
    answer = browser.post("/sign-in", data={"login": "anna", "password": GOOD, "next": target}, headers=PAGE)
    assert answer.headers["location"] == "/"
    assert browser.get("/sign-in", params={"next": target}, headers=PAGE).headers["location"] == "/"
    assert browser.post("/language", data={"locale": "de", "next": target}).status_code in (303, 403)


def test_the_token_is_new_at_every_sign_in_and_the_one_before_is_void(house: House) -> None:
    house.account("anna")
    browser = house.browser("anna")
    planted = browser.cookies["__Host-coxa"]
    browser.post("/api/sign-in", json={"login": "anna", "password": GOOD})
    assert browser.cookies["__Host-coxa"] != planted
    other = house.browser()
    other.cookies.set("__Host-coxa", planted, domain="coxa.test")
    assert other.get("/api/viewer").status_code == 401


def test_a_token_that_somebody_planted_is_never_taken_over(house: House) -> None:
    house.account("anna")
    browser = house.browser()
    browser.cookies.set("__Host-coxa", "planted", domain="coxa.test")
    browser.post("/api/sign-in", json={"login": "anna", "password": GOOD})
    values = {one.value for one in browser.cookies.jar if one.name == "__Host-coxa"}
    assert len(values - {"planted"}) == 1
    other = house.browser()
    other.cookies.set("__Host-coxa", "planted", domain="coxa.test")
    assert other.get("/api/viewer").status_code == 401


def test_who_signs_out_is_out_everywhere_if_they_say_so(house: House) -> None:
    house.account("anna")
    here, there = house.browser("anna"), house.browser("anna")
    copied = here.cookies["__Host-coxa"]
    answer = here.post("/sign-out", headers=PAGE)
    assert answer.headers["location"] == "/sign-in"
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    again = house.browser()
    again.cookies.set("__Host-coxa", copied, domain="coxa.test")
    assert again.get("/api/viewer").status_code == 401
    assert there.get("/api/viewer").status_code == 200
    third = house.browser("anna")
    third.post("/account/sign-out-everywhere", headers=PAGE)
    assert there.get("/api/viewer").status_code == 401


def test_a_sign_in_ends_by_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.account("doctor", Role.CLINICIAN)
    browser = house.browser("doctor")
    monkeypatch.setattr("coxa.web.security.sign_in.seconds_since", lambda at: 3601.0)
    assert browser.get("/api/viewer").status_code == 401
    monkeypatch.undo()
    assert browser.get("/api/viewer").status_code == 401


def test_a_new_password_needs_the_present_one_and_signs_out_the_others(house: House) -> None:
    house.account("anna")
    here, there = house.browser("anna"), house.browser("anna")
    new = "nine loud geese swim"
    refused = here.post("/account/password", data={"current": "wrong", "password": new}, headers=PAGE)
    assert refused.status_code == 422
    weak = here.post("/account/password", data={"current": GOOD, "password": "short"}, headers=PAGE)
    assert weak.status_code == 422
    assert there.get("/api/viewer").status_code == 200
    done = here.post("/account/password", data={"current": GOOD, "password": new}, headers=PAGE)
    assert done.status_code == 303
    assert here.get("/api/viewer").status_code == 200
    assert there.get("/api/viewer").status_code == 401
    house.browser("anna", new)


def test_passwords_are_tried_with_growing_pauses(house: House) -> None:
    house.account("anna")
    browser = house.browser()
    wrong = {"login": "anna", "password": "guess"}
    tried = [browser.post("/api/sign-in", json=wrong).status_code for _ in range(7)]
    assert tried == [401] * 5 + [429] * 2
    right = browser.post("/api/sign-in", json={"login": "ANNA ", "password": GOOD})
    assert right.status_code == 429
    assert int(right.headers["retry-after"]) >= 1
    assert house.browser().post("/api/sign-in", json={"login": "bo", "password": GOOD}).status_code == 401


def test_one_address_cannot_try_all_logins(house: House) -> None:
    browser = house.browser()
    tried = [
        browser.post("/api/sign-in", json={"login": f"login{n}", "password": "guess"}).status_code
        for n in range(32)
    ]
    assert tried[:30] == [401] * 30
    assert tried[30:] == [429] * 2


def test_an_invitation_makes_an_account_for_a_clients_record(house: House, person: Person) -> None:
    token = invite(house.services.accounts, access(), Role.PERSON, person=person.id)
    browser = house.browser()
    page = browser.get(f"/invitation/{token}", headers=PAGE)
    assert person.name in page.text
    told = {"name": "Anna", "login": "anna", "password": "short"}
    assert browser.post(f"/invitation/{token}", data=told, headers=PAGE).status_code == 422
    made = browser.post(f"/invitation/{token}", data={**told, "password": GOOD}, headers=PAGE)
    assert (made.status_code, made.headers["location"]) == (303, "/")
    assert browser.get("/", headers=PAGE).headers["location"] == f"/p/{person.id}"
    assert browser.get(f"/invitation/{token}", headers=PAGE).status_code == 404
    again = house.browser().post(f"/invitation/{token}", data={**told, "password": GOOD})
    assert again.status_code == 404


def test_an_administrator_keeps_accounts_and_sees_no_record(house: House, person: Person) -> None:
    house.account("root", Role.ADMIN)
    anna = house.account("anna")
    house.services.accounts.tie(anna.id, person.id, Tie.SELF)
    hers, admin = house.browser("anna"), house.browser("root")
    assert hers.get(f"/p/{person.id}", headers=PAGE).status_code == 200
    assert admin.get(f"/p/{person.id}", headers=PAGE).status_code == 404
    assert hers.get("/admin", headers=PAGE).status_code == 404
    assert hers.post("/admin/invitations", data={"role": "admin"}).status_code == 404
    page = admin.get("/admin", headers=PAGE)
    assert "anna" in page.text
    assert person.name not in page.text
    made = admin.post("/admin/invitations", data={"role": "clinician"}, headers=PAGE)
    link = re.search(r'value="https://coxa\.test(/invitation/[^"]+)"', made.text)
    assert link is not None
    assert admin.post(f"/admin/accounts/{anna.id}/disable").status_code == 303
    assert hers.get("/api/viewer").status_code == 401
    (opened,) = house.services.accounts.open_invitations()
    admin.post("/admin/invitations/withdraw", data={"invitation": opened.token_sha256})
    assert house.browser().get(link[1], headers=PAGE).status_code == 404


def test_a_person_is_never_a_clinician_by_their_tie(house: House, person: Person) -> None:
    anna = house.account("anna")
    house.services.accounts.tie(anna.id, person.id, Tie.CLINICIAN)
    assert house.browser("anna").get(f"/p/{person.id}", headers=PAGE).status_code == 404


def test_who_looked_and_who_changed_is_in_the_audit_trail(house: House, person: Person) -> None:
    doctor = house.account("doctor", Role.CLINICIAN)
    house.services.accounts.tie(doctor.id, person.id, Tie.CLINICIAN)
    browser = house.browser("doctor")
    for _ in range(3):
        browser.get(f"/p/{person.id}", headers=PAGE)
    trail = house.services.records.audit(person.id)
    assert [(one.action, one.entry) for one in trail if one.kind == "accounts"] == [("seen", doctor.id)]


def test_the_only_way_in_is_not_removed(house: House) -> None:
    anna = house.account("anna")
    accounts = house.services.accounts
    accounts.add_passkey(Passkey("abc", anna.id, "key", 0, "phone", now()))
    browser = house.browser("anna")
    accounts.set_password(anna.id, None)
    assert browser.post("/account/passkeys/remove", data={"credential_id": "abc"}).status_code == 422
    accounts.set_password(anna.id, "some hash")
    assert browser.post("/account/passkeys/remove", data={"credential_id": "abc"}).status_code == 303
    assert browser.post("/account/passkeys/remove", data={"credential_id": "abc"}).status_code == 404


@pytest.mark.parametrize(
    "credential", [{}, {"id": "abc"}, {"id": 3}, {"id": "abc", "response": [], "rawId": "*"}]
)
def test_made_up_passkeys_sign_nobody_in(house: House, credential: dict[str, object]) -> None:
    anna = house.account("anna")
    house.services.accounts.add_passkey(Passkey("abc", anna.id, "key", 0, "phone", now()))
    browser = house.browser()
    assert browser.post("/api/sign-in/passkey/options").json()["publicKey"]["rpId"] == "coxa.test"
    assert browser.post("/api/sign-in/passkey", json={"credential": credential}).status_code == 401
    mine = house.browser("anna")
    mine.post("/api/account/passkeys/options")
    added = mine.post("/api/account/passkeys", json={"credential": credential, "label": "phone"})
    assert added.status_code == 422


def test_an_account_can_be_removed_by_its_owner_alone(house: House, person: Person) -> None:
    anna = house.account("anna")
    house.services.accounts.tie(anna.id, person.id, Tie.SELF)
    browser = house.browser("anna")
    assert browser.post("/account/remove", data={"current": "wrong"}).status_code == 422
    assert browser.post("/account/remove", data={"current": GOOD}).status_code == 303
    assert house.services.accounts.by_login("anna") is None
    assert house.services.records.person(person.id) is not None


def test_who_removes_their_record_is_signed_out_and_known_no_more(house: House, person: Person) -> None:
    anna = house.account("anna")
    house.services.accounts.tie(anna.id, person.id, Tie.SELF)
    browser = house.browser("anna")
    assert "you will be signed out" in browser.get(f"/p/{person.id}/me/delete", headers=PAGE).text
    answer = browser.post(f"/p/{person.id}/me/delete", data={"typed": person.name}, headers=PAGE)
    assert answer.status_code == 200
    assert answer.headers["set-cookie"].startswith('__Host-coxa=""')
    assert house.services.accounts.by_login("anna") is None
    assert browser.get("/", headers=PAGE).headers["location"].startswith("/sign-in")
    again = house.browser().post("/api/sign-in", json={"login": "anna", "password": GOOD})
    assert again.status_code == 401
