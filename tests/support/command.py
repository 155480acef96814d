"""Runs ``coxa`` as people do: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What became of a run."""

    code: int
    out: str
    err: str


def coxa(
    *arguments: str | Path,
    cwd: Path,
    before: Callable[[], None] | None = None,
    environment: dict[str, str] | None = None,
) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", "coxa", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, **(environment or {})},
        preexec_fn=before,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def files_under(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
