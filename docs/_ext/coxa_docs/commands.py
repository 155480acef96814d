"""A page a command, from the very commands: what ``coxa ... --help`` says, as tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import typer

from coxa.cli.main import app
from coxa.model.errors import EXIT_CODES
from coxa_docs.markdown import page, plain, section, table, toctree

_TAKES = re.compile(r"<(.+)>$")
_KINDS = {"float": "NUMBER", "integer": "N", "int": "N", "str": "TEXT"}
_BRACES = re.compile(r"\{(\w+)(?:\.\.\.)?\}")


def pages() -> Iterator[tuple[str, str]]:
    """Name and text of each."""
    own = typer.main.get_command(app)
    yield "commands/index.md", page(_index(own))
    for name, command in commands_of(own).items():
        yield f"commands/{name}.md", page(_command(command, f"coxa {name}", 1))


def commands_of(group: Any) -> Mapping[str, Any]:
    """The commands of a group by name; a command has none."""
    return getattr(group, "commands", {})


def _index(own: Any) -> Iterator[str]:
    yield from ("# Commands", "", plain(own.help), "")
    rows = (
        (f"[`coxa {name}`]({name}.md)", _first_line(one)) for name, one in sorted(commands_of(own).items())
    )
    yield from table(("command", "what it does"), rows)
    yield "`coxa COMMAND --help` says the same in the terminal; `coxa --version` says which version it is."
    yield ""
    rows = ((str(code), plain(words)) for code, words in EXIT_CODES.items())
    yield from section("Exit codes", table(("code", "meaning"), rows))
    yield from toctree(sorted(commands_of(own)))


def _first_line(command: Any) -> str:
    return plain((command.help or "").strip().partition("\n\n")[0])


def _command(command: Any, path: str, level: int) -> Iterator[str]:
    context = typer.Context(command, info_name=path)
    yield from (f"{'#' * level} `{path}`", "", *_paragraphs(command.help or ""))
    usage = _BRACES.sub(lambda name: name[1].upper(), command.get_usage(context).partition(": ")[2])
    yield from ("```text", usage, "```", "")
    given = [one for one in command.params if one.param_type_name == "argument"]
    chosen = [one for one in command.params if one.param_type_name == "option" and not one.hidden]
    yield from table(("argument", "what"), (_row(one, context) for one in given))
    yield from table(("option", "what"), (_row(one, context) for one in chosen))
    for name, one in commands_of(command).items():
        yield from _command(one, f"{path} {name}", level + 1)


def _paragraphs(words: str) -> Iterator[str]:
    for one in words.strip().split("\n\n"):
        yield from (plain(one), "")


def _row(one: Any, context: Any) -> tuple[str, str]:
    names, words = one.get_help_record(context)
    if one.param_type_name == "argument":
        names = (one.metavar or one.name).rstrip(".").upper() + ("..." if one.nargs == -1 else "")
    words = words.replace("<=", "\u2264").replace(">=", "\u2265")
    return f"`{_TAKES.sub(_value, names)}`".replace("|", "\\|"), plain(words)


def _value(kind: re.Match[str]) -> str:
    """What an option takes: a choice is written out, ``<float range>`` is a number to people."""
    words = kind[1].removeprefix("list[").removesuffix("]")
    return words if "|" in words else _KINDS.get(words.split()[0], words.upper())
