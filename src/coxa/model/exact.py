"""Frozen types as JSON and back without loss, by their declaration: for state that must go on as it was.

Unlike :mod:`coxa.model.plain` nothing is for people to read: numbers that are not finite, keys that are no
text, sets and nested types come back as they were, and what does not fit is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from coxa.model.errors import SourceError

Kind = TypeVar("Kind")
_Read = Callable[[Any], Any]
_NOT_FINITE = ("nan", "inf", "-inf")


def to_exact(value: Any) -> Any:
    """As JSON has it: objects, lists, numbers, text, null."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if is_dataclass(value):
        return {one.name: to_exact(getattr(value, one.name)) for one in fields(value)}
    return _listed(value)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, (tuple, list)):
        return [to_exact(one) for one in value]
    if isinstance(value, frozenset):
        return sorted((to_exact(one) for one in value), key=repr)
    if isinstance(value, dict):
        return [[to_exact(key), to_exact(one)] for key, one in value.items()]
    raise TypeError(f"{type(value).__name__} has no exact form")


def from_exact(kind: type[Kind], plain: Any, name: str = "the state") -> Kind:
    """The value that :func:`to_exact` was given.

    Args:
        kind: its type.
        plain: what :func:`to_exact` returned.
        name: of it, for the error.

    Raises:
        SourceError: it is not of this type: damaged, or another Coxa's.
    """
    declared: Any = kind
    try:
        read: Kind = _reader(declared)(plain)
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise SourceError(f"{name}: {error}"[:300], "begin anew") from error
    return read


@cache
def _reader(kind: Any) -> _Read:
    origin = get_origin(kind)
    if origin is not None:
        return _of_parts(origin, get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if is_dataclass(kind):
        return _record(kind, [one.name for one in fields(kind)])
    return _named_tuple(kind) if hasattr(kind, "_fields") else _scalar(kind)


def _of_parts(origin: Any, parts: tuple[Any, ...]) -> _Read:
    if origin in (Union, UnionType):
        return _optional(parts)
    if origin is tuple:
        return _tuple(parts)
    if origin is frozenset:
        each = _reader(parts[0])
        return lambda plain: frozenset(each(one) for one in _a(list, plain))
    if origin is dict:
        key, value = (_reader(part) for part in parts)
        return lambda plain: {key(k): value(v) for k, v in _a(list, plain)}
    raise TypeError(f"{origin} has no exact form")


def _optional(parts: tuple[Any, ...]) -> _Read:
    some = [_reader(part) for part in parts if part is not NoneType]
    if len(some) != 1 or len(parts) != 2:
        raise TypeError(f"a choice of {parts} has no exact form")
    return lambda plain: None if plain is None else some[0](plain)


def _tuple(parts: tuple[Any, ...]) -> _Read:
    if len(parts) == 2 and parts[1] is ...:
        each = _reader(parts[0])
        return lambda plain: tuple(each(one) for one in _a(list, plain))
    readers = [_reader(part) for part in parts]
    return lambda plain: tuple(read(one) for read, one in zip(readers, _a(list, plain), strict=True))


def _record(kind: Any, names: list[str]) -> _Read:
    hints = get_type_hints(kind)
    readers = {name: _reader(hints[name]) for name in names}

    def read(plain: Any) -> Any:
        told = _a(dict, plain)
        if told.keys() != readers.keys():
            raise ValueError(f"{kind.__name__} has other fields")
        return kind(**{name: reader(told[name]) for name, reader in readers.items()})

    return read


def _named_tuple(kind: Any) -> _Read:
    hints = get_type_hints(kind)
    readers = [_reader(hints[name]) for name in kind._fields]
    return lambda plain: kind(*(read(one) for read, one in zip(readers, _a(list, plain), strict=True)))


def _scalar(kind: Any) -> _Read:
    if kind is float:
        return _float
    if kind not in (int, str, bool):
        raise TypeError(f"{kind} has no exact form")
    return lambda plain: _a(kind, plain)


def _float(plain: Any) -> float:
    if isinstance(plain, str) and plain in _NOT_FINITE:
        return float(plain)
    if isinstance(plain, bool) or not isinstance(plain, (int, float)):
        raise TypeError(f"{plain!r:.40} is no number")
    return float(plain)


def _a(kind: type[Kind], plain: Any) -> Kind:
    if type(plain) is not kind:
        raise TypeError(f"{plain!r:.40} is no {kind.__name__}")
    return plain
