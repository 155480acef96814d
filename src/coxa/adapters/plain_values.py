"""Frozen dataclasses as plain JSON values, and back by the types that are declared there.

A new field of a channel or a camera needs nothing here.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Made = TypeVar("Made")


def plain_fields(value: Any, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Fields of a dataclass, but some, as JSON has them; numbers that are not finite become words."""
    return {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.name not in without}


def read_fields(kind: type[Made], values: Mapping[str, Any], known: Mapping[str, Any]) -> Made:
    """An instance of a dataclass: fields in ``known`` as they are, others from plain values.

    Raises:
        ValueError: a field without default is missing, or is not what it is declared to be.
    """
    hints = typing.get_type_hints(kind)
    made = dict(known)
    for one in fields(kind):  # type: ignore[arg-type]
        if one.name in known:
            continue
        if one.name in values:
            made[one.name] = _read(hints[one.name], values[one.name], one.name)
        elif one.default is MISSING and one.default_factory is MISSING:
            raise ValueError(f"{one.name} is not described")
    return kind(**made)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return plain_fields(value)
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    plain = value.item() if isinstance(value, np.generic) else value
    return str(plain) if isinstance(plain, float) and not np.isfinite(plain) else plain


def _read(hint: Any, value: Any, name: str) -> Any:
    """A plain value as what its declaration says."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        some = next(one for one in inner if one is not type(None))
        return None if value is None else _read(some, value, name)
    if is_dataclass(hint):
        return read_fields(typing.cast("type[Any]", hint), _checked(dict, value, name), {})
    if origin is None:
        return _number(value, name) if hint is float else _checked(hint, value, name)
    return _read_many(origin, inner, value, name)


def _read_many(origin: Any, inner: tuple[Any, ...], value: Any, name: str) -> Any:
    if origin is tuple:
        return tuple(_read(inner[0], one, name) for one in _checked(list, value, name))
    if issubclass(origin, Mapping):
        return {key: _read(inner[1], one, name) for key, one in _checked(dict, value, name).items()}
    return _array(value, "bool" in str(inner), name)


def _array(value: Any, is_bool: bool, name: str) -> NDArray[Any]:
    try:
        array = np.array(_checked(list, value, name), float)
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(f"{name} is not an array of numbers") from error
    return array.astype(bool) if is_bool else array


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{name} is not a number")
    try:
        return float(value)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{name} is {value!r:.40}") from error


def _checked(kind: Any, value: Any, name: str) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{name} is {value!r:.40}")
    return value
