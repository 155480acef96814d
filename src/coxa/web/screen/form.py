"""The questions as a page asks them, and its answers as the engine takes them. Nothing is judged here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from coxa.app.record import Person
from coxa.model.screening import Answer, Screen
from coxa.plan.triage import open_questions
from coxa.specs.triage import Question, TriageSpec
from coxa.web.words import N_

#: Headings of the page, in its order, and the groups of questions below each.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    N_("Feeling and strength"): ("cauda_equina", "neurological"),
    N_("Falls and bones"): ("fracture",),
    N_("General health"): ("malignancy", "infection", "vascular", "inflammatory"),
    N_("The hip"): ("hip",),
    N_("What to take care of"): ("caution",),
}
_ELSE = N_("Further questions")


@dataclass(frozen=True, slots=True)
class Group:
    """Questions below one heading.

    Attributes:
        key: for ids.
        heading: of them.
        questions: in order.
    """

    key: str
    heading: str
    questions: tuple[Question, ...]


def groups(spec: TriageSpec, person: Person, on: date) -> tuple[Group, ...]:
    """The questions that somebody of this age is asked."""
    asked = set(open_questions(spec, Screen(on, {}, person.age_y(on))))
    wanted = [one for one in spec.questions if one.id in asked]
    heading_of = {group: heading for heading, names in _HEADINGS.items() for group in names}
    found: dict[str, list[Question]] = {heading: [] for heading in (*_HEADINGS, _ELSE)}
    for one in wanted:
        found[heading_of.get(one.group, _ELSE)].append(one)
    told = [(heading, tuple(each)) for heading, each in found.items() if each]
    return tuple(Group(f"group-{place}", heading, each) for place, (heading, each) in enumerate(told, 1))


def answered(spec: TriageSpec, form: Mapping[str, object], on: date) -> Screen:
    """What was answered; anything else than the three answers is none."""
    words = {one.value: one for one in Answer}
    told = {one.id: words[str(form[one.id])] for one in spec.questions if str(form.get(one.id)) in words}
    return Screen(on, told, notes=str(form.get("notes", "")))
