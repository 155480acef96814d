"""A live set: landmarks of one person come in one by one, from wherever; each is answered at once.

What a set is (an exercise, a test of movement, a look through the camera) is a :class:`Purpose`; what they
share is here: the pictures' layout, the estimate, the clock, pauses.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from coxa.app.coach import Scene
from coxa.app.one_camera import CameraTold, single_camera
from coxa.app.ports import LiveEstimator
from coxa.app.routes import live_estimator_for
from coxa.app.stream import Headings
from coxa.catalog import loader
from coxa.model.camera import Camera
from coxa.model.channels import ImagePoints
from coxa.model.errors import SourceError
from coxa.model.exact import from_exact, to_exact
from coxa.model.motion import Motion
from coxa.model.recording import Recording, Subject

Floats32 = NDArray[np.float32]
_LANDMARKS = "the landmarks"
#: A clock that began anew goes on so much after the old one.
_AFTER_S = 1e-3


@dataclass(frozen=True, slots=True)
class Layout:
    """The pictures that landmarks are of.

    Attributes:
        width_px: of them.
        height_px: of them.
        detector: whose landmarks; an entry of the catalogue's detectors.
        fov_deg: field of view along the longer side; None: not known.
        height_m: of the person; None: not told.
    """

    width_px: int
    height_px: int
    detector: str
    fov_deg: float | None = None
    height_m: float | None = None

    def empty(self) -> Recording:
        """A recording of such landmarks without frames."""
        return self.recording(np.zeros(0), np.zeros((0, len(landmark_names()), 4), np.float32))

    def recording(
        self, time_s: NDArray[np.float64], points: Floats32, brightness: NDArray[np.float64] | None = None
    ) -> Recording:
        """Frames as a recording.

        Args:
            time_s: (n_frames,).
            points: (n_frames, n_points, 4) x_px, y_px, depth_m, visibility; NaN: missing.
            brightness: (n_frames,); None: not known.
        """
        exact = points.astype(np.float64)
        visibility = exact[:, :, 3]
        visibility[np.isnan(visibility)] = 0.0
        image = ImagePoints(
            landmark_names(),
            exact[:, :, :2],
            visibility,
            exact[:, :, 2],
            _camera(self.width_px, self.height_px, self.fov_deg),
            self.detector,
        )
        bright = np.zeros(0) if brightness is None else brightness
        return Recording(time_s, (image,), subject=Subject(height_m=self.height_m), brightness=bright)


@cache
def landmark_names() -> tuple[str, ...]:
    """Of the points of a frame, in their order."""
    return loader.keypoint_formats()[loader.live_rules().points].points


@lru_cache(64)
def _camera(width_px: int, height_px: int, fov_deg: float | None) -> Camera:
    return single_camera(width_px, height_px, CameraTold(fov_deg), loader.video_rules())


class Seen(NamedTuple):
    """One frame of landmarks; ``points`` (n_points, 4), None: nobody; ``brightness`` NaN: not known."""

    time_s: float
    points: Floats32 | None
    brightness: float = float("nan")


class Placed(NamedTuple):
    """How somebody stands in the picture: ``well``, or what is wrong; and what is said of it."""

    trouble: str
    words: str


class Angle(NamedTuple):
    """One angle of a frame: deg, NaN where it is not known, and its observability."""

    value_deg: float
    sd_deg: float
    level: int


@dataclass(frozen=True, slots=True)
class LiveScene:
    """What one frame brought.

    Attributes:
        scene: what a picture of it shows.
        placement: how somebody stands in it; None: not looked at.
        angles: by name; None: none are shown.
        countable: something happened that must not be lost.
    """

    scene: Scene
    placement: Placed | None = None
    angles: dict[str, Angle] | None = field(default=None)
    countable: bool = False


class Purpose(Protocol):
    """What a live set is for."""

    @property
    def estimates(self) -> bool:
        """Whether it wants to know angles."""
        ...

    def begin(self, layout: Layout) -> None:
        """Pictures of a layout follow, the first or another one."""
        ...

    def push(self, recording: Recording, motion: Motion) -> LiveScene:
        """What one frame brings; where nothing is estimated, the motion has no coordinates."""
        ...

    def now(self, time_s: float) -> Scene:
        """How it stands, nothing said."""
        ...

    def stop(self, time_s: float, pain: int | None) -> LiveScene:
        """The pain button: nothing goes on after it."""
        ...

    def skip_rest(self) -> None:
        """The next set begins now."""
        ...

    @property
    def over(self) -> bool:
        """Nothing more can be done in it."""
        ...

    def state(self) -> Any:
        """Everything that must go on as it was, as JSON has it."""
        ...

    def restore(self, state: Any) -> None:
        """Go on from :meth:`state`; refuses what is another's, or damaged."""
        ...


