"""A folder of results that appears complete or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from coxa.adapters.sinks.guard import output_error, writing
from coxa.model.errors import OutputError

#: What a measurement writes into its folder, what an assessment does, and what the coach does.
MEASURED_NAMES = frozenset(
    {"motion.parquet", "keypoints.parquet", "motion.mot", "summary.json", "report.html", "overlay.mp4"}
)
ASSESSED_NAMES = frozenset({"assessment.json", "assessment.html", "assessment.pdf"})
COACHED_NAMES = frozenset(
    {"session.json", "cues.jsonl", "coached.mp4", "best.jpg", "worst.jpg", "motion.parquet"}
)
#: Everything Coxa ever writes into a folder of results; ``--overwrite`` replaces nothing else.
RESULT_NAMES = MEASURED_NAMES | ASSESSED_NAMES | COACHED_NAMES


class ResultDirectory:
    """Collects files in ``<target>.partial-XXXX`` beside the target and renames it on commit.

    Leaving the ``with`` block without :meth:`commit` leaves nothing behind. An older result is
    moved aside only after the new one is complete, and put back if the move fails.

    Args:
        target: the folder to create; its parents are made as needed.
        overwrite: replace an older result (and only that: see :data:`RESULT_NAMES`).

    Raises:
        OutputError: the target cannot be used; found out before any work is done.
    """

    def __init__(self, target: Path, overwrite: bool = False) -> None:
        self.target = Path(target).resolve()
        self._overwrite = overwrite
        self._made_parents: list[Path] = []
        self._check_target()
        self.path = self._make_partial()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abort()

    def commit(self) -> None:
        """Put the finished folder in its place."""
        with writing(self.target):
            self.path.chmod(0o777 & ~_umask())
            self._check_target()
            if self._holds_old_result():
                self._replace_old()
            else:
                if self.target.is_dir():
                    self.target.rmdir()
                self.path.rename(self.target)
        self._made_parents.clear()

    def abort(self) -> None:
        """Remove what was written. After a commit this does nothing."""
        shutil.rmtree(self.path, ignore_errors=True)
        while self._made_parents:
            try:
                self._made_parents.pop().rmdir()
            except OSError:  # another program uses it by now
                self._made_parents.clear()

    def _holds_old_result(self) -> bool:
        return self.target.is_dir() and any(self.target.iterdir())

    def _check_target(self) -> None:
        elsewhere = "choose another folder with --out"
        with writing(self.target):
            if self.target.exists() and not self.target.is_dir():
                raise OutputError(f"{self.target} exists and is not a folder", elsewhere)
            if not self.target.exists():
                return
            if self.target.is_mount() or self.target.samefile(Path.cwd()):
                raise OutputError(
                    f"{self.target} is the current folder or a mounted disk: it cannot be replaced",
                    f"name a folder inside it: --out {self.target / 'results'}",
                )
            if not self._holds_old_result():
                return
            if not self._overwrite:
                raise OutputError(
                    f"the output folder {self.target} exists and is not empty",
                    "replace it with --overwrite, or choose another folder with --out",
                )
            strangers = sorted(
                entry.name for entry in self.target.iterdir() if entry.name not in RESULT_NAMES
            )
        if strangers:
            raise OutputError(
                f"{self.target} is not replaced: it holds other files ({', '.join(strangers[:3])})",
                elsewhere,
            )

    def _make_partial(self) -> Path:
        with writing(self.target):
            missing = [parent for parent in self.target.parents if not parent.exists()]
            for parent in reversed(missing):
                parent.mkdir(exist_ok=True)
                self._made_parents.append(parent)
            return Path(tempfile.mkdtemp(prefix=f"{self.target.name}.partial-", dir=self.target.parent))

    def _replace_old(self) -> None:
        aside = Path(tempfile.mkdtemp(prefix=f"{self.target.name}.replaced-", dir=self.target.parent))
        self.target.rename(aside)
        try:
            self.path.rename(self.target)
        except OSError as error:
            aside.rename(self.target)
            raise output_error(self.target, error) from error
        shutil.rmtree(aside, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
