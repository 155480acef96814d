"""What a manifest names beside a recording comes to what ``coxa assess`` is told with it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from coxa import bootstrap
from coxa.app.request import MeasureOptions
from coxa.bootstrap.cohort import CohortOptions, cohort, open_cohort

FROM_S, TO_S = 0.4, 3.0


@pytest.fixture(scope="module")
def laboratory(reference_data: Path) -> Path:
    return reference_data / "plug_in_gait" / "biomechzoo" / "HC002D"


@pytest.fixture(scope="module")
def table(laboratory: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The same walk by itself, with its static trial, a part of it, and beside one that counts as helped."""
    folder = tmp_path_factory.mktemp("cohort")
    (walk,), (static,), (turn,) = (
        list(laboratory.glob(f"{name}_*.c3d")) for name in ("straight", "static", "turn")
    )
    rows = [
        f"{walk},alone,,,,",
        f"{walk},with,{static},,,",
        f"{walk},part,,{FROM_S},{TO_S},",
        f"{walk},helped,,,,{turn}",
    ]
    manifest = folder / "people.csv"
    manifest.write_text("\n".join(["recording,person,static,from_s,to_s,helped", *rows]), encoding="utf-8")
    done = cohort(
        [str(manifest)], "walking", str(folder / "out"), CohortOptions(engine="serial", report=False)
    )
    assert done.tally.n_done == len(rows)
    opened = open_cohort(folder / "out")
    recordings = opened.pandas("recordings").set_index("person")
    assert list(recordings["status"]) == ["done"] * len(rows), recordings["reason"].tolist()
    (kept,) = recordings.loc["with", "companions"]
    assert (kept["role"], kept["url"], len(kept["sha256"])) == ("static", str(static), 64)
    frame: pd.DataFrame = opened.pandas()
    return frame


@pytest.mark.parametrize("person", ["alone", "with", "part"])
def test_the_same_as_when_assessed_by_itself(laboratory: Path, table: pd.DataFrame, person: str) -> None:
    (walk,), (static,) = (list(laboratory.glob(f"{name}_*.c3d")) for name in ("straight", "static"))
    options = {
        "alone": MeasureOptions(),
        "with": MeasureOptions(static=static),
        "part": MeasureOptions(start_s=FROM_S, end_s=TO_S),
    }
    (alone,) = bootstrap.assess([str(walk)], "walking", options=options[person])
    mine = table[(table["person"] == person) & (table["kind"] == "measure")].set_index("quantity")
    assert set(alone.measures) == set(mine.index)
    for name, figure in alone.measures.items():
        if figure.unit == "s":
            assert mine.loc[name, "value"] == pytest.approx(figure.value, nan_ok=True), name


def test_each_tells_something_else(table: pd.DataFrame) -> None:
    seen = {
        person: tuple(rows["value"].round(6).fillna(-1.0).tolist()) + tuple(rows["sd"].round(6).fillna(-1.0))
        for person, rows in table.groupby("person")
        if person != "helped"
    }
    assert len(set(seen.values())) == len(seen)
