"""Rows of a catalogue's table as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from coxa.adapters.sinks.guard import whole_file
from coxa.specs.estimator import Spec


def write_rows(rows: Sequence[Spec], path: Path) -> None:
    """Write one line a row, fields in their order; complete, or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(type(rows[0]).model_fields)
    table.writerows(row.model_dump().values() for row in rows)
    with whole_file(path) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8")
