"""Takes of a guided test: kept as they were seen, assessed by the engine of files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.bootstrap.assessing import assess
from coxa.bootstrap.guided import assess_takes, assessed, keep_take, takes_of
from coxa.model.errors import SourceError
from coxa.report.assessment import document
from tests.support.takes import LAYOUT, take

TEST = "hip_abduction"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    opened = SqlRecords.open(tmp_path / "record")
    yield opened
    opened.close()


@pytest.fixture
def person(records: SqlRecords) -> Person:
    return records.add_person(Person("", "Bo", date(1990, 1, 1), "female"))


def test_a_take_is_assessed_as_its_file_would_be(records: SqlRecords, person: Person, tmp_path: Path) -> None:
    seen = take(TEST, "left", n=1)
    kept = keep_take(records, person, TEST, "left", seen)
    assert kept.file is not None
    file = tmp_path / "again.nc"
    file.write_bytes(records.path_of(kept.file).read_bytes())
    (made,) = assess_takes(records, person, takes_of(records, person, TEST, [kept.id]))
    (told,) = document(assess([file], TEST))["assessments"]
    for mine, theirs in zip(made.document["results"], told["results"], strict=True):
        for figure in ("value_deg", "sd_deg", "verdict", "repetitions"):
            assert mine[figure] == theirs[figure], figure
    assert made.provenance["recording"] == kept.id
    assert [one.id for one in assessed(records, person, [kept])] == [made.id]


def test_takes_of_others_and_of_other_tests_are_not_there(records: SqlRecords, person: Person) -> None:
    other = records.add_person(Person("", "Other"))
    still = LAYOUT.recording(np.arange(3) / 15, np.ones((3, 33, 4), np.float32))
    kept = keep_take(records, person, TEST, "left", still)
    for whose, test, ids in (
        (other, TEST, [kept.id]),
        (person, "deep_squat", [kept.id]),
        (person, TEST, []),
    ):
        with pytest.raises(SourceError):
            takes_of(records, whose, test, ids)


def test_nothing_recorded_is_not_kept(records: SqlRecords, person: Person) -> None:
    with pytest.raises(SourceError):
        keep_take(records, person, TEST, "left", LAYOUT.empty())
    assert records.entries(person.id, Kind.RECORDING) == []
