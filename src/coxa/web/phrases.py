"""What the engine says, in the reader's language.

The engine speaks English: sentences of the catalogue, and sentences that it fills in with figures and names.
The first are looked up as they are. The second are recognised by their patterns and filled in again in the
other language; what is filled in is translated the same way. What is not known stays as it is: nothing that
was said is lost.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date

from coxa.web.languages import LOCALES, translations
from coxa.web.patterns import PATTERNS

_VALUE = re.compile(r"%\((\w+)\)s")
_FIGURE = r"[-+\u2212]?\d+(?:[.,]\d+)?"
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_DECIMALS = re.compile(r"(?<=\d)\.(?=\d)")
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
_DEEPEST = 4


def in_language(words: str, locale: str) -> str:
    """Words of the engine in a language; as they are where there is no translation.

    Args:
        words: a word, a sentence or some.
        locale: of ``LOCALES``.
    """
    if locale == LOCALES[0] or not words:
        return _DAY.sub(lambda day: _said_day(day[0], locale), words)
    return _translated(words, locale, 0) or words


@lru_cache(maxsize=8192)
def _translated(words: str, locale: str, depth: int) -> str:
    """Empty: not known."""
    known = translations(locale)
    exact = str(known.gettext(words))
    if exact != words:
        return exact
    if words[:1].isupper():
        small = words[:1].lower() + words[1:]
        exact = str(known.gettext(small))
        if exact != small:
            return exact[:1].upper() + exact[1:]
    if depth >= _DEEPEST:
        return ""
    for pattern, template in _patterns(locale):
        found = pattern.fullmatch(words)
        if found:
            return template % {
                name: _filled(value, locale, depth) for name, value in found.groupdict().items()
            }
    return _by_sentence(words, locale, depth) or _by_item(words, locale, depth)


def _filled(value: str, locale: str, depth: int) -> str:
    if re.fullmatch(_FIGURE, value):
        return _DECIMALS.sub(Locale.parse(locale).number_symbols["latn"]["decimal"], value)
    if _DAY.fullmatch(value):
        return _said_day(value, locale)
    return _translated(value, locale, depth + 1) or value


def _said_day(day: str, locale: str) -> str:
    try:
        return str(format_date(date.fromisoformat(day), "medium", locale))
    except ValueError:
        return day


def _by_sentence(words: str, locale: str, depth: int) -> str:
    """Some sentences, each by itself; empty where none is known."""
    return _by_part(_SENTENCES.split(words), " ", locale, depth)


def _by_item(words: str, locale: str, depth: int) -> str:
    """A list of names, each by itself; alone only where all are known: else it is somebody's text."""
    parts = words.split(", ")
    if depth == 0 and not all(_translated(one, locale, 1) for one in parts):
        return ""
    return _by_part(parts, ", ", locale, depth)


def _by_part(parts: list[str], between: str, locale: str, depth: int) -> str:
    if len(parts) == 1:
        return ""
    said = [_translated(one, locale, depth + 1) for one in parts]
    return between.join(new or old for new, old in zip(said, parts, strict=True)) if any(said) else ""


@cache
def _patterns(locale: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    known = translations(locale)
    return tuple((_as_pattern(one), str(known.gettext(one))) for one in PATTERNS)


def _as_pattern(template: str) -> re.Pattern[str]:
    """``%(n)s``, ``%(n2)s`` stand for figures, every other value for any words."""
    parts = _VALUE.split(template)
    # Where nothing but marks is fixed, a value of any words would take in whole sentences.
    words = ".+?" if re.search(r"[^\W\d_]", "".join(parts[::2])) else "[^.!?]+?"
    told = []
    for place, part in enumerate(parts):
        if place % 2 == 0:
            told.append(re.escape(part.replace("%%", "%")))
        else:
            told.append(f"(?P<{part}>{_FIGURE if re.fullmatch(r'n[0-9]*', part) else words})")
    return re.compile("".join(told), re.DOTALL)
