"""YAML text as a validated type; what is wrong with it is named by line and field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, get_args

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from coxa.model.errors import SpecError
from coxa.specs.estimator import Spec

SpecType = TypeVar("SpecType", bound=Spec)

_MANY = 8  # faults beyond these are counted, not listed


def parse(text: str, spec: type[SpecType], name: str) -> SpecType:
    """YAML text as a validated spec.

    Args:
        text: the file's content.
        spec: its type.
        name: the file, for the error.

    Raises:
        SpecError: no YAML, or not what the type asks for; each fault by line and field.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        faults = list(_duplicates(root)) if root is not None else []
        content: Any = yaml.safe_load(text) if not faults else None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SpecError(f"{name}: no valid YAML: {_first_line(error)}", "mend the line it names") from error
    if faults:
        raise SpecError(f"{name}: " + "; ".join(faults), "write each key once")
    try:
        return spec.model_validate(content)
    except ValidationError as error:
        said = [_said(root, one["loc"], _words(spec, one), one.get("input")) for one in error.errors()]
        more = f"; and {len(said) - _MANY} more" if len(said) > _MANY else ""
        fault = f"{name}: " + "; ".join(said[:_MANY]) + more
        raise SpecError(fault, "correct the file as the message says") from error


def line_of(text: str, place: Sequence[int | str]) -> int:
    """Line, counted from 1, of the innermost thing of this path that a valid YAML text has."""
    return _line(yaml.compose(text, Loader=yaml.SafeLoader), place)


def _words(spec: type[Spec], error: ErrorDetails) -> str:
    """What is wrong; of a field that is not known, which are."""
    if error["type"] != "extra_forbidden":
        return error["msg"]
    known = _fields(spec, error["loc"][:-1])
    return f"{error['msg']}; choose one of: {', '.join(known)}" if known else error["msg"]


def _fields(spec: type[Spec], place: Sequence[int | str]) -> list[str]:
    """Names that may stand at a place."""
    here: type[Spec] | None = spec
    for step in place:
        if here is not None and isinstance(step, str) and step in here.model_fields:
            here = next(_specs(here.model_fields[step].annotation), None)
        elif not isinstance(step, int):
            return []
    return [] if here is None else list(here.model_fields)


def _specs(annotation: object) -> Iterator[type[Spec]]:
    """Types of ours inside of an annotation, such as ``tuple[Gate, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        yield annotation
    for part in get_args(annotation):
        yield from _specs(part)


def _said(root: yaml.Node | None, place: Sequence[int | str], message: str, found: object) -> str:
    field = ".".join(str(step) for step in place) or "the file"
    value = f" (it says {found!r})" if isinstance(found, (str, int, float, bool)) else ""
    return f"line {_line(root, place)}: {field}: {message}{value}"


def _line(node: yaml.Node | None, place: Sequence[int | str]) -> int:
    """Line, counted from 1, of the innermost thing of this path that the text has."""
    line = 1
    for step in place:
        if node is None:
            break
        line = node.start_mark.line + 1
        node = _inside(node, step)
    return line if node is None else node.start_mark.line + 1


def _inside(node: yaml.Node, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        item: yaml.Node = node.value[step]
        return item
    return None


def _duplicates(node: yaml.Node, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """Keys written twice: YAML would silently take the last."""
    if id(node) in seen:  # an alias that holds itself
        return
    seen |= {id(node)}
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if str(key.value) in keys and key.value != "<<":
                yield f"line {key.start_mark.line + 1}: {key.value} is written twice"
            keys.add(str(key.value))
            yield from _duplicates(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _duplicates(item, seen)


def _first_line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}: " if mark is not None else ""
    return where + (getattr(error, "problem", None) or str(error).partition("\n")[0] or type(error).__name__)
