"""Documents agree with the code."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coxa.cli.main import app
from coxa.model.coordinates import ALL, SIDES
from coxa.model.errors import EXIT_CODES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MEASURING = (ROOT / "docs" / "measure.md").read_text(encoding="utf-8")


def console_lines(text: str) -> list[str]:
    return [line[2:].partition("#")[0].strip() for line in text.splitlines() if line.startswith("$ ")]


def test_the_first_commands_of_the_readme_are_demo_and_test() -> None:
    assert console_lines(README)[:2] == ["make demo", "make test"]


def test_ci_runs_the_lint_the_documentation_and_the_readmes_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert script[-3:] == ["make lint", "make docs", "make test"]


def test_the_page_on_measuring_has_every_exit_code() -> None:
    for code, words in EXIT_CODES.items():
        assert f"| {code} | {words} |" in MEASURING


@pytest.mark.parametrize("command", [[], ["measure"], ["doctor"]])
def test_help_has_every_exit_code(command: list[str]) -> None:
    shown = CliRunner().invoke(app, [*command, "--help"]).stdout
    for code, words in EXIT_CODES.items():
        assert re.search(rf"^ +{code}  {re.escape(words)}$", shown, re.MULTILINE)


def test_the_page_on_measuring_has_every_option_and_no_other() -> None:
    shown = CliRunner().invoke(app, ["measure", "--help"]).stdout
    there = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", shown)) - {"--help", "--overlay"}
    told = set(re.findall(r"`(--[a-z][a-z-]+)", MEASURING))
    assert told == there


def test_every_coordinate_has_its_sign() -> None:
    conventions = (ROOT / "docs" / "conventions.md").read_text(encoding="utf-8")
    signs = conventions.partition("## Signs")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `(\w+)` \|", signs, re.MULTILINE)
    names = [name.replace("SIDE", side) for name in listed for side in (SIDES if "SIDE" in name else ("",))]
    assert sorted(names) == sorted(ALL)


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_links_and_targets_exist(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / link).exists(), link
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for named in re.findall(r"(?:^\$ |`)make ([a-z ]+?)(?:`|$|  +#)", text, re.MULTILINE):
        assert set(named.split()) <= targets, named


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_pins_hold_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9._+!-]+", pin) for pin in pins)
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in lock
    assert "resolved" not in lock
    assert "://" not in lock


def test_no_file_is_longer_than_a_person_reads() -> None:
    """The longest module of the codebases we admire has 278 lines; ours may have 450."""
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in tracked() if path.suffix == ".py"
    }
    assert {str(path): n for path, n in lengths.items() if n > 450} == {}
