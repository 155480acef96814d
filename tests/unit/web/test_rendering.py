"""Words in templates: translated, filled in, and never taken for HTML."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from coxa.web.languages import LOCALES
from coxa.web.rendering import Pages


@pytest.fixture
def pages() -> Pages:
    return Pages()


def said(pages: Pages, source: str, **values: object) -> str:
    environment = pages._environment("en")
    return environment.from_string(source).render(**values)


@pytest.mark.parametrize("words", ["95 % of it", "100%", "%s", "%(name)s", "50 %% done", ""])
def test_words_of_the_engine_are_not_formatted(pages: Pages, words: str) -> None:
    assert said(pages, "{{ _(words) }}", words=words) == words.replace("%%", "%")


def test_words_from_outside_are_no_html(pages: Pages) -> None:
    words = "<img src=x onerror=alert(1)>"
    assert "<" not in said(pages, "{{ _(words) }}", words=words)
    assert "<" not in said(pages, '{{ _("Hello, %(name)s", name=words) }}', words=words)
    assert "<" not in said(
        pages, '{{ ngettext("%(num)s of %(name)s", "%(num)s", 1, name=words) }}', words=words
    )


def test_values_are_filled_in_once(pages: Pages) -> None:
    assert said(pages, '{{ _("%(n)s %% sure", n=5) }}') == "5 % sure"
    assert said(pages, '{{ ngettext("%(num)s day", "%(num)s days", 2) }}') == "2 days"
    assert said(pages, '{{ _("%(side)s side", side=side) }}', side=Markup("left")) == "left side"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_has_a_calendar(pages: Pages, locale: str) -> None:
    assert pages._environment(locale).globals["language"]
