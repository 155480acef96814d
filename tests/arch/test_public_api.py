from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import coxa

PUBLIC = {
    "__version__",
    "measure",
    "open_cohort",
    "Motion",
    "Observability",
    "Recording",
    "Subject",
    "ImagePoints",
    "SpacePoints",
    "SegmentOrientations",
    "Camera",
    "CoxaError",
    "SourceError",
    "NothingToMeasureError",
    "AssetError",
    "OutputError",
    "SpecError",
}


def test_the_public_names_are_these() -> None:
    assert set(coxa.__all__) == PUBLIC
    assert set(dir(coxa)) == PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(coxa, name) is not None


def test_the_types_are_told_of_the_same_names() -> None:
    stub = ast.parse(Path(coxa.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    imported = {
        alias.asname for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert imported | {"__version__"} == PUBLIC


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(AttributeError, match="measure"):
        coxa.mesure  # type: ignore[attr-defined]  # noqa: B018


def test_importing_coxa_imports_nothing_else() -> None:
    program = "import sys, coxa; print([m for m in ('numpy', 'av', 'mujoco', 'yaml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
