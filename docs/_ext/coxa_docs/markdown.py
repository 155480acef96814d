"""Markdown out of words that know nothing of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]<>|$#~])")


def plain(words: object) -> str:
    """Words as they are: nothing in them is a mark, and they are one line."""
    return _MEANS_SOMETHING.sub(r"\\\1", " ".join(str(words).split()))


def commented(words: object) -> str:
    """Words of a comment or docstring, where backticks, one or two, stand around code."""
    return re.sub(r"(?:\\`){1,2}([^`\\]+)(?:\\`){1,2}", r"`\1`", plain(words))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table of cells that are Markdown already; nothing where it would be empty."""
    body = [f"| {' | '.join(row)} |" for row in rows]
    if body:
        yield f"| {' | '.join(head)} |"
        yield f"|{'---|' * len(head)}"
        yield from body
        yield ""


def section(title: str, lines: Iterable[str], level: int = 2) -> Iterator[str]:
    """A heading and what stands under it; nothing where that is empty."""
    body = list(lines)
    if any(body):
        yield f"{'#' * level} {title}"
        yield ""
        yield from body
        if body[-1]:
            yield ""


def bullets(items: Iterable[object], mark: str = "-") -> Iterator[str]:
    """A list of plain words."""
    for item in items:
        yield f"{mark} {plain(item)}"


def toctree(names: Iterable[str], caption: str = "") -> Iterator[str]:
    """The pages below this one; not shown in the page, which lists them in its own words."""
    yield "```{toctree}"
    yield ":hidden:"
    if caption:
        yield f":caption: {caption}"
    yield ""
    yield from names
    yield "```"
    yield ""


def page(lines: Iterable[str]) -> str:
    """The text of a file."""
    return "\n".join(lines).rstrip("\n") + "\n"
