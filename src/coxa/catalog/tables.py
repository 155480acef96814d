"""CSV text as validated rows; what is wrong with it is named by line and column."""

from __future__ import annotations

import csv
import io
from typing import Any, TypeVar

from pydantic import ValidationError

from coxa.model.errors import SpecError
from coxa.specs.estimator import Spec

SpecType = TypeVar("SpecType", bound=Spec)


def parse_rows(text: str, spec: type[SpecType], name: str) -> tuple[SpecType, ...]:
    """One spec a row; empty cells are left to the spec's defaults.

    Raises:
        SpecError: a row that is not what the spec asks for; an ``id`` used twice.
    """
    rows: list[SpecType] = []
    seen: dict[object, int] = {}
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        for content in reader:
            filled: dict[str, Any] = {key: cell for key, cell in content.items() if cell != ""}
            rows.append(spec.model_validate(filled))
            line = seen.setdefault(content.get("id"), reader.line_num)
            if content.get("id") and line != reader.line_num:
                raise SpecError(
                    f"{name}: line {reader.line_num}: id {content['id']!r} is also in line {line}",
                    "give each row an id of its own",
                )
    except ValidationError as error:
        first = error.errors()[0]
        column = ".".join(str(step) for step in first["loc"]) or "the row"
        fault = f"{name}: line {reader.line_num}: {column}: {first['msg']}"
        raise SpecError(fault, "correct the row as the message says") from error
    except csv.Error as error:
        raise SpecError(
            f"{name}: line {reader.line_num}: {error}", "write plain CSV, quotes closed"
        ) from error
    return tuple(rows)
