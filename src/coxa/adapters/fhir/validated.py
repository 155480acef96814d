"""Held against FHIR R4B, by the types of ``fhir.resources``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from coxa.model.errors import SourceError


def validated(told: Mapping[str, Any], name: str = "the record") -> str:
    """A Bundle as JSON text, in the order of FHIR.

    Raises:
        SourceError: the package is not installed, or this is no Bundle of R4B.
    """
    try:
        from fhir.resources.R4B.bundle import Bundle
    except ImportError as error:
        raise SourceError("FHIR needs the package fhir.resources", "pip install 'coxa[fhir]'") from error
    try:
        text: str = Bundle.model_validate(told).model_dump_json()
    except (ValueError, TypeError, RecursionError, ArithmeticError, LookupError, AttributeError) as error:
        why = str(error).replace("\n", "; ")
        raise SourceError(f"{name}: this is no Bundle of FHIR R4B ({why:.200})", "correct it") from error
    return text


def read_bundle(told: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Resources of a Bundle that is one.

    Raises:
        SourceError: it is none.
    """
    whole = json.loads(validated(told, name))
    return [one["resource"] for one in whole.get("entry", ()) if isinstance(one.get("resource"), dict)]
