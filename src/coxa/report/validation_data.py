"""The validation as one JSON and as a table: every figure of every row, no date, no machine."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from coxa.app.validate import Row, SourceResult, Validation

SCHEMA, SCHEMA_VERSION = "coxa.validation", 1


def as_json(found: Validation, coxa_version: str) -> dict[str, Any]:
    """Everything, as plain JSON values; what is unknown is null."""
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "coxa_version": coxa_version,
        "promises_version": found.version,
        "absent": list(found.absent),
        "sources": [_source_json(source) for source in found.sources],
    }
    plain = _without_nan(content)
    assert isinstance(plain, dict)  # noqa: S101 - it was one
    return plain


def _source_json(source: SourceResult) -> dict[str, Any]:
    spec = source.spec
    return {
        "source": source.key,
        "title": spec.title,
        "truth": spec.truth,
        "offsets": spec.offsets,
        "developed_on": list(spec.developed_on),
        "held_out": [name for name in spec.people if name not in spec.developed_on],
        "refused": list(source.refused),
        "promises": [{**asdict(one), "kept": one.kept} for one in source.judgements],
        "rows": [_row_json(row) for row in source.rows],
    }


def _row_json(row: Row) -> dict[str, Any]:
    figures = asdict(row.agreement)
    figures["coverage"].pop("coordinate")
    for name in ("range_limits_deg", "limits_deg", "icc"):
        figures[name] = figures[name]._asdict()
    return {"condition": row.condition, "motion": row.motion, "people": row.people, **figures}


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(one) for one in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if np.isfinite(value) else None
    return value


def as_csv(found: Validation) -> str:
    """Every row of every source, for people who compute with it."""
    rows = [line for source in found.sources for line in _csv_rows(source)]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else ["source"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _csv_rows(source: SourceResult) -> Iterator[dict[str, str]]:
    for row in source.rows:
        flat: dict[str, Any] = {"source": source.key}
        for name, value in _row_json(row).items():
            if isinstance(value, dict):
                flat |= {f"{name}_{part}".replace("_value", ""): one for part, one in value.items()}
            else:
                flat[name] = value
        yield {name: _csv_cell(value) for name, value in flat.items()}


def _csv_cell(value: Any) -> str:
    if isinstance(value, (float, np.floating)):
        # A zero added to what is rounded: none of it reads -0.000.
        return f"{round(float(value), 3) + 0.0:.3f}" if np.isfinite(value) else ""
    return str(value)
