"""What a person is asked before any exercise, and what the answers allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Answer(StrEnum):
    """To a question of the screen."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not sure"  # of a red flag it counts as yes


class ScreenStatus(StrEnum):
    """What a screen allows."""

    CLEAR = "clear"
    CAUTION = "caution"  # exercise, but not all of it
    INCOMPLETE = "incomplete"  # a question is open: no exercise yet
    STOP = "stop"  # see somebody first: no exercise


@dataclass(frozen=True, slots=True)
class Screen:
    """The answers of one day.

    Attributes:
        on: when they were given.
        answers: by id of the question.
        age_y: in years; None: not told.
        notes: free text; it may bring up a question, it decides nothing.
    """

    on: date
    answers: Mapping[str, Answer]
    age_y: float | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """Whom to see, how soon, and why.

    Attributes:
        flag: id of the red flag.
        group: it belongs to: ``cauda_equina``, ``fracture``, ...
        words: what was told that leads to it.
        whom: to see.
        how_soon: ``now``, ``today``, ``this week``, ``soon``.
        source: of the flag.
        trust: its mark.
    """

    flag: str
    group: str
    words: str
    whom: str
    how_soon: str
    source: str
    trust: str


@dataclass(frozen=True, slots=True)
class ActiveCaution:
    """Exercise is allowed, but not all of it.

    Attributes:
        caution: its id.
        words: for the person.
        whom: to ask.
        how_soon: to ask.
        avoid: ids of exercises that are left out.
        no_load: nothing beyond strengthening with the own weight.
        source: of it.
        trust: its mark.
    """

    caution: str
    words: str
    whom: str
    how_soon: str
    avoid: tuple[str, ...] = ()
    no_load: bool = False
    source: str = ""
    trust: str = ""


@dataclass(frozen=True, slots=True)
class ScreenOutcome:
    """What a screen says. Only ``CLEAR`` and ``CAUTION`` allow exercise.

    Attributes:
        status: what it allows.
        on: the day of the screen.
        referrals: most urgent first; only with ``STOP``.
        cautions: to be kept by every plan.
        open_questions: ids that are not answered yet.
        version: of the questions.
    """

    status: ScreenStatus
    on: date
    referrals: tuple[Referral, ...] = ()
    cautions: tuple[ActiveCaution, ...] = ()
    open_questions: tuple[str, ...] = ()
    version: int = 1

    @property
    def allows_exercise(self) -> bool:
        """Whether any exercise may be shown."""
        return self.status in (ScreenStatus.CLEAR, ScreenStatus.CAUTION)
