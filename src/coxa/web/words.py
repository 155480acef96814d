"""Words that are shown and stand in Python: marked where they are, translated when they are said."""

from __future__ import annotations

from starlette.requests import Request

from coxa.web.answers import locale_of
from coxa.web.marks import N_
from coxa.web.phrases import in_language

__all__ = ["N_", "in_language", "said"]


def said(request: Request, words: str) -> str:
    """Words in the reader's language."""
    return in_language(words, locale_of(request))
