"""What the coach sees, says and sums up. Angles in rad, times in s."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Picture:
    """What the camera's picture shows of the person, for guidance into it.

    Attributes:
        time_s: of the picture.
        names: of the keypoints, (n_points,).
        position_px: (n_points, 2), x right and y down; NaN = missing.
        visibility: (n_points,) 0..1.
        width_px: of the picture.
        height_px: of the picture.
        brightness: mean of the picture, 0 black to 1 white; NaN = not known.
    """

    time_s: float
    names: tuple[str, ...]
    position_px: Floats
    visibility: Floats
    width_px: int
    height_px: int
    brightness: float = float("nan")


@dataclass(frozen=True, slots=True)
class CoachFrame:
    """One instant of a motion.

    Attributes:
        time_s: strictly later than the frame before.
        value: (n_coordinates,) rad, in the order of ``coordinates.ALL``; NaN = not known.
        sd: (n_coordinates,) rad.
        level: (n_coordinates,) of :class:`~coxa.model.motion.Observability`.
        picture: that it was read from; None: of no camera, or of several.
    """

    time_s: float
    value: Floats
    sd: Floats
    level: NDArray[np.uint8]
    picture: Picture | None = None


class CueKind(StrEnum):
    """What a cue is about; also how it is spoken."""

    SETUP = "setup"  # how to get into the start pose or into the picture
    BLIND = "blind"  # what the camera cannot see, said once
    GO = "go"
    COUNT = "count"
    PARTIAL = "partial"
    HOLD = "hold"
    FAULT = "fault"
    PRAISE = "praise"
    SWITCH = "switch"
    REST = "rest"
    DONE = "done"
    STOP = "stop"  # the pain button


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing said.

    Attributes:
        time_s: when.
        kind: what about.
        words: as spoken and shown.
        rule: id of the form rule, or what is wrong with the set-up; empty: of none.
        side: ``left``, ``right`` or empty.
        highlight: part of the body; may be empty.
        number: the count, or whole seconds held; None: neither.
    """

    time_s: float
    kind: CueKind
    words: str
    rule: str = ""
    side: str = ""
    highlight: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class FaultSpell:
    """A fault from when it was probable until it was not.

    Attributes:
        rule: id of the form rule.
        side: ``left``, ``right`` or empty.
        start_s: when it began to last.
        end_s: when it was over.
        worst: largest deviation beyond the start, rad.
        repetition: number it happened in; 0: between repetitions.
        instead: told by the rule's other coordinate, with its own limit.
    """

    rule: str
    side: str
    start_s: float
    end_s: float
    worst: float
    repetition: int
    instead: bool = False


@dataclass(frozen=True, slots=True)
class CoachedRepetition:
    """One repetition as the coach counted it.

    Attributes:
        number: counted from 1 within its side and set.
        side: ``left``, ``right`` or empty.
        set_number: counted from 1.
        start_s: when it left the start.
        peak_s: when it was furthest.
        end_s: when it was back.
        range: how far it went, rad.
        range_sd: of it.
        full: it went far enough to count.
        faults: ids of the rules that fired in it.
        spoilt: one of them makes it count as faulty.
        worst: rule -> its largest deviation over its limit, faulty or not; rules never observed are absent.
    """

    number: int
    side: str
    set_number: int
    start_s: float
    peak_s: float
    end_s: float
    range: float
    range_sd: float
    full: bool
    faults: tuple[str, ...] = ()
    spoilt: bool = False
    worst: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A session of one exercise.

    Attributes:
        exercise: its id.
        exercise_version: of its file.
        repetitions: all of them, partial ones too.
        faults: in order of time.
        held_s: side -> time held in good form.
        blind: rules that could not be watched, with the reason.
        stopped_s: when the pain button was pressed; None: it was not.
        pain: 0..10 as told with it; None: not told.
    """

    exercise: str
    exercise_version: int
    repetitions: tuple[CoachedRepetition, ...] = ()
    faults: tuple[FaultSpell, ...] = ()
    held_s: dict[str, float] = field(default_factory=dict)
    blind: dict[str, str] = field(default_factory=dict)
    stopped_s: float | None = None
    pain: int | None = None
