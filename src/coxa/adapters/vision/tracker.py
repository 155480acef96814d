"""Follows one person through the pictures of a film. When it cannot tell who is who, it says None."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from coxa.adapters.vision import assets
from coxa.adapters.vision.appearance import Floats, Memory, look
from coxa.adapters.vision.crowd import Crowd, Place
from coxa.adapters.vision.detector import Candidate, PersonDetector
from coxa.adapters.vision.flips import FlipGuard
from coxa.adapters.vision.landmarks import NAMES, LandmarkNetwork, Pose
from coxa.adapters.vision.outline import BackReader
from coxa.adapters.vision.roi import Image, Roi
from coxa.adapters.vision.settings import TrackingSettings, default_settings
from coxa.app.ports import VideoFrame
from coxa.model.errors import NothingToMeasureError
from coxa.model.keypoints import Keypoints


@dataclass(slots=True)
class TrackCounts:
    """What happened on the way, in frames (``bystanders``: people)."""

    frames: int = 0
    found: int = 0
    nobody: int = 0
    ambiguous: int = 0
    swapped: int = 0
    look_rounds: int = 0
    bystanders: int = 0


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A pose, what its person looks like, and the square it was found in."""

    pose: Pose
    look: Floats | None
    roi: Roi

    @property
    def place(self) -> Place:
        return Place(self.pose.torso.middle_px, self.roi.size_px)


