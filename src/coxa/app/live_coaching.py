"""A coached exercise, live: the same session as of a recording, and what it leaves in the log."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from statistics import fmean
from typing import Any

from coxa.app.coach import Scene, Session
from coxa.app.live import Layout, LiveScene
from coxa.catalog.loader import coach_rules
from coxa.coach.engine import Coach, CoachState
from coxa.model.coaching import CueKind, SessionSummary
from coxa.model.errors import SourceError
from coxa.model.exact import from_exact, to_exact
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.model.training import Done, LogEntry
from coxa.specs.exercise import ExerciseSpec

#: Cues after which something was done that must not be lost.
_COUNTABLE = frozenset(
    {CueKind.GO, CueKind.COUNT, CueKind.HOLD, CueKind.SWITCH, CueKind.REST, CueKind.DONE, CueKind.STOP}
)
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a set; None: as the exercise's dose says."""

    side: str | None = None
    sets: int | None = None
    repetitions: int | None = None
    hold_s: float | None = None


class LiveCoaching:
    """A :class:`~coxa.app.live.Purpose`.

    Args:
        spec: the exercise.
        wanted: how much of it.
    """

    estimates = True

    def __init__(self, spec: ExerciseSpec, wanted: Wanted) -> None:
        sides = () if wanted.side is None else (wanted.side,)
        coach = Coach(
            spec,
            coach_rules(),
            sets=wanted.sets,
            repetitions=wanted.repetitions,
            hold_s=wanted.hold_s,
            sides=sides,
        )
        self.session = Session(coach)

    @property
    def coach(self) -> Coach:
        """Of the exercise, with what was asked for."""
        return self.session.coach

    @property
    def over(self) -> bool:
        """Done, or stopped."""
        state = self.session.state
        return state.done or state.stopped_s == state.stopped_s  # NaN: it was not stopped

    def begin(self, layout: Layout) -> None:
        """Any pictures will do."""

    def push(self, recording: Recording, motion: Motion) -> LiveScene:
        """Coach one frame."""
        (scene,) = self.session.push(motion, recording)
        self.session.cues.clear()  # they were said; the summary needs none of them
        return _live(scene)

    def now(self, time_s: float) -> Scene:
        """How it stands."""
        return self.session.scene(time_s)

    def stop(self, time_s: float, pain: int | None) -> LiveScene:
        """The pain button."""
        return _live(self.session.stop(time_s, pain))

    def skip_rest(self) -> None:
        """The next set begins now."""
        self.session.state = replace(self.session.state, rest_until_s=_NAN)

    def state(self) -> Any:
        """Everything that counts, as JSON has it."""
        return {"version": self.coach.spec.version, "coach": to_exact(self.session.state)}

    def restore(self, state: Any) -> None:
        """Go on from :meth:`state`.

        Raises:
            SourceError: it is another exercise's, or damaged.
        """
        spec = self.coach.spec
        if state["version"] != spec.version:
            raise SourceError(f"{spec.title}: the exercise was changed since this set began", "begin anew")
        self.session.state = from_exact(CoachState, state["coach"])

    def summary(self) -> SessionSummary:
        """Of everything so far."""
        return self.session.coach.summary(self.session.state)


def _live(scene: Scene) -> LiveScene:
    return LiveScene(scene, countable=any(cue.kind in _COUNTABLE for cue in scene.cues))


def logged(
    summary: SessionSummary, *, finished: bool, on: date, tracks: tuple[str, ...] = ()
) -> LogEntry | None:
    """What a set leaves in the log; None: nothing was done, and nothing hurt.

    Args:
        summary: of the set.
        finished: all that was asked for was done.
        on: the day.
        tracks: of the programme that it served.
    """
    full = [one for one in summary.repetitions if one.full]
    held = any(seconds > 0 for seconds in summary.held_s.values())
    if not full and not held and summary.pain is None and summary.stopped_s is None:
        return None
    sets: dict[tuple[str, int], int] = defaultdict(int)
    for one in full:
        sets[one.side, one.set_number] += 1
    done = {number for _, number in sets}
    return LogEntry(
        on=on,
        exercise=summary.exercise,
        done=Done.DONE if finished else Done.PARTLY,
        tracks=tracks,
        form=fmean(not one.spoilt for one in full) if full else None,
        pain=None if summary.pain is None else float(summary.pain),
        sets=len(done) if done else None,
        repetitions=round(fmean(sets.values())) if sets else None,
    )
