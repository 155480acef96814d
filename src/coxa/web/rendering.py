"""Templates, and the words in them in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from html import unescape
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from babel.support import NullTranslations
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from coxa.web.languages import translations
from coxa.web.phrases import in_language

_TEXT = re.compile(r">([^<>]+)<")


class Pages:
    """Renders templates. One environment a language, since words are part of it."""

    def __init__(self, **always: Any) -> None:
        self._always = always
        self._environments: dict[str, Environment] = {}

    def render(self, template: str, locale: str, values: Mapping[str, Any]) -> str:
        """A page as HTML."""
        return self._environment(locale).get_template(template).render(locale=locale, **values)

    def _environment(self, locale: str) -> Environment:
        if locale not in self._environments:
            made = Environment(
                loader=PackageLoader("coxa.web"),
                autoescape=select_autoescape(),
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                extensions=["jinja2.ext.do"],
            )
            words: Any = translations(locale)
            made.add_extension("jinja2.ext.i18n")
            made.globals.update(_spoken(words, locale))
            made.globals.update(self._always, language=Locale.parse(locale))
            made.filters["said"] = lambda words: in_language(words, locale)
            made.filters["figure"] = lambda value: figure(value, locale)
            made.filters["drawn"] = lambda svg: drawn(svg, lambda words: in_language(words, locale))
            made.filters["capitalized"] = lambda words: f"{words[:1].upper()}{words[1:]}"
            made.filters["day"] = lambda on, form="full": format_date(as_day(on), form, locale)
            made.filters["moment"] = lambda at: moment(at, locale)
            self._environments[locale] = made
        return self._environments[locale]


def drawn(svg: Markup, said: Callable[[str], str]) -> Markup:
    """A drawing with its words in another language."""

    def other(found: re.Match[str]) -> str:
        words = unescape(found[1])
        return f">{escape(said(words))}<" if words.strip() else found[0]

    return Markup(_TEXT.sub(other, svg))  # noqa: S704 - a drawing of ours; what is put into it is escaped


def as_day(on: date | str) -> date:
    """A day; of a moment that was kept as text, the day in UTC."""
    return on if isinstance(on, date) else datetime.fromisoformat(on).date()


def moment(at: str, locale: str) -> str:
    """A moment that was kept as text, to the minute, in UTC, as people write it."""
    then = datetime.fromisoformat(at)
    return f"{format_date(then, 'medium', locale)}, {format_time(then, 'short', locale=locale)} UTC"


def figure(value: float, locale: str) -> str:
    """A figure as people write it: 2.5, or 2,5."""
    return format_decimal(value, locale=locale)


def _spoken(words: NullTranslations, locale: str) -> dict[str, Any]:
    """What templates call to say something: filled in only where values come with it, and never HTML.

    Jinja's own takes every text for markup that is to be formatted; words of the engine, which templates also
    have translated, are neither: they may have been brought in from outside, and have per cents in them.
    """

    def gettext(message: str, **values: Any) -> str:
        return _filled(words.gettext(message) if values else in_language(message, locale), values)

    def ngettext(one: str, many: str, num: int, **values: Any) -> str:
        return _filled(words.ngettext(one, many, num), {"num": num, **values})

    return {"gettext": gettext, "ngettext": ngettext}


def _filled(text: str, values: Mapping[str, Any]) -> str:
    return text % values if values else text.replace("%%", "%")
