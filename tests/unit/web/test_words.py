"""Every word of the app is known to translators, and German has all of them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from coxa.web.languages import chosen
from coxa.web.phrases import in_language
from coxa.web.rendering import drawn, figure, moment

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts"))
import words  # noqa: E402

_PLACES = re.compile(r"%\(\w+\)s|\{\w+\}|%%")
#: Words that are the same in both languages.
SAME = {
    "Link", "Name", "Passkeys", "Version", "Test", "Tests", "Plan", "Training", "± {half}° (95 %%)",
    "%(sets)s \u00d7 %(seconds)s s", "Brettzel 1.0", "Figure",
}  # fmt: skip


@pytest.fixture(scope="module")
def collected() -> Catalog:
    found: Catalog = words.collected()
    return found


@pytest.fixture(scope="module")
def german() -> Catalog:
    with (words.LOCALE / "de" / "messages.po").open("rb") as text:
        return read_po(text, locale="de")


def forms(one: Message) -> list[tuple[str, str]]:
    """English and German, form by form."""
    if isinstance(one.id, str):
        return [(one.id, str(one.string))]
    return list(zip(one.id, one.string or (), strict=True))


def test_the_template_is_up_to_date(collected: Catalog) -> None:
    kept = (words.LOCALE / "messages.pot").read_text(encoding="utf-8")
    assert words.written(collected) == kept, "run: make words"


def test_german_says_everything(collected: Catalog, german: Catalog) -> None:
    missing = [one.id for one in collected if one.id and one.id not in german]
    empty = [one.id for one in german if one.id and not words.translated(one)]
    unsure = [one.id for one in german if one.id and one.fuzzy]
    assert not missing, "run: make words, and say them in locale/de/messages.po"
    assert not empty
    assert not unsure


def test_german_has_the_same_values(german: Catalog) -> None:
    other = []
    for one in german:
        for english, said in forms(one) if one.id else []:
            places = {*_PLACES.findall(english)}
            if isinstance(one.id, tuple):  # one of something may be said without its figure
                places -= {"%(num)s"}
            if not places <= {*_PLACES.findall(said)} or "%(" in _PLACES.sub("", said):
                other.append((english, said))
    assert not other


def test_nothing_is_left_in_english(german: Catalog) -> None:
    left = [
        english
        for one in german
        for english, said in (forms(one) if one.id else [])
        if english == said and re.search("[a-z]{3}", _PLACES.sub("", english)) and english not in SAME
    ]
    assert not left


def test_german_calls_everybody_du(german: Catalog) -> None:
    told = [said for one in german for _, said in (forms(one) if one.id else [])]
    formal = re.compile(r"\bIhnen\b|[a-zäöüß,] (Sie|Ihr|Ihre[mnrs]?)\b")
    assert [said for said in told if formal.search(said)] == []


def test_sentences_with_figures_are_said_again() -> None:
    assert in_language("Switch sides: left.", "de") == "Seitenwechsel: links."
    leaned = "the trunk leaned by 12° in 3 of 5 repetitions (the test allows 5.5°). Sit tall."
    assert in_language(f"Left side: {leaned}", "de") == (
        "Linke Seite: der Rumpf neigte sich, um 12°, bei 3 von 5 Wiederholungen "
        "(der Test erlaubt 5,5°). Sitz aufrecht."
    )
    assert in_language("Pain rose to 5 of 10 on 2026-11-21; 1 was usual", "de") == (
        "Schmerz stieg am 21.11.2026 auf 5 von 10; üblich war 1"
    )
    assert in_language("The trunk leaned", "de") == "Der Rumpf neigte sich"
    held = "Pain 1, 90% in good form, effort 6. The gate is open and control is shown: on to load."
    assert in_language(held, "de").endswith(
        "Der Weg ist frei, und die Kontrolle ist gezeigt: weiter zur Stufe „belasten“."
    )


def test_days_are_said_in_english_too() -> None:
    assert in_language("Nothing was heard since 2026-08-24", "en") == "Nothing was heard since Aug 24, 2026"
    assert in_language("12026-08-24, 2026-99-24", "en") == "12026-08-24, 2026-99-24"


def test_lists_of_names_are_said_one_by_one() -> None:
    assert in_language("Side-lying hip rotation, Squat", "de") == "Hüftdrehung in Seitenlage, Kniebeuge"
    assert in_language("Squat, my own thing", "de") == "Squat, my own thing"


def test_moments_are_said_as_people_write_them() -> None:
    assert moment("2026-11-22T15:54:01.123456Z", "de") == "22.11.2026, 15:54 UTC"
    assert moment("2026-11-22 15:54", "en").startswith("Nov 22, 2026, 3:54")


def test_what_is_not_known_stays_as_it_is() -> None:
    assert in_language("Anna wrote: 100 % of this is mine.", "de") == "Anna wrote: 100 % of this is mine."
    assert in_language("Switch sides: left.", "en") == "Switch sides: left."
    assert in_language("", "de") == ""


def test_drawings_are_said_again_and_stay_safe() -> None:
    from markupsafe import Markup

    svg = Markup("<svg><title>Left: Trunk rotation</title><text>a &lt;b&gt;</text></svg>")
    told = drawn(svg, lambda one: in_language(one, "de"))
    assert told == "<svg><title>Links: Rumpfdrehung</title><text>a &lt;b&gt;</text></svg>"


def test_figures_as_people_write_them() -> None:
    assert figure(2.5, "de") == "2,5"
    assert figure(2.5, "en") == "2.5"


def test_the_language_of_the_browser() -> None:
    assert chosen(None, "fr-FR, de-AT;q=0.8, en;q=0.5") == "de"
    assert chosen("en", "de") == "en"
    assert chosen("xx", "pl") == "en"
