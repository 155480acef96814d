"""Recordings measured and tabulated: people apart, promises judged, absences and refusals told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from coxa.adapters.reference.folder import VARIABLE, reference_folder
from coxa.adapters.sinks.validation import write_validation
from coxa.app.validate import ReferenceTrial, Validation, validate
from coxa.catalog import loader
from coxa.model.coordinates import ALL
from coxa.model.errors import NothingToMeasureError, OutputError, SourceError
from coxa.model.motion import Motion
from coxa.report.validation import document, summary
from coxa.report.validation_data import as_csv, as_json
from coxa.specs.validation import Limits, ReferenceSpec, ValidationSpec

N = 60
WAVE = 40.0 + 30.0 * np.sin(np.linspace(0, 6, N))


def motion(flexion_deg: np.ndarray, sd_deg: float = 2.0) -> Motion:
    value = np.full((N, len(ALL)), np.nan)
    value[:, ALL.index("hip_flexion_left")] = np.radians(flexion_deg)
    sd = np.full(value.shape, np.radians(sd_deg))
    return Motion(np.arange(N) / 50.0, ALL, value, sd, np.full(value.shape, 2, np.uint8))


def refuse() -> Motion:
    raise NothingToMeasureError("nobody is there", "film somebody")


@dataclass(frozen=True)
class Made:
    """People ``a`` and ``b``; Coxa is 1 deg off in one and 5 in the other, and refuses one recording."""

    key: str = "made"
    there: bool = True

    def parts(self) -> Sequence[str]:
        return ("a", "b") if self.there else ()

    def trials(self, part: str) -> Iterator[ReferenceTrial]:
        off = {"a": 1.0, "b": 5.0}[part]
        for k in range(3):
            measure = partial(motion, (1 + 0.01 * k) * WAVE + off)
            yield ReferenceTrial(part, "squat", f"{part}{k}", motion((1 + 0.01 * k) * WAVE), measure)
        if part == "b":
            yield ReferenceTrial(part, "squat", "b3", motion(WAVE), refuse)


def spec(**changes: object) -> ValidationSpec:
    source = {
        "title": "Made up",
        "short": "made up",
        "measured_from": "numbers",
        "truth": "a wave",
        "origin": "here",
        "offsets": "error",
        "offsets_why": "it is",
        "lever": False,
        "people": {"a": "Ann", "b": "Bob"},
        "developed_on": ("a",),
        "developed_how": "everything",
        "motions": {"squat": "squat"},
        "coordinates": ("hip_flexion",),
        "limits": {"hip_flexion": {"rmse_deg": 4.0, "rmse_offset_removed_deg": 1.0}},
        "figure": {
            "person": "b",
            "motions": ["squat"],
            "waveforms": ["hip_flexion_left"],
            "ranges": ["hip_flexion"],
        },
    }
    made = ReferenceSpec.model_validate({**source, **changes})
    return ValidationSpec(version=1, source="here", trust="DESIGN", min_frames=10, sources={"made": made})


@pytest.fixture(scope="module")
def found() -> Validation:
    return validate([Made()], spec(), loader.observability())


def figure(found: Validation, people: str = "", motion: str = "") -> float:
    row = found.sources[0].row("hip_flexion", people=people, motion=motion)
    assert row is not None
    return row.agreement.bias_deg


def test_rows_are_split_by_person_and_by_what_was_developed_on_whom(found: Validation) -> None:
    assert figure(found) == pytest.approx(3.0)
    assert figure(found, motion="squat") == pytest.approx(3.0)
    assert figure(found, people="a") == figure(found, people="developed_on") == pytest.approx(1.0)
    assert figure(found, people="b") == figure(found, people="held_out") == pytest.approx(5.0)


def test_a_promise_that_is_not_kept_is_said_to_be_short() -> None:
    held_out = validate([Made()], spec(limits_on="held_out"), loader.observability())
    judged = {one.figure: one.kept for one in held_out.sources[0].judgements}
    assert judged == {"rmse_deg": False, "rmse_offset_removed_deg": True}
    page = document(held_out, {}, "c.svg", "t.csv")
    assert "**short**: error limit 4°" in page
    assert "SHORT" in "\n".join(summary(held_out))


def test_all_people_may_keep_what_one_does_not(found: Validation) -> None:
    assert all(one.kept for one in found.sources[0].judgements)


def test_refusals_are_told_and_counted_nowhere(found: Validation) -> None:
    assert found.sources[0].refused == ("b3: nobody is there",)
    assert found.sources[0].rows[0].agreement.n_recordings == 6
    assert "b3: nobody is there" in document(found, {}, "c.svg", "t.csv")


def test_the_page_says_whom_it_was_developed_on(found: Validation) -> None:
    page = document(found, {}, "c.svg", "t.csv")
    assert "**Developed on Ann**: everything. Nothing was fitted to Bob." in page
    assert "| Ann* | Bob |" in page
    assert "**Constant offsets are error**" in page


def test_the_json_is_plain_and_has_a_schema(found: Validation) -> None:
    content = json.loads(json.dumps(as_json(found, "1.2.3"), allow_nan=False))
    assert (content["schema"], content["schema_version"]) == ("coxa.validation", 1)
    row = content["sources"][0]["rows"][0]
    assert row["bias_deg"] == pytest.approx(3.0)
    assert row["icc"]["value"] > 0.0
    assert row["coverage"]["within_95"] == pytest.approx(0.5)


def test_the_table_has_every_row(found: Validation) -> None:
    lines = as_csv(found).splitlines()
    assert len(lines) == 1 + len(found.sources[0].rows)
    assert lines[0].startswith("source,condition,motion,people,coordinate,n_people")


def test_a_rerun_writes_the_same_files(found: Validation, tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        page = tmp_path / name / "validation.md"
        write_validation(found, page)
        files = sorted(path for path in page.parent.rglob("*") if path.is_file())
        written.append({path.relative_to(page.parent): path.read_bytes() for path in files})
    assert written[0] == written[1]
    assert {path.name for path in written[0]} == {
        "validation.md",
        "coverage.svg",
        "table.csv",
        "made_ranges.svg",
        "made_waveforms.svg",
    }


def test_a_page_that_cannot_be_written_is_refused(found: Validation, tmp_path: Path) -> None:
    (tmp_path / "validation").write_text("in the way")
    with pytest.raises(OutputError):
        write_validation(found, tmp_path / "validation.md")
    assert [path.name for path in tmp_path.iterdir()] == ["validation"]


def test_absent_recordings_are_told_and_no_recordings_are_refused() -> None:
    both = ValidationSpec(
        **{**spec().model_dump(), "sources": {**spec().sources, "gone": spec().sources["made"]}}
    )
    found = validate([Made(), Made("gone", there=False)], both, loader.observability())
    assert found.absent == ("gone",)
    assert "Not measured" in document(found, {}, "c.svg", "t.csv")
    with pytest.raises(SourceError, match="gone"):
        validate([Made("gone", there=False)], both, loader.observability())


def test_the_folder_is_told_or_found_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(SourceError, match="--data"):
        reference_folder(working=tmp_path)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert reference_folder() == tmp_path
    with pytest.raises(SourceError):
        reference_folder(tmp_path / "nowhere")


def test_what_is_promised_and_drawn_exists() -> None:
    families = {name.removesuffix("_left").removesuffix("_right") for name in ALL}
    for source in loader.validation().sources.values():
        assert set(source.coordinates) <= families
        assert set(source.limits) <= set(source.coordinates)
        assert set(source.developed_on) <= set(source.people)
        assert source.figure is not None
        assert source.figure.person in source.people
        assert set(source.figure.motions) <= set(source.motions)
        assert set(source.figure.waveforms) <= set(ALL)
        assert set(source.figure.ranges) <= set(source.coordinates)
        assert source.figure.condition in (source.conditions or {""})


def test_limits_are_not_negative() -> None:
    with pytest.raises(ValidationError):
        Limits(rmse_deg=-1.0)
