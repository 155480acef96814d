"""The screen before any exercise, as data: questions, red flags that stop, cautions that leave things out."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from coxa.specs.estimator import Sourced, Spec

HowSoon = Literal["now", "today", "this week", "soon"]


class Question(Spec):
    """One question that is answered yes, no or not sure.

    ``prompts``: by language, phrases of free text that bring the question up; ``*`` in a phrase stands for up
    to four words. They decide nothing. Outside of the ages it need not be answered.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    group: str
    words: str
    prompts: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    from_age_y: float | None = None
    to_age_y: float | None = None


class Condition(Spec):
    """All of ``all_of``, and at least ``count`` of ``any_of``, within the ages; an unknown age is within."""

    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    count: int = Field(default=1, ge=1)
    from_age_y: float | None = None
    to_age_y: float | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Condition:
        if not (self.all_of or self.any_of):
            raise ValueError("say all_of or any_of")
        if self.any_of and self.count > len(self.any_of):
            raise ValueError("count is more than there are in any_of")
        return self


class RedFlag(Sourced):
    """What stops all exercise. "Not sure" counts as yes."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    group: str
    when: Condition
    words: str
    whom: str
    how_soon: HowSoon


class Caution(Sourced):
    """What leaves exercises out, and whom to ask. "Not sure" counts as yes."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    when: Condition
    words: str
    whom: str
    how_soon: HowSoon
    avoid: tuple[str, ...] = ()
    no_load: bool = False


class TriageSpec(Sourced):
    """The whole screen."""

    version: int = Field(ge=1)
    safety_net: str = Field(description="shown with every plan: when to come back to the screen")
    valid_days: int = Field(ge=1, description="after which the screen is asked again")
    questions: tuple[Question, ...]
    red_flags: tuple[RedFlag, ...]
    cautions: tuple[Caution, ...]

    @model_validator(mode="after")
    def _refers_to_its_own_questions(self) -> TriageSpec:
        known = [one.id for one in self.questions]
        ids = [*known, *(one.id for one in self.red_flags), *(one.id for one in self.cautions)]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"used twice: {', '.join(twice)}")
        asked: set[str] = set()
        for when in (*(one.when for one in self.red_flags), *(one.when for one in self.cautions)):
            asked |= {*when.all_of, *when.any_of}
        if asked - set(known):
            raise ValueError(f"there is no question {', '.join(sorted(asked - set(known)))}")
        if set(known) - asked:
            raise ValueError(f"nothing follows from {', '.join(sorted(set(known) - asked))}")
        return self
