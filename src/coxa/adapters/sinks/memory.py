"""Sinks that keep what they are given: the whole motion, or only what sums it up."""

from __future__ import annotations

from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.report.summary import MotionTally


class Collector:
    """Keeps the whole motion, and where the cameras saw the person."""

    def __init__(self) -> None:
        self._parts: list[Motion] = []
        self._seen: list[Recording] = []

    def write(self, recording: Recording, motion: Motion) -> None:
        """Keep some frames."""
        self._parts.append(motion)
        self._seen.append(Recording(recording.time_s, image_points=recording.image_points))

    def commit(self) -> None:
        """Nothing is left to do."""

    def abort(self) -> None:
        """Forget them."""
        self._parts.clear()
        self._seen.clear()

    @property
    def motion(self) -> Motion:
        """All frames written."""
        return Motion.concatenate(self._parts)

    @property
    def seen(self) -> Recording:
        """What the cameras saw of them, and nothing else of the recording."""
        return Recording.concatenate(self._seen)


class TallySink:
    """Keeps the figures that sum the motion up, in constant memory."""

    def __init__(self) -> None:
        self.tally = MotionTally()

    def write(self, recording: Recording, motion: Motion) -> None:
        """Count some frames."""
        self.tally.add(motion)

    def commit(self) -> None:
        """Nothing is left to do."""

    def abort(self) -> None:
        """Nothing was written."""
