"""The coach: ``step(state, frame) -> (state, cues)``, the same live, recorded and in every test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import isnan

from coxa.coach.placement import Placement, look
from coxa.coach.program import Program, Sight, sure_sds
from coxa.coach.speaker import Speaker, speak
from coxa.coach.worker import Happened, Work, fresh, going_on, work
from coxa.model.coaching import (
    CoachedRepetition,
    CoachFrame,
    Cue,
    CueKind,
    FaultSpell,
    SessionSummary,
)
from coxa.specs.coach import CoachRules
from coxa.specs.exercise import ExerciseSpec

# Who speaks first; a fault's own priority (1 to 9) comes on top of its place.
_COUNTED, _SETUP, _FAULT, _PARTIAL, _BLIND, _PRAISE = 0, 5, 10, 20, 30, 40


@dataclass(frozen=True, slots=True)
class CoachState:
    """Everything the coach remembers; a new one after every frame.

    Attributes:
        place: which of the programs is at work (sets and sides in their order).
        works: one a side at work: one, or both where sides alternate.
        speaker: what was said.
        placement: how the person stands in the picture.
        rest_until_s: the next set begins then; NaN: no rest.
        repetitions: all so far.
        faults: all so far.
        held_s: side -> time held in good form, of finished sets.
        blind: rule -> why it could not be watched.
        corrected: rules that fired in the last repetition and may be praised for staying away.
        set_since_s: when the set began; NaN: not yet.
        seen_s: when the person was seen last; NaN: not yet.
        stopped_s: when the pain button was pressed; NaN: it was not.
        pain: as told with it.
        done: all sets are done.
    """

    place: int = 0
    works: tuple[Work, ...] = ()
    speaker: Speaker = field(default_factory=Speaker)
    placement: Placement = field(default_factory=Placement)
    rest_until_s: float = float("nan")
    repetitions: tuple[CoachedRepetition, ...] = ()
    faults: tuple[FaultSpell, ...] = ()
    held_s: dict[str, float] = field(default_factory=dict)
    blind: dict[str, str] = field(default_factory=dict)
    corrected: frozenset[tuple[str, str]] = frozenset()
    set_since_s: float = float("nan")
    seen_s: float = float("nan")
    stopped_s: float = float("nan")
    pain: int | None = None
    done: bool = False


class Coach:
    """Coaches one exercise.

    Args:
        spec: the exercise.
        rules: habits of the coach.
        sets: how many; None: as the exercise's dose says, the fewest.
        repetitions: in a set; None: as the dose says, the fewest; 0: without end.
        hold_s: of a hold or a timed exercise; None: as the dose says, the shortest; 0: without end.
        sides: ``left``, ``right``; none: all that the exercise has, left first.
    """

    def __init__(
        self,
        spec: ExerciseSpec,
        rules: CoachRules,
        *,
        sets: int | None = None,
        repetitions: int | None = None,
        hold_s: float | None = None,
        sides: Sequence[str] = (),
    ) -> None:
        self.spec = spec
        self.rules = rules
        dose = spec.dose
        self.sets = dose.sets[0] if sets is None else sets
        usual = dose.repetitions[0] if dose.repetitions else 0
        self.target = usual if repetitions is None else repetitions
        lasting = dose.hold_s or dose.time_s or (0.0, 0.0)
        self.hold_s = lasting[0] if hold_s is None else hold_s
        self._sds = sure_sds(rules)
        chosen = tuple(sides) or ("left", "right")
        if spec.sides == "none":
            turns: list[tuple[str, ...]] = [("",)]
        elif spec.sides == "alternate":
            turns = [chosen]
        else:
            turns = [(side,) for side in chosen]
        self._turns = [turn for _ in range(self.sets) for turn in turns]
        self._sets = [number for number in range(1, self.sets + 1) for _ in turns]
        self._programs = {side: Program.of(spec, side) for turn in turns for side in turn}
        self._rules = {rule.id: rule for rule in spec.form}

    def begin(self) -> CoachState:
        """Before the first frame."""
        return CoachState(works=self._fresh(0))

    def step(self, state: CoachState, frame: CoachFrame) -> tuple[CoachState, tuple[Cue, ...]]:
        """The state after a frame, and what is said at it."""
        if state.done or not isnan(state.stopped_s):
            return state, ()
        if frame.time_s < state.rest_until_s:
            return state, ()
        wanted: list[tuple[int, Cue]] = []
        works = []
        sight = Sight.of(frame)
        for side, one in zip(self._turns[state.place], state.works, strict=True):
            after, happened = work(
                one, self._programs[side], sight, self.rules, self._sds, self._sets[state.place]
            )
            works.append(after)
            state = self._noted(state, side, happened, frame)
            wanted += self._said(state, side, happened, frame)
        placement, placed = self._placed(state, works, frame)
        state = replace(state, works=tuple(works), placement=placement)
        state, blind = self._blind(state, frame)
        wanted += placed + blind
        speaker, cues = speak(state.speaker, wanted, self.rules)
        praised = {(cue.rule, cue.side) for cue in cues if cue.kind is CueKind.PRAISE}
        if praised:
            state = replace(state, corrected=state.corrected - praised)
        if speaker is not state.speaker:
            state = replace(state, speaker=speaker)
        state, turned = self._turned(state, frame)
        return state, cues + turned

    def stop(
        self, state: CoachState, time_s: float, pain: int | None = None
    ) -> tuple[CoachState, tuple[Cue, ...]]:
        """The pain button: nothing goes on after it."""
        stopped = Cue(time_s, CueKind.STOP, "Stopped. Let it settle before you go on.")
        return replace(state, stopped_s=time_s, pain=pain), (stopped,)

    @property
    def sides(self) -> tuple[str, ...]:
        """All that take part, in their order; an empty one where the exercise has none."""
        return tuple(self._programs)

    def at_work(self, state: CoachState) -> tuple[tuple[str, ...], int]:
        """The sides that work (one, or both where they alternate), and the number of the set."""
        return self._turns[state.place], self._sets[state.place]

    def summary(self, state: CoachState) -> SessionSummary:
        """Of everything so far, faults that go on included."""
        held = dict(state.held_s)
        for side, one in zip(self._turns[state.place], state.works, strict=True):
            held[side] = held.get(side, 0.0) + one.held_s
        return SessionSummary(
            exercise=self.spec.id,
            exercise_version=self.spec.version,
            repetitions=state.repetitions,
            faults=self._faults(state),
            held_s={side: seconds for side, seconds in held.items() if seconds > 0},
            blind=state.blind,
            stopped_s=None if isnan(state.stopped_s) else state.stopped_s,
            pain=state.pain,
        )

    def _faults(self, state: CoachState) -> tuple[FaultSpell, ...]:
        sides = self._turns[state.place]
        lasting = (
            spell
            for side, one in zip(sides, state.works, strict=True)
            for spell in going_on(one, self._programs[side])
        )
        return (*state.faults, *lasting)

    def _fresh(self, place: int) -> tuple[Work, ...]:
        return tuple(fresh(self._programs[side]) for side in self._turns[place])

    def _noted(self, state: CoachState, side: str, happened: Happened, frame: CoachFrame) -> CoachState:
        """Repetitions and faults kept for the summary."""
        if happened.begun and isnan(state.set_since_s):
            state = replace(state, set_since_s=frame.time_s)
        if happened.ended:
            state = replace(state, faults=(*state.faults, *happened.ended))
        if happened.began:
            began = {(rule, side) for rule in happened.began}
            state = replace(state, corrected=state.corrected | began)
        if happened.repetition is not None:
            state = replace(state, repetitions=(*state.repetitions, happened.repetition))
        return state

    def _said(
        self, state: CoachState, side: str, happened: Happened, frame: CoachFrame
    ) -> Iterator[tuple[int, Cue]]:
        time_s = frame.time_s
        if happened.begun:
            yield _COUNTED, Cue(time_s, CueKind.GO, "Go.", side=side)
        for rule_id in happened.began:
            rule = self._rules[rule_id]
            fault = Cue(time_s, CueKind.FAULT, rule.cue, rule_id, side, rule.highlight)
            yield _FAULT + rule.priority, fault
        if happened.held_whole_s is not None:
            yield from self._second(side, happened.held_whole_s, time_s)
        if happened.repetition is not None:
            yield from self._counted(state, side, happened.repetition, time_s)

    def _second(self, side: str, whole_s: int, time_s: float) -> Iterator[tuple[int, Cue]]:
        """Whole seconds held; where breaths count, those: paced, since no camera sees them."""
        if self.spec.breaths is None:
            yield _COUNTED, Cue(time_s, CueKind.HOLD, str(whole_s), side=side, number=whole_s)
            return
        breath_s = self.rules.breath_s
        breath = int(whole_s / breath_s)
        if breath > int((whole_s - 1) / breath_s):
            yield _COUNTED, Cue(time_s, CueKind.HOLD, f"Breath {breath}.", side=side, number=breath)

    def _counted(
        self, state: CoachState, side: str, repetition: CoachedRepetition, time_s: float
    ) -> Iterator[tuple[int, Cue]]:
        if not repetition.full:
            yield _PARTIAL, Cue(time_s, CueKind.PARTIAL, "A little further.", side=side)
            return
        number = repetition.number
        yield _COUNTED, Cue(time_s, CueKind.COUNT, str(number), side=side, number=number)
        for rule_id, where in sorted(state.corrected):
            if where == side and rule_id not in repetition.faults and self._rules[rule_id].praise:
                praise = self._rules[rule_id].praise
                yield _PRAISE, Cue(time_s, CueKind.PRAISE, praise, rule_id, side)

    def _placed(
        self, state: CoachState, works: Sequence[Work], frame: CoachFrame
    ) -> tuple[Placement, list[tuple[int, Cue]]]:
        """How to get into the picture; how to turn in it only before the set begins."""
        if frame.picture is None:
            return state.placement, []
        working = any(one.begun for one in works)
        placement, cue = look(
            state.placement, frame.picture, self.spec, self.rules.placement, working=working
        )
        return placement, [] if cue is None else [(_SETUP, cue)]

    def _blind(self, state: CoachState, frame: CoachFrame) -> tuple[CoachState, list[tuple[int, Cue]]]:
        """Once a set is under way: what was never observed is said, once, and how to see it."""
        if isnan(state.set_since_s) or frame.time_s - state.set_since_s < self.rules.blind_after_s:
            return state, []
        unseen = {}
        for side, one in zip(self._turns[state.place], state.works, strict=True):
            for watch, watched in zip(one.watches, self._programs[side].form, strict=True):
                if one.begun and not watch.seen and watched.rule.id not in state.blind:
                    unseen[watched.rule.id] = watched.rule.title
        if not unseen:
            return state, []
        where = self.spec.camera.note or f"film from the {self.spec.camera.view}"
        words = f"I cannot see: {', '.join(unseen.values())}. {where}"
        blind = {**state.blind, **dict.fromkeys(unseen, "not observed")}
        return replace(state, blind=blind), [(_BLIND, Cue(frame.time_s, CueKind.BLIND, words))]

    def _turned(self, state: CoachState, frame: CoachFrame) -> tuple[CoachState, tuple[Cue, ...]]:
        """The next side, the next set, or the end, once the target is reached."""
        if not self._reached(state.works):
            return state, ()
        held = dict(state.held_s)
        for side, one in zip(self._turns[state.place], state.works, strict=True):
            held[side] = held.get(side, 0.0) + one.held_s
        place = state.place + 1
        faults = self._faults(state)
        state = replace(state, held_s=held, faults=faults, set_since_s=float("nan"), corrected=frozenset())
        if place == len(self._turns):
            idle = tuple(Work() for _ in state.works)
            done = Cue(frame.time_s, CueKind.DONE, "Done. Well worked.")
            return replace(state, done=True, works=idle), (done,)
        state = replace(state, place=place, works=self._fresh(place))
        if self._sets[place] == self._sets[place - 1]:
            side = self._turns[place][0]
            return state, (Cue(frame.time_s, CueKind.SWITCH, f"Switch sides: {side}.", side=side),)
        rest_s = self.spec.dose.rest_s
        rest = Cue(frame.time_s, CueKind.REST, f"Rest {rest_s:.0f} seconds.", number=round(rest_s))
        return replace(state, rest_until_s=frame.time_s + rest_s), (rest,)

    def _reached(self, works: Sequence[Work]) -> bool:
        if self.spec.kind != "repetitions":
            return self.hold_s > 0 and all(one.held_s >= self.hold_s for one in works)
        return self.target > 0 and all(one.number >= self.target for one in works)
