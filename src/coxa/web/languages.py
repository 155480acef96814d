"""Which languages there are, and their words."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LOCALES = ("en", "de")
_FOLDER = Path(__file__).parent / "locale"


@cache
def translations(locale: str) -> NullTranslations:
    """Words of a language; English ones are those of the sources."""
    source = _FOLDER / locale / "messages.po"
    if not source.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as text:
        write_mo(compiled, read_po(text, locale=locale))
    compiled.seek(0)
    return Translations(compiled)


def chosen(wanted: str | None, accepted: str) -> str:
    """The language for a reader: their own choice, else the first of the browser's that there is.

    Args:
        wanted: chosen by the reader.
        accepted: the header ``Accept-Language``.
    """
    if wanted in LOCALES:
        return str(wanted)
    asked = [one.split(";")[0].strip().split("-")[0].lower() for one in accepted.split(",")]
    return next((one for one in asked if one in LOCALES), LOCALES[0])
