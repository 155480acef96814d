"""Parts become a table, the table is opened, a page and a laboratory's file are made of it."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coxa.adapters.cohort.dataset import write_table
from coxa.adapters.cohort.lab import read_reliability, write_reliability
from coxa.adapters.cohort.opened import Cohort
from coxa.adapters.cohort.parts import Parts
from coxa.app.cohort.parts import Answer, Effort, Part, Status
from coxa.app.cohort.reliability import repeated
from coxa.app.cohort.rows import rows
from coxa.app.cohort.run import Planned, plan
from coxa.app.cohort.tasks import Content, Listed
from coxa.app.lab import with_reliability
from coxa.bootstrap.cohort import open_cohort, write_report
from coxa.model.errors import NothingToMeasureError, OutputError, SourceError
from tests.support.assessed import seated_case, walking_case
from tests.support.cohorts import ENGINE, Shelf, measure


def planned_and_parts(n: int = 24) -> tuple[list[Planned], list[Part]]:
    """People of two groups twice, both sides; some not told, one that crashed, one that is not there."""
    rng = np.random.default_rng(3)
    listed, answers = [], []
    own = rng.normal(34, 6, n)
    for number in range(n):
        for session in ("1", "2"):
            name = f"p{number}"
            listed.append(
                Listed(f"{name}-{session}.c3d", f"/{name}", "seated_hip_rotation", person=name,
                       group="ab"[number % 2], session=session, more={"site": "<north>"})
            )  # fmt: skip
            found = [
                measure(None if number == 5 else own[number] + rng.normal(0, 2), side=side,
                        quantity="internal_rotation")
                for side in ("left", "right")
            ]  # fmt: skip
            hidden = {"what": "internal rotation", "coordinate": "", "reason": "hidden", "remedy": "look"}
            untold = (hidden,) if number == 5 else ()
            answers.append(
                Answer(Status.DONE, method="markers", measures=tuple(found), untold=untold, notes=("dark",))
            )
    crashed = Listed("bad.c3d", "/bad", "deep_squat")
    listed += [crashed, Listed("gone.c3d", "/gone", "deep_squat")]
    answers.append(Answer(Status.CRASHED, "bad.c3d: it ended by SIGSEGV", "export it anew"))
    contents = [Content(str(place)) for place in range(len(listed) - 1)] + [Content("", "it is gone", "look")]
    planned = plan(listed, contents, ENGINE)
    tasks = [one.task for one in planned if one.task]
    parts = [Part(task.key, of, Effort(0.3, began=1.0)) for task, of in zip(tasks, answers, strict=True)]
    return planned, parts


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("table")
    planned, parts = planned_and_parts()
    store = Parts(str(folder))
    for part in parts:
        store.put(part)
    write_table(planned, store, str(folder), ENGINE)
    return folder


def test_parts_come_back_as_they_were_kept(tmp_path: Path) -> None:
    _, parts = planned_and_parts(3)
    store = Parts(str(tmp_path))
    store.put(replace(parts[0], answer=replace(parts[0].answer, motion=b"frames")))
    assert store.get(parts[0].key) == parts[0]
    kept = tmp_path / "motions" / f"key={parts[0].key}" / "motion.parquet"
    assert kept.read_bytes() == b"frames"
    assert store.keys() == {parts[0].key}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": "x"}'])
def test_a_damaged_part_is_none(tmp_path: Path, content: bytes) -> None:
    _, parts = planned_and_parts(3)
    store = Parts(str(tmp_path))
    store.put(parts[0])
    (path,) = tmp_path.glob("_parts/*/*.json")
    path.write_bytes(content)
    assert store.get(parts[0].key) is None


def test_a_full_disk_leaves_no_half_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, parts = planned_and_parts(3)

    def full(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:10])
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(Path, "write_bytes", full)
    store = Parts(str(tmp_path))
    with pytest.raises(OutputError, match="disk is full"):
        store.put(parts[0])
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_order_in_which_parts_came_changes_nothing(tmp_path: Path) -> None:
    planned, parts = planned_and_parts()
    late = [replace(one, effort=Effort(9.0, worker="x", began=2.0)) for one in parts[::-1]]
    first = write_table(planned, Shelf(parts), str(tmp_path / "a"), ENGINE)
    second = write_table(planned, Shelf(late), str(tmp_path / "b"), ENGINE)
    assert first == second
    other = replace(parts[0], answer=replace(parts[0].answer, method="pose_network"))
    third = write_table(planned, Shelf([other, *parts[1:]]), str(tmp_path / "c"), ENGINE)
    assert third["digest"] != first["digest"]


def test_a_test_that_is_no_longer_asked_for_leaves_the_table(tmp_path: Path) -> None:
    planned, parts = planned_and_parts()
    write_table(planned, Shelf(parts), str(tmp_path), ENGINE)
    assert (tmp_path / "measures" / "protocol=deep_squat").exists()
    write_table(planned[:-2], Shelf(parts), str(tmp_path), ENGINE)
    assert set(open_cohort(tmp_path).pandas()["protocol"]) == {"seated_hip_rotation"}


def test_names_that_are_no_text_are_kept_as_far_as_they_are(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff-r\xc3\xa9.c3d")
    planned = plan(
        [Listed(name, f"/{name}", "t", person="\ud800")], [Content("", f"{name}: gone", "")], ENGINE
    )
    write_table(planned, Shelf(), str(tmp_path), ENGINE)
    (row,) = open_cohort(tmp_path).arrow("recordings").to_pylist()
    assert (row["recording"], row["person"], row["reason"]) == ("?-r\u00e9.c3d", "?", "?-r\u00e9.c3d: gone")


def test_every_recording_is_a_row(place: Path) -> None:
    table = open_cohort(place).pandas("recordings")
    assert table["status"].value_counts().to_dict() == {"done": 48, "crashed": 1, "unreadable": 1}
    assert table.loc[table["recording"] == "gone.c3d", "reason"].item() == "it is gone"
    assert table["site"].iloc[0] == "<north>"


def test_measures_in_pandas_polars_and_xarray_are_the_same(place: Path) -> None:
    cohort = open_cohort(place)
    chosen = cohort.where(group="b", side=["left"])
    frame = chosen.pandas()
    assert len(frame) == 24
    lazy = pytest.importorskip("polars").LazyFrame
    assert isinstance(chosen.polars(), lazy)
    assert chosen.polars().collect()["value"].to_list()[0] == frame["value"].iloc[0]
    dataset = chosen.xarray()
    assert dict(dataset.sizes) == {"recording": 24, "measure": 1}
    told = dataset["value"].sel(recording=frame["recording"].iloc[3]).item()
    assert told == frame["value"].iloc[3]
    assert dataset["unit"].item() == "deg"


def test_a_summary_is_of_one_kind(place: Path) -> None:
    cohort = open_cohort(place)
    kinds = cohort.pandas().groupby("kind").size()
    for kind, count in kinds.items():
        assert cohort.summary("quantity", "side", kind=str(kind))["n"].sum() == count
    assert cohort.summary("quantity", kind="nothing").empty


def test_a_summary_counts_what_was_told(place: Path) -> None:
    found = open_cohort(place).summary("side", "group").set_index(["side", "group"])
    assert found.loc[("left", "b"), ["n", "n_observed"]].tolist() == [24, 22]
    values = open_cohort(place).where(side="left", group="b").pandas()["value"].dropna()
    assert found.loc[("left", "b"), "mean"] == pytest.approx(values.mean())
    assert found.loc[("left", "b"), "sd_between"] == pytest.approx(values.std(ddof=1))


def test_what_is_not_there_is_refused_with_what_is(place: Path, tmp_path: Path) -> None:
    cohort = open_cohort(place)
    with pytest.raises(SourceError, match="no column 'clinic'") as refused:
        cohort.where(clinic="x")
    assert "site" in refused.value.remedy
    with pytest.raises(SourceError, match="kind 'shares'"):
        cohort.xarray("shares")
    with pytest.raises(SourceError, match="no table 'rows'"):
        cohort.arrow("rows")
    with pytest.raises(SourceError, match="no finished table"):
        open_cohort(tmp_path)
    (tmp_path / "cohort.json").write_text(json.dumps({"schema": "coxa.cohort", "schema_version": 99}))
    with pytest.raises(SourceError, match="version 99"):
        open_cohort(tmp_path)
    (tmp_path / "cohort.json").write_text("{")
    with pytest.raises(SourceError, match="damaged"):
        open_cohort(tmp_path)


def test_the_page_says_what_was_measured_what_lacks_and_why(place: Path) -> None:
    write_report(str(place))
    text = (place / "report.html").read_text(encoding="utf-8")
    for words in ("50 recordings, 48 assessed", "Seated hip rotation", "it ended by SIGSEGV", "it is gone",
                  "hidden", "dark", "group b against a", "ICC"):  # fmt: skip
        assert words in text
    assert "<north>" not in text
    assert "http" not in text.replace("http-equiv", "")


def test_a_laboratorys_file_is_versioned_and_read(place: Path, tmp_path: Path) -> None:
    found = list(repeated(open_cohort(place).where(kind="result").pandas()))
    path = tmp_path / "lab.yaml"
    assert write_reliability(found, path, "Ours", "a cohort").version == 1
    with pytest.raises(OutputError, match="exists"):
        write_reliability(found, path, "Ours", "a cohort")
    assert write_reliability(found, path, "Ours", "a cohort", overwrite=True).version == 2
    row = read_reliability(path).row("seated_hip_rotation", "internal_rotation", "markers")
    assert row is not None
    assert row.minimal_detectable_deg == pytest.approx(2.772 * row.sem_deg, rel=1e-3)
    assert read_reliability(path).row("seated_hip_rotation", "internal_rotation", "pose_network") is None
    with pytest.raises(NothingToMeasureError):
        write_reliability([], tmp_path / "none.yaml", "Ours", "nothing")
    path.write_text(path.read_text().replace("people: ", "persons: "))
    with pytest.raises(SourceError, match="persons"):
        read_reliability(path)


def test_a_laboratorys_figure_is_used_for_its_own_method_only(place: Path, tmp_path: Path) -> None:
    found = list(repeated(open_cohort(place).where(kind="result").pandas()))
    lab = write_reliability(found, tmp_path / "lab.yaml", "Ours", "a cohort")
    case = seated_case()
    ours = with_reliability(case.assessment, "markers", lab)
    changed = [new.quantity for new, old in zip(ours.results, case.assessment.results, strict=True)
               if new.mdc != old.mdc]  # fmt: skip
    assert set(changed) == {"internal_rotation"}
    assert np.degrees(ours.results[0].mdc) == pytest.approx(lab.rows[0].minimal_detectable_deg)
    assert "Ours, version 1" in ours.provenance["reliability"]
    assert ours.comparisons == case.assessment.comparisons
    assert with_reliability(case.assessment, "pose_network", lab) == case.assessment


@pytest.mark.parametrize("case", [seated_case(), walking_case()], ids=["seated", "walking"])
def test_rows_are_in_degrees_and_fit_the_table(case: Any, tmp_path: Path) -> None:
    found = list(rows(case.assessment))
    kinds = {one["kind"] for one in found}
    assert kinds <= {"result", "share", "left-right", "measure"}
    for result in case.assessment.results:
        row = next(one for one in found if one["kind"] == "result" and one["side"] == result.side
                   and one["quantity"] == result.quantity)  # fmt: skip
        assert row["value"] == pytest.approx(np.degrees(result.result.value))
        assert row["minimal_detectable"] == pytest.approx(np.degrees(result.mdc))
    (planned,) = plan([Listed("a", "/a", case.assessment.protocol)], [Content("x")], ENGINE)
    assert planned.task is not None
    part = Part(planned.task.key, Answer(Status.DONE, measures=tuple(found)))
    write_table([planned], Shelf([part]), str(tmp_path), ENGINE)
    table = Cohort(str(tmp_path)).pandas()
    assert len(table) == len(found)
    pd.testing.assert_series_equal(
        table["value"], pd.Series([one["value"] for one in found], name="value", dtype=float)
    )
