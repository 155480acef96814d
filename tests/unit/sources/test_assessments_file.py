from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coxa.adapters.sources.assessments import assessment_of, read_assessments
from coxa.model.errors import SourceError
from coxa.plan.needs import deficits
from coxa.report.assessment import document
from tests.support.assessed import nothing_seen, seated_case, walking_case
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


def test_what_is_read_back_reports_the_same() -> None:
    """Ledgers, curves and what was not told are part of a report, so they come back too."""
    for case in (seated_case(), walking_case(), nothing_seen()):
        told = json.loads(json.dumps(document([case.assessment])))
        again = assessment_of(told["assessments"][0], "it")
        assert leaves(document([again])) == pytest.approx(leaves(told), nan_ok=True)


def leaves(value: Any, name: str = "") -> dict[str, Any]:
    """Everything a document says, by its place."""
    if isinstance(value, dict):
        return {
            place: leaf
            for key, each in value.items()
            for place, leaf in leaves(each, f"{name}.{key}").items()
        }
    if isinstance(value, list):
        return {
            place: leaf
            for key, each in enumerate(value)
            for place, leaf in leaves(each, f"{name}.{key}").items()
        }
    return {name: value}
