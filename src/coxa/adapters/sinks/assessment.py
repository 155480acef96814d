"""``assessment.json``: the result of a test for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from coxa.adapters.sinks.guard import writing
from coxa.model.assessment import Assessment
from coxa.report.assessment import document


def write_assessment(found: Sequence[Assessment], folder: Path) -> None:
    """Write into a folder that exists.

    Raises:
        OutputError: it cannot be written.
    """
    path = folder / "assessment.json"
    with writing(path):
        path.write_text(json.dumps(document(found), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
