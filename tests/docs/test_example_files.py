"""Files that the documentation shows are read by what reads such files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from coxa.adapters.cohort.manifest import read_manifest
from coxa.adapters.own_file import read_own
from coxa.adapters.sources.phone import read_phone_mapping
from coxa.adapters.sources.plan_file import read_plan_file
from coxa.catalog import loader
from coxa.catalog.exercises import check
from coxa.catalog.protocols import library
from coxa.specs.markers import MarkerSetSpec
from coxa.specs.person import PersonFile
from tests.support.blocks import Block, blocks

SHOWN = [one for one in blocks() if one.language in ("yaml", "csv")]


def _protocol(path: Path) -> object:
    return library(path.parent).protocols["side_lunge"]


def _norms(path: Path) -> object:
    folder = path.parent / "norms"
    folder.mkdir()
    path.rename(folder / "ours.csv")
    return next(one for one in library(folder.parent).norms if one.id == "ours_lunge")


def _marker_set(path: Path) -> object:
    return loader.parse(path.read_text(encoding="utf-8"), MarkerSetSpec, path.name)


#: Page and language: who reads it.
READERS: dict[tuple[str, str], Callable[[Path], object]] = {
    ("docs/exercises.md", "yaml"): check,
    ("docs/markers.md", "yaml"): _marker_set,
    ("docs/phone.md", "yaml"): read_phone_mapping,
    ("docs/plan.md", "yaml"): lambda path: read_plan_file(path, date(2026, 12, 1)),
    ("docs/protocols.md", "yaml"): _protocol,
    ("docs/protocols.md", "csv"): _norms,
    ("docs/start/at-home.md", "yaml"): lambda path: read_own(path, PersonFile, "a person"),
    ("docs/start/research.md", "csv"): lambda path: read_manifest(str(path), "", ""),
}


@pytest.mark.parametrize("block", SHOWN, ids=lambda one: one.name)
def test_a_file_is_read(block: Block, tmp_path: Path) -> None:
    path = tmp_path / f"file.{block.language}"
    path.write_text(block.text, encoding="utf-8")
    assert READERS[block.page, block.language](path)


@pytest.mark.parametrize("block", [one for one in SHOWN if one.language == "yaml"], ids=lambda one: one.name)
def test_a_file_with_a_fault_is_refused(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(f"{block.text}\nno_such_field: 3\n", encoding="utf-8")
    with pytest.raises(Exception, match="no_such_field"):
        READERS[block.page, block.language](path)


def test_nobody_reads_what_is_not_there() -> None:
    assert set(READERS) == {(one.page, one.language) for one in SHOWN}
