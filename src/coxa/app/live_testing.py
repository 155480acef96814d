"""One side of a test of movement, live: how somebody stands, the angle, the repetitions seen so far.

What is shown here guides; the result is the assessment of the landmarks that were gathered.
"""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import Any

import numpy as np

from coxa.app.coach import Scene, Tally
from coxa.app.live import Angle, Layout, LiveScene
from coxa.app.live_placement import Guide
from coxa.app.live_recording import Gathered
from coxa.assess.excursions import excursions
from coxa.assess.reading import resolved, sign_of
from coxa.assess.repetitions import primary_of, searched_of
from coxa.catalog.loader import assess_rules
from coxa.model.coaching import Cue
from coxa.model.errors import SourceError
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording
from coxa.specs.live import LiveRules
from coxa.specs.protocol import ProtocolSpec, Quantity


class LiveTesting:
    """A :class:`~coxa.app.live.Purpose`.

    Args:
        spec: the test.
        side: ``left``, ``right``; empty: it has none.
        rules: limits.

    Raises:
        SourceError: it is made of other tests, or the side is not one of its.
    """

    estimates = True

    def __init__(self, spec: ProtocolSpec, side: str, rules: LiveRules) -> None:
        if spec.kind == "battery":
            raise SourceError(f"{spec.title} is made of other tests", f"choose one: {', '.join(spec.parts)}")
        if (spec.sides == "each") != bool(side):
            raise SourceError(
                f"{spec.title}: the side is {side or 'not told'}",
                "tell left or right" if spec.sides == "each" else "leave the side out",
            )
        self.spec = spec
        self.side = side
        self.gathered: Gathered | None = None
        self.pain: int | None = None
        self._rules = rules
        self._guide = Guide(spec)
        self._motions: list[Motion] = []
        self._coordinates = tuple(dict.fromkeys(resolved(one.coordinate, side) for one in spec.quantities))
        self._count, self._counted_s = 0, float("-inf")
        self._before = 0
        self._stopped = False
        self._seen = False

    @property
    def over(self) -> bool:
        """Stopped, or nothing more can be gathered."""
        return self._stopped or (self.gathered is not None and self.gathered.full)

    def begin(self, layout: Layout) -> None:
        """Landmarks of other pictures are another recording."""
        if self.gathered is not None and self.gathered.layout == layout:
            return
        self._before = 0
        self.gathered = Gathered(layout, self._rules.most_frames)
        self._motions, self._count, self._counted_s = [], 0, float("-inf")

    def push(self, recording: Recording, motion: Motion) -> LiveScene:
        """Gather one frame."""
        if self.gathered is None:
            raise RuntimeError("frames before their layout")
        self.gathered.add(recording)
        placed, cues = self._guide.at(recording)
        self._seen = placed.trouble != "nobody"
        self._motions.append(_only(motion, self._coordinates))
        time_s = float(recording.time_s[0])
        before = self._count
        if time_s - self._counted_s >= self._rules.counted_every_s:
            self._counted_s = time_s
            self._count = self._before + self._found()
        scene = self._scene(time_s, cues)
        return LiveScene(scene, placed, self._angles(motion), countable=self._count != before)

    def now(self, time_s: float) -> Scene:
        """How it stands."""
        return self._scene(time_s, ())

    def stop(self, time_s: float, pain: int | None) -> LiveScene:
        """The pain button: nothing more is gathered."""
        self._stopped, self.pain = True, pain
        return LiveScene(self.now(time_s))

    def skip_rest(self) -> None:
        """There is none."""

    def state(self) -> Any:
        """What was gathered, as long as it is not too much, and what was counted in it."""
        if self.gathered is None or not 0 < len(self.gathered) <= self._rules.kept_frames:
            return {}
        return {"count": self._count, "gathered": self.gathered.state()}

    def restore(self, state: Any) -> None:
        """Go on with what was gathered: a repetition that was under way is not counted."""
        if state:
            self.gathered = Gathered.of_state(state["gathered"], self._rules.most_frames)
            self._count = self._before = state["count"]

    def _scene(self, time_s: float, cues: tuple[Cue, ...]) -> Scene:
        status = "stopped" if self._stopped else "done" if self.over else "work" if self._seen else "ready"
        return Scene(time_s, status, (Tally(self.side, self._count, 0.0),), 1, cues=cues)

    def _angles(self, motion: Motion) -> dict[str, Angle]:
        """Of every quantity, in the direction that is tested."""
        return {one.id: _angle(motion, one, self.side) for one in self.spec.quantities}

    def _found(self) -> int:
        """Repetitions as the assessment finds them in what is known now, of the quantity that has fewest."""
        if self.spec.kind != "repetitions" or not self._motions:
            return 0
        self._motions = [Motion.concatenate(self._motions)]
        (motion,) = self._motions
        return min(self._found_of(motion, one) for one in self.spec.quantities)

    def _found_of(self, motion: Motion, quantity: Quantity) -> int:
        rules = assess_rules()
        primary = primary_of(motion, quantity, self.side, rules)
        searched = searched_of(primary, quantity, motion.time_s, rules)
        unsure = rules.settled_sds * primary.change_sd
        found = excursions(searched, float(np.radians(quantity.min_motion_deg)), rules, unsure)
        return sum(not one.cut for one in found)


def _only(motion: Motion, coordinates: tuple[str, ...]) -> Motion:
    """The motion with these coordinates alone, those that it has."""
    columns = [motion.index(name) for name in coordinates if name in motion.coordinates]
    return replace(
        motion,
        coordinates=tuple(motion.coordinates[k] for k in columns),
        value=motion.value[:, columns],
        sd=motion.sd[:, columns],
        observability=motion.observability[:, columns],
        reasons={},
        diagnostics={},
    )


def _angle(motion: Motion, quantity: Quantity, side: str) -> Angle:
    name = resolved(quantity.coordinate, side)
    if name not in motion.coordinates:
        return Angle(nan, nan, int(Observability.NOT_OBSERVABLE))
    column = motion.index(name)
    level = int(motion.observability[0, column])
    if level == Observability.NOT_OBSERVABLE:
        return Angle(nan, nan, level)
    sign = sign_of(quantity.sign, quantity.mirrored, side)
    value, sd = np.degrees([motion.value[0, column], motion.sd[0, column]]).tolist()
    return Angle(sign * value, sd, level)
