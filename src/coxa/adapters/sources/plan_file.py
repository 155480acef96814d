"""What a plan is made from, as a YAML file of one's own: age, screen, wishes, goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from coxa.model.errors import SourceError
from coxa.model.plain import from_plain
from coxa.model.plan import Availability, Goal
from coxa.model.screening import Screen

_FIELDS = ("age_y", "screen", "availability", "goals", "programme")
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class PlanFile:
    """What the file says.

    Attributes:
        screen: the answers; none are answered where the file has no screen.
        availability: wishes.
        goals: of the person.
        programme: id; empty: the personal mixture.
    """

    screen: Screen
    availability: Availability
    goals: tuple[Goal, ...]
    programme: str


def read_plan_file(path: Path, today: date) -> PlanFile:
    """Read and check it.

    Args:
        path: YAML.
        today: the day of a screen that names none.

    Raises:
        SourceError: it cannot be read, or a field is not what it should be.
    """
    values = _values(path)
    unknown = [str(key) for key in values if key not in _FIELDS]
    if unknown:
        raise SourceError(f"{path}: unknown field {unknown[0]!r:.60}", f"choose from: {', '.join(_FIELDS)}")
    told: Mapping[Any, Any] = _mapping(values.get("screen"), path, "screen")
    asked = {"on" if key is True else key: value for key, value in told.items()}  # YAML 1.1 reads on as true
    answers = {
        str(name): {True: "yes", False: "no"}.get(answer, answer) if isinstance(answer, bool) else answer
        for name, answer in _mapping(asked.get("answers"), path, "screen.answers").items()
    }
    screen = {"on": today, "age_y": values.get("age_y"), **asked, "answers": answers}
    goals = values.get("goals") or []
    if not isinstance(goals, list):
        raise SourceError(f"{path}: goals: this is no list", "begin each goal with a dash")
    programme = values.get("programme") or ""
    if not isinstance(programme, str):
        raise SourceError(f"{path}: programme: this is no name", "name a programme by its id")
    wishes = _mapping(values.get("availability"), path, "availability")
    return PlanFile(
        screen=from_plain(Screen, screen, f"{path}: screen"),
        availability=from_plain(Availability, wishes, f"{path}: availability"),
        goals=tuple(from_plain(Goal, _mapping(one, path, "goals"), f"{path}: goals") for one in goals),
        programme=programme,
    )


def _values(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SourceError(f"{path}: too large", "name the file of one person")
        found = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read ({error})", "save it as UTF-8 text") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SourceError(
            f"{path}: no valid YAML", "mend it: one field a line, as in docs/plan.md"
        ) from error
    return _mapping(found, path, "the file")


def _mapping(value: object, path: Path, where: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise SourceError(
            f"{path}: {where}: this has no fields", "write one field a line, as in docs/plan.md"
        )
    return value
