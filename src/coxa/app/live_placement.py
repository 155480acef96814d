"""How somebody stands in the picture, live: nothing is estimated, nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coxa.app.coach import Scene, pictures_of
from coxa.app.live import Layout, LiveScene, Placed
from coxa.catalog.loader import coach_rules
from coxa.coach.placement import Filmed, Placement, look
from coxa.model.coaching import Cue, Picture
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.specs.protocol import CameraPlace, Position

WELL = "well"


@dataclass(frozen=True, slots=True)
class Anything:
    """Somebody upright, seen from wherever."""

    position: Position
    camera: CameraPlace


#: For trying a camera out.
TRYING_OUT = Anything("standing", CameraPlace(view="any", distance_m=3.0, height_m=1.0))


class Guide:
    """Looks at pictures as the coach does."""

    def __init__(self, filmed: Filmed) -> None:
        self._filmed = filmed
        self._rules = coach_rules().placement
        self._state = Placement()

    def look(self, picture: Picture) -> tuple[Placed, tuple[Cue, ...]]:
        """How somebody stands, and what should be said of it."""
        self._state, cue = look(self._state, picture, self._filmed, self._rules, working=False)
        trouble = self._state.trouble or WELL
        return Placed(trouble, self._rules.words[trouble]), () if cue is None else (cue,)

    def at(self, recording: Recording) -> tuple[Placed, tuple[Cue, ...]]:
        """The same for a recording of one frame of one camera."""
        (picture,) = pictures_of(recording)
        if picture is None:
            raise RuntimeError("live landmarks are of one camera")
        return self.look(picture)


class LivePlacement:
    """A :class:`~coxa.app.live.Purpose`."""

    estimates = False
    over = False

    def __init__(self) -> None:
        self._guide = Guide(TRYING_OUT)
        self._trouble = "nobody"

    def begin(self, layout: Layout) -> None:
        """Any pictures will do."""

    def push(self, recording: Recording, motion: Motion) -> LiveScene:
        """Look at one frame."""
        placed, cues = self._guide.at(recording)
        self._trouble = placed.trouble
        return LiveScene(self._scene(float(recording.time_s[0]), cues), placed)

    def now(self, time_s: float) -> Scene:
        """How it stands."""
        return self._scene(time_s, ())

    def stop(self, time_s: float, pain: int | None) -> LiveScene:
        """There is nothing to be stopped."""
        return LiveScene(self.now(time_s))

    def skip_rest(self) -> None:
        """There is none."""

    def state(self) -> Any:
        """There is nothing to be kept."""
        return {}

    def restore(self, state: Any) -> None:
        """It begins anew."""

    def _scene(self, time_s: float, cues: tuple[Cue, ...]) -> Scene:
        return Scene(time_s, "work" if self._trouble == WELL else "ready", (), 1, cues=cues)
