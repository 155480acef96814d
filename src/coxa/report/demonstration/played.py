"""A demonstration as frames: which poses are shown, for how long, and what is said at each.

A figure is a flip-book. Between key poses its frames follow one another; where nothing moves one frame
stays. A hold is not sat through: it is shown for a few seconds, and the words say how long it lasts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from coxa.catalog import loader
from coxa.model.coordinates import SIDES
from coxa.simulate.demonstrate import one_repetition
from coxa.simulate.perform import Performance, perform
from coxa.simulate.person import Person
from coxa.specs.exercise import DemonstrationPose, ExerciseSpec

Floats = NDArray[np.float64]

#: Eyes take 12 pictures a second for a movement; more would make the files too large.
RATE_HZ = 12.5
_MOST_FRAMES_BETWEEN_POSES = 20
_LONGEST_STILL_S = 4.0
_BEFORE_S, _AFTER_S = 0.8, 0.6


@dataclass(frozen=True, slots=True)
class Caption:
    """Words under the figure. ``strong``: the cue; else what is done meanwhile."""

    text: str
    strong: bool


SILENCE = Caption("", False)


@dataclass(frozen=True, slots=True)
class Played:
    """A demonstration, ready to be drawn.

    Attributes:
        spec: the exercise.
        side: that works.
        performance: (n_frames) poses of the body; its times are those of the demonstration.
        shown_s: (n_frames,) how long each frame is shown.
        captions: (n_frames) what is said.
        key_frame: the pose that the last cue leads to: where the movement is furthest.
    """

    spec: ExerciseSpec
    side: str
    performance: Performance
    shown_s: Floats
    captions: tuple[Caption, ...]
    key_frame: int

    @property
    def n_frames(self) -> int:
        """Of one round."""
        return len(self.shown_s)

    @property
    def begins_s(self) -> Floats:
        """(n_frames,) when each frame appears."""
        return np.concatenate([[0.0], np.cumsum(self.shown_s)[:-1]])

    @property
    def lasts_s(self) -> float:
        """One round."""
        return float(self.shown_s.sum())


def played(spec: ExerciseSpec, side: str = "right") -> Played:
    """One repetition, or one of each side where sides take turns, by a person of the model's size."""
    priors = loader.body_priors()
    person = Person.of(loader.body_model(), priors, priors.model_stature_m)
    turns = (side, *(s for s in SIDES if s != side)) if spec.sides == "alternate" else (side,)
    time_s, shown_s, captions, key_frame = _timetable(spec)
    rounds = [perform(one_repetition(spec, turn), person, time_s) for turn in turns]
    return Played(
        spec=spec,
        side=side,
        performance=_one_after_the_other(rounds),
        shown_s=np.tile(shown_s, len(turns)),
        captions=captions * len(turns),
        key_frame=key_frame,
    )


def _one_after_the_other(rounds: Sequence[Performance]) -> Performance:
    first = rounds[0]
    if len(rounds) == 1:
        return first
    length = first.time_s[-1] + _BEFORE_S
    time_s = np.concatenate([one.time_s + k * length for k, one in enumerate(rounds)])
    return Performance(first.person, time_s, first.pose.concatenate([r.pose for r in rounds]), first.name)


def _timetable(spec: ExerciseSpec) -> tuple[Floats, Floats, tuple[Caption, ...], int]:
    """Times (n,) in the demonstration, how long each is shown (n,), captions (n), and the key frame."""
    poses = spec.demonstration.poses
    said = _said(spec)
    time_s, shown_s, captions = [poses[0].at_s], [_BEFORE_S], [said[0]]
    key_frame, keyed = 0, False
    for k, (before, after) in enumerate(pairwise(poses)):
        length = after.at_s - before.at_s
        if not after.angles_deg:  # nothing moves
            words = _holding(spec, said[k], length)
            if words == captions[-1]:
                shown_s[-1] += min(length, _LONGEST_STILL_S)
                continue
            time_s.append(after.at_s)
            shown_s.append(min(length, _LONGEST_STILL_S))
            captions.append(words)
        else:
            n = min(int(np.ceil(length * RATE_HZ)), _MOST_FRAMES_BETWEEN_POSES)
            time_s += np.linspace(before.at_s, after.at_s, n + 1)[1:].tolist()
            shown_s += [length / n] * n
            captions += [said[k]] * n
        if after.cue or not keyed:
            key_frame, keyed = len(time_s) - 1, keyed or bool(after.cue)
    shown_s[-1] += _AFTER_S
    hundredths = np.maximum(np.rint(np.array(shown_s) * 100), 2)  # what a GIF can count in
    return np.array(time_s), hundredths / 100, tuple(captions), key_frame


def _said(spec: ExerciseSpec) -> list[Caption]:
    """What is said on the way to every key pose but the first: its cue, and it stays while nothing moves.

    On the way back, which has no cue of its own, the last phase's instruction.
    """
    words: list[Caption] = []
    for pose in spec.demonstration.poses[1:]:
        if pose.cue:
            words.append(Caption(pose.cue, True))
        elif not pose.angles_deg and words:
            words.append(words[-1])
        else:
            words.append(_meanwhile(spec, pose))
    return words


def _meanwhile(spec: ExerciseSpec, pose: DemonstrationPose) -> Caption:
    last = pose is spec.demonstration.poses[-1]
    return Caption(spec.phases[-1].instruction, False) if last and len(spec.phases) > 1 else SILENCE


def _holding(spec: ExerciseSpec, said: Caption, length_s: float) -> Caption:
    """The cue of a hold says how long it is held."""
    if spec.kind != "hold" or length_s <= _LONGEST_STILL_S:
        return said
    if spec.breaths is not None:
        return Caption(f"{said.text}: {_span(*spec.breaths)} breaths", True)
    if spec.dose.hold_s is not None:
        return Caption(f"{said.text}: {_span(*spec.dose.hold_s)} s", True)
    return said


def _span(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
