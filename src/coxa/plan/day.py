"""One day of one track: green, yellow or red, by pain, form and effort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from coxa.model.training import Done, LogEntry
from coxa.specs.programme import TrainingRules


class Light(StrEnum):
    """What a day allows."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class DayOfTrack:
    """One day, judged.

    Attributes:
        light: what it allows.
        rule: id of the rule that decided.
        words: what was seen.
        form: the least over the exercises, 0..1; None: not known.
        poor: the form was poor.
    """

    light: Light
    rule: str
    words: str
    form: float | None = None
    poor: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    """The worst of what the entries of a day tell; None: not told."""

    form: float | None
    pain: float | None
    effort: float | None
    lasting: float
    partly: bool


def judged(done: Sequence[LogEntry], rules: TrainingRules) -> DayOfTrack:
    """The worst of what the entries tell decides; what is not told opens no gate.

    Pain 0 to 3 goes on, 4 and 5 hold, above 5 or lasting into the next morning steps back (EVIDENCE 7). A
    figure between two marks counts as the worse.
    """
    told = _Told(
        form=min((one.form for one in done if one.form is not None), default=None),
        pain=max((one.pain for one in done if one.pain is not None), default=None),
        effort=max((one.effort for one in done if one.effort is not None), default=None),
        lasting=max((_lasting(one, rules) for one in done), default=0.0),
        partly=any(one.done is Done.PARTLY for one in done),
    )
    return _painful(told, rules) or _unready(told, rules) or _green(told)


def _painful(told: _Told, rules: TrainingRules) -> DayOfTrack | None:
    if told.pain is not None and told.pain > rules.pain.hold_most:
        return DayOfTrack(Light.RED, "pain.step_back", f"Pain {told.pain:g} of 10.", told.form)
    if told.lasting > 0:
        return DayOfTrack(
            Light.RED, "pain.step_back", f"Pain {told.lasting:g} more the next morning.", told.form
        )
    if told.pain is not None and told.pain > rules.pain.go_most:
        return DayOfTrack(Light.YELLOW, "pain.hold", f"Pain {told.pain:g} of 10: hold.", told.form)
    return None


def _unready(told: _Told, rules: TrainingRules) -> DayOfTrack | None:
    """Form, effort, and what the log does not tell."""
    if told.form is not None and told.form < rules.progress.form:
        words = f"{told.form:.0%} of repetitions in good form: hold."
        return DayOfTrack(Light.YELLOW, "gate.form", words, told.form, told.form < rules.progress.poor_form)
    if told.effort is not None and told.effort > rules.progress.effort_most:
        return DayOfTrack(Light.YELLOW, "gate.effort", f"Effort {told.effort:g} of 10: hold.", told.form)
    missing = [name for name, one in (("pain", told.pain), ("form", told.form)) if one is None]
    if missing:
        words = f"The log does not tell {' and '.join(missing)}: hold."
        return DayOfTrack(Light.YELLOW, "gate.told", words, told.form)
    if told.partly:
        return DayOfTrack(Light.YELLOW, "gate.done", "Only partly done: hold.", told.form)
    return None


def _green(told: _Told) -> DayOfTrack:
    effort = "" if told.effort is None else f", effort {told.effort:g}"
    words = f"Pain {told.pain:g}, {told.form:.0%} in good form{effort}."
    return DayOfTrack(Light.GREEN, "gate.open", words, told.form)


def _lasting(entry: LogEntry, rules: TrainingRules) -> float:
    """How much more it hurt the next morning than before, where that counts."""
    if entry.pain_next_morning is None:
        return 0.0
    rise = entry.pain_next_morning - (entry.pain_before or 0.0)
    return rise if rise >= rules.pain.lasting_rise else 0.0
