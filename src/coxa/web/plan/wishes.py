"""What a person wants of a plan, as a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from coxa.app.record_documents import number
from coxa.app.training import Wishes
from coxa.catalog.planning import planning
from coxa.model.errors import SourceError
from coxa.model.plan import Availability, Goal, Programme

#: Goals in words that the form has room for.
N_GOALS = 3
_LONGEST_WORDS = 200
_LEAST_MIN, _MOST_MIN = 3, 120


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from.

    Attributes:
        programmes: title and purpose by id, the personal mixture first.
        equipment: words of things that not every home has.
        exercises: titles by id, in the order of their titles.
    """

    programmes: Mapping[str, tuple[str, str]]
    equipment: Mapping[str, str]
    exercises: Mapping[str, str]


def choices() -> Choices:
    """From the catalogue."""
    known = planning()
    mixture = {known.mixture.id: (known.mixture.title, "")}
    return Choices(
        mixture | {one.id: (one.title, one.purpose) for one in known.programmes.values()},
        {
            name: words
            for name, words in known.equipment.things.items()
            if name not in known.equipment.household
        },
        {one.id: one.title for one in sorted(known.exercises.values(), key=lambda one: one.title.casefold())},
    )


def shown(programme: Programme | None) -> dict[str, Any]:
    """What the form begins with: the wishes of the last plan, or the usual ones."""
    wishes = Availability() if programme is None else programme.availability
    goals = [] if programme is None else [one for one in programme.goals if one.activity_now is not None]
    return {
        "wishes": wishes,
        "goals": (goals + [None] * N_GOALS)[:N_GOALS],
        "programme": planning().mixture.id if programme is None else programme.id,
    }


def told(form: FormData, before: Programme | None) -> Wishes:
    """The form, read and checked; what it does not ask for stays as it was.

    Args:
        form: as it was sent.
        before: the last programme; None: the first is asked for.

    Raises:
        SourceError: a figure is none, or something is not known.
    """
    last = Availability() if before is None else before.availability
    weekdays = _weekdays(form.getlist("weekdays"))
    if not weekdays:
        raise SourceError("no weekday is chosen", "choose the days on which you can train")
    availability = Availability(
        minutes_a_day=number(_text(form, "minutes"), "minutes a session", _LEAST_MIN, _MOST_MIN),
        days_a_week=int(number(_text(form, "days"), "sessions a week", 1, 7)),
        weekdays=weekdays,
        equipment=tuple(str(one) for one in form.getlist("equipment")),
        busy=tuple(day for day in last.busy if day in weekdays),
        daily_minimum="daily_minimum" in form,
        avoid=tuple(str(one) for one in form.getlist("avoid")),
        prefer=last.prefer,
    )
    angles = () if before is None else tuple(one for one in before.goals if one.activity_now is None)
    return Wishes(
        availability=availability,
        goals=(*_goals(form), *angles),
        programme=_text(form, "programme"),
        anew="anew" in form,
    )


def _text(form: FormData, name: str) -> str:
    found = form.get(name, "")
    return found.strip() if isinstance(found, str) else ""


def _weekdays(values: Sequence[Any]) -> tuple[int, ...]:
    return tuple(sorted({int(number(str(one), "a weekday", 0, 6)) for one in values}))


def _goals(form: FormData) -> tuple[Goal, ...]:
    made = []
    for place in range(N_GOALS):
        words = _text(form, f"goal{place}")
        if len(words) > _LONGEST_WORDS:
            raise SourceError("a goal is too long", f"say it in at most {_LONGEST_WORDS} characters")
        if words:
            now = number(_text(form, f"now{place}") or "0", "how well it goes now", 0, 10)
            target = number(_text(form, f"target{place}") or "10", "how well it should go", 0, 10)
            made.append(Goal(words, now, target))
    return tuple(made)
