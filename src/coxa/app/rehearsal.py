"""Exercises tested with their own demonstrations: counted exactly, every fault alone, none that is unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import numpy as np

from coxa.catalog import loader
from coxa.catalog.exercises import check_each
from coxa.coach.engine import CoachState
from coxa.coach.program import Channel
from coxa.model.coaching import CueKind
from coxa.model.coordinates import SIDES
from coxa.model.errors import SpecError
from coxa.simulate.demonstrate import Pace
from coxa.simulate.rehearse import (
    Truth,
    as_told,
    beyond_deg,
    countable,
    endless,
    fired,
    run,
    seen,
    truth,
    watchable,
    watches,
)
from coxa.specs.exercise import ExerciseSpec, FormRule
from coxa.specs.rehearsal import RoughFilm, Way

_STILL = "the demonstration does not move what repetitions are counted by"


@dataclass(frozen=True, slots=True)
class Trial:
    """One test of one exercise.

    Attributes:
        what: is tested, for people.
        run: does it; what is wrong, or nothing.
    """

    what: str
    run: Callable[[], str]


def trials(spec: ExerciseSpec) -> list[Trial]:
    """Everything that an exercise must stand, from its own file."""
    stage = _Stage(spec)
    rules, sides = loader.rehearsal(), SIDES[::-1] if spec.sides == "each" else ("right",)
    found = [
        Trial(
            f"counted exactly, no fault: {f'{side}, ' if spec.sides == 'each' else ''}{told.title}, "
            f"{len(rules.ways)} speeds and sizes",
            lambda side=side, source=source: stage.demonstrated(side, source),  # type: ignore[misc]
        )
        for side in sides
        for source, told in rules.sources.items()
        if watches(source, spec)
    ]
    found += [
        Trial(f"counted exactly, no fault: {film.title}", lambda film=film: stage.rough(film))  # type: ignore[misc]
        for film in rules.rough
    ]
    for rule in spec.form:
        found.append(
            Trial(f"{rule.id} fires, and nothing else does", lambda rule=rule: stage.faulty(rule))  # type: ignore[misc]
        )
        if not watchable(rule.coordinate, "keypoints"):
            found.append(
                Trial(f"{rule.id} unseen: never flagged, said once", lambda rule=rule: stage.unseen(rule))  # type: ignore[misc]
            )
    return found


@dataclass
class _Stage:
    """Where an exercise is shown; movements are worked out once."""

    spec: ExerciseSpec
    _shown: dict[tuple[object, ...], Truth] = field(default_factory=dict)

    def demonstrated(self, side: str, source: str) -> str:
        """Whether the demonstration counts, done and filmed in all ways."""
        for way in loader.rehearsal().ways:
            rng = _seed(self.spec.id, side, way.speed, source)
            film = RoughFilm(title="", rate_hz=way.rate_hz)
            if wrong := self._counted(side, way, film, source, rng):
                return f"{wrong} ({_told(way)})"
        return ""

    def rough(self, film: RoughFilm) -> str:
        """Whether a film that went wrong changes no count."""
        usual = loader.rehearsal().usual
        return self._counted("right", usual, film, "all", _seed(self.spec.id, film.title))

    def faulty(self, rule: FormRule) -> str:
        """Whether a fault fires, and no other."""
        spec, rules = self.spec, loader.rehearsal()
        if not self._moves():
            return _STILL
        side = "left" if crc32(rule.id.encode()) % 2 and spec.sides == "each" else "right"
        for source, rate_hz in rules.fault_rate_hz.items():
            told = _told_by(source, rule, spec)
            if told is None:
                continue
            bad = self._truth(side, rules.usual, told, beyond_deg(told, source))
            rng = _seed(spec.id, rule.id, source)
            film = RoughFilm(title="", rate_hz=rate_hz)
            state, _ = run(endless(spec, side), seen(bad, film, source, rng).frames())
            if wrong := _alone(state, rule, spec):
                return f"{wrong} ({rules.sources[source].title}, {side or 'both sides'})"
        return ""

    def unseen(self, rule: FormRule) -> str:
        """Whether a fault that one camera cannot see is never flagged, and said once."""
        if not self._moves():
            return _STILL
        bad = self._truth("right", loader.rehearsal().usual, rule, beyond_deg(rule, "all"))
        film = RoughFilm(title="", rate_hz=loader.rehearsal().usual.rate_hz)
        frames = seen(bad, film, "keypoints", _seed(self.spec.id, rule.id)).frames()
        state, said = run(endless(self.spec, "right"), frames)
        told = [cue for cue in said if cue.kind is CueKind.BLIND and rule.title in cue.words]
        if rule.id in fired(state):
            return f"{rule.id} fired, though one camera cannot see it"
        if rule.id not in state.blind or len(told) > 1:
            return f"that it cannot be seen was said {len(told)} times"
        return ""

    def _moves(self) -> bool:
        """Whether the demonstration goes at least as far as the least repetition."""
        signal, usual = self.spec.signal, loader.rehearsal().usual
        if signal is None:
            return True
        column = Channel.of(signal.coordinate, "right", 1.0, mirrored=False).column
        course = self._truth("right", usual).value[:, column]
        return bool(np.ptp(course) >= np.radians(signal.least_deg))

    def _truth(self, side: str, way: Way, rule: FormRule | None = None, beyond: float = 0.0) -> Truth:
        key = (side, way.speed, way.stature_m, "" if rule is None else rule.id + rule.coordinate, beyond)
        if key not in self._shown:
            self._shown[key] = truth(self.spec, side, way.speed, way.stature_m, rule, beyond)
        return self._shown[key]

    def _counted(self, side: str, way: Way, film: RoughFilm, source: str, rng: np.random.Generator) -> str:
        spec = self.spec
        state, said = run(endless(spec, side), seen(self._truth(side, way), film, source, rng).frames())
        if flagged := sorted(fired(state)):
            return f"a fault was seen where there is none: {', '.join(flagged)}"
        if spec.signal is not None:
            visible = countable(spec.signal, source)
            expected = Pace().repetitions * (2 if spec.sides == "alternate" else 1) if visible else 0
            full = [one.full for one in state.repetitions]
            counts = sum(cue.kind is CueKind.COUNT for cue in said)
            if full != [True] * expected or counts != expected:
                counted = f"{full.count(True)} full and {full.count(False)} partial repetitions"
                return f"{counted} instead of {expected}"
        elif spec.kind == "hold":
            return self._held(state, way.speed)
        return ""

    def _held(self, state: CoachState, speed: float) -> str:
        rules, poses = loader.rehearsal(), self.spec.demonstration.poses
        lasted = (poses[-2].at_s - poses[-3].at_s) / speed
        held = sum(one.held_s for one in state.works)
        if lasted - rules.hold_early_s <= held <= lasted + rules.hold_late_s / speed:
            return ""
        return f"{held:.1f} s of the hold were timed instead of {lasted:.1f} s"


def _told_by(source: str, rule: FormRule, spec: ExerciseSpec) -> FormRule | None:
    """The rule as a source tells it; None: it does not, or has nothing new to tell of it."""
    told = as_told(rule, source)
    if told is None or (told is rule and loader.rehearsal().sources[source].instead_only):
        return None
    signal = told.coordinate if spec.signal is None else spec.signal.coordinate
    return told if watchable(signal, source) else None


def _alone(state: CoachState, rule: FormRule, spec: ExerciseSpec) -> str:
    found = fired(state)
    if rule.id not in found:
        return f"{rule.id} did not fire"
    if others := sorted(found - {rule.id}):
        return f"{', '.join(others)} fired too"
    if spec.signal is not None and rule.spoils and not any(one.spoilt for one in state.repetitions):
        return "no repetition counts as faulty"
    return ""


def _told(way: Way) -> str:
    return f"{way.speed:g} times the speed, {way.stature_m:g} m tall, {way.rate_hz:g} frames a second"


def _seed(*parts: object) -> np.random.Generator:
    return np.random.default_rng(crc32(repr(parts).encode()))


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A file of an exercise and what became of its tests.

    Attributes:
        file: its name.
        title: of the exercise; empty: it was refused.
        refusal: what is wrong with the file; None: nothing.
        passed: how many tests.
        failed: what was tested, and what was wrong.
    """

    file: str
    title: str = ""
    refusal: SpecError | None = None
    passed: int = 0
    failed: tuple[tuple[str, str], ...] = ()

    @property
    def good(self) -> bool:
        """Whether it is an exercise that stands its tests."""
        return self.refusal is None and not self.failed


def rehearse(place: Path, on_progress: Callable[[str, int, int], None]) -> Iterator[Rehearsed]:
    """Test the exercises of a file or a folder, one after the other.

    Args:
        place: of them.
        on_progress: called with the file's name, the number of tests done and of all its tests.

    Raises:
        SpecError: there is no such file or folder.
    """
    for name, one in check_each(place):
        if isinstance(one, SpecError):
            yield Rehearsed(name, refusal=one)
            continue
        failed = []
        all_trials = trials(one)
        for done, trial in enumerate(all_trials):
            on_progress(name, done, len(all_trials))
            if wrong := trial.run():
                failed.append((trial.what, wrong))
        yield Rehearsed(name, one.title, None, len(all_trials) - len(failed), tuple(failed))
