"""The documentation's examples run as they stand, on simulated people; what does not run says why."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coxa.cli.main import app
from tests.support.blocks import Block, blocks, lines
from tests.support.prepared import prepare

WRITTEN = [one for one in blocks() if one.language in ("console", "python")]
CALLS = lines(WRITTEN)
#: What a page takes for granted.
BEFORE = {"docs/privacy-and-safety.md": ("person", "add", "Anna")}

Words = tuple[str, ...]
#: Why a command line is not run here; the first that holds counts.
NOT_RUN: dict[str, Callable[[Words], bool]] = {
    "films go through a pose network: tests/reference and tests/e2e": lambda words: any(
        ".mp4" in word for word in words
    ),
    "it goes on until it is stopped: tests/e2e/web serve": lambda words: words[0] in ("serve", "worker"),
    "it asks for a password at the terminal: tests/unit/cli": lambda words: words[:2] == ("account", "add"),
    "it starts processes or asks for machines: tests/e2e/test_cohort.py": lambda words: words[0] == "cohort",
    "a folder of pictures' keypoints: tests/unit/sources/test_keypoint_files.py": lambda words: (
        "openpose-json/" in words
    ),
    "all figures at once: tests/unit/report/test_demonstration.py": lambda words: (
        words[:2] == ("exercises", "figures")
    ),
}


#: Python that is not run here: what is in it, and why.
PYTHON_NOT_RUN = {
    "squat.mp4": "a film: test_the_readmes_example runs it where there are recordings of others",
    "coxa.client": "a server: tests/unit/web/test_upload.py runs it",
    "dask_jobqueue": "a cluster that runs Slurm",
    "dask_kubernetes": "a cluster that runs Kubernetes",
}


def why_not(words: Words) -> str:
    return next((reason for reason, holds in NOT_RUN.items() if holds(words)), "")


def why_not_python(text: str) -> str:
    return next((reason for what, reason in PYTHON_NOT_RUN.items() if what in text), "")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def scratch(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of all files, and a record of its own."""
    folder = tmp_path / "scratch"
    shutil.copytree(prepared, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COXA_DATA", str(tmp_path / "record"))
    monkeypatch.delenv("COXA_DATABASE", raising=False)
    yield folder


def run(words: Words) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, f"coxa {' '.join(words)}: {done.exit_code}\n{done.output}\n{done.exception!r}"
    return done.output


def run_python(block: Block) -> None:
    exec(compile(block.text, block.name, "exec"), {"__name__": "__main__"})  # noqa: S102 - our own pages


def runnable(block: Block) -> list[Callable[[], object]]:
    """What can be run of a block, in its order."""
    if block.language == "python":
        return [] if why_not_python(block.text) else [lambda: run_python(block)]
    calls = [one.words for one in lines([block]) if not why_not(one.words)]
    return [lambda words=words: run(words) for words in calls]


@pytest.mark.parametrize("page", sorted({one.page for one in WRITTEN if runnable(one)}))
def test_the_examples_of_a_page_run_in_their_order(page: str, scratch: Path) -> None:
    steps = [step for one in WRITTEN if one.page == page for step in runnable(one)]
    if page in BEFORE:
        run(BEFORE[page])
    for step in steps:
        step()


@pytest.mark.parametrize(
    "block", [one for one in WRITTEN if one.language == "python"], ids=lambda one: one.name
)
def test_python_is_python(block: Block) -> None:
    compile(block.text, block.name, "exec")


def test_the_readmes_example(tmp_path: Path, reference_data: Path) -> None:
    """In a process of its own, on a film of a rendered person; nothing is written without ``out=``."""
    (block,) = [one for one in WRITTEN if one.page == "README.md" and one.language == "python"]
    shutil.copy(reference_data / "rendered" / "b_seat_ier_male.mp4", tmp_path / "squat.mp4")
    check = "\nassert set(table['observability']) <= {'observed', 'weak', 'not observable'}"
    done = subprocess.run(
        [sys.executable, "-c", block.text + check], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert 1.3 < float(done.stdout) < 2.0, "a sitting man's knee, in rad"
    assert [path.name for path in tmp_path.iterdir()] == ["squat.mp4"]


def test_every_reason_is_still_needed() -> None:
    assert set(NOT_RUN) <= {why_not(one.words) for one in CALLS}
    python = {why_not_python(one.text) for one in WRITTEN if one.language == "python"}
    assert set(PYTHON_NOT_RUN.values()) <= python


def test_most_that_needs_no_film_runs() -> None:
    ran = [one for one in CALLS if not why_not(one.words)]
    assert len(ran) >= 35, f"{len(ran)} of {len(CALLS)}"
