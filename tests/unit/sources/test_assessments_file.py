from __future__ import annotations

import json
from pathlib import Path

import pytest

from coxa.adapters.sources.assessments import read_assessments
from coxa.model.errors import SourceError
from coxa.plan.needs import deficits
from coxa.report.assessment import document
from tests.support.plans import PLANNING, rotation, turning


def test_a_plan_finds_in_the_file_what_it_finds_in_the_assessment(tmp_path: Path) -> None:
    made = (rotation(18, 34), turning(35))
    path = tmp_path / "assessment.json"
    path.write_text(json.dumps(document(made)), encoding="utf-8")
    found, again = deficits(made, PLANNING), deficits(read_assessments(path), PLANNING)
    assert len(found) >= 4
    assert [(one.code, one.side, one.words) for one in again] == [
        (one.code, one.side, one.words) for one in found
    ]
    for one, other in zip(found, again, strict=True):
        assert other.probability == pytest.approx(one.probability, abs=1e-9)
        assert other.target_deg == pytest.approx(one.target_deg)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"schema": "coxa.assessment", "schema_version": 2}',
     '{"schema": "coxa.assessment", "schema_version": 1, "assessments": [{}]}',
     '{"schema": "coxa.assessment", "schema_version": 1, "assessments": 3}'],
)  # fmt: skip
def test_what_is_no_assessment_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "assessment.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError):
        read_assessments(path)
