"""The week as a small constrained optimisation: what is done on which day (mixed-integer, HiGHS).

What the person set (minutes, days, weekdays) and what safety asks for (rest days, control beside mobility)
always holds. The weekly dose is what may fall short, as little as possible; what would mend it is solved for
and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from coxa.model.plan import Availability, Relaxation
from coxa.plan.tasks import Task
from coxa.specs.programme import ScheduleRules

Floats = NDArray[np.float64]

DAYS = 7
_SHORT, _NEIGHBOURS, _DAY, _LATE = 100.0, 2.0, 0.5, 0.01
_DAY_IN_MINUTES, _MOST_EXTRA_MIN, _MOST_TRIED = 6, 60, 4
#: Nothing is cut off by time: the answer must be the same on every machine. No presolve: with it HiGHS at
#: times writes a line on stdout (without it seldom: callers that print keep it silent).
_GAP, _NODES = 1e-3, 400
_KEPT_WEEKS = 256


@dataclass(frozen=True, slots=True)
class Wish:
    """A task as the solver sees it.

    Attributes:
        name: of the exercise.
        tracks: it serves.
        seconds: it takes.
        sessions: in which it should be.
        weight: of each that is missing.
        rest_days: between two of its sessions.
        passive: it needs one that is not, in the same session.
    """

    name: str
    tracks: tuple[str, ...]
    seconds: float
    sessions: int
    weight: float
    rest_days: int
    passive: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for the week.

    Attributes:
        seconds: of a session at most.
        n_days: full sessions at most.
        allowed: (7,) whether there may be a full session, from the first day of the week.
        barred: names of exercises that need a rest on the first days -> how many days.
        most: exercises in a session.
    """

    seconds: float
    n_days: int
    allowed: tuple[bool, ...]
    barred: tuple[tuple[str, int], ...]
    most: int


@dataclass(frozen=True, slots=True)
class Solved:
    """Days of each wish, and what would have been needed for all of them.

    Attributes:
        days: of each wish, in the order of the wishes.
        short: sessions that are missing, of each wish.
    """

    days: tuple[tuple[int, ...], ...]
    short: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mending:
    """The smallest change of the person's own limits with which nothing is short."""

    minutes: int
    days: int


def week_frame(
    begins: date, availability: Availability, rules: ScheduleRules, barred: Sequence[tuple[str, int]] = ()
) -> Frame:
    """The person's limits for the week from a day on."""
    weekdays = [(begins + timedelta(days=day)).weekday() for day in range(DAYS)]
    allowed = tuple(one in availability.weekdays and one not in availability.busy for one in weekdays)
    return Frame(
        seconds=60.0 * availability.minutes_a_day,
        n_days=availability.days_a_week,
        allowed=allowed,
        barred=tuple(sorted(barred)),
        most=rules.most_exercises,
    )


def wishes_of(tasks: Sequence[Task]) -> tuple[Wish, ...]:
    """Tasks without what the solver need not know."""
    return tuple(
        Wish(
            name=one.planned.exercise,
            tracks=one.planned.tracks,
            seconds=one.planned.duration_s,
            sessions=one.sessions,
            weight=round(one.weight, 6),
            rest_days=one.rest_days,
            passive=one.passive,
        )
        for one in tasks
    )


@lru_cache(_KEPT_WEEKS)
def solve(wishes: tuple[Wish, ...], frame: Frame) -> Solved:
    """As many of the sessions as fit, the weightiest first, spread over the week."""
    if not wishes:
        return Solved((), ())
    x = _optimum(_Problem(wishes, frame))
    n = len(wishes)
    done = x[: n * DAYS].reshape(n, DAYS) > 0.5
    days = tuple(tuple(int(day) for day in np.flatnonzero(row)) for row in done)
    return Solved(days, tuple(one.sessions - len(day) for one, day in zip(wishes, days, strict=True)))


@lru_cache(_KEPT_WEEKS)
def mend(wishes: tuple[Wish, ...], frame: Frame) -> Mending | None:
    """The smallest addition with which the whole dose fits: a day weighs as much as some minutes.

    Candidates go from the smallest up, those that cannot do by their sums are passed over, and the first that
    the solver fills is the answer. None: nothing within reach does.
    """
    for minutes, days in _additions(wishes, frame)[:_MOST_TRIED]:
        wider = replace(frame, seconds=frame.seconds + 60.0 * minutes, n_days=frame.n_days + days)
        if not any(solve(wishes, wider).short):
            return Mending(minutes, days)
    return None


def _additions(wishes: tuple[Wish, ...], frame: Frame) -> list[tuple[int, int]]:
    """Minutes and days that could do by their sums, the smallest first."""
    n_allowed = sum(frame.allowed)
    total_s = sum(one.sessions * one.seconds for one in wishes)
    count = sum(one.sessions for one in wishes)
    able = []
    for days in range(max(n_allowed - frame.n_days, 0) + 1):
        n_days = min(frame.n_days + days, n_allowed)
        if not n_days or count > n_days * frame.most or max(one.sessions for one in wishes) > n_days:
            continue
        longest_s = max(total_s / n_days, *(one.seconds for one in wishes))
        least = max(0, ceil((longest_s - frame.seconds) / 60.0 - 1e-9))
        able += [(minutes, days) for minutes in range(least, _MOST_EXTRA_MIN + 1)]
    return sorted(able, key=lambda one: (one[0] + _DAY_IN_MINUTES * one[1], one))


