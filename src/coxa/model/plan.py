"""What a person is given to do, and why: goals, deficits, tracks, sessions, programmes.

All of it is kept in records and files: figures bear their units (``_deg``, ``_s``), not known is None,
and :mod:`coxa.model.plain` turns it into plain JSON values and back. What was asked before is in
:mod:`coxa.model.screening`, what was done in :mod:`coxa.model.training`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from coxa.model.screening import ScreenOutcome
from coxa.model.training import Decision, Stage


@dataclass(frozen=True, slots=True)
class Goal:
    """Something specific that the person wants: an activity, or an angle.

    Attributes:
        words: "put my left sock on".
        activity_now: how well it goes, 0 (not at all) to 10 (as before); None: the goal is an angle.
        activity_target: what it should become, 0..10.
        track: id of the programme an angle belongs to; empty: none.
        side: ``left``, ``right`` or empty.
        target_deg: of the angle; None: the goal is an activity.
        by: when.
    """

    words: str
    activity_now: float | None = None
    activity_target: float | None = None
    track: str = ""
    side: str = ""
    target_deg: float | None = None
    by: date | None = None


@dataclass(frozen=True, slots=True)
class Availability:
    """What the person has and wants. All of it is kept; what cannot be is named in a :class:`Relaxation`.

    Attributes:
        minutes_a_day: at most, on a training day.
        days_a_week: at most, full sessions.
        weekdays: on which there may be sessions at all, 0 (Monday) .. 6.
        equipment: ids of things at hand (see ``catalog/equipment.yaml``); what every home has is not named.
        busy: weekdays with other training: no full session there.
        daily_minimum: also a short session on the other weekdays.
        avoid: ids of exercises the person does not want.
        prefer: ids of exercises the person likes.
    """

    minutes_a_day: float = 20.0
    days_a_week: int = 3
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    equipment: tuple[str, ...] = ()
    busy: tuple[int, ...] = ()
    daily_minimum: bool = True
    avoid: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deficit:
    """A finding that a programme answers, with its uncertainty.

    Attributes:
        code: of the finding in the assessment: ``norm.internal_rotation.low``.
        track: id of the programme that answers it.
        side: ``left``, ``right`` or empty.
        words: of the finding.
        probability: that it is so, 0..1.
        protocol: it was found with.
        quantity: it was read from; empty: a way of moving, not a range.
        value_deg: what was measured; None: not a range.
        sd_deg: of it.
        target_deg: from where on it is no deficit any more; None: none.
        source: behind it.
        trust: its mark.
    """

    code: str
    track: str
    side: str
    words: str
    probability: float
    protocol: str = ""
    quantity: str = ""
    value_deg: float | None = None
    sd_deg: float | None = None
    target_deg: float | None = None
    source: str = ""
    trust: str = ""


class TrackStatus(StrEnum):
    """Whether a track goes on."""

    ACTIVE = "active"
    GRADUATED = "graduated"  # kept up with little
    STOPPED = "stopped"  # until a new screen is clear


@dataclass(frozen=True, slots=True)
class Track:
    """One deficit of one side on its way.

    Attributes:
        programme: id of the programme that it follows.
        side: ``left``, ``right`` or empty.
        weight: of it among the tracks, > 0.
        stage: it is in.
        step: within the stage, from 0: one variable grows a little with each.
        status: whether it goes on.
        since: the day it came into the stage.
        greens: sessions in a row in which form, effort and pain allowed more.
        reference_deg: the last accepted measurement; None: the track is not about a range.
        reference_sd_deg: of it.
        target_deg: where it is done; None: control tells.
        cautious: the pattern may be bone: no end range.
        deficits: that it answers.
    """

    programme: str
    side: str
    weight: float
    stage: Stage
    step: int
    since: date
    status: TrackStatus = TrackStatus.ACTIVE
    greens: int = 0
    reference_deg: float | None = None
    reference_sd_deg: float | None = None
    target_deg: float | None = None
    cautious: bool = False
    deficits: tuple[Deficit, ...] = ()

    @property
    def id(self) -> str:
        """Programme and side: ``hip_internal_rotation.left``."""
        return f"{self.programme}.{self.side}" if self.side else self.programme


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is in the plan.

    Attributes:
        finding: code of the finding, or ``goal``, ``control``, ``workout``, ``upkeep``.
        words: for the person.
        source: behind it.
        trust: its mark.
    """

    finding: str
    words: str
    source: str
    trust: str


