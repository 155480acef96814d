"""The first run in a real browser."""

from __future__ import annotations

from playwright.sync_api import BrowserContext


def test_the_server_answers_a_real_browser(context: BrowserContext) -> None:
    page = context.new_page()
    answer = page.goto("/health")
    assert answer is not None
    assert answer.json()["status"] == "ok"