def relaxations(wishes: tuple[Wish, ...], frame: Frame, solved: Solved) -> tuple[Relaxation, ...]:
    """One a track that does not get its dose, each with what would mend it."""
    if not any(solved.short):
        return ()
    mending = mend(wishes, frame)
    asked: dict[str, list[int]] = {}
    for one, short in zip(wishes, solved.short, strict=True):
        for track in one.tracks if short else ():
            row = asked.setdefault(track, [0, 0])
            row[0], row[1] = row[0] + one.sessions, row[1] + short
    return tuple(
        Relaxation(
            what=f"dose.{track}",
            asked=float(total),
            given=float(total - short),
            unit="sessions of exercises a week",
            words=f"{total - short} of {total} fit. {_mended(mending)}",
        )
        for track, (total, short) in sorted(asked.items())
    )


def _mended(mending: Mending | None) -> str:
    if mending is None:
        return "All of it does not fit into the days that are free, with their rest days."
    more = []
    if mending.minutes:
        more.append(f"{mending.minutes} more minutes a session")
    if mending.days:
        more.append(f"{mending.days} more {'day' if mending.days == 1 else 'days'} a week")
    return f"With {' and '.join(more)}, all of it would."


class _Problem:
    """Columns: task and day, day in use, two days in a row, missing of each task."""

    def __init__(self, wishes: tuple[Wish, ...], frame: Frame) -> None:
        self.wishes, self.frame = wishes, frame
        n = len(wishes)
        self.used, self.pairs, self.short = n * DAYS, n * DAYS + DAYS, n * DAYS + 2 * DAYS - 1
        self.width = self.short + n
        self.rows: list[Floats] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self._dose()
        self._days()
        self._rest()
        self._control()

    def _row(self, entries: dict[int, float], low: float, high: float) -> None:
        row = np.zeros(self.width)
        row[list(entries)] = list(entries.values())
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def _dose(self) -> None:
        for task, one in enumerate(self.wishes):
            entries = {task * DAYS + day: 1.0 for day in range(DAYS)}
            self._row(entries | {self.short + task: 1.0}, one.sessions, one.sessions)

    def _days(self) -> None:
        for day in range(DAYS):
            here = {task * DAYS + day: one.seconds for task, one in enumerate(self.wishes)}
            self._row(here | {self.used + day: -self.frame.seconds}, -np.inf, 0.0)
            count = {task * DAYS + day: 1.0 for task in range(len(self.wishes))}
            self._row(count, 0.0, self.frame.most)
        every = {self.used + day: 1.0 for day in range(DAYS)}
        self._row(every, -np.inf, self.frame.n_days)
        for day in range(DAYS - 1):
            row = {self.used + day: 1.0, self.used + day + 1: 1.0, self.pairs + day: -1.0}
            self._row(row, -np.inf, 1.0)

    def _rest(self) -> None:
        for task, one in enumerate(self.wishes):
            for gap in range(1, one.rest_days + 1):
                for day in range(DAYS - gap):
                    self._row({task * DAYS + day: 1.0, task * DAYS + day + gap: 1.0}, 0.0, 1.0)

    def _control(self) -> None:
        active = [task for task, one in enumerate(self.wishes) if not one.passive]
        for task, one in enumerate(self.wishes):
            for day in range(DAYS) if one.passive else ():
                beside = {other * DAYS + day: -1.0 for other in active}
                self._row(beside | {task * DAYS + day: 1.0}, -np.inf, 0.0)

    def cost(self) -> Floats:
        """Missing sessions first; then two days in a row, days in use, another first day for each task."""
        cost = np.zeros(self.width)
        n = len(self.wishes)
        cost[self.short :] = [_SHORT * one.weight for one in self.wishes]
        for task in range(n):
            late = _LATE * (1.0 + 0.1 * task / n) * ((np.arange(DAYS) - 2 * task) % DAYS / DAYS)
            cost[task * DAYS : (task + 1) * DAYS] = late
        cost[self.used : self.used + DAYS] = _DAY * (1.0 + _LATE * np.arange(DAYS))
        cost[self.pairs : self.short] = _NEIGHBOURS
        return cost

    def bounds(self) -> tuple[Floats, Floats]:
        low, high = np.zeros(self.width), np.ones(self.width)
        high[self.short : self.short + len(self.wishes)] = [one.sessions for one in self.wishes]
        high[self.used : self.used + DAYS] = self.frame.allowed
        resting = dict(self.frame.barred)
        for task, one in enumerate(self.wishes):
            high[task * DAYS : task * DAYS + resting.get(one.name, 0)] = 0.0
        return low, high


def _optimum(problem: _Problem) -> Floats:
    whole = np.ones(problem.width, int)
    low, high = problem.bounds()
    found = milp(
        problem.cost(),
        integrality=whole,
        bounds=Bounds(low, high),
        constraints=LinearConstraint(np.array(problem.rows), problem.low, problem.high),
        options={"mip_rel_gap": _GAP, "node_limit": _NODES, "presolve": False},
    )
    if found.x is None:  # doing nothing always satisfies everything, so this is a fault of the solver
        x = np.zeros(problem.width)
        x[problem.short : problem.short + len(problem.wishes)] = [one.sessions for one in problem.wishes]
        return x
    return np.asarray(found.x, float)
