"""Collects every word that the app shows, for translators, and brings the translations up to date.

``locale/messages.pot`` has the words of templates, of the app's Python and of the catalogue, with the files
they stand in; ``locale/LANGUAGE/messages.po`` has what they are in a language. Run by ``make words``; a test
holds that the files are what this writes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "coxa"
LOCALE = SOURCE / "web" / "locale"
LANGUAGES = ("de",)
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
#: Which files of the catalogue the app shows, and under which keys they have words for people. A pattern
#: matches a whole path of keys; a place in a list is ``[]``.
CATALOGUE: tuple[tuple[str, str], ...] = (
    (
        "exercises/*.yaml",
        r"title|purpose|camera\.note|(setup|cautions|stop_when)\.\[\]"
        r"|phases\.\[\]\.instruction|form\.\[\]\.(title|cue|praise)",
    ),
    (
        "protocols/*.yaml",
        r"title|purpose|camera\.note|(setup|instructions|cautions|equipment)\.\[\]|quantities\.\[\]\.(title|needs)"
        r"|compensations\.\[\]\.(title|words|cue|needs)|phases\.\[\]\.instruction",
    ),
    ("taps.yaml", r"readings\.\[\]\.(place|move)|worn\.\[\]\.strap"),
    ("training.yaml", r"stages\.\w+\.(effort|load)"),
    ("phone.yaml", r"postures\.\w+\.says"),
    ("programmes/*.yaml", r"title|purpose|challenges\.\[\]\.(title|words)"),
    ("triage.yaml", r"safety_net|questions\.\[\]\.words|(red_flags|cautions)\.\[\]\.(words|whom|how_soon)"),
    ("coach.yaml", r"placement\.words\.\w+"),
    ("observability.yaml", r"kinds\..+\.(reason|remedy)"),
    ("additions.yaml", r"additions\.\[\]\.(title|how)"),
    ("tags/boards_v1.yaml", r"boards\.\[\]\.(title|wear)"),
    ("equipment.yaml", r"things\.\w+"),
)


def _strings(node: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _strings(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value, f"{path}.[]")
    elif isinstance(node, str):
        yield path, node


def _of_catalogue() -> Iterator[tuple[str, str]]:
    for files, keys in CATALOGUE:
        wanted = re.compile(keys)
        for file in sorted((SOURCE / "catalog").glob(files)):
            for path, words in _strings(yaml.safe_load(file.read_text(encoding="utf-8"))):
                if words and wanted.fullmatch(path):
                    yield file.relative_to(ROOT).as_posix(), words


def _of_sources() -> Iterator[tuple[str, Any]]:
    web = SOURCE / "web"
    for method, files in (
        ("jinja2", sorted(web.glob("templates/**/*.html"))),
        ("python", sorted(one for one in web.rglob("*.py"))),
    ):
        for file in files:
            for _, message, _, _ in extract_from_file(method, file, KEYWORDS):
                yield file.relative_to(ROOT).as_posix(), message


def collected() -> Catalog:
    """Every word, in the order of the files."""
    catalogue = Catalog(project="coxa", copyright_holder="The Coxa authors", fuzzy=False)
    for file, message in [*_of_sources(), *_of_catalogue()]:
        catalogue.add(message, locations=[(file, 0)])
    return catalogue


def updated(language: str, words: Catalog) -> Catalog:
    """A language's file with the words there are now; what went is dropped, what is new is empty."""
    file = LOCALE / language / "messages.po"
    with file.open("rb") as text:
        catalogue = read_po(text, locale=language)
    catalogue.update(words, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def written(catalogue: Catalog) -> str:
    """As a file; without dates and lines, which change without the words changing."""
    out = BytesIO()
    write_po(out, catalogue, width=110, omit_header=False, include_lineno=False, sort_by_file=False)
    dated = re.compile(
        r'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By).*\n', re.M
    )
    return re.sub(r"\n{3,}", "\n\n", dated.sub("", out.getvalue().decode("utf-8")))


def translated(one: Message) -> bool:
    """Whether a message says something in every of its forms."""
    return all(one.string) if isinstance(one.string, (list, tuple)) else bool(one.string)


def main() -> int:
    """Writes the files, and says which words have no translation."""
    words = collected()
    (LOCALE / "messages.pot").write_text(written(words), encoding="utf-8")
    missing = 0
    for language in LANGUAGES:
        catalogue = updated(language, words)
        (LOCALE / language / "messages.po").write_text(written(catalogue), encoding="utf-8")
        missing += sum(1 for one in catalogue if one.id and not translated(one))
    print(f"{len(words)} words, {missing} not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
