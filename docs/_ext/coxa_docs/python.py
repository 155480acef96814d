"""The Python API: what ``coxa`` and ``coxa.client`` offer, from their own docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import is_dataclass

import coxa
from coxa import client
from coxa.model import channels
from coxa_docs.markdown import page, section

_ARRAY = re.compile(r"numpy\.ndarray\[tuple\[(?:typing\.)?Any, \.\.\.\], numpy\.dtype\[numpy\.(\w+)\]\]")


def pages() -> Iterator[tuple[str, str]]:
    """Name and text of the page."""
    yield "python.md", page(_lines())


def _lines() -> Iterator[str]:
    yield from ("# Python", "")
    yield "What `import coxa` offers; names are imported when they are first used."
    yield ""
    names = [name for name in coxa.__all__ if name != "__version__"]
    functions = [name for name in names if inspect.isfunction(getattr(coxa, name))]
    errors = [name for name in names if _is_error(getattr(coxa, name))]
    things = [name for name in names if name not in functions and name not in errors]
    yield from section("What it does", _directives("coxa", functions, "autofunction"))
    yield from section("What it gives and takes", _directives("coxa", things, "autoclass"))
    yield from section("What it refuses", _directives("coxa", errors, "autoexception"))
    yield from section("What recordings hold", _directives("coxa.model", _channels(), "autoclass"))
    offered = sorted(client.__all__, key=lambda name: _is_error(getattr(client, name)))
    yield from section("A client for the server", _directives("coxa.client", offered, "autoclass"))


def _channels() -> list[str]:
    """Of a recording, those that ``coxa`` itself does not offer."""
    own = (
        name
        for name, thing in vars(channels).items()
        if getattr(thing, "__module__", "") == channels.__name__
    )
    kept = [name for name in own if name not in coxa.__all__ and isinstance(getattr(channels, name), type)]
    return [*(f"channels.{name}" for name in kept), "boards.WornBoard"]


def _is_error(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, Exception)


def shorten_types(
    _app: object, _what: str, _name: str, _thing: object, _options: object, lines: list[str]
) -> None:
    """An array's type in words: its shape stands beside it."""
    lines[:] = [_ARRAY.sub(r"array of \1", line) for line in lines]


def hide_fields(
    _app: object, what: str, _name: str, thing: object, _options: object, _signature: str, _returns: str
) -> tuple[str, str] | None:
    """The fields of a dataclass are listed below it; in its head they would be said twice."""
    return ("", "") if what == "class" and is_dataclass(thing) else None


def _directives(module: str, names: list[str], directive: str) -> Iterator[str]:
    for name in names:
        yield "```{eval-rst}"
        yield f".. {directive}:: {module}.{name}"
        if directive != "autofunction":
            yield "   :members:"
        yield "```"
        yield ""
