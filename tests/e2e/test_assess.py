from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from coxa.adapters.sinks.parquet import MotionParquetSink
from coxa.model.recording import Recording
from tests.support.assessed import seated
from tests.support.command import coxa, files_under


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seated rotation: the right pelvis hikes by 9 degrees."""
    folder = tmp_path_factory.mktemp("assess")
    motion = seated(3, 9.0)
    sink = MotionParquetSink(folder / "motion.parquet")
    sink.write(Recording(motion.time_s), motion)
    sink.commit()
    (folder / "person.yaml").write_text("age_y: 30\nsex: female\n")
    return folder


def test_a_recording_becomes_three_files_that_say_the_same(folder: Path) -> None:
    ran = coxa(
        *("assess", "motion.parquet", "--protocol", "seated_hip_rotation", "--person", "person.yaml"),
        *("--out", "out"),
        cwd=folder,
    )
    assert ran.code == 0, ran.err
    assert files_under(folder / "out") == {"assessment.json", "assessment.html", "assessment.pdf"}
    told = json.loads((folder / "out" / "assessment.json").read_text(encoding="utf-8"))
    most = told["assessments"][0]["findings"][0]["words"]
    assert "one side of the pelvis lifted by 9" in most
    assert most in (folder / "out" / "assessment.html").read_text(encoding="utf-8")
    page = pypdfium2.PdfDocument(folder / "out" / "assessment.pdf")[0].get_textpage().get_text_range()
    assert "one side of the pelvis lifted by 9" in " ".join(page.split())
    assert "assessment.pdf" in ran.out


def test_a_battery_names_its_parts(folder: Path) -> None:
    ran = coxa(
        *("assess", "seated_hip_rotation=motion.parquet", "--protocol", "hip_passport", "--out", "passport"),
        cwd=folder,
    )
    assert ran.code == 0, ran.err
    page = (folder / "passport" / "assessment.html").read_text(encoding="utf-8")
    assert "<h1>Hip passport: the six motions</h1>" in page


def test_sides_recorded_apart_are_compared(folder: Path, tmp_path: Path) -> None:
    whole = seated(3, 9.0)
    half = len(whole.time_s) // 2
    for name, frames in (("left", slice(None, half)), ("right", slice(half, None))):
        sink = MotionParquetSink(tmp_path / f"{name}.parquet")
        part = replace(
            whole,
            time_s=whole.time_s[frames],
            value=whole.value[frames],
            sd=whole.sd[frames],
            observability=whole.observability[frames],
        )
        sink.write(Recording(part.time_s), part)
        sink.commit()
    ran = coxa(
        *("assess", "left.parquet", "right.parquet", "--protocol", "seated_hip_rotation", "--out", "out"),
        cwd=tmp_path,
    )
    assert ran.code == 0, ran.err
    told = json.loads((tmp_path / "out" / "assessment.json").read_text(encoding="utf-8"))["assessments"]
    assert [{one["side"] for one in each["results"]} for each in told] == [{"left"}, {"right"}]
    assert {one["quantity"] for one in told[0]["comparisons"]} == {"internal_rotation", "external_rotation"}
    page = (tmp_path / "out" / "assessment.html").read_text(encoding="utf-8")
    assert "internal and external, left</h2>" in page


def test_helped_against_unhelped(folder: Path) -> None:
    ran = coxa(
        *("assess", "motion.parquet", "--protocol", "seated_hip_rotation", "--helped", "motion.parquet"),
        *("--out", "helped", "-q"),
        cwd=folder,
    )
    assert ran.code == 0, ran.err
    page = (folder / "helped" / "assessment.html").read_text(encoding="utf-8")
    assert "internal and external, helped</h2>" in page
    assert "what lacks, if anything, is mobility" in page
