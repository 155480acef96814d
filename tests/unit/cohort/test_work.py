"""What the processes that read recordings do with one: with markers of simulated people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coxa import __version__
from coxa.adapters import formats
from coxa.adapters.cohort.inputs import contents
from coxa.app.cohort.parts import Answer
from coxa.app.cohort.tasks import Companion, Engine, Listed, task_of
from coxa.app.jobs import Role
from coxa.bootstrap.cohort_work import work
from coxa.catalog.fingerprint import catalogue_hash
from coxa.model.errors import SourceError
from tests.support.lab_people import squat


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody who squats, and squats deeper when held."""
    made = tmp_path_factory.mktemp("squats")
    rng = np.random.default_rng(3)
    for name, depth_deg in (("alone", 70.0), ("held", 105.0)):
        path = made / f"{name}.trc"
        formats.writer_of(path)(squat(depth_deg, rng), path)
    return made


def answered(listed: Listed, folder: Path) -> Answer:
    (content,) = contents([listed], str(folder / "out"))
    return work(task_of(listed, content, Engine(__version__, catalogue_hash())), lambda: None)


def test_a_helped_recording_is_compared_and_no_row_of_its_own(folder: Path) -> None:
    alone = Listed("alone", str(folder / "alone.trc"), "deep_squat")
    held = Companion(Role.HELPED, str(folder / "held.trc"))
    first, second = answered(alone, folder), answered(replace(alone, companions=(held,)), folder)
    of = {
        name: [row for row in second.measures if row["kind"] == name]
        for name in ("result", "helped-unhelped")
    }
    assert of["result"] == [row for row in first.measures if row["kind"] == "result"]
    (difference,) = of["helped-unhelped"]
    assert difference["value"] == pytest.approx(35.0, abs=12.0)
    assert second.n_frames == first.n_frames


def test_a_file_beside_it_that_changed_is_refused_by_the_name_it_was_given(folder: Path) -> None:
    path = folder / "changes.trc"
    path.write_text("one")
    listed = Listed(
        "alone", str(folder / "alone.trc"), "deep_squat", companions=(Companion(Role.STATIC, str(path)),)
    )
    (content,) = contents([listed], str(folder / "out"))
    path.write_text("two, longer")
    task = task_of(listed, content, Engine(__version__, catalogue_hash()))
    with pytest.raises(SourceError, match=r"changes\.trc: it has changed since"):
        work(task, lambda: None)
