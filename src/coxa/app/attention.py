"""Which clients need a look, and why: read from how they are getting on, it decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from statistics import median

from coxa.app.progress import Measure, Progress
from coxa.model.screening import ScreenStatus
from coxa.specs.attention import AttentionSpec


class Urgency(IntEnum):
    """How soon somebody should look; higher goes first."""

    NEWS = 1
    DUE = 2
    WATCH = 3
    STOP = 4


@dataclass(frozen=True, slots=True)
class Attention:
    """One reason to look at a client.

    Attributes:
        kind: ``red_flag``, ``pain``, ``missed``, ``screen``, ``retest``, ``plan``, ``measure``, ``quiet``,
            ``change``.
        urgency: of it.
        words: what was seen.
    """

    kind: str
    urgency: Urgency
    words: str


def attention(of: Progress, spec: AttentionSpec, last_day: date | None) -> tuple[Attention, ...]:
    """Why a client needs a look, most urgent first; empty: all is well.

    Args:
        of: how the client is getting on.
        spec: limits.
        last_day: of anything that was kept of them; None: nothing was.
    """
    found = [*_safety(of), *_pain(of, spec), *_training(of, spec), *_measuring(of)]
    if last_day is not None and (of.as_of - last_day).days > spec.quiet_days:
        found.append(Attention("quiet", Urgency.DUE, f"Nothing was heard since {last_day.isoformat()}"))
    return tuple(sorted(found, key=lambda one: -one.urgency))


def _safety(of: Progress) -> Iterator[Attention]:
    if of.screen.status is ScreenStatus.STOP:
        whom = "; ".join(f"{one.words} See {one.whom}, {one.how_soon}." for one in of.screen.referrals)
        yield Attention("red_flag", Urgency.STOP, whom or "A symptom stopped all exercise")
    elif not of.screen.allows_exercise:
        yield Attention("screen", Urgency.DUE, "The safety screen has to be answered")


def _pain(of: Progress, spec: AttentionSpec) -> Iterator[Attention]:
    since = of.as_of - timedelta(days=spec.pain_days)
    recent = [(score, day) for day, score in of.pain if day > since]
    if not recent:
        return
    worst, day = max(recent)
    before = [score for at, score in of.pain if at <= since]
    if worst > spec.pain_high:
        yield Attention("pain", Urgency.WATCH, f"Pain {worst:g} of 10 on {day.isoformat()}")
    elif before and worst - median(before) >= spec.pain_rise:
        words = f"Pain rose to {worst:g} of 10 on {day.isoformat()}; {median(before):g} was usual"
        yield Attention("pain", Urgency.WATCH, words)


def _training(of: Progress, spec: AttentionSpec) -> Iterator[Attention]:
    weeks = of.adherence.weeks[-spec.missed_weeks :]
    planned, done = sum(week[1] for week in weeks), sum(week[2] for week in weeks)
    if len(weeks) == spec.missed_weeks and planned and done / planned < spec.missed_share:
        words = f"{done} of {planned} planned sessions done in {spec.missed_weeks} weeks"
        yield Attention("missed", Urgency.WATCH, words)
    if of.programme is None:
        if of.screen.allows_exercise and of.measures:
            yield Attention("plan", Urgency.DUE, "There is no programme yet")
        return
    days = [one.on for week in of.programme.weeks for one in week.sessions]
    if days and max(days) < of.as_of:
        yield Attention("plan", Urgency.DUE, f"The programme ended on {max(days).isoformat()}")


def _measuring(of: Progress) -> Iterator[Attention]:
    if not of.measures:
        yield Attention("measure", Urgency.DUE, "Nothing was measured yet")
        return
    for protocol, day in _missed_retests(of):
        yield Attention("retest", Urgency.DUE, f"Retest since {day.isoformat()}: {_words(protocol)}")
    for one in of.measures:
        change = one.since_last or one.since_first
        if change is not None and change.real and (of.as_of - one.points[-1].on) <= timedelta(days=7):
            words = f"{_words(one.quantity)} {one.side}: {change.difference_deg:+.0f}° since {change.since}"
            yield Attention("change", Urgency.NEWS, " ".join(words.split()))


def _missed_retests(of: Progress) -> Iterator[tuple[str, date]]:
    """Protocols whose day is over and which were not measured from it on."""
    due = [] if of.programme is None else [one for one in of.programme.retests if one.on < of.as_of]
    told = {}
    for one in due:
        for protocol in one.protocols:
            if not _measured_since(of.measures, protocol, one.on):
                told[protocol] = one.on
    yield from told.items()


def _measured_since(measures: Sequence[Measure], protocol: str, day: date) -> bool:
    return any(one.protocol == protocol and one.points[-1].on >= day for one in measures)


def _words(name: str) -> str:
    return name.replace("_", " ")
