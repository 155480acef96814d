"""What set-up installs runs on the oldest Python that Coxa promises: Debian 12's is 3.11.2."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]


def pinned() -> dict[str, Requirement]:
    """By name, from ``constraints.txt``."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    asked = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {one.name: one for one in asked}


def test_no_pin_asks_for_a_newer_python_than_coxa_does() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (least,) = SpecifierSet(project["requires-python"])
    oldest = f"{least.version}.0"
    asked = {}
    for name in pinned():
        try:
            asked[name] = SpecifierSet(metadata(name).get("Requires-Python") or "")
        except PackageNotFoundError:  # of another Python or system
            continue
    assert len(asked) > 100
    assert [name for name, wanted in asked.items() if oldest not in wanted] == []
