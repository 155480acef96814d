"""A coached session: frames go in one by one, live or recorded; out comes what is said and shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from coxa.coach.engine import Coach, CoachState
from coxa.model.coaching import CoachFrame, Cue, CueKind, Picture
from coxa.model.coordinates import ALL, SIDES
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording

Floats = NDArray[np.float64]
_OBSERVED = int(Observability.OBSERVED)


@dataclass(frozen=True, slots=True)
class Tally:
    """One side at work: full repetitions of this set, or seconds held."""

    side: str
    number: int
    held_s: float


@dataclass(frozen=True, slots=True)
class Scene:
    """What a picture of one frame shows.

    Attributes:
        time_s: of the frame.
        status: ``ready`` for the start pose, at ``work``, at ``rest``, ``done``, or ``stopped``.
        tallies: one a side at work.
        set_number: counted from 1.
        rest_s: left of the rest.
        firing: faults while they last: part of the body, and its side or both.
        cues: said at this frame.
    """

    time_s: float
    status: str
    tallies: tuple[Tally, ...]
    set_number: int
    rest_s: float = 0.0
    firing: tuple[tuple[str, str], ...] = ()
    cues: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class WorstMoment:
    """When a fault was furthest beyond its limit, and how many times the limit it was."""

    time_s: float
    rule: str
    side: str
    over_limit: float


class Session:
    """Drives a coach and remembers what it said.

    Args:
        coach: of one exercise.
        stop_s: the pain button is pressed at the first frame from here on; None: never.
        pain: 0..10, told with it; None: not told.
    """

    def __init__(self, coach: Coach, stop_s: float | None = None, pain: int | None = None) -> None:
        self.coach = coach
        self.state: CoachState = coach.begin()
        self.cues: list[Cue] = []
        self.n_frames = 0
        self.start_s = self.end_s = float("nan")
        self.done_s: float | None = None
        self.worst: WorstMoment | None = None
        self.begun: set[str] = set()
        self._stop_s, self._pain = stop_s, pain
        self._observed = np.zeros(len(ALL), np.int64)

    def push(self, motion: Motion, recording: Recording | None = None) -> list[Scene]:
        """Coach consecutive frames, however many; with their recording, also how the person stands in it."""
        pictures = [None] * len(motion.time_s) if recording is None else pictures_of(recording)
        return [self.step(frame) for frame in frames_of(motion, pictures)]

    def step(self, frame: CoachFrame) -> Scene:
        """Coach one frame."""
        if self._stop_s is not None and frame.time_s >= self._stop_s and isnan(self.state.stopped_s):
            self.state, cues = self.coach.stop(self.state, frame.time_s, self._pain)
        else:
            self.state, cues = self.coach.step(self.state, frame)
        self.cues += cues
        self._remember(frame, cues)
        return self._scene(frame.time_s, cues)

    def stop(self, time_s: float, pain: int | None = None) -> Scene:
        """The pain button."""
        self.state, cues = self.coach.stop(self.state, time_s, pain)
        self.cues += cues
        return self._scene(time_s, cues)

    def scene(self, time_s: float) -> Scene:
        """How it stands, nothing said."""
        return self._scene(time_s, ())

    def observed(self, coordinate: str) -> float:
        """Share of the frames in which a coordinate was observed."""
        return float(self._observed[ALL.index(coordinate)]) / self.n_frames if self.n_frames else 0.0

    def about(self, rule_id: str, side: str) -> tuple[str, str]:
        """Part of the body that a rule is about, and on which side; empty: both, or it has none."""
        rule = next(one for one in self.coach.spec.form if one.id == rule_id)
        other = {"left": "right", "right": "left"}.get(side, "")
        coordinate = rule.coordinate.replace("SIDE", side).replace("OTHER", other)
        return rule.highlight, next((one for one in SIDES if coordinate.endswith(f"_{one}")), "")

    def _remember(self, frame: CoachFrame, cues: tuple[Cue, ...]) -> None:
        if self.n_frames == 0:
            self.start_s = frame.time_s
        self.n_frames += 1
        self.end_s = frame.time_s
        self._observed += (frame.level == _OBSERVED) & np.isfinite(frame.value)
        for cue in cues:
            if cue.kind is CueKind.GO:
                self.begun.add(cue.side)
            if cue.kind is CueKind.DONE:
                self.done_s = cue.time_s
        for side, rule, over in self._deviations():
            if self.worst is None or over > self.worst.over_limit:
                self.worst = WorstMoment(frame.time_s, rule, side, over)

    def _deviations(self) -> Iterator[tuple[str, str, float]]:
        """Side, rule and largest deviation over its limit of the faults that last."""
        sides, _ = self.coach.at_work(self.state)
        for side, work in zip(sides, self.state.works, strict=True):
            for rule, watch in zip(self.coach.spec.form, work.watches, strict=False):  # idle: none is watched
                if watch.firing:
                    told = rule.told_instead() if watch.way else None
                    yield side, rule.id, float(watch.worst / np.radians((told or rule).limit_deg))

    def _scene(self, time_s: float, cues: tuple[Cue, ...]) -> Scene:
        sides, set_number = self.coach.at_work(self.state)
        tallies = tuple(
            Tally(side, work.number, work.held_s) for side, work in zip(sides, self.state.works, strict=True)
        )
        rest_s = max(self.state.rest_until_s - time_s, 0.0)
        return Scene(
            time_s,
            self._status(rest_s),
            tallies,
            set_number,
            0.0 if isnan(rest_s) else rest_s,
            tuple(self.about(rule, side) for side, rule, _ in self._deviations()),
            cues,
        )

    def _status(self, rest_s: float) -> str:
        if not isnan(self.state.stopped_s):
            return "stopped"
        if self.state.done:
            return "done"
        if rest_s > 0:
            return "rest"
        return "work" if any(work.begun for work in self.state.works) else "ready"


def pictures_of(recording: Recording) -> list[Picture | None]:
    """What one camera's picture shows of the person, frame by frame; of several cameras nothing."""
    if len(recording.image_points) != 1:
        return [None] * recording.n_frames
    (points,) = recording.image_points
    width_px, height_px = points.camera.width_px, points.camera.height_px
    known = len(recording.brightness) > 0
    bright = recording.brightness.tolist() if known else [float("nan")] * recording.n_frames
    rows = zip(recording.time_s.tolist(), points.position_px, points.visibility, bright, strict=True)
    return [
        Picture(time_s, points.names, place, visible, width_px, height_px, brightness)
        for time_s, place, visible, brightness in rows
    ]


def frames_of(motion: Motion, pictures: Sequence[Picture | None] | None = None) -> Iterator[CoachFrame]:
    """The frames of a motion as the coach takes them; coordinates that it lacks are not observable."""
    value, sd, level = motion.value, motion.sd, motion.observability
    if motion.coordinates != ALL:
        value, sd, level = _in_order(motion)
    shown = [None] * len(motion.time_s) if pictures is None else pictures
    for row in zip(motion.time_s.tolist(), value, sd, level, shown, strict=True):
        yield CoachFrame(*row)


def _in_order(motion: Motion) -> tuple[Floats, Floats, NDArray[np.uint8]]:
    """Values, standard deviations and levels of all coordinates, in their order."""
    shape = (len(motion.time_s), len(ALL))
    value, sd = np.full(shape, np.nan), np.full(shape, np.nan)
    level = np.zeros(shape, np.uint8)
    for column, name in enumerate(motion.coordinates):
        if name in ALL:
            at = ALL.index(name)
            value[:, at], sd[:, at] = motion.value[:, column], motion.sd[:, column]
            level[:, at] = motion.observability[:, column]
    return value, sd, level
