"""Frozen types as plain JSON values with the version of their schema, and back, checked by declaration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from coxa.model.errors import SourceError

Kind = TypeVar("Kind")

#: Of screening, plan and training; a change that old files do not fit raises it.
SCHEMA_VERSION = 1
_SHOWN = 5
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def to_plain(value: Any) -> dict[str, Any]:
    """Fields of a frozen type as JSON has them, with ``schema`` and ``schema_version``."""
    kind = type(value)
    values: dict[str, Any] = _adapter(kind).dump_python(value, mode="json")
    return {"schema": _name(kind), "schema_version": SCHEMA_VERSION, **values}


def from_plain(kind: type[Kind], values: Mapping[str, Any], name: str = "the record") -> Kind:
    """The value that :func:`to_plain` wrote; the two fields of the schema may be left out.

    Args:
        kind: what it should be.
        values: as JSON has them.
        name: of the file or record, for the error.

    Raises:
        SourceError: it is something else, of a newer version, or a field is not what it should be.
    """
    schema, version = values.get("schema", _name(kind)), values.get("schema_version", SCHEMA_VERSION)
    if schema != _name(kind):
        raise SourceError(f"{name}: this is {schema!r:.60}, not {_name(kind)!r}", "name the right file")
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= SCHEMA_VERSION:
        raise SourceError(
            f"{name}: its version is {version!r:.20}, this Coxa reads up to {SCHEMA_VERSION}",
            "use the Coxa that wrote it, or a newer one",
        )
    fields = {key: value for key, value in values.items() if key not in ("schema", "schema_version")}
    unknown = sorted(set(map(str, fields)) - set(kind.__dataclass_fields__))  # type: ignore[attr-defined]
    if unknown:
        raise SourceError(f"{name}: unknown field {', '.join(unknown[:_SHOWN])}", "correct its name")
    try:
        read: Kind = _adapter(kind).validate_python(fields)
    except ValidationError as error:
        said = [
            f"{'.'.join(str(step) for step in one['loc'])}: {one['msg']}" for one in error.errors()[:_SHOWN]
        ]
        raise SourceError(f"{name}: {'; '.join(said)}", "correct what the message names") from error
    return read


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Made once a type: making one costs more than using it."""
    return _ADAPTERS.setdefault(kind, _ADAPTERS.get(kind) or TypeAdapter(kind))


def _name(kind: type[Any]) -> str:
    words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__)
    return f"coxa.{words.lstrip('_')}"