class BlazePoseTracker:
    """The ``PoseTracker`` port on BlazePose.

    Args:
        size: landmark network: ``lite``, ``full`` or ``heavy``.
        person: whom to follow, counted from 1, left to right in the first picture with people; None: the
            largest and most central.
        n_threads: threads one inference may use.
        with_mask: keep the person's outline of each frame in ``last_pose``.
        settings: thresholds; None: those of the package.
        folder: where the networks are.
        back: reads the outline of the back where the person is seen from the side; None: nobody asks.
    """

    def __init__(
        self,
        size: str = "heavy",
        *,
        person: int | None = None,
        n_threads: int = 1,
        with_mask: bool = False,
        settings: TrackingSettings | None = None,
        folder: Path = assets.FOLDER,
        back: BackReader | None = None,
    ) -> None:
        self._settings = settings or default_settings()
        self._back = back
        self._landmarks = LandmarkNetwork(assets.landmark_network(size, folder), n_threads)
        detector = assets.verified(assets.DETECTOR, folder)
        self._detect = PersonDetector(detector, n_threads, self._settings.min_detection_score)
        self._size = size
        self._person = person
        self._with_mask = with_mask
        self._looks = Memory(self._settings.new_view, self._settings.views)
        self._crowd = Crowd(self._settings)
        self._flips = FlipGuard(
            self._settings.flip_ratio, self._settings.flip_separation, self._settings.flip_patience
        )
        self._last: _Sighting | None = None
        self._last_place: Place | None = None
        self._last_s = -np.inf
        self._looked_round_s = -np.inf
        self._chosen = False
        self.counts = TrackCounts()
        #: The newest pose, with its square; the mask is in it when asked for.
        self.last_pose: Pose | None = None
        self.last_roi: Roi | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Landmark names, in the order of the points."""
        return NAMES

    @property
    def detector(self) -> str:
        """Which network this is."""
        return f"blazepose_{self._size}"

    @property
    def summary(self) -> dict[str, int]:
        """What happened so far, for reports."""
        self.counts.bystanders = self._crowd.size
        return asdict(self.counts)

    def track(self, frame: VideoFrame) -> Keypoints | None:
        """The person's keypoints; None when nobody is there or it is unclear who is who."""
        self.counts.frames += 1
        sighting = self._follow(frame) if self._last else self._find(frame)
        self._last = sighting
        if sighting is None:
            self.last_pose = self.last_roi = None
            return None
        if frame.time_s - self._last_s > self._settings.hidden_s:
            self._flips.forget()
        self._last_s, self._last_place = frame.time_s, sighting.place
        pose, swapped = self._flips(sighting.pose, sighting.roi.size_px)
        self.last_pose, self.last_roi = pose, sighting.roi
        self.counts.found += 1
        self.counts.swapped += swapped
        back = self._back.read(pose, sighting.roi, frame.time_s) if self._back else None
        return Keypoints(pose.position_px, pose.visibility, pose.world_m, pose.score, swapped, back)

    @property
    def _wants_back(self) -> bool:
        """Whether the mask is worth having: the frame before showed the person from the side."""
        return self._back is not None and self._back.wants_mask(self._last.pose if self._last else None)

    def _see(self, rgb: Image, roi: Roi) -> _Sighting | None:
        pose = self._landmarks(rgb, roi, mask=self._with_mask or self._wants_back)
        if pose.score < self._settings.min_presence:
            return None
        return _Sighting(pose, look(rgb, pose.limbs), roi)

    def _follow(self, frame: VideoFrame) -> _Sighting | None:
        """The person in the square the frame before pointed to; else search the whole picture."""
        assert self._last is not None  # noqa: S101 - only called with a sighting
        sighting = self._see(frame.rgb, self._last.pose.next_roi)
        if sighting is None:
            return self._find(frame)
        if frame.time_s >= self._next_look_round(sighting, frame.time_s):
            self._look_round(frame, sighting)
        near = self._crowd.nearest(sighting.place, frame.time_s)
        if near < self._settings.touching or not self._within_reach(sighting, frame.time_s):
            if not self._is_told_by_look(sighting.look):
                self.counts.ambiguous += 1
                return None
            return sighting
        self._looks.remember(sighting.look)
        return sighting

    def _next_look_round(self, sighting: _Sighting, time_s: float) -> float:
        near = self._crowd.nearest(sighting.place, time_s) < self._settings.near
        every = self._settings.look_round_near_s if near else self._settings.look_round_s
        return self._looked_round_s + every

    def _look_round(self, frame: VideoFrame, sighting: _Sighting) -> None:
        self._looked_round_s = frame.time_s
        self.counts.look_rounds += 1
        self._take_in(self._detect(frame.rgb), sighting, frame)

    def _take_in(self, candidates: list[Candidate], sighting: _Sighting, frame: VideoFrame) -> None:
        def look_of(candidate: Candidate) -> Floats | None:
            seen = self._see(frame.rgb, candidate.roi)
            return seen.look if seen else None

        self._crowd.look_round(candidates, sighting.place, frame.time_s, look_of)

    def _within_reach(self, sighting: _Sighting, time_s: float) -> bool:
        """Whether the person can have got here since last seen."""
        if self._last_place is None:
            return True
        way = sighting.place.apart(self._last_place.middle_px)
        return way <= self._settings.max_speed_per_s * (time_s - self._last_s) + self._settings.same

    def _was_just_here(self, sighting: _Sighting, time_s: float) -> bool:
        """Whether the person was lost a moment ago in this very place, with nobody else near."""
        return (
            time_s - self._last_s <= self._settings.bridge_s
            and self._last_place is not None
            and sighting.place.apart(self._last_place.middle_px) < self._settings.touching
            and self._crowd.nearest(sighting.place, time_s) > self._settings.near
            and self._looks.distance(sighting.look) < self._settings.bridge_match
        )

    def _is_told_by_look(self, seen: Floats | None) -> bool:
        """Whether a look is the followed person's and no bystander's."""
        mine, theirs = self._looks.distance(seen), self._crowd.likeness(seen)
        return mine < self._settings.match and mine + self._settings.margin < theirs

    def _find(self, frame: VideoFrame) -> _Sighting | None:
        """Search the whole picture: for whom to follow, later for the one followed before."""
        candidates = self._detect(frame.rgb)[: self._settings.max_candidates]
        seen = [self._see(frame.rgb, candidate.roi) for candidate in candidates]
        people = self._distinct([sighting for sighting in seen if sighting is not None])
        if not people:
            self.counts.nobody += 1
            return None
        if self._chosen:
            return self._find_again(people, frame.time_s)
        sighting = self._choose(people, frame.rgb.shape[1])
        self._chosen = True
        self._looks.remember(sighting.look)
        self._looked_round_s = frame.time_s
        self._take_in(candidates, sighting, frame)
        return sighting

    def _choose(self, people: list[_Sighting], width_px: int) -> _Sighting:
        """Whom to follow, in the first picture with people."""
        if self._person is None:
            return max(people, key=lambda s: _prominence(s.place, width_px))
        ordered = sorted(people, key=lambda s: float(s.place.middle_px[0]))
        if not 1 <= self._person <= len(ordered):
            raise NothingToMeasureError(
                f"person {self._person} was asked for, but the first picture with people has {len(ordered)}",
                f"choose --person 1 to {len(ordered)}, counted from left to right",
            )
        return ordered[self._person - 1]

    def _distinct(self, people: list[_Sighting]) -> list[_Sighting]:
        """Squares that led to the same body count once; the detector's surest first."""
        distinct: list[_Sighting] = []
        for sighting in people:
            apart = (other.place.apart(sighting.place.middle_px) for other in distinct)
            if all(distance >= self._settings.same for distance in apart):
                distinct.append(sighting)
        return distinct

    def _find_again(self, people: list[_Sighting], time_s: float) -> _Sighting | None:
        """The followed person among people, by look and within reach of the last place; None when unclear."""
        by_look = sorted(people, key=lambda s: self._looks.distance(s.look))
        best = by_look[0]
        runner_up = self._looks.distance(by_look[1].look) if len(by_look) > 1 else 1.0
        alone = runner_up > self._looks.distance(best.look) + self._settings.margin
        if alone and self._is_told_by_look(best.look) and self._within_reach(best, time_s):
            return best
        if len(people) == 1 and self._was_just_here(best, time_s):
            return best
        self.counts.ambiguous += 1
        return None


def _prominence(place: Place, width_px: int) -> float:
    """Size in the picture, halved towards its edges."""
    off_centre = abs(float(place.middle_px[0]) - width_px / 2) / (width_px / 2)
    return place.size_px * (1 - 0.5 * min(off_centre, 1.0))
