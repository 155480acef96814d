"""What a coached session comes to: repetitions good, partial and faulty, their ranges, drift and faults."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import degrees, hypot
from statistics import fmean, stdev

from coxa.app.coach import Session
from coxa.coach.score import score
from coxa.model.coaching import CoachedRepetition, Cue, SessionSummary
from coxa.model.normal import Z95
from coxa.specs.exercise import ExerciseSpec

#: Two-sided, 95 %: a smaller change is no change.


@dataclass(frozen=True, slots=True)
class Drift:
    """Last full repetition less the first one; ``real``: beyond the error of the two."""

    deg: float
    sd_deg: float
    real: bool


@dataclass(frozen=True, slots=True)
class SideReview:
    """One side of a session.

    Attributes:
        side: ``left``, ``right``; empty: the exercise has none.
        good: full repetitions without a fault that spoils them.
        partial: not far enough.
        faulty: full, with such a fault.
        mean_deg: of the range of the full ones; None: there is none.
        sd_deg: from repetition to repetition; None: fewer than two.
        error_sd_deg: of the measurement of one of them.
        drift: None: fewer than two.
        held_s: in good form.
    """

    side: str
    good: int
    partial: int
    faulty: int
    mean_deg: float | None
    sd_deg: float | None
    error_sd_deg: float | None
    drift: Drift | None
    held_s: float


@dataclass(frozen=True, slots=True)
class Instant:
    """A frame worth looking at, and why."""

    time_s: float
    side: str
    repetition: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Review:
    """A session in figures.

    Attributes:
        spec: the exercise.
        source: what was coached.
        summary: repetitions and faults, one by one.
        scores: of every repetition, 0..100.
        sides: sums.
        best: None: nothing full and good.
        worst: None: no fault, and no two repetitions to compare.
        cues: all that was said.
        observed: coordinate that something is read from -> share of frames in which it was observed.
        begun: sides whose start pose was held.
        start_s: of the first frame.
        end_s: of the last frame.
        n_frames: all.
        ready_s: how long the start pose must be held.
        done_s: the dose was done; None: it was not.
        rest_until_s: a rest that the recording ended in; None: it did not.
    """

    spec: ExerciseSpec
    source: str
    summary: SessionSummary
    scores: tuple[float, ...]
    sides: tuple[SideReview, ...]
    best: Instant | None
    worst: Instant | None
    cues: tuple[Cue, ...]
    observed: dict[str, float]
    begun: frozenset[str]
    start_s: float
    end_s: float
    n_frames: int
    ready_s: float
    done_s: float | None
    rest_until_s: float | None

    @property
    def counted_by(self) -> dict[str, float]:
        """The coordinates that repetitions are counted by, and how often they were observed."""
        if self.spec.signal is None:
            return {}
        names = list(_named(self.spec.signal.coordinate, self._named_sides))
        return {name: self.observed[name] for name in names}

    @property
    def _named_sides(self) -> tuple[str, ...]:
        return tuple(one.side for one in self.sides)


def review(session: Session, source: str = "") -> Review:
    """Sum a session up."""
    coach = session.coach
    spec, summary = coach.spec, coach.summary(session.state)
    scores = tuple(score(one, spec) for one in summary.repetitions)
    names = [name for rule in spec.form for name in rule.coordinates]
    names += [] if spec.signal is None else [spec.signal.coordinate]
    read_from = dict.fromkeys(one for name in names for one in _named(name, coach.sides))
    return Review(
        spec=spec,
        source=source,
        summary=summary,
        scores=scores,
        sides=tuple(_side(side, summary) for side in coach.sides),
        best=_best(summary.repetitions, scores),
        worst=_worst(session, summary.repetitions, scores),
        cues=tuple(session.cues),
        observed={name: session.observed(name) for name in read_from},
        begun=frozenset(session.begun),
        start_s=session.start_s,
        end_s=session.end_s,
        n_frames=session.n_frames,
        ready_s=coach.rules.ready_s,
        done_s=session.done_s,
        rest_until_s=_rest(session),
    )


def _rest(session: Session) -> float | None:
    until_s = session.state.rest_until_s
    return until_s if until_s > session.end_s and not session.state.done else None


def _named(coordinate: str, sides: Sequence[str]) -> Iterator[str]:
    """The coordinate, or where it stands for a side, one for each."""
    if "SIDE" not in coordinate and "OTHER" not in coordinate:
        yield coordinate
        return
    other = {"left": "right", "right": "left"}
    for side in sides:
        yield coordinate.replace("SIDE", side).replace("OTHER", other.get(side, ""))


def _side(side: str, summary: SessionSummary) -> SideReview:
    own = [one for one in summary.repetitions if one.side == side]
    full = [one for one in own if one.full]
    ranges = [degrees(one.range) for one in full]
    return SideReview(
        side=side,
        good=sum(not one.spoilt for one in full),
        partial=len(own) - len(full),
        faulty=sum(one.spoilt for one in full),
        mean_deg=fmean(ranges) if ranges else None,
        sd_deg=stdev(ranges) if len(ranges) > 1 else None,
        error_sd_deg=fmean(degrees(one.range_sd) for one in full) if full else None,
        drift=_drift(full),
        held_s=summary.held_s.get(side, 0.0),
    )


def _drift(full: Sequence[CoachedRepetition]) -> Drift | None:
    if len(full) < 2:
        return None
    change = degrees(full[-1].range - full[0].range)
    sd = degrees(hypot(full[0].range_sd, full[-1].range_sd))
    return Drift(change, sd, abs(change) > Z95 * sd)


def _best(repetitions: Sequence[CoachedRepetition], scores: Sequence[float]) -> Instant | None:
    good = [
        (value, one) for value, one in zip(scores, repetitions, strict=True) if one.full and not one.spoilt
    ]
    if not good:
        return None
    value, one = max(good, key=lambda pair: pair[0])
    return Instant(one.peak_s, one.side, one.number, f"the best repetition, {value:.0f} of 100")


def _worst(
    session: Session, repetitions: Sequence[CoachedRepetition], scores: Sequence[float]
) -> Instant | None:
    worst = session.worst
    if worst is not None:
        title = next(rule.title for rule in session.coach.spec.form if rule.id == worst.rule)
        inside = [one for one in repetitions if one.start_s <= worst.time_s <= one.end_s]
        number = next((one.number or None for one in inside if one.side == worst.side), None)
        return Instant(worst.time_s, worst.side, number, f"{title}, {worst.over_limit:.1f} times its limit")
    if len(repetitions) < 2:
        return None
    value, one = min(zip(scores, repetitions, strict=True), key=lambda pair: pair[0])
    return Instant(one.peak_s, one.side, one.number or None, f"the weakest repetition, {value:.0f} of 100")
