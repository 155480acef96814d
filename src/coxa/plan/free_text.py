"""Which questions a free text brings up. It decides nothing: only the answers do."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from coxa.specs.triage import TriageSpec

#: Words that ``*`` in a phrase may stand for.
_GAP = 4
_LONGEST = 20_000
#: Letters that do not come apart into a plain letter and a mark.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})  # noqa: RUF001
_APOSTROPHES = dict.fromkeys(map(ord, "'\u2019\u2018\u02bc`\u00b4\u2032\uff07"))
_WORD = re.compile(r"\w+\*?|\*")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that a text brings up.

    Attributes:
        question: its id.
        words: of the question.
        because: the phrase that was found.
    """

    question: str
    words: str
    because: str


def prompted(spec: TriageSpec, text: str) -> tuple[Prompt, ...]:
    """Questions that the text brings up, in the order of the screen; letters with or without their marks.

    Args:
        spec: the screen.
        text: as the person wrote it; what is beyond 20,000 letters is not read.
    """
    flat = flattened(text[:_LONGEST])
    words = _WORD.findall(flat.replace("*", " "))
    found = []
    for question in spec.questions:
        phrases = [phrase for phrases in question.prompts.values() for phrase in phrases]
        hit = next((phrase for phrase in phrases if _holds(words, flat, phrase)), None)
        if hit is not None:
            found.append(Prompt(question.id, question.words, hit.replace("*", "\u2026")))
    return tuple(found)


def flattened(text: str) -> str:
    """Lower case, without accents and apostrophes: "L\u2019\u00c9t\u00e9" -> "lete"."""
    apart = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_LETTERS)


def _holds(words: list[str], flat: str, phrase: str) -> bool:
    wanted = flattened(phrase)
    if any("\u3040" <= letter <= "\u9fff" for letter in wanted):
        return wanted in flat  # written without spaces between words
    pattern = _WORD.findall(wanted)
    return any(_follows(words, start, pattern) for start in range(len(words)))


def _follows(words: list[str], at: int, pattern: list[str]) -> bool:
    """Whether the pattern begins at a word."""
    if not pattern:
        return True
    if pattern[0] == "*":
        return any(_follows(words, at + skip, pattern[1:]) for skip in range(_GAP + 1))
    if at >= len(words):
        return False
    wanted = pattern[0]
    same = words[at].startswith(wanted[:-1]) if wanted.endswith("*") else words[at] == wanted
    return same and _follows(words, at + 1, pattern[1:])
