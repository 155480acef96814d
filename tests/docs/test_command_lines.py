"""Every command line of the documentation is one: its command, its options, the tests it names."""

from __future__ import annotations

import re
import shlex
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from coxa.catalog.exercises import exercises
from coxa.catalog.protocols import library
from tests.support.blocks import ROOT, Block, Line, blocks, blocks_of, lines, parsed, program

sys.path.insert(0, str(ROOT / "docs" / "_ext"))

from coxa_docs import exercises as exercise_pages
from coxa_docs import protocols as protocol_pages

WRITTEN = blocks()
CALLS = lines(WRITTEN)
PROTOCOLS, EXERCISES = library().protocols, exercises()
#: Programs of others whose command lines are not looked into, and why.
OTHERS = {
    "dask": "starts what waits for work; its options are Dask's",
    "podman": "the image is built by hand: no CI has podman",
    "pipx": "the same wheel is installed by tests/e2e/test_wheel.py with pip",
    "uv": "the same wheel is installed by tests/e2e/test_wheel.py with pip",
    "python3": "makes an environment or fetches wheels; pip's own options",
    "~/coxa/bin/pip": "installs; tests/e2e/test_wheel.py does it",
    "export": "sets variables of the shell",
    "cd": "the shell's",
    "git": "fetches the repository",
}
#: Ids that the pages themselves define before they use them.
OWN_PROTOCOLS, OWN_EXERCISES = {"side_lunge"}, {"knee_lift"}


@cache
def generated() -> list[Block]:
    found = [*exercise_pages.pages(), *protocol_pages.pages()]
    return [one for name, text in found for one in blocks_of(text, ROOT / "docs" / "reference" / name)]


def test_there_is_much_to_look_at() -> None:
    assert len(CALLS) > 60
    assert len(lines(generated())) == 2 * (len(EXERCISES) + len(PROTOCOLS))


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.block.name} {call.text}"[:90])
def test_a_command_line_is_one(call: Line) -> None:
    context = parsed(call.words)
    given = context.params
    assert not given.get("protocol") or given["protocol"] in {*PROTOCOLS, *OWN_PROTOCOLS}
    assert not given.get("exercise") or given["exercise"] in {*EXERCISES, *OWN_EXERCISES}
    if call.words[:2] == ("protocols", "show"):
        assert given["name"] in {*PROTOCOLS, *OWN_PROTOCOLS}
    if call.words[:2] == ("exercises", "show"):
        assert given["name"] in {*EXERCISES, *OWN_EXERCISES}


def test_command_lines_of_generated_pages_are_some() -> None:
    for call in lines(generated()):
        assert parsed(call.words).command.name in ("show", "coach", "assess"), call.text


def test_what_is_no_option_would_be_found() -> None:
    with pytest.raises(Exception, match="--nope"):
        parsed(("measure", "film.mp4", "--nope"))
    with pytest.raises(Exception, match="progres"):
        parsed(("progres", "anna"))


def test_every_option_that_the_pages_name_exists() -> None:
    known = {"--help", "--version", *OF_OTHERS}
    known |= {
        name for one in _commands() for given in one.params for name in (*given.opts, *given.secondary_opts)
    }
    for script in (*(ROOT / "benchmarks").glob("*.py"), *(ROOT / "scripts").rglob("*.py")):
        known |= set(re.findall(r'"(--[a-z][a-z-]+)"', script.read_text(encoding="utf-8")))
    for page in sorted({one.page for one in WRITTEN}):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert set(re.findall(r"`(?:coxa [a-z ]+)?(--[a-z][a-z-]+)", text)) <= known, page


#: Options of Dask and pip that running text names.
OF_OTHERS = {"--nthreads", "--find-links"}


def _commands():  # type: ignore[no-untyped-def]
    waiting = [program()]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += list(getattr(one, "commands", {}).values())


def _foreign(block: Block) -> list[list[str]]:
    """Command lines of other programs, in words."""
    if block.language != "console":
        return []
    found = [shlex.split(line) for line in block.console_lines()]
    return [words for words in found if words and not words[0].endswith("coxa")]


@pytest.mark.parametrize("block", [one for one in WRITTEN if _foreign(one)], ids=lambda one: one.name)
def test_a_command_line_of_the_repository_is_one(block: Block) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for words in _foreign(block):
        first = words[0]
        if first == "make":
            assert {one for one in words[1:] if "=" not in one} <= targets, words
        elif first.endswith("bin/python"):
            _look_at_python(words[1:])
        else:
            assert first in OTHERS, f"{first}: say in OTHERS why its command line is not looked into"


def _look_at_python(words: list[str]) -> None:
    """A script is there and knows its options; a package to install has the extras that are named."""
    if words[:3] == ["-m", "pip", "install"]:
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
            "optional-dependencies"
        ]
        assert set(re.findall(r"\.\[(\w+)\]", " ".join(words))) <= set(extras)
        return
    script = (ROOT / words[0]).read_text(encoding="utf-8")
    for option in (one for one in words[1:] if one.startswith("--")):
        assert f'"{option}"' in script, f"{words[0]} has no {option}"


def test_no_other_program_is_named_without_need() -> None:
    used = {words[0] for one in WRITTEN for words in _foreign(one)}
    assert set(OTHERS) - used <= {"cd", "git", "podman", "pipx", "uv", "python3", "~/coxa/bin/pip"}


def test_blocks_are_found_in_lists_too() -> None:
    text = "1. first\n   ```console\n   $ coxa doctor   # a word\n   ```\n"
    (block,) = blocks_of(text, ROOT / "docs" / "x.md")
    assert (block.line, block.language, block.console_lines()) == (2, "console", ["coxa doctor"])
    assert [one.words for one in lines([block])] == [("doctor",)]


def test_every_block_says_what_it_is() -> None:
    known = {"console", "python", "yaml", "csv", "text"}
    for one in WRITTEN:
        assert one.language in known or one.language.startswith("{"), f"{one.name}: {one.language!r}"
    assert Path(ROOT / "docs").is_dir()
