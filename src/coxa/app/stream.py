"""Recordings in, motions out, part by part: what every way of measuring shares."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from math import isfinite, pi
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np

from coxa.app.ports import MotionEstimator, MotionSink
from coxa.model.motion import Motion
from coxa.model.recording import Recording

Item = TypeVar("Item")
#: A stage of the pipeline; closing it closes the stages before it.
Stream: TypeAlias = Generator[Item, None, None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the measuring has come; ``end_s`` None: the source does not say how long it is."""

    frames: int
    time_s: float
    start_s: float
    end_s: float | None


class Part(NamedTuple):
    """Consecutive final frames."""

    recording: Recording
    motion: Motion


def deliver(
    parts: Stream[Part], sinks: Sequence[MotionSink], conclude: Callable[[], Mapping[str, Any]]
) -> None:
    """Hand every part to every sink: the result is complete in all of them, or in none.

    Args:
        parts: consecutive final frames.
        sinks: all are committed, or all aborted.
        conclude: called when the parts have ended; the figures it returns about the whole recording are
            added to the last part, under ``motion.diagnostics["film"]``. May refuse.
    """
    try:
        held: Part | None = None  # the last part waits for the figures
        headings = Headings()
        with closing(parts):
            for part in parts:
                if held is not None:
                    _write(held, sinks)
                held = Part(part.recording, headings.run_on(part.motion))
        film = conclude()
        if held is None:
            raise RuntimeError("the estimator returned no frames")
        diagnostics = {**held.motion.diagnostics, "film": film}
        _write(Part(held.recording, replace(held.motion, diagnostics=diagnostics)), sinks)
        for sink in sinks:
            sink.commit()
    except BaseException:
        for sink in sinks:
            sink.abort()
        raise


class Headings:
    """Lets headings run on beyond half a turn, from part to part: a person who turns has no jump in it."""

    NAMES = ("pelvis_left_rotation", "thorax_left_rotation")

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def run_on(self, motion: Motion) -> Motion:
        """The same motion, its headings continuous with those before."""
        if len(motion.time_s) == 1 and self._goes_on(motion):
            return motion
        value = motion.value.copy()
        for name in self.NAMES:
            if name not in motion.coordinates:
                continue
            column = value[:, motion.index(name)]
            known = np.flatnonzero(np.isfinite(column))
            if len(known):
                before = self._last.get(name, column[known[0]])
                column[known] = np.unwrap(np.concatenate([[before], column[known]]))[1:]
                self._last[name] = float(column[known[-1]])
        return replace(motion, value=value)

    def _goes_on(self, motion: Motion) -> bool:
        """Whether one frame needs nothing done to it: live, nearly all are so, and there are many."""
        told = {}
        for name in self.NAMES:
            if name in motion.coordinates:
                now = float(motion.value[0, motion.index(name)])
                if abs(now - self._last.get(name, now)) >= pi:
                    return False
                if isfinite(now):
                    told[name] = now
        self._last.update(told)
        return True


def _write(part: Part, sinks: Sequence[MotionSink]) -> None:
    for sink in sinks:
        sink.write(part.recording, part.motion)


def fitted(recordings: Stream[Recording], estimator: MotionEstimator) -> Stream[Part]:
    """Final frames, each motion beside the recording of the same frames."""
    waiting: deque[Recording] = deque()
    with closing(recordings):
        for recording in recordings:
            waiting.append(recording)
            yield from _paired(waiting, estimator.push(recording))
    yield from _paired(waiting, estimator.finish())
    if waiting:
        raise RuntimeError(f"the estimator kept {sum(left.n_frames for left in waiting)} frames to itself")


def _paired(waiting: deque[Recording], motion: Motion | None) -> Stream[Part]:
    """Take from ``waiting`` the frames of ``motion``."""
    start = 0
    while motion is not None and start < len(motion.time_s):
        recording = waiting.popleft()
        length = min(recording.n_frames, len(motion.time_s) - start)
        if length < recording.n_frames:
            waiting.appendleft(recording.window(slice(length, None)))
        final = replace(motion.window(slice(start, start + length)), source=recording.source)
        yield Part(recording.window(slice(0, length)), final)
        start += length
