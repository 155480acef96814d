"""Accounts in a real browser: an invitation, a passkey of a made-up device, signing in with it, and out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from coxa.adapters.store.accounts import SqlAccounts
from coxa.adapters.store.records import SqlRecords
from coxa.app.accounts import invite
from coxa.app.roles import Role
from coxa.catalog.access import access
from tests.support.browser import Site, served, visiting

PASSWORD = "seven quiet herons wade"  # noqa: S105
_DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def house(playwright: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """A server with accounts, by name, since passkeys belong to names; and a link for an administrator."""
    folder: Path = tmp_path_factory.mktemp("house")
    records = SqlRecords.open(folder / "record")
    token = invite(SqlAccounts(records.engine), access(), Role.ADMIN)
    records.close()
    with served(folder / "record", "--accounts") as running:
        yield Site(running.url.replace("127.0.0.1", "localhost"), running.data, running.process), token


def with_device(page: Page) -> Page:
    """A page whose browser has a device that keeps passkeys."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
    return page


def test_from_invitation_to_passkey(browser: Browser, house: tuple[Site, str]) -> None:
    site, token = house
    with visiting(browser, site) as context:
        page = with_device(context.new_page())
        page.goto("/account")
        expect(page).to_have_url(re.compile(r"/sign-in\?next=/account"))
        page.goto(f"/invitation/{token}")
        page.get_by_label("Your name").fill("Root")
        page.get_by_label("Login").fill("root")
        page.get_by_label("Password").fill(PASSWORD)
        with page.expect_navigation():
            page.get_by_role("button", name="Make my account").click()
        page.goto("/account")
        page.get_by_label("Name of this device").fill("test device")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text("The passkey is kept.")).to_be_visible()
        expect(page.get_by_text("test device")).to_be_visible()
        page.get_by_role("button", name="Sign out", exact=True).click()
        expect(page).to_have_url(re.compile(r"/sign-in$"))
        page.goto("/sign-in?next=/account")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page).to_have_url(f"{site.url}/account")
        page.goto("/admin")
        page.get_by_role("button", name="Make a link").click()
        expect(page.get_by_label("Link")).to_have_value(re.compile(f"^{re.escape(site.url)}/invitation/"))
        page.goto("/account")
        page.get_by_role("button", name="Remove test device").click()
        expect(page.get_by_text("test device")).not_to_be_visible()
        page.get_by_role("button", name="Sign out everywhere").click()
        page.get_by_label("Login").fill("root")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text("Login or password is wrong.")).to_be_visible()
        cookies = {one["name"]: one for one in context.cookies()}
        assert "coxa" not in cookies
