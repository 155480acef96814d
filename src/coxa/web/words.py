"""Words that are shown and stand in Python: marked where they are, translated when they are said."""

from __future__ import annotations

from starlette.requests import Request

from coxa.web.answers import locale_of
from coxa.web.rendering import translations


def N_(words: str) -> str:  # noqa: N802 - the name that tools for translators look for
    """Marks words for translators; they stay as they are."""
    return words


def said(request: Request, words: str) -> str:
    """Words in the reader's language."""
    return str(translations(locale_of(request)).gettext(words))
