"""The screen: answers to an outcome. Text never decides, and nothing is taken as no that was not answered."""

from __future__ import annotations

from datetime import date, timedelta

from coxa.model.screening import ActiveCaution, Answer, Referral, Screen, ScreenOutcome, ScreenStatus
from coxa.plan.free_text import prompted
from coxa.specs.triage import Condition, Question, TriageSpec

_URGENCY = ("now", "today", "this week", "soon")


def screened(spec: TriageSpec, screen: Screen) -> ScreenOutcome:
    """What the answers allow.

    A red flag stops at once, also while other questions are open. "Not sure" counts as yes. A question that
    is not answered leaves the screen open, and with it all exercise.
    """
    referrals = sorted(
        (
            Referral(flag.id, flag.group, flag.words, flag.whom, flag.how_soon, flag.source, f"{flag.trust}")
            for flag in spec.red_flags
            if _met(flag.when, screen)
        ),
        key=lambda one: _URGENCY.index(one.how_soon),
    )
    cautions = tuple(
        ActiveCaution(
            caution=one.id,
            words=one.words,
            whom=one.whom,
            how_soon=one.how_soon,
            avoid=one.avoid,
            no_load=one.no_load,
            source=one.source,
            trust=one.trust,
        )
        for one in spec.cautions
        if _met(one.when, screen)
    )
    still = open_questions(spec, screen)
    status = ScreenStatus.CAUTION if cautions else ScreenStatus.CLEAR
    if still:
        status = ScreenStatus.INCOMPLETE
    if referrals:
        status = ScreenStatus.STOP
    return ScreenOutcome(status, screen.on, tuple(referrals), cautions, still, spec.version)


def open_questions(spec: TriageSpec, screen: Screen) -> tuple[str, ...]:
    """Ids of what is not answered yet; first what the notes bring up."""
    still = [one.id for one in spec.questions if one.id not in screen.answers and _asked(one, screen.age_y)]
    told = [one.question for one in prompted(spec, screen.notes) if one.question in still] if still else []
    return (*told, *(one for one in still if one not in told))


def in_force(spec: TriageSpec, outcome: ScreenOutcome | None, on: date) -> ScreenOutcome:
    """The outcome as it counts on a day: none at all, of the future, or too old is an open screen."""
    everything = tuple(one.id for one in spec.questions)
    if outcome is None or outcome.version != spec.version:
        return ScreenOutcome(ScreenStatus.INCOMPLETE, on, open_questions=everything, version=spec.version)
    too_old = on - outcome.on > timedelta(days=spec.valid_days)
    if outcome.allows_exercise and (too_old or outcome.on > on):
        return ScreenOutcome(ScreenStatus.INCOMPLETE, on, open_questions=everything, version=spec.version)
    return outcome


def _asked(question: Question, age_y: float | None) -> bool:
    return _of_age(question.from_age_y, question.to_age_y, age_y)


def _of_age(low: float | None, high: float | None, age_y: float | None) -> bool:
    """An age that is not known is within; ``high`` is the first age that is not."""
    if age_y is None:
        return True
    below, above = low is not None and age_y < low, high is not None and age_y >= high
    return not (below or above)


def _met(when: Condition, screen: Screen) -> bool:
    def yes(name: str) -> bool:
        return screen.answers.get(name, Answer.NO) is not Answer.NO

    some = sum(yes(name) for name in when.any_of) >= when.count if when.any_of else True
    within = _of_age(when.from_age_y, when.to_age_y, screen.age_y)
    return within and some and all(yes(name) for name in when.all_of)