@dataclass(frozen=True, slots=True)
class PlannedExercise:
    """One exercise of a session.

    Attributes:
        exercise: its id.
        title: for people.
        tracks: ids of the tracks it serves.
        stage: of the loop.
        sets: of each side that works; or in all, where there are no sides.
        repetitions: of a set; None: it is held or takes time.
        hold_s: of a set; None: repetitions.
        tempo_s: out, held, back.
        rest_s: between sets.
        load: in words: "none", "light: 4 more would go".
        sides: that work: ``("left",)``, ``("left", "right")``, or empty.
        emphasis: the side that does ``extra_sets``; empty: none.
        extra_sets: of that side.
        duration_s: with rests and changing over.
        cues: short sentences.
        why: it is here.
    """

    exercise: str
    title: str
    tracks: tuple[str, ...]
    stage: Stage
    sets: int
    repetitions: int | None = None
    hold_s: float | None = None
    tempo_s: tuple[float, float, float] | None = None
    rest_s: float = 0.0
    load: str = "none"
    sides: tuple[str, ...] = ()
    emphasis: str = ""
    extra_sets: int = 0
    duration_s: float = 0.0
    cues: tuple[str, ...] = ()
    why: tuple[Reason, ...] = ()


class SessionKind(StrEnum):
    """What a day asks for."""

    FULL = "full"
    MINIMUM = "minimum"  # the ten minutes that fit into any day


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """What to do on one day, in this order.

    Attributes:
        on: the day.
        kind: of it.
        exercises: in order.
        duration_s: of all.
        if_busy: ids of the exercises that are left of it on a day without time, in order.
        reassess: ids of protocols to repeat after the release, as a quick look; not a retest.
    """

    on: date
    kind: SessionKind
    exercises: tuple[PlannedExercise, ...]
    duration_s: float
    if_busy: tuple[str, ...] = ()
    reassess: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A wish that could not be kept whole, and the smallest change that would mend it.

    Attributes:
        what: is short: ``dose.hip_internal_rotation.left``, ``equipment.band``.
        asked: how much was asked for, in ``unit``.
        given: how much of it there is.
        unit: ``sessions a week``, ``minutes a day``, ...
        words: for the person, with what would mend it.
    """

    what: str
    asked: float
    given: float
    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class Retest:
    """When to measure again.

    Attributes:
        on: the day.
        protocols: ids.
        tracks: that wait for it.
    """

    on: date
    protocols: tuple[str, ...]
    tracks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Challenge:
    """The mobility challenge of a week, from the person's own deficits.

    Attributes:
        begins: the Monday of the week.
        title: of it.
        track: it is for.
        exercise: id.
        days: on how many it should be done.
        words: what to do.
        why: it is this one.
    """

    begins: date
    title: str
    track: str
    exercise: str
    days: int
    words: str
    why: Reason


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a programme.

    Attributes:
        number: from 1.
        begins: its first day.
        deload: less is asked.
        stages: of each track, by its id.
        sessions: by day.
        relaxations: what did not fit.
        challenge: of the week; None: none.
    """

    number: int
    begins: date
    deload: bool
    stages: Mapping[str, Stage]
    sessions: tuple[PlannedSession, ...]
    relaxations: tuple[Relaxation, ...] = ()
    challenge: Challenge | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    """Some weeks of sessions.

    Attributes:
        id: of the catalogue's programme, or ``personal_mixture``.
        title: for people.
        begins: the first day.
        weeks: in order; none where the screen allows no exercise.
        tracks: as they stand on the first day.
        retests: to come.
        screen: it was made under.
        availability: that it keeps.
        goals: it serves.
        decisions: that led to it, oldest first.
        notes: for the person.
        provenance: versions of software and catalogue.
    """

    id: str
    title: str
    begins: date
    weeks: tuple[Week, ...]
    tracks: tuple[Track, ...]
    retests: tuple[Retest, ...]
    screen: ScreenOutcome
    availability: Availability
    goals: tuple[Goal, ...] = ()
    decisions: tuple[Decision, ...] = ()
    notes: tuple[str, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
