"""Who else is about: other people's places and looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from coxa.adapters.vision.appearance import Floats, Memory
from coxa.adapters.vision.detector import Candidate
from coxa.adapters.vision.settings import TrackingSettings


@dataclass(slots=True)
class Bystander:
    """Another person: middle of the torso (2,) px, looks, when last seen and last looked at closely."""

    middle_px: Floats
    looks: Memory
    seen_s: float
    learnt_s: float = -np.inf


@dataclass(frozen=True, slots=True)
class Place:
    """Where the followed person is: middle of the torso (2,) px and side of the square."""

    middle_px: Floats
    size_px: float

    def apart(self, other_px: Floats) -> float:
        """Distance of another torso, squares of the followed person."""
        return float(np.linalg.norm(self.middle_px - other_px)) / self.size_px


class Crowd:
    """The other people, as last seen. Only who was once seen apart from the followed person counts."""

    def __init__(self, settings: TrackingSettings) -> None:
        self._settings = settings
        self._others: list[Bystander] = []

    @property
    def size(self) -> int:
        """How many other people were ever told apart."""
        return len(self._others)

    def look_round(
        self,
        candidates: Sequence[Candidate],
        place: Place,
        time_s: float,
        look_of: Callable[[Candidate], Floats | None],
    ) -> None:
        """Take in everybody in a picture.

        Args:
            candidates: everybody in it.
            place: where the followed person is.
            time_s: when.
            look_of: looks closely at a candidate; asked sparingly, as it takes the landmark network.
        """
        for candidate in candidates:
            middle = candidate.torso.middle_px
            apart = place.apart(middle)
            if apart < self._settings.same:
                continue
            bystander = self._known(middle, place)
            if bystander is None and apart >= self._settings.touching:
                bystander = self._new(middle, time_s)
            if bystander is None:
                continue
            bystander.middle_px, bystander.seen_s = middle, time_s
            if (
                apart >= self._settings.touching
                and time_s >= bystander.learnt_s + self._settings.look_round_s
            ):
                bystander.looks.remember(look_of(candidate))
                bystander.learnt_s = time_s

    def nearest(self, place: Place, time_s: float) -> float:
        """Distance of the nearest bystander seen lately, squares; infinite when alone.

        Somebody not seen for a moment may be hidden by the followed person, or hide them.
        """
        since = time_s - self._settings.hidden_s
        return min((place.apart(o.middle_px) for o in self._others if o.seen_s >= since), default=np.inf)

    def likeness(self, seen: Floats | None) -> float:
        """Appearance distance of the bystander most like a look; 1 when none is known."""
        return min((other.looks.distance(seen) for other in self._others), default=1.0)

    def _known(self, middle_px: Floats, place: Place) -> Bystander | None:
        nearest = min(self._others, key=lambda o: np.linalg.norm(o.middle_px - middle_px), default=None)
        if nearest is None or Place(middle_px, place.size_px).apart(nearest.middle_px) > self._settings.near:
            return None
        return nearest

    def _new(self, middle_px: Floats, time_s: float) -> Bystander | None:
        if len(self._others) >= self._settings.max_bystanders:
            return None
        looks = Memory(self._settings.new_view, self._settings.views)
        self._others.append(Bystander(middle_px, looks, time_s))
        return self._others[-1]
