"""The code blocks of the documentation, and command lines as the program itself reads them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typer

from coxa.cli.main import app

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^( *)```([^\n`]*)\n(.*?)^\1``` *$", re.MULTILINE | re.DOTALL)
#: How a documented command line calls the program.
_CALLS = ("coxa", ".venv/bin/coxa", "~/coxa/bin/coxa")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block.

    Attributes:
        page: below the root of the repository.
        line: of the fence.
        language: what stands behind the fence; ``{...}`` is a directive of the site.
        text: what is in it.
    """

    page: str
    line: int
    language: str
    text: str

    @property
    def name(self) -> str:
        """For people to find it."""
        return f"{self.page}:{self.line}"

    def console_lines(self) -> list[str]:
        """What is typed, without its comments."""
        typed = [line[2:] for line in self.text.splitlines() if line.startswith("$ ")]
        return [re.split(r"(?:^|\s)#", line)[0].strip() for line in typed]


@dataclass(frozen=True, slots=True)
class Line:
    """One command line that calls the program."""

    block: Block
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """As it is typed behind ``coxa``."""
        return shlex.join(self.words)


def pages() -> list[Path]:
    """What people read: the README, how to contribute, and every page written by hand."""
    written = [path for path in sorted((ROOT / "docs").rglob("*.md")) if "reference" not in path.parts]
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *written]


def blocks() -> list[Block]:
    """Of all pages."""
    return [one for path in pages() for one in blocks_of(path.read_text(encoding="utf-8"), path)]


def blocks_of(text: str, path: Path) -> Iterator[Block]:
    """Of one page."""
    page = path.relative_to(ROOT).as_posix()
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        body = "\n".join(one.removeprefix(found[1]) for one in found[3].split("\n"))
        yield Block(page, line, found[2].strip(), body)


def lines(found: list[Block]) -> list[Line]:
    """Command lines that call the program."""
    typed = [
        (one, shlex.split(line)) for one in found if one.language == "console" for line in one.console_lines()
    ]
    return [Line(one, tuple(words[1:])) for one, words in typed if words and words[0] in _CALLS]


def parsed(words: tuple[str, ...]) -> Any:
    """The context of the command that is called, all its options read; nothing is run."""
    return _parsed(program(), "coxa", list(words), None)


@cache
def program() -> Any:
    """All commands."""
    return typer.main.get_command(app)


def _parsed(command: Any, name: str, words: list[str], parent: Any) -> Any:
    context = command.make_context(name, words, parent=parent)
    rest = [*context._protected_args, *context.args] if hasattr(command, "commands") else []
    if not rest:
        return context
    inner, found, left = command.resolve_command(context, rest)
    return _parsed(found, inner, left, context)