class LiveSet:
    """One set under way.

    Args:
        purpose: what it is for.
        height_m: of the person; None: not told.
    """

    def __init__(self, purpose: Purpose, height_m: float | None = None) -> None:
        self.purpose = purpose
        self.paused = False
        self.last_s = float("nan")
        self._height_m = height_m
        self._layout: Layout | None = None
        self._estimator: LiveEstimator | None = None
        self._headings = Headings()
        self._shift_s = 0.0
        self._fresh_clock = True

    @property
    def layout(self) -> Layout | None:
        """Of the pictures; None: nobody said hello yet."""
        return self._layout

    def hello(self, layout: Layout) -> None:
        """A connection begins, the first or another one; other pictures need an estimate of their own."""
        told = replace(layout, height_m=self._height_m)
        if told != self._layout:
            self._layout = told
            self._estimator = live_estimator_for(told.empty()) if self.purpose.estimates else None
            self.purpose.begin(told)
        self._fresh_clock = True

    def push(self, seen: Seen) -> LiveScene:
        """The answer to one frame.

        Raises:
            SourceError: nobody said hello, or it is not later than the frame before.
        """
        if self._layout is None:
            raise SourceError("landmarks came before hello", "say hello first")
        time_s = self._clock(seen.time_s)
        if self.paused or self.purpose.over:
            return LiveScene(self.now())
        recording = self._recorded(self._layout, time_s, seen)
        if self._estimator is None:
            return self.purpose.push(recording, _no_motion(recording.time_s))
        return self.purpose.push(recording, self._headings.run_on(self._estimator.push(recording)))

    def shifted(self, told_s: float) -> float:
        """The set's time of what was in a picture whose landmarks came before."""
        return told_s + self._shift_s

    def now(self) -> Scene:
        """How it stands."""
        scene = self.purpose.now(0.0 if np.isnan(self.last_s) else self.last_s)
        return replace(scene, status="paused") if self.paused and not self.purpose.over else scene

    def stop(self, pain: int | None = None) -> LiveScene:
        """The pain button."""
        return self.purpose.stop(0.0 if np.isnan(self.last_s) else self.last_s, pain)

    def state(self) -> Any:
        """Everything that must go on as it was, as JSON has it; the estimate begins anew."""
        return {"last_s": to_exact(self.last_s), "paused": self.paused, "purpose": self.purpose.state()}

    def restore(self, state: Any) -> None:
        """Go on from :meth:`state`.

        Raises:
            SourceError: it is another set's, or damaged.
        """
        self.last_s = from_exact(float, state["last_s"])
        self.paused = from_exact(bool, state["paused"])
        self.purpose.restore(state["purpose"])

    def _clock(self, told_s: float) -> float:
        """The set's time of a frame: the page's, which goes on; that of a page loaded anew begins anew."""
        if self._fresh_clock:
            self._fresh_clock = False
            if told_s + self._shift_s <= self.last_s:
                self._shift_s = self.last_s + _AFTER_S - told_s
        time_s = told_s + self._shift_s
        if time_s <= self.last_s:
            raise SourceError(f"{_LANDMARKS} are not later than those before", "send frames in their order")
        self.last_s = time_s
        return time_s

    def _recorded(self, layout: Layout, time_s: float, seen: Seen) -> Recording:
        points = seen.points
        if points is None:
            points = np.full((len(landmark_names()), 4), np.nan, np.float32)
        return layout.recording(np.array([time_s]), points[np.newaxis], np.array([seen.brightness]))


def _no_motion(time_s: NDArray[np.float64]) -> Motion:
    none = np.zeros((len(time_s), 0))
    return Motion(time_s, (), none, none, np.zeros(none.shape, np.uint8), source="")
