"""What was done, measured again and decided: the log of a programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Stage(StrEnum):
    """Of a track, in order. After release comes a reassessment, then the next."""

    RELEASE = "release"
    ACTIVATE = "activate"
    STRENGTHEN = "strengthen"
    INTEGRATE = "integrate"
    LOAD = "load"


STAGES: tuple[Stage, ...] = tuple(Stage)


class DecisionKind(StrEnum):
    """What a rule did to a track."""

    BEGIN = "begin"
    PROGRESS = "progress"  # a step within the stage
    ADVANCE = "advance"  # the next stage
    HOLD = "hold"
    STEP_BACK = "step back"
    REPEAT = "repeat"  # after missed sessions
    STOP = "stop"
    RESUME = "resume"
    RETEST = "retest"
    GRADUATE = "graduate"
    RELAPSE = "relapse"  # graduated, and lost again


@dataclass(frozen=True, slots=True)
class Decision:
    """One change, or the reason why there is none.

    Attributes:
        on: the day.
        track: its id; empty: all of them.
        kind: of it.
        rule: id of the rule.
        words: what was seen, what follows.
        stage: after it.
        step: after it.
        source: of the rule.
        trust: its mark.
    """

    on: date
    track: str
    kind: DecisionKind
    rule: str
    words: str
    stage: Stage | None = None
    step: int = 0
    source: str = ""
    trust: str = ""


class Done(StrEnum):
    """Of a planned exercise."""

    DONE = "done"
    PARTLY = "partly"
    MISSED = "missed"


class Symptom(StrEnum):
    """What stops everything until a new screen."""

    SPREADING_LEG_PAIN = "spreading leg pain"
    NUMBNESS = "numbness"
    SHARP_GROIN_PINCH = "sharp groin pinch"
    GIVING_WAY = "giving way"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One exercise on one day, as it went.

    Attributes:
        on: the day.
        exercise: its id.
        done: whether.
        tracks: ids of the tracks it served; empty: found by the exercise.
        form: share of repetitions in good form, 0..1, from the coach or from the person; None: not known.
        effort: perceived exertion, 0..10.
        pain: the most while doing it, 0..10.
        pain_before: 0..10; None: none told, taken as 0.
        pain_next_morning: 0..10; None: not told yet.
        symptoms: that stop.
        sets: done; None: as planned.
        repetitions: done a set; None: as planned.
        load_kg: used.
        note: free text; it may bring up a question, it decides nothing.
    """

    on: date
    exercise: str
    done: Done = Done.DONE
    tracks: tuple[str, ...] = ()
    form: float | None = None
    effort: float | None = None
    pain: float | None = None
    pain_before: float | None = None
    pain_next_morning: float | None = None
    symptoms: tuple[Symptom, ...] = ()
    sets: int | None = None
    repetitions: int | None = None
    load_kg: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RetestResult:
    """A new measurement for a track.

    Attributes:
        on: the day.
        track: its id.
        value_deg: what was measured; None: the track is about control.
        sd_deg: of it.
        control: whether the part that should stay did; None: could not be told.
    """

    on: date
    track: str
    value_deg: float | None = None
    sd_deg: float | None = None
    control: bool | None = None
